"""Host names, MX patterns and what people type when they mean a domain.

A host name here is always an A-label name: lower case, letters, digits and hyphens, no trailing dot, at least two
labels where the RFC wants a domain (RFC 5321 section 4.1.2, RFC 5890 section 2.3.2.1). U-labels exist at the edges
only: `parse_domain` takes them in, `to_unicode` shows them.
"""

import ipaddress
import re
from functools import lru_cache

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown

NAME_CHARACTERS_MAX = 253
LABEL_CHARACTERS_MAX = 63
INPUT_CHARACTERS_MAX = 1000
NAMES_CACHED_MAX = 4096

_SOURCE = "RFC 5321 section 4.1.2"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
_URL = r"(?i)[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/?#]*)"
_MAILTO = r"(?i)mailto:[^?]*@([^?@]*)"
_LAX_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\Z")
_USUAL_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_USUAL_LABELS_MIN = 2
_LOOPBACK_NAMES = ("localhost", "localhost.localdomain")
_PORT = re.compile(r":[0-9]{1,5}\Z")
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})


class Domain(msgspec.Struct, frozen=True):
    """A mail domain in both spellings: `name` (A-labels, asked of DNS) and `display` (U-labels, shown)."""

    name: str
    display: str

    def __str__(self) -> str:
        """Show both spellings where they differ."""
        return self.name if self.name == self.display else f"{self.display} ({self.name})"


def parse_host(text: str, *, labels_min: int = 1) -> str:
    """Return `text` as a canonical host name (lower case A-labels).

    Raises FormatError for an empty or over-long label or name, characters other than letters, digits and hyphen, a
    trailing dot, an IP address, or fewer than `labels_min` labels (RFC 5321 section 4.1.2, RFC 1123 section 2.1).
    """
    name = folded(text)
    objection = _host_objection(name, labels_min)
    if objection is not None:
        raise FormatError("host name", objection)
    return name


def is_host(text: str) -> bool:
    """Tell whether `text` is a host name by the rules of `parse_host`."""
    return _host_objection(folded(text), 1) is None


@lru_cache(maxsize=NAMES_CACHED_MAX)
def is_address(text: str) -> bool:
    """Tell whether `text` is an IPv4 or IPv6 address, bare or in the brackets of an address literal."""
    bare = text.lower().removeprefix("[").removesuffix("]").removeprefix("ipv6:")
    if ":" not in bare and not bare[-1:].isdigit():
        return False
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=NAMES_CACHED_MAX)
def is_lax_host(text: str) -> bool:
    """Tell whether senders take `text` for a host name: letters, digits, hyphens and underscores, not digits alone.

    observed: Postfix (util/valid_hostname.c), Exim (dns_check_names_pattern) and the resolver of Go look so at the names
    in MX records, and each lets the underscore pass that RFC 1123 section 2.1 does not.
    """
    name = folded(text)
    if _is_usual_host(name):
        return True
    if len(name) > NAME_CHARACTERS_MAX or name.replace(".", "").isdigit():
        return False
    for label in name.split("."):
        if len(label) > LABEL_CHARACTERS_MAX or not _LAX_LABEL.match(label):
            return False
    return True


@lru_cache(maxsize=NAMES_CACHED_MAX)
def is_localhost(text: str) -> bool:
    """Tell whether `text` names this machine, whoever says it (RFC 6761 section 6.3)."""
    name = canonical(text)
    return name in _LOOPBACK_NAMES or name.endswith(".localhost")


@lru_cache(maxsize=NAMES_CACHED_MAX)
def bare_address(text: str) -> str | None:
    """Return the address, in canonical text, that stands where a name was expected; None where a name does.

    In brackets it is none: they are part of mail addresses (RFC 5321 section 4.1.3) and of no name.
    """
    if ":" not in text and not text[-1:].isdigit():
        return None
    if re.fullmatch(_IPV4, text):
        return text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def folded(name: str) -> str:
    """Fold ASCII letters only (RFC 4343): full folding would turn a Kelvin sign into a k."""
    return name.lower() if name.isascii() else name.translate(_LOWER)


def canonical(name: str) -> str:
    """Return a DNS name as compared here: ASCII letters in lower case, without the final dot (RFC 4343)."""
    return folded(name).removesuffix(".")


@lru_cache(maxsize=NAMES_CACHED_MAX)
def patterns_covering(host: str) -> tuple[str, ...]:
    """Return every pattern, in lower case, that covers `host`: its name, and `*` for its leftmost label.

    `*` counts only as the complete leftmost label and stands for exactly one label (RFC 8461 section 4.1, RFC 9525
    section 6.3). Names are compared without the case of ASCII letters; a final dot is the spelling of a host in DNS
    and never part of a pattern. No pattern covers an address.
    """
    name = canonical(host)
    if not name or is_address(name):
        return ()
    label, _, parent = name.partition(".")
    return (name, f"*.{parent}") if label and parent else (name,)


def parse_domain(text: str) -> Domain:
    """Return the mail domain that a person meant by `text`.

    Understands surrounding space, a trailing dot, upper case, U-labels, a mail address, a URL and a port. The name
    `mta-sts.D` means itself, not D. Raises FormatError with one clear message otherwise.
    """
    if len(text) > INPUT_CHARACTERS_MAX:
        raise _refusal("domain-too-long", f"a domain name has at most {NAME_CHARACTERS_MAX} characters", text)
    bare = _named_host(text.strip().translate(_DOTS))
    if is_address(bare):
        raise _refusal("domain-is-address", "an IP address is not a mail domain (RFC 8461 section 3.4)", bare)
    if not bare:
        raise _refusal("domain-empty", "no domain name was given", text)
    if not bare.isascii():
        bare = _to_ascii(bare)
    name = parse_host(bare, labels_min=2)
    if name.rpartition(".")[2].isdigit():
        raise _refusal("domain-numeric", "the last label of a domain name is not a number", name)
    return Domain(name=name, display=to_unicode(name))


def _named_host(text: str) -> str:
    """Return what stands where a URL, a mail address or a host with a port names its host."""
    if "://" in text and (url := re.match(_URL, text)):
        bare = url.group(1)
    elif "@" in text and (mailto := re.match(_MAILTO, text)):
        bare = mailto.group(1)
    elif "@" in text:
        bare = text.rstrip(">").rpartition("@")[2]
    else:
        bare = text.partition("/")[0]
    return bare if is_address(bare) else _PORT.sub("", bare).removesuffix(".")


def to_unicode(name: str) -> str:
    """Return the U-label spelling of an A-label name, or the name itself where a label does not decode."""
    if "xn--" not in name:
        return name
    import idna  # noqa: PLC0415 - its tables are large, and few names need them

    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name


def _to_ascii(name: str) -> str:
    import idna  # noqa: PLC0415 - as above

    try:
        return idna.encode(name, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise _refusal("domain-idn", f"not a valid internationalised name: {error}", name) from None


def _is_usual_host(name: str) -> bool:
    """Tell whether a name is that of a host, as nearly every one is: several labels, and a letter begins the last."""
    return len(name) <= NAME_CHARACTERS_MAX and _USUAL_HOST.fullmatch(name) is not None


@lru_cache(maxsize=NAMES_CACHED_MAX)
def _host_objection(name: str, labels_min: int) -> Objection | None:
    if _is_usual_host(name) and labels_min <= _USUAL_LABELS_MIN:
        return None

    def objection(rule: str, message: str, position: int = 0) -> Objection:
        return Objection(rule=rule, message=message, position=position, source=_SOURCE, seen=shown(name))

    if not name:
        return objection("host-empty", "empty name where a host name was expected")
    if len(name) > NAME_CHARACTERS_MAX:
        return objection("host-too-long", f"name longer than {NAME_CHARACTERS_MAX} characters")
    if name.endswith("."):
        return objection("host-trailing-dot", "name ends with a dot", len(name) - 1)
    if is_address(name):
        return objection("host-is-address", "IP address where a host name was expected")
    position = 0
    labels = name.split(".")
    for label in labels:
        if len(label) > LABEL_CHARACTERS_MAX:
            return objection(
                "host-label-too-long", f"label longer than {LABEL_CHARACTERS_MAX} characters", position
            )
        if not _LABEL.match(label):
            return objection(
                "host-label", f"not a label of letters, digits and hyphens: {shown(label)!r}", position
            )
        position += len(label) + 1
    if len(labels) < labels_min:
        return objection(
            "host-single-label", f"{shown(name)!r} has no dot; a domain such as example.com was expected"
        )
    return None


def _refusal(rule: str, message: str, text: str) -> FormatError:
    return FormatError("domain name", Objection(rule, message, 0, _SOURCE, shown(text)))

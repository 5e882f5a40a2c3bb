"""The TXT record at `_smtp._tls.D` (RFC 8460 section 3): where reports on TLS are sent.

Its form is that of `tags`; its own are the version and the list of destinations:

    tlsrpt-version = %s"v=TLSRPTv1"
    tlsrpt-rua     = %s"rua=" tlsrpt-uri *(*WSP "," *WSP tlsrpt-uri)
    tlsrpt-uri     = URI    ; RFC 3986, with "," "!" and ";" encoded      _URI

The prose allows the schemes mailto and https. A list entry that is neither is an ambiguous objection: the record is
not valid, yet a sender that looks for a destination it can use finds the others.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import msgspec

from mxproof.formats import tags
from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.examination import Examination, Notes
from mxproof.formats.names import canonical, folded, is_host

EXAMINED_CACHED_MAX: Final = 16
"""Records of one domain and of what is planned for it, which are read in each planned state."""

_SOURCE = "RFC 8460 section 3"
_GRAMMAR = tags.TagGrammar(version=b"v=TLSRPTv1", key=b"rua", source=_SOURCE)
_WSP = b" \t"
_URI = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})+")
_AUTHORITY = r"//(?:\[[0-9A-Fa-f:.]+\]|([^/?#@:\[\]]+))(?::([0-9]{1,5}))?(?=[/?#]|\Z)([^\[\]]*)\Z"
"""Host and port, and no user before them (RFC 9110 section 4.2.4); a bracket stands in the host alone (RFC 3986)."""
_LOCAL_PART = re.compile(
    rb"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)|\"[ !#-\[\]-~]*\""
)
"""A Dot-string or a Quoted-string without escapes (RFC 5321 section 4.1.2), after percent-decoding."""
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_LOCAL_NAME = "localhost"
_PORT_MAX = 65535


class TlsRptFields(msgspec.Struct, frozen=True):
    """The fields of a valid record: the destinations in order, as written, and the fields not known here."""

    rua: tuple[str, ...]
    extensions: tuple[tuple[str, str], ...] = ()


TlsRptRecordExamination = Examination[TlsRptFields]


def tlsrpt_records(texts: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the texts that a sender counts: those that begin with `v=TLSRPTv1;` (RFC 8460 section 3)."""
    return tags.records(texts, _GRAMMAR)


def near_tlsrpt_records(texts: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the texts that a sender drops although they were meant to be records."""
    return tags.near_records(texts, _GRAMMAR)


def parse_record(data: bytes) -> TlsRptFields:
    """Return the record whose character strings, joined without space, are `data`.

    Raises FormatError unless the whole is valid by the grammar and the prose of RFC 8460 section 3.
    """
    return examine_record(data).strict_or_raise("TLSRPT record")


def mail_domains(rua: Iterable[str]) -> tuple[str, ...]:
    """Return the domains of the mail addresses among the destinations of a valid record, each once."""
    found: dict[str, None] = {}
    for uri in rua:
        scheme, _, rest = uri.partition(":")
        if scheme.lower() == "mailto":
            found[canonical(rest.partition("?")[0].rpartition("@")[2])] = None
    return tuple(found)


def web_hosts(rua: Iterable[str]) -> tuple[str, ...]:
    """Return the hosts by name among the destinations of a valid record that are reached by https, each once."""
    found: dict[str, None] = {}
    for uri in rua:
        scheme, _, rest = uri.partition(":")
        authority = re.match(_AUTHORITY, rest) if scheme.lower() == "https" else None
        if authority is not None and authority[1] is not None:
            found[canonical(authority[1])] = None
    return tuple(found)


def print_record(record: TlsRptFields) -> bytes:
    """Return the text of `record`; raises FormatError where it would not read back as the same value."""
    fields = [("rua", ",".join(record.rua)), *record.extensions]
    text = "v=TLSRPTv1;" + "".join(f" {name}={value};" for name, value in fields)
    data = text.encode("ascii", "replace")
    if parse_record(data) != record:
        raise FormatError(
            "TLSRPT record", Objection("not-printable", "no text reads as this", 0, _SOURCE, text)
        )
    return data


@lru_cache(maxsize=EXAMINED_CACHED_MAX)
def examine_record(data: bytes) -> TlsRptRecordExamination:
    """Read a record strictly and leniently, and say all that is wrong with it."""
    notes = Notes()
    found = tags.read_tags(data, _GRAMMAR, notes)
    if found is None:
        return notes.examination(None)
    if not found.keyed:
        notes.object(Objection("rua-missing", "no rua field", len(data), _SOURCE))
        return notes.examination(None)
    # The grammar lets the field stand again, and the prose names none of them as the one that counts: each is a list.
    rua = tuple(uri for field in found.keyed for uri in _uris(field, notes))
    if not rua:
        message = "rua names no mailto: or https: destination"
        notes.object(Objection("rua-unusable", message, found.keyed[0].position, _SOURCE))
        return notes.examination(None)
    return notes.examination(TlsRptFields(rua, found.extensions))


def _uris(tag: tags.Tag, notes: Notes) -> Iterator[str]:
    """Yield the destinations of a rua field that are what they should be."""
    position = tag.position
    for piece in tag.value.split(b","):
        uri = piece.strip(_WSP)
        fault = _fault(uri)
        if fault is None:
            yield uri.decode()
        else:
            start = position + len(piece) - len(piece.lstrip(_WSP))
            notes.object(Objection(fault[0], fault[1], start, _SOURCE, shown(uri), ambiguous=True))
        position += len(piece) + 1


def _fault(uri: bytes) -> tuple[str, str] | None:
    """Return rule and message of what keeps `uri` from being a destination."""
    if not uri:
        return "rua-empty", "nothing between two commas"
    if b"!" in uri:
        return "rua-size", '"!" in a URI; it must be encoded, and TLSRPT knows no size limit behind it'
    if not _URI.fullmatch(uri):
        return "rua-uri", "not a URI such as mailto:tlsrpt@example.com"
    scheme, _, rest = uri.decode().partition(":")
    match scheme.lower():
        case "mailto":
            return _fault_of_address(rest.partition("?")[0])
        case "https":
            return _fault_of_url(rest)
        case _:
            return "rua-scheme", f"the schemes are mailto and https, not {shown(scheme)!r}"


def _fault_of_address(address: str) -> tuple[str, str] | None:
    """Return what keeps the address of a mailto: URI from being one (RFC 6068 section 2, RFC 5321 section 4.1.2)."""
    local, _, domain = address.rpartition("@")
    decoded = _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), local.encode())
    if not _LOCAL_PART.fullmatch(decoded) or not is_host(domain):
        return "rua-mailto", "mailto: without one mail address"
    return _fault_of_host(domain)


def _fault_of_url(rest: str) -> tuple[str, str] | None:
    found = re.match(_AUTHORITY, rest)
    if found is None or (found[1] is not None and not is_host(found[1])):
        return "rua-https", "https: without a host name"
    if found[2] is not None and not 0 < int(found[2]) <= _PORT_MAX:
        return "rua-https", "https: with a port that is none"
    return None if found[1] is None else _fault_of_host(found[1])


def _fault_of_host(host: str) -> tuple[str, str] | None:
    """Return what keeps a host from being found by the senders of reports (RFC 6761 section 6.3)."""
    name = folded(host)
    if name == _LOCAL_NAME or name.endswith(f".{_LOCAL_NAME}") or "." not in name:
        return "rua-local", "a host that only one's own machine or network knows"
    return None

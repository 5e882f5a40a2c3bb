"""DKIM keys (RFC 6376 section 3.6.1), and signatures as far as they name the key they were made with (section 3.5).

The key of selector `s` and domain `d` is the TXT record of `s._domainkey.d` (RFC 6376 section 3.6.2.1): tags
`name=value` with semicolons between, of which only `p` must be there.

| tag | means |
|---|---|
| v | DKIM1; where it stands, it stands first |
| k | rsa (the default) or ed25519 (RFC 8463 section 4) |
| p | the key in Base64, for rsa a SubjectPublicKeyInfo or an RSAPublicKey; empty where it is revoked |
| h | the hash algorithms that are accepted |
| s | what it may sign: `*`, `email` or `tlsrpt` (RFC 8460 section 3) |
| t | y: nobody is to treat a failure as one; s: no subdomains |
"""

import binascii
import re
from enum import StrEnum

import msgspec

from mxproof.formats.der import rsa_modulus_bits
from mxproof.formats.errors import FormatError, Objection, shown

VALUE_CHARACTERS_MAX = 16 * 1024
KEY_LABEL = "_domainkey"
NAME_CHARACTERS_MAX = 253
LABEL_CHARACTERS_MAX = 63
KEY_OBJECTIONS_MAX = 20
ED25519_BYTES = 32
DKIM_BITS_MIN = 1024
"""Verifiers must not take a key below this (RFC 8301 section 3.2)."""

_KEY_SOURCE = "RFC 6376 section 3.6.1"

_SPACE = re.compile(r"\s+")
_NAME = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
)


class KeyType(StrEnum):
    """The algorithms of keys."""

    RSA = "rsa"
    ED25519 = "ed25519"


class DkimKey(msgspec.Struct, frozen=True):
    """A key record as read; `bits` is the size of an RSA key, 0 where there is none to be read.

    `public` is the key itself, empty where it is revoked or cannot be read; `hashes` are those it is for, empty for all.
    """

    type: KeyType | None
    bits: int
    revoked: bool
    testing: bool
    services: frozenset[str]
    objections: tuple[Objection, ...]
    public: bytes = b""
    hashes: frozenset[str] = frozenset()

    @property
    def for_mail(self) -> bool:
        """Tell whether it may sign mail."""
        return bool({"*", "email"} & self.services)

    @property
    def for_reports(self) -> bool:
        """Tell whether it may sign TLS reports, which RFC 8460 section 3 has a key say by `s=tlsrpt` or by nothing."""
        return bool({"*", "tlsrpt"} & self.services)

    @property
    def may_verify(self) -> bool:
        """Tell whether a signature can be verified with it: it is there, read whole, and of a known version and type."""
        return (
            bool(self.public)
            and self.type is not None
            and all(one.rule != "version" for one in self.objections)
        )


class Signature(msgspec.Struct, frozen=True):
    """Who signed, and with which of its keys."""

    domain: str
    selector: str

    @property
    def key_name(self) -> str:
        """Return the owner name of the key's TXT record."""
        return f"{self.selector}.{KEY_LABEL}.{self.domain}"


def parse_signature(value: str) -> Signature | None:
    """Return what a DKIM-Signature field says of its key, or None where it names none."""
    pairs = [part.partition("=") for part in value[:VALUE_CHARACTERS_MAX].split(";")]
    tags = {name.strip(): _SPACE.sub("", text) for name, equals, text in reversed(pairs) if equals}
    return signature(tags.get("d", ""), tags.get("s", ""))


def signature(domain: str, selector: str) -> Signature | None:
    """Return the signature by this domain with this selector, or None where they make no name of a key."""
    made = Signature(domain.lower().rstrip("."), selector.lower().rstrip("."))
    labels = made.key_name.split(".")
    fits = len(made.key_name) <= NAME_CHARACTERS_MAX and all(
        len(one) <= LABEL_CHARACTERS_MAX for one in labels
    )
    return made if fits and _NAME.fullmatch(made.domain) and _NAME.fullmatch(made.selector) else None


def examine_key(data: bytes) -> DkimKey:
    """Read a key record, and say what is wrong with it; tags that are not known are passed over."""
    text = data[:VALUE_CHARACTERS_MAX].decode("latin-1")
    objections: list[Objection] = []
    tags: dict[str, str] = {}
    position = 0
    for index, piece in enumerate(text.split(";")):
        name, equals, value = piece.partition("=")
        name = name.strip()
        if piece.strip() and not (equals and name):
            objections.append(
                _objection("tag-malformed", "not a tag of the form name=value", position, piece)
            )
        elif name in tags:
            objections.append(_objection("tag-twice", f"{name}= stands more than once", position, piece))
        elif name == "v" and (index or value.strip() != "DKIM1"):
            objections.append(_objection("version", "v=DKIM1 stands first, or not at all", position, piece))
        if name:
            tags.setdefault(name, _SPACE.sub("", value))
        position += len(piece) + 1
    kind = _key_type(tags, objections)
    if "p" not in tags:
        objections.append(_objection("key-missing", "no p= tag", len(text), ""))
    public, bits = _public(kind, tags.get("p", ""), objections)
    return DkimKey(
        type=kind,
        bits=bits,
        revoked=tags.get("p") == "",
        testing="y" in tags.get("t", "").lower().split(":"),
        services=_listed(tags.get("s", "")) or frozenset({"*"}),
        objections=tuple(objections[:KEY_OBJECTIONS_MAX]),
        public=public,
        hashes=_listed(tags.get("h", "")),
    )


def _listed(value: str) -> frozenset[str]:
    return frozenset(one for one in value.lower().split(":") if one)


def _key_type(tags: dict[str, str], objections: list[Objection]) -> KeyType | None:
    name = tags.get("k", KeyType.RSA).lower()
    if name in KeyType.__members__.values():
        return KeyType(name)
    objections.append(_objection("key-type", f"k= is rsa or ed25519, not {shown(name)!r}", 0, name))
    return None


def _public(kind: KeyType | None, text: str, objections: list[Objection]) -> tuple[bytes, int]:
    """Return a key and its size in bits, nothing and 0 where none can be read."""
    if not text or kind is None:
        return b"", 0
    try:
        der = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        objections.append(_objection("key-base64", "p= is not Base64", 0, text))
        return b"", 0
    if kind is KeyType.ED25519:
        if len(der) != ED25519_BYTES:
            objections.append(_objection("key-size", f"an Ed25519 key has {ED25519_BYTES} bytes", 0, text))
            return b"", 0
        return der, 8 * ED25519_BYTES
    try:
        bits = rsa_modulus_bits(der)
    except FormatError:
        objections.append(_objection("key-der", "p= holds no RSA key", 0, text))
        return b"", 0
    if bits < DKIM_BITS_MIN:
        message = f"an RSA key has at least {DKIM_BITS_MIN} bits, and this one {bits}"
        objections.append(Objection("key-size", message, 0, "RFC 8301 section 3.2", shown(text)))
    return der, bits


def _objection(rule: str, message: str, position: int, seen: str) -> Objection:
    return Objection(rule, message, position, _KEY_SOURCE, shown(seen.strip()))

"""TLSA records (RFC 6698 section 2) as SMTP uses them (RFC 7672 section 3.1).

| field | values that SMTP uses |
|---|---|
| usage | 2 DANE-TA: a certificate above the leaf; 3 DANE-EE: the leaf itself |
| selector | 0 the whole certificate, 1 its SubjectPublicKeyInfo |
| matching type | 0 the bytes themselves, 1 their SHA-256, 2 their SHA-512 |

Everything else is unusable: the record is passed over as if it did not exist (RFC 7672 section 2.1.1).
Presentation: three numbers and the association in hexadecimal, which may be split by space (RFC 6698 section 2.2).
"""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from mxproof.formats.der import CERTIFICATE_BYTES_MAX, is_sequence, outline
from mxproof.formats.errors import FormatError, Objection, shown

DANE_TA = 2
DANE_EE = 3
TLSA_CHARACTERS_MAX = 4 * CERTIFICATE_BYTES_MAX
ASSOCIATIONS_CACHED_MAX = 256
"""Every sender compares the same certificates with the same records."""

_SOURCE = "RFC 6698 section 2.2"
_NUMBER = r"[0-9]{1,3}"
_HEX = r"(?:[0-9A-Fa-f]{2})+"
_DIGEST_BYTES = {1: 32, 2: 64}


class Tlsa(msgspec.Struct, frozen=True, order=True):
    """A TLSA record; the numbers are 0 to 255."""

    usage: int
    selector: int
    matching_type: int
    association: bytes


def parse_tlsa(text: str) -> Tlsa:
    """Return the record with this presentation form; raises FormatError for anything else."""
    if len(text) > TLSA_CHARACTERS_MAX or not text.isascii():
        raise _refusal("tlsa-text", f"not ASCII, or longer than {TLSA_CHARACTERS_MAX} characters", 0, text)
    words = text.split()
    numbers, association = words[:3], "".join(words[3:])
    for word in numbers:
        if not re.fullmatch(_NUMBER, word) or int(word) > 255:
            raise _refusal(
                "tlsa-number", f"not a number from 0 to 255: {shown(word)!r}", text.index(word), text
            )
    if not re.fullmatch(_HEX, association):
        message = "three numbers and the association in pairs of hexadecimal digits were expected"
        raise _refusal("tlsa-association", message, len(text), text)
    usage, selector, matching_type = map(int, numbers)
    return Tlsa(usage, selector, matching_type, bytes.fromhex(association))


def print_tlsa(record: Tlsa) -> str:
    """Return the presentation form of `record`."""
    return f"{record.usage} {record.selector} {record.matching_type} {record.association.hex()}"


def usable(record: Tlsa) -> bool:
    """Tell whether an SMTP client may use `record` (RFC 7672 section 3.1)."""
    return unusable_because(record) is None


def unusable_because(record: Tlsa) -> Objection | None:
    """Return why an SMTP client passes over `record`, or None where it does not."""

    def objection(rule: str, message: str, source: str) -> Objection:
        return Objection(rule, message, 0, source, print_tlsa(record)[:40])

    if record.usage not in (DANE_TA, DANE_EE):
        # They SHOULD NOT be published; what a client does with them is undefined, and it MAY pass over them.
        message = f"certificate usage {record.usage} is not for SMTP; 3 (DANE-EE) or 2 (DANE-TA) is"
        return objection("tlsa-usage", message, "RFC 7672 section 3.1.3")
    if record.selector not in (0, 1):
        return objection("tlsa-selector", f"selector {record.selector} is unknown", "RFC 6698 section 2.1.2")
    if record.matching_type not in (0, 1, 2):
        message = f"matching type {record.matching_type} is unknown"
        return objection("tlsa-matching-type", message, "RFC 6698 section 2.1.3")
    wanted = _DIGEST_BYTES.get(record.matching_type)
    if wanted is not None and len(record.association) != wanted:
        message = f"digest of {len(record.association)} bytes where {wanted} were expected"
        return objection("tlsa-digest-length", message, "RFC 6698 section 2.1.4")
    if wanted is None and not _is_whole(record):
        message = "the association is neither a certificate nor a public key in DER"
        return objection("tlsa-association", message, "RFC 6698 section 2.1.4")
    return None


def _is_whole(record: Tlsa) -> bool:
    """Tell whether full association data has the shape that its selector asks for."""
    if record.selector == 1:
        return is_sequence(record.association)
    try:
        outline(record.association)
    except FormatError:
        return False
    return True


def matching(record: Tlsa, chain: Sequence[bytes]) -> int | None:
    """Return the index of the certificate in `chain` (DER, leaf first) that `record` matches, or None.

    DANE-EE matches the leaf only (RFC 7672 section 3.1.1), DANE-TA a certificate above it (RFC 7672 section 3.1.2;
    observed: OpenSSL, thus Postfix and Exim, never matches usage 2 at depth 0). That the leaf then chains to the
    matched certificate, and covers the name, is not decided here. An unusable record matches nothing.
    """
    if not usable(record):
        return None
    candidates = range(1) if record.usage == DANE_EE else range(1, len(chain))
    for index in candidates:
        if index < len(chain) and _matches(record, chain[index]):
            return index
    return None


def strongest(records: Sequence[Tlsa]) -> tuple[Tlsa, ...]:
    """Return the records less those with a weaker digest than another of the same usage and selector has.

    So a client does where it knows which digest is the stronger (RFC 7671 section 9); full data always count.
    """
    best: dict[tuple[int, int], int] = {}
    for one in records:
        if usable(one):
            kind = one.usage, one.selector
            best[kind] = max(best.get(kind, 0), one.matching_type)
    return tuple(one for one in records if one.matching_type in (0, best.get((one.usage, one.selector), 0)))


@lru_cache(maxsize=ASSOCIATIONS_CACHED_MAX)
def association_for(der: bytes, selector: int, matching_type: int) -> bytes:
    """Return the association data of a certificate (RFC 6698 sections 2.1.2 and 2.1.3).

    Raises FormatError where `der` is not a certificate or the selector or matching type is unknown.
    """
    parts = outline(der)
    selected = {0: der, 1: parts.spki}.get(selector)
    if selected is None or matching_type not in (0, 1, 2):
        raise _refusal("tlsa-parameters", "selectors are 0 and 1, matching types 0, 1 and 2", 0, "")
    match matching_type:
        case 1:
            return hashlib.sha256(selected).digest()
        case 2:
            return hashlib.sha512(selected).digest()
        case _:
            return selected


def _matches(record: Tlsa, der: bytes) -> bool:
    try:
        return association_for(der, record.selector, record.matching_type) == record.association
    except FormatError:
        return False


def _refusal(rule: str, message: str, position: int, seen: str) -> FormatError:
    return FormatError("TLSA record", Objection(rule, message, position, _SOURCE, shown(seen)))

"""A record as a line of a zone file (RFC 1035 section 5.1), ready to be pasted: names are absolute, the class is left out."""

from mxproof.formats.tlsa import Tlsa, print_tlsa
from mxproof.mail.change import (
    CaaValue,
    CnameValue,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PtrValue,
    RecordValue,
    TlsaValue,
    TxtValue,
)

_STRING_BYTES_MAX = 255
_ASSOCIATION_SHOWN_MAX = 16


def zone_line(name: str, record: RecordValue) -> str:
    """Return the record with this owner name, without a time to live."""
    return f"{absolute(name)} {record_type(record)} {record_data(record)}"


def record_type(record: RecordValue) -> str:
    """Return the type of the record as a zone file writes it."""
    return str(record.__struct_config__.tag)


def record_data(record: RecordValue) -> str:
    """Return the data of the record as a zone file writes it."""
    match record:
        case Ipv4Value(address) | Ipv6Value(address):
            return address
        case CnameValue(target) | PtrValue(target):
            return absolute(target)
        case MxValue(preference, exchange):
            return f"{preference} {absolute(exchange)}"
        case TxtValue():
            return _strings(record.octets())
        case TlsaValue(usage, selector, matching_type, association):
            return f"{usage} {selector} {matching_type} {association}"
        case CaaValue(flags, tag, value):
            return f"{flags} {tag} {_strings(value.encode('latin-1'))}"


def absolute(name: str) -> str:
    """Return a name with its final dot."""
    return name if name.endswith(".") else f"{name}."


def _strings(text: bytes) -> str:
    """Return a text as character strings, of 255 bytes at most each."""
    pieces = [text[at : at + _STRING_BYTES_MAX] for at in range(0, len(text), _STRING_BYTES_MAX)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, piece))}"' for piece in pieces)


def _escaped(byte: int) -> str:
    if byte in b'"\\':
        return f"\\{chr(byte)}"
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03d}"


def short_tlsa(record: Tlsa) -> str:
    """Return a TLSA record within prose: its data in backticks, a long one cut."""
    head, _, association = print_tlsa(record).rpartition(" ")
    cut = association[:_ASSOCIATION_SHOWN_MAX]
    return f"`{head} {cut}" + ("...`" if cut != association else "`")

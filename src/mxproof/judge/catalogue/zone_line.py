"""A record as a line of a zone file (RFC 1035 section 5.1), ready to be pasted: names are absolute, the class is left out."""

from mxproof.mail.change import (
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


def zone_line(name: str, record: RecordValue) -> str:
    """Return the record with this owner name, without a time to live."""
    return f"{_absolute(name)} {_data(record)}"


def _data(record: RecordValue) -> str:
    """Return type and data."""
    match record:
        case Ipv4Value(address):
            return f"A {address}"
        case Ipv6Value(address):
            return f"AAAA {address}"
        case CnameValue(target):
            return f"CNAME {_absolute(target)}"
        case PtrValue(target):
            return f"PTR {_absolute(target)}"
        case MxValue(preference, exchange):
            return f"MX {preference} {_absolute(exchange)}"
        case TxtValue():
            return f"TXT {_strings(record.octets())}"
        case TlsaValue(usage, selector, matching_type, association):
            return f"TLSA {usage} {selector} {matching_type} {association}"


def _absolute(name: str) -> str:
    return name if name.endswith(".") else f"{name}."


def _strings(text: bytes) -> str:
    """Return a text as character strings, of 255 bytes at most each."""
    pieces = [text[at : at + _STRING_BYTES_MAX] for at in range(0, len(text), _STRING_BYTES_MAX)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, piece))}"' for piece in pieces)


def _escaped(byte: int) -> str:
    if byte in b'"\\':
        return f"\\{chr(byte)}"
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03d}"

"""Netstrings: `LENGTH ":" BYTES ","`, the framing of Postfix's socketmap protocol (socketmap_table(5)).

The length is decimal without leading zeros (D. J. Bernstein, Netstrings, 1997). PolicyReading is a pure function over the
bytes that have come so far; whoever holds the socket keeps the rest.
"""

from typing import NamedTuple

from mxproof.formats.errors import FormatError, Objection, shown

LENGTH_DIGITS_MAX = 9

_SOURCE = "netstrings (1997)"


class Framed(NamedTuple):
    """One payload, and where the bytes behind its netstring begin."""

    payload: bytes
    end: int


def print_netstring(payload: bytes) -> bytes:
    """Return `payload` framed."""
    return b"%d:%b," % (len(payload), payload)


def read_netstring(data: bytes, payload_bytes_max: int) -> Framed | None:
    """Return the netstring that `data` begins with, None where more bytes have to come first.

    Raises FormatError as soon as the bytes cannot become a netstring of at most `payload_bytes_max` bytes.
    """
    digits, colon, _ = data[: LENGTH_DIGITS_MAX + 1].partition(b":")
    if (digits and not digits.isdigit()) or (colon and not digits):
        raise _refusal("netstring-length", "a netstring begins with its length in digits", 0, data)
    if len(digits) > 1 and digits.startswith(b"0"):
        raise _refusal("netstring-zero", "the length has a leading zero", 0, data)
    if not colon:
        if len(digits) > LENGTH_DIGITS_MAX:
            raise _refusal("netstring-length", f"a length of more than {LENGTH_DIGITS_MAX} digits", 0, data)
        return None
    length, start = int(digits), len(digits) + 1
    if length > payload_bytes_max:
        raise _refusal(
            "netstring-too-long", f"{length} bytes where at most {payload_bytes_max} may come", 0, data
        )
    end = start + length
    if len(data) <= end:
        return None
    if data[end : end + 1] != b",":
        raise _refusal("netstring-comma", 'no "," behind the payload', end, data[end:])
    return Framed(bytes(data[start:end]), end + 1)


def _refusal(rule: str, message: str, position: int, seen: bytes) -> FormatError:
    return FormatError("netstring", Objection(rule, message, position, _SOURCE, shown(bytes(seen[:80]))))

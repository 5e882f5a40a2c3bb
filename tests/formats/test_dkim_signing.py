"""The field of a DKIM signature as it stands in a mail, and the bytes that its value signs (RFC 6376 section 3.7)."""

import base64
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from mxproof.formats.dkim import Signature
from mxproof.formats.dkim_signed import signatures_of
from mxproof.formats.dkim_signing import UnsignedField, signed_field, unsigned_field

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BY = Signature("sender.example", "tlsrpt")
MESSAGE = b"From:  tls@sender.example\r\nSubject: TLS\r\n report\r\nTo: tls@example.com\r\n\r\nhello \r\n"
DIGEST = base64.b64encode(sha256(b"hello\r\n").digest()).decode()


def field(*names: str, message: bytes = MESSAGE) -> UnsignedField:
    return unsigned_field(message, BY, "rsa-sha256", names, AT)


def named(*names: str) -> list[str]:
    """Return the lines of `h=` for a message that has these fields beside From."""
    more = "".join(f"{name}: 1\r\n" for name in names).encode()
    _, _, *lines, _, _ = field("From", *names, message=more + MESSAGE).start.decode().split("\r\n\t")
    return lines


def test_the_field_says_by_whom_when_and_over_what() -> None:
    assert field("From", "Subject").start.decode() == (
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example;\r\n"
        f"\ts=tlsrpt; t={int(AT.timestamp())};\r\n"
        "\th=from:subject;\r\n"
        f"\tbh={DIGEST};\r\n"
        "\tb="
    )


def test_a_moment_is_told_in_whole_seconds() -> None:
    late = AT + timedelta(milliseconds=999)
    assert unsigned_field(MESSAGE, BY, "rsa-sha256", ["from"], late) == field("from")


def test_what_is_signed_are_the_fields_that_are_named_and_the_signature_without_its_value() -> None:
    assert field("Subject", "From").covered.decode() == (
        "subject:TLS report\r\n"
        "from:tls@sender.example\r\n"
        "dkim-signature:v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example;"
        f" s=tlsrpt; t={int(AT.timestamp())}; h=subject:from; bh={DIGEST}; b="
    )


def test_fields_that_the_message_has_not_are_not_named() -> None:
    assert field("From", "Cc", "To", "hello").start == field("From", "To").start


def test_a_word_of_the_body_is_no_field() -> None:
    talking = MESSAGE + b"Cc: nobody\r\n"
    assert b"h=from;" in field("From", "Cc", message=talking).start


def test_a_message_that_was_signed_before_is_signed_beside_that() -> None:
    once = signed_field(field("From"), b"first") + MESSAGE
    assert field("From", message=once) == field("From")


def test_a_row_of_names_is_folded_where_a_line_would_have_more_than_72_characters() -> None:
    first, fits, long = "a" * 30, "b" * 35, "c" * 36
    assert named(first, fits) == [f"h=from:{first}:{fits};"]
    assert named(first, long) == [f"h=from:{first}:", f"{long};"]
    assert named(long, first, fits) == [f"h=from:{long}:", f"{first}:{fits};"]


@pytest.mark.parametrize(("size", "lines"), [(1, [4]), (54, [72]), (55, [72, 4]), (108, [72, 72])])
def test_the_value_is_folded_after_72_characters(size: int, lines: list[int]) -> None:
    value, unsigned = bytes(range(size)), field("From")
    whole = signed_field(unsigned, value)
    assert whole.startswith(unsigned.start)
    assert whole.endswith(b"\r\n")
    parts = whole.removeprefix(unsigned.start).removesuffix(b"\r\n").split(b"\r\n\t")
    assert [len(part) for part in parts] == lines
    assert base64.b64decode(b"".join(parts)) == value


def test_what_is_signed_is_what_is_read_back() -> None:
    unsigned = field("From", "Subject", "To")
    (read,) = signatures_of(signed_field(unsigned, bytes(256)) + MESSAGE)
    assert (read.by, read.algorithm, read.rule) == (BY, "rsa-sha256", "")
    assert (read.covered, read.value) == (unsigned.covered, bytes(256))


def test_all_of_a_body_is_signed_blank_lines_within_it_too() -> None:
    head = MESSAGE.partition(b"hello")[0]
    body = b"From: nobody\r\n\r\nsecond\r\n\r\nthird\r\n"
    digest = base64.b64encode(sha256(body).digest())
    made = field("From", "Nothing", message=head + body)
    assert (b"bh=" + digest + b";" in made.start, b"h=from;" in made.start) == (True, True)
    assert made.covered.count(b"from:") == 1

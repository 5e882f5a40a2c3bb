"""The message of a delivery test: what it is can be read off its headers, and off nothing else."""

import email
from datetime import UTC, datetime
from email import policy

import msgspec

from mxproof.formats.delivery_message import DeliveryMessage, server_tried, token_of

MESSAGE = DeliveryMessage(
    author="postmaster@probe.example.net",
    recipient="you@example.com",
    host="mx1.example.com",
    address="2001:db8::25",
    model="A sender by RFC 8461",
    helo_name="probe.example.net",
    at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
    token="0123456789abcdef",
    number=2,
    total=4,
)


def test_it_is_a_message_that_says_what_it_is() -> None:
    read = email.message_from_bytes(MESSAGE.encoded(), policy=policy.default)
    assert read.defects == []
    assert (read["from"].addresses[0].addr_spec, read["to"]) == (MESSAGE.author, "you@example.com")
    assert (read["date"].datetime, read["auto-submitted"]) == (MESSAGE.at, "auto-generated")
    assert server_tried(read["subject"]) == ("mx1.example.com", "2001:db8::25")
    assert token_of(read["message-id"]) == MESSAGE.token


def test_every_line_ends_in_crlf_and_is_short_enough() -> None:
    lines = MESSAGE.encoded().split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 998


def test_a_name_from_outside_makes_no_line_of_its_own() -> None:
    hostile = msgspec.structs.replace(MESSAGE, host="mx\r\nBcc: x@example.net\r\n\r\n")
    assert hostile.encoded().count(b"\r\n") == MESSAGE.encoded().count(b"\r\n")


def test_other_mail_is_not_taken_for_a_test() -> None:
    assert server_tried("Re: mail") is None
    assert token_of("<20260301.1@example.com>") is None

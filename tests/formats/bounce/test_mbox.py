"""Mailboxes in one file."""

from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.mbox import MBOX_MESSAGE_BYTES_MAX, is_mbox, split_mbox


def test_messages_are_split_at_a_from_line_behind_an_empty_line() -> None:
    data = (
        b"From a@b Thu\nSubject: 1\n\ntext\nFrom here on\n>From there\n\nFrom a@b Fri\nSubject: 2\n\ntext\n"
    )
    got = list(split_mbox(data.splitlines(keepends=True)))
    assert got == [b"Subject: 1\n\ntext\nFrom here on\n>From there\n\n", b"Subject: 2\n\ntext\n"]


def test_what_stands_before_the_first_from_line_is_no_message() -> None:
    assert list(split_mbox([b"junk\n", b"\n", b"From a\n", b"x\n"])) == [b"x\n"]


def test_a_huge_message_is_cut() -> None:
    lines = [b"From a\n", *([b"x" * 1023 + b"\n"] * 2048), b"\n", b"From b\n", b"y\n"]
    got = list(split_mbox(lines))
    assert [len(message) for message in got] == [MBOX_MESSAGE_BYTES_MAX, 2]


def test_an_mbox_begins_with_a_from_line_and_a_field() -> None:
    assert is_mbox(b"From a@b Thu\nSubject: x\n")
    assert not is_mbox(b"From: a@b\nSubject: x\n")
    assert not is_mbox(b"From a friend\nwith love\n")


@given(st.lists(st.binary(min_size=1, max_size=20)))
def test_no_byte_of_a_message_is_invented(lines: list[bytes]) -> None:
    assert sum(map(len, split_mbox(lines))) <= sum(map(len, lines))


def test_a_mailbox_with_other_line_ends_is_split_as_well() -> None:
    data = b"From a\r\nSubject: 1\r\n\r\nFrom here\r\nFrom on\r\n\r\nFrom b\r\n2\r\n"
    assert list(split_mbox(data.splitlines(keepends=True))) == [
        b"Subject: 1\r\n\r\n",
        b"From on\r\n\r\n",
        b"2\r\n",
    ]


def test_each_message_has_the_limit_for_itself_and_is_cut_within_a_line() -> None:
    lines = [b"From a\n", b"12345678\n", b"123456\n", b"1\n", b"\n", b"From b\n", b"abcdefgh\n", b"abcd\n"]
    assert list(split_mbox(lines, limit=12)) == [b"12345678\n123", b"abcdefgh\nabc"]
    assert list(split_mbox(lines, limit=9)) == [b"12345678\n", b"abcdefgh\n"]

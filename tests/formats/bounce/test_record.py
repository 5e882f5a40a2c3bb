"""Pasted log text to records: prefixes, broken lines and what must not be joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.record import LOG_RECORDS_MAX, RECORD_PIECES_MAX, records

LINE = (
    "Mar  3 09:14:02 mx postfix/smtp[77]: 4Qab: to=<x@plain.example>, relay=none, delay=1, dsn=4.4.3, status=deferred"
    " (Host or domain name not found. Name service error for name=plain.example type=MX: Host not found, try again)"
)


@pytest.mark.parametrize(
    "prefix",
    [
        "mail-1  | ",
        "0|npm run start  | ",
        "2026-11-20T09:02:44.120934712Z stdout F ",
        "/var/log/mail.log.1:",
        "mail.log:12:",
    ],
)
def test_what_a_collector_wrote_in_front_is_taken_off(prefix: str) -> None:
    assert records(prefix + LINE) == (LINE,)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_lines_that_a_terminal_broke_are_whole_again(width: int) -> None:
    broken = [LINE[at : at + width].rstrip() for at in range(0, len(LINE), width)]
    assert records("\n".join((*broken, LINE))) == (LINE, LINE)


@given(st.integers(min_value=50, max_value=100))
def test_lines_that_mail_broke_between_words_are_whole_again(width: int) -> None:
    lines, line = [], ""
    for word in LINE.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if lines or line else word
    whole = records("\n".join((*lines, line)))
    assert [" ".join(record.split()) for record in whole] == [" ".join(LINE.split())]


def test_text_behind_a_complete_record_does_not_belong_to_it() -> None:
    assert records(f"{LINE}\nAny idea?") == (LINE, "Any idea?")
    assert records("warning: a\n\nb") == ("warning: a", "", "b")
    assert records("hello\nworld") == ("hello", "world")


def test_signs_of_json_are_plain_ones() -> None:
    assert records('{"log":"a: to=\\u003cx@a.example\\u003e"}') == ('{"log":"a: to=<x@a.example>"}',)


@given(st.text())
def test_any_text_has_records_and_loses_no_word(text: str) -> None:
    got = records(text)
    assert len(got) <= LOG_RECORDS_MAX
    if not any(sign in text for sign in "|\\:") and len(got) == text.count("\n") + 1:
        assert "\n".join(got) == text


@pytest.mark.parametrize(("width", "is_hard"), [(39, False), (40, True), (41, True)])
def test_a_line_of_forty_characters_or_more_may_have_been_broken_within_a_word(
    width: int, *, is_hard: bool
) -> None:
    whole = "postfix/smtp[12]: " + "abcdefghij" * 12
    pieces = [whole[at : at + width] for at in range(0, len(whole), width)]
    joined = "".join(pieces) if is_hard else " ".join(pieces)
    assert records("\n".join(pieces)) == (joined,)


def test_a_space_at_which_a_terminal_broke_a_line_stands_there_again() -> None:
    first, second, last = "postfix/smtp[12]: " + "a" * 62, "b" * 79, "c" * 20
    assert records(f"{first}\n{second}\n{last}") == (f"{first}{second} {last}",)
    assert records(f"{first[:79]}\n{'b' * 80}\n{last}") == (f"{first[:79]} {'b' * 80}{last}",)


def test_a_record_takes_up_so_many_lines_and_no_more() -> None:
    opening = "mx postfix/smtp[12]: 4F: to=<a@example.com>"
    lines = [opening, *(f"word {number}" for number in range(RECORD_PIECES_MAX + 1))]
    got = records("\n".join(["postfix/smtp[12]: x", *lines[1:]]))
    assert got == (
        " ".join(["postfix/smtp[12]: x", *lines[1:RECORD_PIECES_MAX]]),
        *lines[RECORD_PIECES_MAX:],
    )

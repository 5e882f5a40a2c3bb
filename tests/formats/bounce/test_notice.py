"""The part of a bounce that is meant for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.notice import Section, addresses_spoken_of, sections, transcript, without_returned


@pytest.mark.parametrize(
    "heading",
    [
        "--- Below this line is a copy of the message.",
        "------ This is a copy of the message, including all the headers. ------",
        "--- The header of the original message is following. ---",
        "----- Original message -----",
        "   ----- Unsent message follows -----",
        "Message headers follow.",
        "Original message follows.",
        "Original message headers:",
        "    Below is a copy of the original message:",
        "Received: from a by b",
        "Return-Path: <a@example.com>",
    ],
)
def test_the_returned_message_is_cut_off(heading: str) -> None:
    assert without_returned(f"it failed\n{heading}\nSubject: SPF") == "it failed"


@pytest.mark.parametrize(
    "line",
    [
        "The original message was received at Thu, 9 Apr 1995 23:34:45 -0800",
        "   ----- Transcript of session follows -----",
        "   ----- The following addresses had permanent fatal errors -----",
        "Your message couldn't be delivered.",
        "Error message below:",
        "Original message",
        "and the original message follows:",
        "You find the original message below:",
    ],
)
def test_other_lines_stay(line: str) -> None:
    assert without_returned(f"a\n{line}\nb") == f"a\n{line}\nb"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            "hello\n<a@example.com>: no\n  more\n<b@example.com>: yes",
            [("", "hello"), ("a@example.com", " no\n  more"), ("b@example.com", " yes")],
        ),
        ("  a@example.com\n    host mx said: 550", [("a@example.com", "\n    host mx said: 550")]),
        (
            "<a@example.com> (expanded from <x@y.z>): host",
            [("a@example.com", " (expanded from <x@y.z>): host")],
        ),
        ("a@example.com<mailto:a@example.com>\nno", [("a@example.com", "<mailto:a@example.com>\nno")]),
        ("mail from a@example.com was lost", [("", "mail from a@example.com was lost")]),
    ],
)
def test_an_address_at_the_beginning_of_a_line_opens_a_section(
    text: str, want: list[tuple[str, str]]
) -> None:
    assert list(sections(text)) == [Section(address, body) for address, body in want]


def test_commands_of_a_transcript_are_left_out() -> None:
    assert sections(">>> RCPT TO:<a@example.com>\n<<< 550 no") == (Section("", "<<< 550 no"),)


def test_the_transcript_is_what_the_server_said() -> None:
    assert transcript("x\n>>> DATA\n<<< 550-5.7.1 a\n <<< 550 5.7.1 b\n554 y") == "550-5.7.1 a\n550 5.7.1 b"


def test_addresses_in_the_text_are_named_once() -> None:
    assert addresses_spoken_of("554 <a@b.cd>... Host unknown, 554 <a@b.cd>... x <e@f.gh>") == (
        "a@b.cd",
        "e@f.gh",
    )


@given(st.text(alphabet="a@b.<>: -\nR", max_size=300))
def test_any_text_has_sections(text: str) -> None:
    for section in sections(without_returned(text)):
        assert section.address or section.text


@pytest.mark.parametrize("blank", ["", "\n", "\n \n"])
@pytest.mark.parametrize(
    ("fields", "is_cut"),
    [
        ("From: Mail Delivery System <mailer-daemon@example.com>\nSubject: hello", False),
        ("Von: Jane\nBetreff: Undelivered Mail", False),
        ("From: Jane <jane@example.com>\nSubject: hello", True),
        ("From: Jane\n\nBetreff: Undelivered Mail", True),
        ("no field\nabout undelivered mail", True),
    ],
)
def test_a_heading_before_a_bounce_that_somebody_forwards_begins_nothing(
    fields: str, is_cut: bool, blank: str
) -> None:
    text = f"see below\n-----Original Message-----\n{blank}{fields}\n\n550 no"
    assert without_returned(text) == ("see below" if is_cut else text)


def test_the_next_bounce_of_a_paste_goes_on_where_it_begins() -> None:
    first = "This is the mail system at host mx.example.com.\n<a@example.com>: no"
    second = "This is the mail system at host mx.example.net.\n<b@example.net>: later"
    returned = "Return-Path: <c@example.org>\nSubject: hello\n\ntext"
    assert without_returned("\n".join([first, returned, second, returned])) == f"{first}\n{second}"
    assert without_returned("\n".join([first, second, returned])) == f"{first}\n{second}"
    heading = "Begin forwarded message, the original message follows:"
    assert without_returned("\n".join(["see", heading, first, returned])) == "\n".join(
        ["see", heading, first]
    )

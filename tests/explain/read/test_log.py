"""A log: what came of each attempt, which notes belong to it, and what strangers said that is left out."""

import pytest

from mxproof.explain.read.log import RECIPIENTS_OF_NOTE_MAX, log
from mxproof.explain.read.material import MaterialForm, StatementPlace
from mxproof.formats.bounce.dsn import Action

NOTE = "Nov 20 09:02:40 mail postfix/smtp[12]: connect to mx.example.com[192.0.2.1]:25: Connection timed out"
OTHERS_NOTE = NOTE.replace("[12]", "[13]").replace("192.0.2.1", "192.0.2.9")


def line(
    address: str, status: str = "deferred", process: int = 12, queue: str = "4F0", delay: int = 7
) -> str:
    return (
        f"Nov 20 09:02:44 mail postfix/smtp[{process}]: {queue}: to=<{address}>, relay=mx.example.com[192.0.2.1]:25,"
        f" delay={delay}, delays=1/1/1/4, dsn=4.0.0, status={status} (said {status} of {address})"
    )


def told(*records: str) -> list[tuple[str, str, str]]:
    """Return place, recipient and attempt, as a letter, of each statement in order."""
    found = log(records)
    assert found is not None
    return [(one.place.value, one.recipient, "-abcdefgh"[one.attempt]) for one in found.statements]


LOG, NOTED = StatementPlace.LOG.value, StatementPlace.NOTE.value


@pytest.mark.parametrize("records", [[], [""], ["  ", "hello"], ["550 5.7.1 no"]])
def test_what_has_no_line_of_a_log_is_none(records: list[str]) -> None:
    assert log(records) is None


def test_a_note_belongs_to_the_delivery_that_its_process_tells_of_next() -> None:
    assert told(NOTE, line("user@example.com")) == [
        (NOTED, "user@example.com", "b"),
        (LOG, "user@example.com", "b"),
    ]
    assert told(line("user@example.com"), NOTE) == [(LOG, "user@example.com", "a"), (NOTED, "", "-")]
    assert told(OTHERS_NOTE, line("user@example.com"))[0] == (NOTED, "", "-")


def test_a_note_before_a_delivery_to_several_is_about_each_of_them() -> None:
    got = told(NOTE, line("a@example.com"), line("b@example.com"))
    assert sorted(one[:2] for one in got[:2]) == [(NOTED, "a@example.com"), (NOTED, "b@example.com")]
    assert [one[:2] for one in got[2:]] == [(LOG, "a@example.com"), (LOG, "b@example.com")]
    assert len({attempt for _, _, attempt in got}) == 1
    many = [line(f"u{place}@example.com") for place in range(RECIPIENTS_OF_NOTE_MAX + 5)]
    found = log([NOTE, *many])
    assert found is not None
    assert sum(one.place is StatementPlace.NOTE for one in found.statements) == 20


def test_another_message_of_the_same_process_is_another_attempt() -> None:
    got = told(line("a@example.com", queue="4F0"), line("a@example.com", queue="5A1"))
    assert [attempt for _, _, attempt in got] == ["a", "b"]


def test_a_recipient_that_is_told_of_once_more_was_tried_once_more() -> None:
    """The lines of Exim about one message have its id alone, and a process of Postfix may try one again."""
    a, b = "a@example.com", "b@example.com"
    first, second = "2026-11-20 09:02:44 1tDabc-0005xY-Qz", "2026-11-20 10:02:44 1tDabc-0005xY-Qz"
    note = f"{first} H=mx.example.com [192.0.2.1]: Connection refused"
    got = told(
        f"{first} == {a} R=x", note, f"{second} == {a} R=x", f"{second} ** {b} R=x", f"{second} ** {a} R=x"
    )
    assert got == [
        (LOG, a, "a"),
        (NOTED, a, "c"),
        (LOG, a, "c"),
        (LOG, b, "e"),
        (LOG, a, "e"),
    ]
    again = told(NOTE, line(a), line(b), NOTE, line(b), line(a))
    assert sorted(again[:2] + again[4:6]) == sorted((NOTED, one, time) for one in (a, b) for time in "cf")
    assert again[2:4] + again[6:] == [(LOG, a, "c"), (LOG, b, "c"), (LOG, b, "f"), (LOG, a, "f")]


def test_of_lines_without_the_id_of_a_message_each_is_an_attempt_of_its_own() -> None:
    bare = [line(address).replace("4F0: to=", "to=") for address in ("a@example.com", "b@example.com")]
    assert [attempt for _, _, attempt in told(*bare)] == ["a", "b"]


def test_the_notes_of_a_delivery_to_many_are_about_the_first_of_them_in_their_order() -> None:
    many = [line(f"u{place}@example.com") for place in range(RECIPIENTS_OF_NOTE_MAX + 5)]
    found = log([NOTE, *many])
    assert found is not None
    noted = [one.recipient for one in found.statements if one.place is StatementPlace.NOTE]
    assert sorted(noted) == sorted(f"u{place}@example.com" for place in range(20))


def test_the_times_of_a_log_stand_in_order_whatever_the_order_of_its_lines() -> None:
    early, late = (f"2026-11-20 {hour}:02:44 1tDabc-0005xY-Qz == a@example.com R=x" for hour in ("09", "10"))
    for records in ((late, early), (early, late)):
        found = log(records)
        assert found is not None
        assert [at.hour for at in found.attempts] == [9, 10]


def test_a_line_of_no_program_is_a_note_about_any() -> None:
    assert told("I do not understand this:", line("a@example.com"))[0] == (NOTED, "", "-")


def test_the_recipients_are_told_as_their_last_line_has_them() -> None:
    found = log(
        [line("a@example.com"), line("b@example.com"), "", line("a@example.com", "sent", queue="5A1")]
    )
    assert found is not None
    assert [(one.address, one.action) for one in found.recipients] == [
        ("a@example.com", Action.DELIVERED),
        ("b@example.com", Action.DELAYED),
    ]
    assert (found.form, found.program) == (MaterialForm.LOG, "postfix")


def test_the_longest_delay_of_the_lines_is_how_long_it_took() -> None:
    found = log(
        [line("a@example.com", delay=7), line("a@example.com", delay=90), line("a@example.com", delay=8)]
    )
    assert found is not None
    assert found.delay_s == 90
    without = log([NOTE])
    assert without is not None
    assert without.delay_s is None


HUNG_UP = "Nov 20 09:02:40 mail postfix/smtpd[20]: lost connection after CONNECT from unknown[203.0.113.9]"
CUT = "Nov 20 09:02:40 mail postfix/smtpd[{}]: SSL_accept error from unknown[203.0.113.9]: -1"


def test_what_a_server_says_of_a_client_that_hung_up_before_a_word_is_left_out() -> None:
    def said(*records: str) -> list[str]:
        found = log(records)
        assert found is not None
        return [one.text for one in found.statements]

    assert len(said(CUT.format(20), HUNG_UP)) == 1
    assert len(said(CUT.format(21), HUNG_UP)) == 2
    assert len(said(CUT.format(20), HUNG_UP.replace("CONNECT", "DATA"))) == 2
    other = HUNG_UP.replace("lost connection after CONNECT", "warning: hostname does not resolve")
    assert len(said(other, HUNG_UP)) == 2


def test_a_line_says_which_host_said_it_unless_it_does_so_itself() -> None:
    found = log(
        [
            line("a@example.com"),
            line("b@example.com").replace("(said deferred", "(host x[192.0.2.9] said: no"),
        ]
    )
    assert found is not None
    first, second = (one.text for one in found.statements)
    assert first.startswith("host mx.example.com[192.0.2.1] said: ")
    assert second.startswith("host x[192.0.2.9] said: no")

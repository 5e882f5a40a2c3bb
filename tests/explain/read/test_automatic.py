"""What a program sent by itself, told from what a person wrote."""

import pytest

from mxproof.explain.engine import explain
from mxproof.explain.read.automatic import is_automatic, is_automatic_reply
from mxproof.formats.bounce.mime import Mail


def _mail(*headers: tuple[str, str]) -> Mail:
    return Mail(headers, ())


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Right away please",
        "Automatische Antwort: Angebot",
        "=?utf-8?q?R=C3=A9ponse_automatique_=3A?= devis",
        "AutoReply: hello",
        "Out of Office AutoReply: hello",
        "Out of the office",
        "away from my mail",
        "Away until May 5",
    ],
)
def test_a_subject_that_begins_as_a_program_begins_it_is_an_automatic_reply(subject: str) -> None:
    assert is_automatic_reply(_mail(("subject", subject)))


@pytest.mark.parametrize(
    "subject",
    [
        "Right away please",
        "Away game on Saturday",
        "Re: Automatic reply: hello",
        "Automatic replying machines",
        "Auto: for sale",
        "Out of office space",
        "",
    ],
)
def test_a_subject_that_only_has_the_words_is_none(subject: str) -> None:
    assert not is_automatic_reply(_mail(("subject", subject)))


@pytest.mark.parametrize(
    ("header", "want"),
    [
        (("auto-submitted", "auto-replied"), True),
        (("auto-submitted", "Auto-Replied (vacation); owner=me"), True),
        (("auto-submitted", "auto-generated"), False),
        (("auto-submitted", "no"), False),
        (("x-autoreply", "yes"), True),
        (("x-autorespond", "hello"), True),
        (("precedence", "auto_reply"), True),
        (("precedence", "bulk"), False),
    ],
)
def test_a_field_tells_an_automatic_reply(header: tuple[str, str], want: bool) -> None:
    assert is_automatic_reply(_mail(header)) is want


@pytest.mark.parametrize(
    ("header", "want"),
    [
        (("list-id", "<a.example>"), True),
        (("auto-submitted", "auto-generated"), True),
        (("precedence", "Bulk"), True),
        (("auto-submitted", "no"), False),
        (("precedence", "first-class"), False),
    ],
)
def test_a_field_tells_what_was_sent_to_many(header: tuple[str, str], want: bool) -> None:
    assert is_automatic(_mail(header)) is want


@pytest.mark.parametrize(
    ("subject", "text", "want"),
    [
        ("Right away please", "Send it.", None),
        ("Lunch", "I am going away in May.", None),
        ("Automatic reply: Lunch", "I am back in May.", "automatic-reply"),
    ],
)
def test_a_word_about_being_away_makes_no_automatic_reply(subject: str, text: str, want: str | None) -> None:
    mail = f"From: a@example.com\nTo: b@example.net\nSubject: {subject}\n\n{text}\n"
    assert explain(mail.encode()).other == want

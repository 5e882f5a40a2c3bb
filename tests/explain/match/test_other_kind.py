"""Which other kind a bounce is of: by its words, or else by what kind of report it is, its codes and its actions."""

import pytest

from mxproof.explain.knowledge import other_kinds
from mxproof.explain.match.other_kind import has_code, told_by_report, told_by_text
from mxproof.explain.match.template import folded
from mxproof.explain.read.material import Material, MaterialForm, Notification, Statement, StatementPlace
from mxproof.formats.bounce.dsn import Action, RecipientStatus


def by_text(*texts: str) -> str | None:
    kind = told_by_text(tuple(map(folded, texts)))
    return kind.id if kind is not None else None


def bounce(*recipients: RecipientStatus, notification: Notification | None = None) -> Material:
    return Material(form=MaterialForm.BOUNCE, recipients=recipients, notification=notification)


def text(*lines: str, form: MaterialForm = MaterialForm.LINES) -> Material:
    return Material(form=form, statements=tuple(Statement(StatementPlace.LINE, line) for line in lines))


def by_report(material: Material) -> str | None:
    kind = told_by_report(material)
    return kind.id if kind is not None else None


def test_the_words_name_the_kind_and_the_first_text_that_has_any_decides() -> None:
    assert by_text("552 5.2.2 Mailbox full") == "mailbox-full"
    assert by_text("hello", "550 no such user here", "mailbox full") == "user-unknown"


def test_of_two_kinds_in_one_text_the_one_that_stands_first_in_the_list_is_told() -> None:
    assert by_text("rejected: mailbox full") == "mailbox-full"


def test_words_that_no_kind_has_name_none() -> None:
    assert by_text("all is well", "") is None
    assert by_text() is None


@pytest.mark.parametrize(
    ("notification", "kind"),
    [
        (Notification.COMPLAINT, other_kinds.COMPLAINT),
        (Notification.DELIVERY, other_kinds.DELIVERED),
        (Notification.RECEIPT, other_kinds.RECEIPT),
        (Notification.AUTOMATIC_REPLY, other_kinds.VACATION),
        (Notification.DMARC_REPORT, other_kinds.DMARC_REPORT),
    ],
)
def test_what_a_message_says_of_itself_outweighs_the_codes_in_it(
    notification: Notification, kind: other_kinds.OtherKind
) -> None:
    failed = RecipientStatus(action=Action.FAILED, status="5.2.2")
    assert told_by_report(bounce(failed, notification=notification)) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.2.2", "mailbox-full"),
        ("4.2.2", "mailbox-full"),
        ("5.1.1", "user-unknown"),
        ("2.2.2", "unstated"),
        ("5.2.22", "unstated"),
        ("5.12.2", "unstated"),
        ("", "unstated"),
    ],
)
def test_a_code_of_failure_names_the_kind_by_what_stands_behind_its_class(status: str, kind: str) -> None:
    """RFC 3463 section 2: the class says whether it lasts, the rest what it is about."""
    assert by_report(bounce(RecipientStatus(action=Action.FAILED, status=status))) == kind


def test_the_first_recipient_with_a_code_that_names_a_kind_decides() -> None:
    unknown, full = (RecipientStatus(action=Action.FAILED, status=one) for one in ("5.7.99", "5.2.2"))
    assert by_report(bounce(unknown, full, RecipientStatus(status="5.1.1"))) == "mailbox-full"


@pytest.mark.parametrize(
    ("actions", "kind"),
    [
        ((Action.DELIVERED,), "delivered"),
        ((Action.DELIVERED, Action.RELAYED, Action.EXPANDED), "delivered"),
        ((Action.DELIVERED, Action.FAILED), "unstated"),
        ((Action.DELAYED,), "delayed"),
        ((Action.FAILED, Action.DELAYED), "delayed"),
        ((Action.FAILED,), "unstated"),
        ((), "unstated"),
    ],
)
def test_without_a_code_that_says_more_the_actions_tell_how_it_went(
    actions: tuple[Action, ...], kind: str
) -> None:
    assert by_report(bounce(*(RecipientStatus(action=one) for one in actions))) == kind


def test_a_code_that_names_a_kind_outweighs_the_actions() -> None:
    assert by_report(bounce(RecipientStatus(action=Action.DELAYED, status="4.2.2"))) == "mailbox-full"


def test_time_that_is_over_is_told_of_whoever_gave_up_and_not_of_whoever_keeps_trying() -> None:
    """RFC 3463 section 3.5."""
    over = "4.4.7"
    assert by_report(bounce(RecipientStatus(action=Action.FAILED, status=over))) == "expired"
    assert by_report(bounce(RecipientStatus(action=Action.DELAYED, status=over))) == "delayed"
    other = RecipientStatus(action=Action.FAILED, status="5.7.99")
    assert by_report(bounce(other, RecipientStatus(action=Action.FAILED, status=over))) == "expired"


def test_codes_are_read_out_of_bare_lines_and_of_no_other_text() -> None:
    line = "550 5.2.2 nobody knows"
    assert by_report(text(line)) == "mailbox-full"
    assert by_report(text(line, form=MaterialForm.LOG)) == "unstated"


def test_codes_of_the_report_go_before_those_in_a_text() -> None:
    lines = text("550 5.2.2 nobody knows")
    told = Material(
        form=lines.form, statements=lines.statements, recipients=(RecipientStatus(status="5.1.1"),)
    )
    assert by_report(told) == "user-unknown"


def test_text_without_a_code_is_no_report_of_a_failure() -> None:
    assert by_report(text("hello")) is None
    assert by_report(text("550 nobody knows")) == "unstated"


@pytest.mark.parametrize(
    ("line", "has"),
    [
        ("550 no", True),
        ("host mx.example.com said: 450 later", True),
        ("<<< 554 no", True),
        ('reply: "550-no', True),
        ("room 550 is free", False),
        ("<<< 250 ok", False),
        ("it costs: 450", False),
        ("hello", False),
    ],
)
def test_a_reply_stands_at_the_beginning_behind_who_gave_it_or_in_a_transcript(
    line: str, *, has: bool
) -> None:
    assert has_code(text("hello", line)) is has

"""Amazon's notifications."""

from datetime import UTC, datetime

import pytest

from mxproof.formats.bounce.dsn import Action, RecipientStatus
from mxproof.formats.bounce.ses import parse_ses_notification

BOUNCE = (
    '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"a@b.c",'
    '"action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user\n unknown"}],'
    '"timestamp":"2016-10-21T00:06:40.502Z","reportingMTA":"dsn; a27-1.smtp-out.example"},"mail":{}}\n\n--\nfooter {x}\n'
)


def test_a_bounce_is_a_report() -> None:
    got = parse_ses_notification(BOUNCE)
    assert got is not None
    assert got.kind == "Bounce"
    assert got.report.reporting_mta == "a27-1.smtp-out.example"
    assert got.report.recipients == (
        RecipientStatus(
            address="a@b.c",
            action=Action.FAILED,
            status="5.1.1",
            diagnostic="550 5.1.1 user unknown",
            last_attempt=datetime(2016, 10, 21, 0, 6, 40, tzinfo=UTC),
        ),
    )


def test_a_complaint_reports_no_recipient() -> None:
    got = parse_ses_notification('{"notificationType":"Complaint","complaint":{}}')
    assert got is not None
    assert (got.kind, got.report.recipients) == ("Complaint", ())


@pytest.mark.parametrize("text", ["", "hello", '{"a":1}', '{"notificationType":', '{"notificationType":1}'])
def test_other_text_is_no_notification(text: str) -> None:
    assert parse_ses_notification(text) is None

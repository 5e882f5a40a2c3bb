"""What kind of thing was given, told from its bytes, and what of it is read: row by row of the table of the module."""

import pytest

from mxproof.explain.read.material import Material, MaterialForm, Notification, StatementPlace
from mxproof.explain.read.text import read
from mxproof.formats.bounce.mime import MAIL_BYTES_MAX
from mxproof.formats.bounce.reply import REPLY_CHARACTERS_MAX

REPLY = "550 5.7.1 no"
SPF = "Authentication-Results: mx.example.com; spf=fail smtp.mailfrom=a@example.net\n"
LOG = (
    "Jun  1 12:00:00 mx postfix/smtp[7]: 4F: to=<a@example.net>, relay=none, delay=1, dsn=4.4.1, status=deferred"
    " (connect to mx.example.net[192.0.2.1]:25: Connection refused)\n"
)
STRANGER = "2026/06/01 12:00:00 [error] 7#7: connect() failed: Connection refused\n"
REPORT = '{"organization-name": "Example", "policies": []}'
PIECE = (
    '"result-type": "starttls-not-supported",\n"failed-session-count": 1,\n"receiving-mx-hostname": "mx"\n'
)


def form(text: str) -> MaterialForm:
    return read(text.encode()).form


def lines(material: Material) -> list[str]:
    return [one.text for one in material.statements]


@pytest.mark.parametrize("text", ["", " \n\t\n", STRANGER.strip(), STRANGER * 3])
def test_text_that_is_empty_or_of_programs_that_deliver_no_mail_is_nothing(text: str) -> None:
    assert read(text.encode()) == Material(form=MaterialForm.NOTHING)


def test_two_fields_of_mail_make_a_message_and_one_does_not() -> None:
    assert form("From: a@example.net\nSubject: hello\n\nGood morning") is MaterialForm.MESSAGE
    assert form(f"Subject: hello\n\n{REPLY}") is MaterialForm.LINES
    assert form(f"From: a@example.net\nX-Other: hello\n\n{REPLY}") is MaterialForm.LINES


def test_lines_of_a_header_are_read_for_what_was_found_of_the_sender() -> None:
    material = read(SPF.encode())
    assert (material.form, len(material.auth)) == (MaterialForm.MESSAGE, 1)


@pytest.mark.parametrize("word", ["spf=fail", "dkim=fail", "DMARC=fail", "compauth=fail"])
def test_a_result_whose_field_was_not_copied_is_a_header_all_the_same(word: str) -> None:
    material = read(f"\n {word} (sender IP is 192.0.2.1)\n smtp.mailfrom=example.net".encode())
    assert (material.form, len(material.auth)) == (MaterialForm.MESSAGE, 1)
    assert form(f"it says {word}") is MaterialForm.LINES


def test_a_dmarc_report_is_a_notification_and_no_bounce() -> None:
    whole = read(b"<feedback><policy_published></policy_published></feedback>")
    assert whole.notification is Notification.DMARC_REPORT
    assert read(b"<feedback></feedback> 550 no").notification is None


@pytest.mark.parametrize(
    ("text", "is_report"),
    [
        pytest.param(REPORT, True, id="whole"),
        pytest.param(f"\n  {REPORT}", True, id="behind space"),
        pytest.param('{"organization-name": "Example"}', False, id="without policies"),
        pytest.param('{"policies": []}', False, id="without an organization"),
        pytest.param(f"[{REPORT}]", False, id="in a list"),
        pytest.param(PIECE, True, id="a piece with three keys"),
        pytest.param(PIECE.partition("\n")[2], False, id="a piece with two"),
        pytest.param(f"tion,\n{PIECE}", True, id="a piece that begins in the middle of a line"),
        pytest.param(f"Look at this:\n{PIECE}", False, id="a piece behind a sentence"),
        pytest.param(f"{PIECE}as I said\n", False, id="a piece before one"),
        pytest.param(PIECE.replace("\n", "\n\n"), True, id="a piece with blank lines"),
    ],
)
def test_a_tls_report_is_told_by_its_members_or_in_a_piece_by_three_of_them(
    text: str, *, is_report: bool
) -> None:
    assert (form(text) is MaterialForm.TLS_REPORT) is is_report


def test_delivery_lines_are_a_log_and_lines_of_strangers_beside_them_are_left_out() -> None:
    material = read(f"{STRANGER}{LOG}".encode())
    assert (material.form, material.program) == (MaterialForm.LOG, "postfix")
    assert not any("connect() failed" in one for one in lines(material))


def test_anything_else_is_lines_each_part_for_the_recipient_that_it_names() -> None:
    material = read(f"<a@example.net>: {REPLY} one\n\n<b@example.net>: {REPLY} two\n".encode())
    assert material.form is MaterialForm.LINES
    assert {one.place for one in material.statements} == {StatementPlace.LINE}
    assert [one.recipient for one in material.statements] == ["a@example.net", "b@example.net"]


def test_the_fields_of_a_report_in_bare_text_are_a_bounce() -> None:
    text = f"Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; {REPLY}\n"
    material = read(text.encode())
    assert material.form is MaterialForm.BOUNCE
    assert [one.address for one in material.recipients] == ["a@example.net"]


def test_bare_text_speaks_of_mail_or_does_not() -> None:
    assert read(REPLY.encode() + b" mail for a@example.net").is_mail
    assert not read(b"certificate verify failed").is_mail


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("550 5.7.1 caf=C3=A9 is c=\nlosed=20today", "550 5.7.1 café is closed today"),
        ("550 5.7.1 a=3Db", "550 5.7.1 a=b"),
        ("550 5.7.1 caf=C3=A9", "550 5.7.1 caf=C3=A9"),
        ("550 5.7.1 a=20b", "550 5.7.1 a=20b"),
    ],
    ids=[
        "a soft break beside a sign",
        "the sign of the equals sign",
        "no sign of it",
        "a sign without a break",
    ],
)
def test_pasted_quoted_printable_is_decoded_where_there_is_no_doubt(text: str, read_as: str) -> None:
    assert lines(read(text.encode())) == [read_as]


def test_a_soft_break_alone_decodes_nothing() -> None:
    assert any("x=" in one for one in lines(read(b"550 5.7.1 x=\ny")))


def test_no_more_is_read_than_the_limits_allow() -> None:
    long = read(("a" * REPLY_CHARACTERS_MAX + " 550 5.7.1 too far").encode())
    assert not any("too far" in one for one in lines(long))
    assert read(b" " * MAIL_BYTES_MAX + REPLY.encode()).form is MaterialForm.NOTHING

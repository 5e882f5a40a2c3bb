"""A bounce without anybody's name in it is explained as it was."""

from pathlib import Path

import pytest

from mxproof.explain.engine import explain
from mxproof.formats.bounce.mail_redaction import redacted_mail

DSN = Path(__file__).parent.parent.parent / "data" / "dsn"
SAMPLES = sorted(path for path in DSN.rglob("*") if path.suffix in {".eml", ".txt", ".log"})


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_redacted_bounce_has_the_same_causes(path: Path) -> None:
    data = path.read_bytes()
    got, want = explain(redacted_mail(data)), explain(data)
    assert [one.code for one in got.causes] == [one.code for one in want.causes]
    assert (got.domain, got.reporter, got.fault) == (want.domain, want.reporter, want.fault)


def test_the_message_that_came_back_is_left_out() -> None:
    mail = (
        b"From: MAILER-DAEMON@mx.example.com\nContent-Type: multipart/report; boundary=x\n\n--x\n\n"
        b"<jane@example.com>: 550 no\n--x\nContent-Type: message/rfc822\n\n"
        b"From: joe@example.net\nSubject: our secret\n\nthe secret is 42\n--x--\n"
    )
    left = redacted_mail(mail)
    assert [word for word in (b"jane", b"joe", b"secret", b"42") if word in left] == []
    assert b"MAILER-DAEMON" in left

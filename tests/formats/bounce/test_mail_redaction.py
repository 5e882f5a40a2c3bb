"""A bounce without anybody's name in it is explained as it was."""

from base64 import encodebytes
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from mxproof.explain.engine import explain
from mxproof.formats.bounce.mail_redaction import redacted_mail
from mxproof.formats.bounce.mime import parse_mail, part_bytes
from support_long import some

DSN = Path(__file__).parent.parent.parent / "data" / "dsn"
SAMPLES = sorted(path for path in DSN.rglob("*") if path.suffix in {".eml", ".txt", ".log"})


@pytest.mark.parametrize("path", some(SAMPLES, 6), ids=lambda path: path.name)
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


def test_addresses_in_encoded_words_are_taken_out_too() -> None:
    mail = (
        b"To: =?utf-8?B?SmFuZSA8amFuZUBleGFtcGxlLmNvbT4=?=\n"
        b"Cc: =?utf-8?q?jane=2Edo?=\n =?utf-8?q?e=40example=2Ecom?=\nSubject: =?utf-8?q?caf=C3=A9?=\n\ntext\n"
    )
    left = message_from_bytes(redacted_mail(mail))
    got = [str(make_header(decode_header(left[name]))) for name in ("To", "Cc")]
    assert got == ["Jane <xxxx@example.com>", "xxxx.xxx@example.com"]
    assert b"=?utf-8?q?caf=C3=A9?=" in redacted_mail(mail)


def test_a_name_that_is_met_only_further_down_is_taken_out_above_it() -> None:
    assert b"jane" not in redacted_mail(b"mailbox jane is full\n\n<jane@example.com>: 550 no\n")


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_name_that_is_met_only_in_a_later_part_is_taken_out_of_those_before(encoding: str) -> None:
    words = b"account jane.roe7 is full\n"
    coded = encodebytes(words) if encoding == "base64" else words
    mail = (
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Transfer-Encoding: "
        + encoding.encode()
        + b"\n\n"
        + coded
        + b"\n--x\n\n<jane.roe7@example.com>: 550 no\n--x--\n"
    )
    first, second = parse_mail(redacted_mail(mail)).parts
    assert part_bytes(first).strip() == b"account xxxx.xxxx is full"
    assert second.raw.strip() == b"<xxxx.xxxx@example.com>: 550 no"


def test_of_a_message_that_came_back_all_is_left_out_but_its_header_without_the_subject() -> None:
    returned = b"Received: from a.example by b.example\nSUBJECT: our\n secret\nTo: postmaster@example.com\n\nthe secret\n\nmore"
    mail = (
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n%b\n--x--\n"
        % returned
    )
    (left,) = parse_mail(redacted_mail(mail)).parts
    assert left.raw == (
        b"Received: from a.example by b.example\nSUBJECT: (left out)\nTo: postmaster@example.com\n\n(left out)\n"
    )

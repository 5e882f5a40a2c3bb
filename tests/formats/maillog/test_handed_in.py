"""Lines of Postfix and Exim: what is mail from outside, and which host handed it in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.maillog.handed_in import NAMELESS, host_of

POSTFIX = b"Jun  1 12:00:00 mx postfix/smtpd[123]: 4F1A2B3C4D: client="
EXIM = b"2025-06-01 12:00:00 1uLabc-0000Xy-1Z <= a@example.com "


@pytest.mark.parametrize(
    ("line", "host"),
    [
        (POSTFIX + b"mail-a.example.com[192.0.2.1]", "mail-a.example.com"),
        (POSTFIX + b"MAIL-A.example.com[2001:db8::1]\n", "mail-a.example.com"),
        (POSTFIX + b"unknown[192.0.2.1]", NAMELESS),
        (
            POSTFIX.replace(b"4F1A2B3C4D", b"4Zx1k23tJqz1bN") + b"mx.example.com[192.0.2.1]:2525",
            "mx.example.com",
        ),
        (POSTFIX.replace(b"postfix/", b"postfix-in/") + b"mx.example.com[192.0.2.1]", "mx.example.com"),
        (b"4F1A2B3C4D: client=mx.example.com[192.0.2.1]", "mx.example.com"),
        (EXIM + b"H=mx.example.com [192.0.2.1] P=esmtps X=TLS1.3 S=1234 id=x@y", "mx.example.com"),
        (
            EXIM + b"H=mx.example.com (helo.example) [192.0.2.1]:4567 I=[192.0.2.9]:25 P=esmtp S=1",
            "mx.example.com",
        ),
        (EXIM + b"H=(helo.example) [192.0.2.1] P=smtp S=1", NAMELESS),
        (EXIM + b"H=[192.0.2.1] P=smtp S=1", NAMELESS),
        (
            EXIM.replace(b"a@example.com", b"<>") + b"R=1uLabc H=mx.example.com [192.0.2.1] P=esmtp S=1",
            "mx.example.com",
        ),
    ],
)
def test_a_mail_from_outside_has_its_host(line: bytes, host: str) -> None:
    assert host_of(line) == host


@pytest.mark.parametrize(
    "line",
    [
        POSTFIX + b"localhost[127.0.0.1]",
        POSTFIX + b"localhost[::1]",
        POSTFIX + b"localhost[::ffff:127.0.0.1]",
        POSTFIX + b"home.example.com[192.0.2.1], sasl_username=a",
        POSTFIX + b"home.example.com[192.0.2.1], orig_client=x, sasl_sender=a",
        POSTFIX + b"home.example.com[192.0.2.1], sasl_method=PLAIN, sasl_username=a",
        POSTFIX.replace(b"postfix/smtpd", b"postfix/submission/smtpd") + b"home.example.com[192.0.2.1]",
        POSTFIX.replace(b"postfix/smtpd", b"postfix/smtps/smtpd") + b"home.example.com[192.0.2.1]",
        POSTFIX.replace(b": client=", b": reject: client=")[:-8] + b"x",
        b"Jun  1 12:00:00 mx postfix/smtpd[1]: connect from mx.example.com[192.0.2.1]",
        b"Jun  1 12:00:00 mx postfix/smtpd[1]: NOQUEUE: client=mx.example.com",
        EXIM + b"H=home.example.com [192.0.2.1] P=esmtpsa A=plain:a S=1",
        EXIM + b"U=root P=local S=1",
        EXIM + b"H=localhost [127.0.0.1] P=esmtp S=1",
        b"",
    ],
)
def test_what_is_no_mail_from_outside_has_none(line: bytes) -> None:
    assert host_of(line) is None


@given(st.binary(), st.sampled_from([b": client=", b" <= ", b" <= x H=", b"AAAAA: client=a["]))
def test_any_bytes_are_read(noise: bytes, sign: bytes) -> None:
    host_of(noise + sign + noise)

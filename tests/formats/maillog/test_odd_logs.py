"""Lines as different systems write them: which tell of a mail from outside, from whom, and when."""

from datetime import UTC, datetime

import pytest

from mxproof.formats.maillog.entries import HandedIn, handed_in
from mxproof.formats.maillog.likely_line import likely_lines
from mxproof.formats.maillog.line_time import LineTimes

POSTFIX = "postfix/smtpd[812]: 4bXyZ91Q2nz9rxN: client=mx.example.com[192.0.2.1]"
EXIM = "1uLabc-000000000Xy-1Z0a <= bounce@example.com H=mx.example.com [192.0.2.1]:41234 P=esmtps X=TLS1.3 S=5123 id=1@example.com"
AT = datetime(2026, 3, 1, 9, 5, 7, tzinfo=UTC).timestamp()
OF_2000 = datetime(2000, 3, 1, 9, 5, 7, tzinfo=UTC).timestamp()

MAILS = {
    "RFC 3164, the day padded": (f"Mar  1 09:05:07 mx {POSTFIX}", OF_2000),
    "RFC 3164 with its priority": (f"<22>Mar  1 09:05:07 mx {POSTFIX}", OF_2000),
    "rsyslog's file format": (f"2026-03-01T10:05:07.000000+01:00 mx {POSTFIX}", AT),
    "syslog-ng's, without a zone": (f"2026-03-01T09:05:07 mx {POSTFIX}", AT),
    "RFC 5424": (
        "<22>1 2026-03-01T09:05:07Z mx postfix/smtpd 812 - - 4bXyZ91Q2nz9rxN: client=mx.example.com[192.0.2.1]",
        AT,
    ),
    "Postfix's own log, maillog_file": (f"Mar 01 09:05:07 mx {POSTFIX}", OF_2000),
    "several instances": (
        f"Mar  1 09:05:07 mx {POSTFIX.replace('postfix/', 'postfix-in/')}",
        OF_2000,
    ),
    "behind postscreen": (f"Mar  1 09:05:07 mx {POSTFIX.replace('smtpd', 'smtpd/pass')}", OF_2000),
    "short queue ids": (
        "Mar  1 09:05:07 mx postfix/smtpd[812]: 0A1B2C3D: client=mx.example.com[192.0.2.1]",
        OF_2000,
    ),
    "IPv6": (f"Mar  1 09:05:07 mx {POSTFIX.replace('192.0.2.1', '2001:db8::1')}", OF_2000),
    "an upper-case name": (f"Mar  1 09:05:07 mx {POSTFIX.replace('mx.example', 'MX.Example')}", OF_2000),
    "docker's JSON file": (
        '{"log":"Mar  1 09:05:07 mx ' + POSTFIX + '\\n","stream":"stdout","time":"2026-03-01T09:05:07.5Z"}',
        AT + 0.5,
    ),
    "docker compose, a prefix of its own kept out": (f"2026-03-01T09:05:07Z {POSTFIX}", AT),
    "a shipper's JSON": (
        '{"@timestamp":"2026-03-01T09:05:07Z","program":"postfix/smtpd","message":"4bXyZ91Q2nz9rxN: client=mx.example.com[192.0.2.1]"}',
        AT,
    ),
    "journalctl -o short-iso": (f"2026-03-01T10:05:07+0100 mx {POSTFIX}", AT),
    "journalctl -o short-unix": (f"{int(AT)}.000000 mx {POSTFIX}", AT),
    "Exim without a zone": (f"2026-03-01 09:05:07 {EXIM}", AT),
    "Exim with a zone": (f"2026-03-01 10:05:07 +0100 {EXIM}", AT),
    "Exim with its process and milliseconds": (f"2026-03-01 09:05:07.250 [812] {EXIM}", AT + 0.25),
    "Exim through syslog": (f"Mar  1 09:05:07 mx exim[812]: {EXIM}", OF_2000),
    "Exim with a HELO that differs": (
        "2026-03-01 09:05:07 1uLabc-0000Xy-1Z <= <> H=mx.example.com (other.example) [192.0.2.1] P=esmtp S=1",
        AT,
    ),
    "RFC 5424 with data and a byte order mark": (
        '<22>1 2026-03-01T09:05:07Z mx postfix/smtpd 812 - [meta a="b"] \ufeff4bXyZ91Q2nz9rxN: client=mx.example.com[192.0.2.1]',
        AT,
    ),
    "RFC 6587, its length before it": (f"165 <22>1 2026-03-01T09:05:07Z mx {POSTFIX}", AT),
    "docker compose": (f"mail-1  | 2026-03-01T09:05:07.5Z {POSTFIX}", AT + 0.5),
    "journalctl -o short-full": (f"Sun 2026-03-01 09:05:07 UTC mx {POSTFIX}", AT),
    "colours of a terminal": (f"\x1b[0;32mMar  1 09:05:07\x1b[0m mx {POSTFIX}", OF_2000),
    "a bracket around the time": (f"[2026-03-01T09:05:07Z] mx {POSTFIX}", AT),
    "a table with quotes": (
        '"2026-03-01 09:05:07","mx","postfix/smtpd[812]","4bXyZ91Q2nz9rxN: client=mx.example.com[192.0.2.1]"',
        AT,
    ),
    "RFC 3164 with a year": (f"Mar  1 2026 09:05:07 mx {POSTFIX}", AT),
    "Solaris": (f"Mar  1 09:05:07 mx {POSTFIX.replace(': 4b', ': [ID 197553 mail.info] 4b')}", OF_2000),
    "IPv6 as in a HELO": (f"Mar  1 09:05:07 mx {POSTFIX.replace('192.0.2.1', 'IPv6:2001:db8::1')}", OF_2000),
    "IPv6 with a zone": (f"Mar  1 09:05:07 mx {POSTFIX.replace('192.0.2.1', 'fe80::1%eth0')}", OF_2000),
    "the port of the client": (f"Mar  1 09:05:07 mx {POSTFIX}:41332", OF_2000),
    "GELF": (
        '{"version":"1.1","host":"mx","short_message":"4bXyZ91Q2nz9rxN: client=mx.example.com[192.0.2.1]","timestamp":1772355907}',
        AT,
    ),
    "a document of Elasticsearch": (
        '{"_source":{"@timestamp":"2026-03-01T09:05:07Z","message":"Mar  1 09:05:07 mx ' + POSTFIX + '"}}',
        AT,
    ),
    "Exim with SMTPUTF8": (
        "2026-03-01 09:05:07 1uLabc-0000Xy-1Z <= jürgen@bücher.example H=mx.example.com [192.0.2.1] P=utf8esmtps S=1",
        AT,
    ),
}
OTHER = {
    "submission": f"Mar  1 09:05:07 mx {POSTFIX.replace('/smtpd', '/submission/smtpd')}",
    "a login": f"Mar  1 09:05:07 mx {POSTFIX}, sasl_method=PLAIN, sasl_username=a",
    "a filter on this machine": f"Mar  1 09:05:07 mx {POSTFIX.replace('mx.example.com[192.0.2.1]', 'localhost[127.0.0.1]')}",
    "a refusal": "Mar  1 09:05:07 mx postfix/smtpd[812]: NOQUEUE: reject: RCPT from mx.example.com[192.0.2.1]: 450",
    "a client before the queue": "Mar  1 09:05:07 mx postfix/smtpd[812]: NOQUEUE: client=mx.example.com[192.0.2.1]",
    "submission of another instance": f"Mar  1 09:05:07 mx {POSTFIX.replace('postfix/', 'postfix-out/submissions/')}",
    "Exim with a login and SMTPUTF8": f"2026-03-01 09:05:07 {EXIM.replace('P=esmtps', 'P=utf8esmtpsa')}",
    "Exim's local mail": "2026-03-01 09:05:07 1uLabc-0000Xy-1Z <= root@mx U=root P=local S=500",
    "Exim's delivery": "2026-03-01 09:05:07 1uLabc-0000Xy-1Z => a@b R=dnslookup T=remote_smtp H=mx.example.com [192.0.2.1]",
    "Exim with a login": f"2026-03-01 09:05:07 {EXIM.replace('P=esmtps', 'P=esmtpsa A=plain:a')}",
}


def hosts_of(text: str) -> list[HandedIn]:
    found = handed_in(likely_lines([f"{text}\n".encode()]), LineTimes(UTC))
    return [one for one in found if isinstance(one, HandedIn)]


@pytest.mark.parametrize("system", MAILS)
def test_a_mail_is_read_whichever_system_writes_of_it(system: str) -> None:
    text, at_s = MAILS[system]
    (got,) = hosts_of(text)
    assert (got.host, got.moment and got.moment.at_s) == ("mx.example.com", at_s)


@pytest.mark.parametrize("system", OTHER)
def test_what_is_no_mail_from_outside_is_not_counted(system: str) -> None:
    assert hosts_of(OTHER[system]) == []


@pytest.mark.parametrize(
    "time",
    ["1e300", "-1e300", "9" * 400, "99999999999", "true", "0", '"0001-01-01T00:00:00+14:00"'],
)
def test_a_time_at_which_nothing_can_have_been_written_is_none_in_json(time: str) -> None:
    (got,) = hosts_of(f'{{"ts":{time},"message":"{POSTFIX}"}}')
    assert got == HandedIn(None, "mx.example.com")


@pytest.mark.parametrize("time", ["0", "9" * 30, "9" * 5000])
def test_a_time_at_which_nothing_can_have_been_written_is_none_in_the_journal(time: str) -> None:
    (got,) = hosts_of(f"__REALTIME_TIMESTAMP={time}\nMESSAGE={POSTFIX}\n")
    assert got == HandedIn(None, "mx.example.com")

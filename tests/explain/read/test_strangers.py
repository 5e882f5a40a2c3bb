"""Which lines are of programs that deliver no mail."""

import pytest

from mxproof.explain.engine import explain
from mxproof.explain.read.strangers import is_dmarc_report, is_of_other_service, is_of_stranger


@pytest.mark.parametrize(
    "line",
    [
        "Mar  5 09:46:00 in sshd[101]: Connection closed by 198.51.100.75",
        "mail imap-login: Info: Login: user=<a>",
        "postfix/smtpd[3]: NOQUEUE: reject_warning: RCPT from x.example[198.51.100.3]: 450 4.1.8",
        "2026/02/10 10:11:14 [error] 812#812: *78 SSL_do_handshake() failed",
        "[ssl:error] [pid 103] AH02032: Hostname www.example.com",
        "192.0.2.4:50033 [28/Feb/2025:02:43:10.123] front/back: SSL handshake failure",
        '198.51.100.78 - - "GET /.well-known/mta-sts.txt HTTP/1.1" 200',
        "2024-12-15 14:14:22 192.0.2.33:54321 OpenSSL: error:1417C086:SSL routines",
        "VERIFY ERROR: depth=0, error=certificate has expired",
        "depth=0 CN = mx.example.com",
        "Verify return code: 18 (self-signed certificate)",
        "curl: (60) SSL certificate problem: certificate has expired",
        ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN",
        "** server can't find mx.example.com: NXDOMAIN",
        "Host mx.example.com not found: 3(NXDOMAIN)",
        "2026-03-01 10:00:00 1tqAAA-000abc-1B H=x.example [198.51.100.3] Warning: no reverse DNS",
        "smtpd_tls_security_level = encrypt",
        "ssl = required",
    ],
)
def test_a_line_of_another_program_is_a_stranger(line: str) -> None:
    assert is_of_stranger(line)


@pytest.mark.parametrize(
    "line",
    [
        "postfix/smtp[3]: connect to mx.example.com[192.0.2.1]:25: Connection refused",
        "Mar  4 unbound[99]: info: validation failure <mx.example.com. A IN>",
        "systemd-resolved[8]: DNSSEC validation failed for question mx.example.com IN A",
        "smtp: verify=no CN=mx.example.com",
        "smtp_tls_policy_maps lookup error",
        "the kernel of the matter",
        "550 5.7.1 Warning: refused",
    ],
)
def test_a_line_of_mail_is_none(line: str) -> None:
    assert not is_of_stranger(line)


def test_a_port_or_a_url_of_another_service_is_told_from_that_of_a_policy() -> None:
    assert is_of_other_service("connect ECONNREFUSED 127.0.0.1:27017")
    assert is_of_other_service('Get "https://registry.example/v2/": x509: certificate has expired')
    assert not is_of_other_service('Get "https://mta-sts.example.com/.well-known/mta-sts.txt": x509')
    assert not is_of_other_service("dial tcp 192.0.2.1:25: connection refused")


def test_a_dmarc_report_is_named_and_blames_nobody() -> None:
    report = "<feedback><policy_published><domain>example.com</domain></policy_published><spf>fail</spf></feedback>"
    assert is_dmarc_report(report)
    assert not is_dmarc_report("<feedback>thank you</feedback>")
    explained = explain(report.encode())
    assert (explained.other, explained.causes) == ("dmarc-report", ())


def test_the_strangers_of_a_paste_do_not_stand_beside_its_mail() -> None:
    text = (
        "Mar  5 10:00:00 in nginx[7]: SSL_do_handshake() failed: certificate verify failed\n"
        "postfix/smtp[3]: 4A: to=<a@example.com>, relay=none, dsn=4.4.1, status=deferred "
        "(connect to mx.example.com[192.0.2.1]:25: Connection refused)\n"
    )
    assert [one.code for one in explain(text.encode()).causes] == ["connect_refused"]

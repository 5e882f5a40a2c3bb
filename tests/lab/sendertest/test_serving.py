"""The set over sockets of loopback: what a sender meets, what is noted of it, and what an abuser gets."""

import smtplib
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest
from msgspec.structs import replace

from mxproof.evidence import TxtRecord
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.report_mail import packed_report, report_mail
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import concluded
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.observation import (
    SeenChange,
    SeenPolicy,
    SenderTest,
    read_test,
    write_test,
)
from mxproof.judge.senders.inference.seen import cases_seen
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.receiver import COMMANDS_KEPT_MAX, HEADER_KEPT_BYTES_MAX
from mxproof.lab.sendertest.report import REPORT_MAIL_BYTES_MAX
from mxproof.lab.sendertest.run import Run, run_of
from mxproof.lab.sendertest.serving import (
    CONNECTIONS_OF_A_CLIENT_MAX,
    DNS_PORT,
    HTTPS_PORT,
    SMTP_PORT,
)
from mxproof.lab.sendertest.setup import CHANGING_TTL_S, NAME_SERVER, domain_of
from support_certificates import NOW
from support_lab import careless
from support_sendertest import RUN
from support_served import CLIENT_S_MAX, Set, watched


@pytest.fixture(scope="module")
def made() -> Run:
    few = (
        "control",
        "cert-name",
        "ipv6-bad",
        "dane-right",
        "open",
        "alias-all",
        "open-no-starttls",
        "open-no-handshake",
        "open-cut",
    )
    return run_of(RUN, datetime.now(UTC), {case: SETUPS[case] for case in few})


def send(
    one: Set, case: str, *, text: str = "Subject: hello\n\nthe body\n", name: str = "mx.example.net"
) -> None:
    """Send one mail to a case, over TLS that verifies nothing; `name` is put in SNI."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP(*one.mx(case), timeout=CLIENT_S_MAX) as client:
        client.local_hostname = "sender.example.net"
        client.ehlo()
        if client.has_extn("starttls"):
            client._host = name  # type: ignore[attr-defined]
            client.starttls(context=context)
        client.sendmail("me@example.net", [f"test@{domain_of(case, RUN)}"], text)


def fates(test: SenderTest) -> dict[str, MailFate | None]:
    return {one.case.id: one.fate for one in cases_seen(test)}


def test_a_mail_is_taken_its_header_kept_and_its_body_dropped(made: Run) -> None:
    test = watched(made, lambda one: send(one, "control"))
    (seen,) = test.connections
    assert (seen.headers, seen.sender, seen.recipients) == (
        "Subject: hello\n",
        "me@example.net",
        (f"test@{domain_of('control', RUN)}",),
    )
    assert seen.greeting == "ehlo sender.example.net"


def test_what_became_of_a_mail_is_told_for_the_case_it_was_for(made: Run) -> None:
    def client(one: Set) -> None:
        send(one, "alias-all", name="mx1.example.com")
        send(one, "open-no-starttls")
        with socket.create_connection(one.mx("cert-name"), CLIENT_S_MAX) as plain:
            assert plain.recv(3) == b"220"

    found = fates(watched(made, client))
    assert {case: one for case, one in found.items() if one is not None} == {
        "alias-all": MailFate(
            f"mx1.{domain_of('alias-all', RUN)}", encrypted=True, server_name="mx1.example.com"
        ),
        "open-no-starttls": MailFate(f"mx1.{domain_of('open-no-starttls', RUN)}"),
        "cert-name": NOT_TAKEN,
    }


def test_the_alert_of_a_client_that_trusts_no_authority_is_noted(made: Run) -> None:
    def client(one: Set) -> None:
        with smtplib.SMTP(*one.mx("control"), timeout=CLIENT_S_MAX) as talk:
            talk.ehlo("me")
            with pytest.raises(ssl.SSLError):
                talk.starttls(context=ssl.create_default_context())
            talk.close()

    (seen,) = watched(made, client).connections
    assert seen.tls is not None
    assert (seen.tls.failure, seen.headers) == ("tlsv1 alert unknown ca", None)


def test_a_handshake_that_the_case_has_fail_does_so(made: Run) -> None:
    def client(one: Set) -> None:
        with smtplib.SMTP(*one.mx("open-no-handshake"), timeout=CLIENT_S_MAX) as talk:
            talk.ehlo("me")
            with pytest.raises(OSError, match=r".*"):
                talk.starttls(context=ssl.create_default_context())
            talk.close()

    (seen,) = watched(made, client).connections
    assert [one.verb for one in seen.commands] == ["EHLO", "STARTTLS"]


def test_a_connection_that_the_case_ends_inside_tls_ends_there(made: Run) -> None:
    def client(one: Set) -> None:
        with smtplib.SMTP(*one.mx("open-cut"), timeout=CLIENT_S_MAX) as talk:
            talk.ehlo("me")
            talk.starttls(context=careless())
            with pytest.raises(smtplib.SMTPServerDisconnected):
                talk.ehlo("me")

    (seen,) = watched(made, client).connections
    assert seen.tls is not None
    assert (seen.tls.failure, [one.verb for one in seen.commands]) == ("", ["EHLO", "STARTTLS"])


def test_a_policy_is_served_and_who_asked_for_it_is_noted(made: Run) -> None:
    domain = domain_of("control", RUN)
    host = next(one for one in made.lab.world.policy_servers if one.name == f"mta-sts.{domain}")

    def client(one: Set) -> None:
        context = ssl.create_default_context(cadata=made.lab.authority.root_pem().decode())
        plain = socket.create_connection(one.at(host.addresses[0], HTTPS_PORT), CLIENT_S_MAX)
        with context.wrap_socket(plain, server_hostname=host.name) as secured:
            secured.sendall(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: x\r\nUser-Agent: a test\r\n\r\n")
            said = b"".join(iter(lambda: secured.recv(4096), b""))
        assert said.endswith(host.body)

    (seen,) = watched(made, client).fetches
    assert (seen.tls.server_name, seen.agent, seen.path, seen.status) == (
        host.name,
        "a test",
        "/.well-known/mta-sts.txt",
        200,
    )


def test_mail_for_anybody_else_is_refused(made: Run) -> None:
    def client(one: Set) -> None:
        with smtplib.SMTP(*one.mx("open"), timeout=CLIENT_S_MAX) as talk:
            talk.ehlo("me")
            talk.mail("me@example.net")
            assert talk.rcpt("you@example.org")[0] == 550
            assert talk.rcpt("you@sendertest.example.org")[0] == 550
            assert talk.docmd("DATA")[0] == 503

    assert [one.headers for one in watched(made, client).connections] == [None]


def test_a_header_is_kept_up_to_its_bound_and_commands_are_too(made: Run) -> None:
    def client(one: Set) -> None:
        send(one, "open", text="".join(f"X-{n}: {'y' * 900}\n" for n in range(40)) + "\nbody\n")
        with smtplib.SMTP(*one.mx("open"), timeout=CLIENT_S_MAX) as talk:
            codes = [talk.docmd("NOOP")[0] for _ in range(COMMANDS_KEPT_MAX)]
            assert set(codes) == {250}
            assert talk.getreply()[0] == 421
            talk.close()

    first, second = watched(made, client).connections
    assert len(first.headers or "") <= HEADER_KEPT_BYTES_MAX
    assert len(second.commands) == COMMANDS_KEPT_MAX


def test_a_client_has_so_many_connections_at_once_and_no_more(made: Run) -> None:
    def client(one: Set) -> None:
        held = [
            socket.create_connection(one.mx("open"), CLIENT_S_MAX) for _ in range(CONNECTIONS_OF_A_CLIENT_MAX)
        ]
        try:
            assert {plain.recv(3) for plain in held} == {b"220"}
            with (
                socket.create_connection(one.mx("control"), CLIENT_S_MAX) as more,
                suppress(ConnectionResetError),
            ):
                assert more.recv(3) == b""
        finally:
            for plain in held:
                plain.close()

    test = watched(made, client)
    assert (len(test.connections), dict(test.lost)) == (CONNECTIONS_OF_A_CLIENT_MAX, {"turned away": 1})


def test_a_line_without_an_end_ends_the_connection(made: Run) -> None:
    def client(one: Set) -> None:
        with socket.create_connection(one.mx("open"), CLIENT_S_MAX) as plain:
            plain.sendall(b"x" * 1_000_000)
            with suppress(ConnectionResetError):
                while plain.recv(4096):
                    pass

    assert [one.commands for one in watched(made, client).connections] == [()]


def test_the_name_server_knows_the_set_and_refuses_the_rest(made: Run) -> None:
    """A name that it said not to exist would have mail for it come back at once."""
    domain = domain_of("dane-right", RUN)
    found = []

    def client(one: Set) -> None:
        host, port = one.at(NAME_SERVER, DNS_PORT)
        for name, kind in ((domain, "MX"), ("example.com", "MX"), ("gmail.com", "A"), (".", "NS")):
            query = dns.message.make_query(name, kind, want_dnssec=True)
            answer = dns.query.udp(query, host, port=port, timeout=CLIENT_S_MAX)
            found.append((answer.rcode(), bool(answer.flags & dns.flags.AD)))

    test = watched(made, client)
    assert found == [(dns.rcode.NOERROR, True), *[(dns.rcode.REFUSED, False)] * 3]
    assert [(one.name, one.type, one.signed) for one in test.queries] == [(domain, "MX", True)]


REPORTED = TlsReport(
    "A sender",
    NOW - timedelta(days=1),
    NOW,
    "tls@sender.example.net",
    "1@sender.example.net",
    (
        ReportedPolicy(
            "sts",
            domain_of("report-wanted", RUN),
            0,
            2,
            failures=(FailureDetails("validation-failure", 2, receiving_mx="mx.example.net"),),
        ),
    ),
)


def test_a_tls_report_that_comes_back_is_read_and_the_rest_of_it_dropped() -> None:
    """It is such a one as `mxproof tlsrpt send` makes."""
    run = run_of(RUN, datetime.now(UTC), {case: SETUPS[case] for case in ("report-wanted", "open")})
    (wanted,) = [
        each
        for zone in run.lab.world.zones
        for rrset in zone.rrsets
        if rrset.name.startswith("_smtp._tls.")
        for each in rrset.records
    ]
    assert isinstance(wanted, TxtRecord)
    to = wanted.text.decode().partition("rua=mailto:")[2]
    server = next(one for one in run.lab.world.smtp_servers if one.name.endswith(to.partition("@")[2]))

    def client(one: Set) -> None:
        domain = domain_of("report-wanted", RUN)
        mails = [
            report_mail(REPORTED, domain, to, packed, NOW)
            for packed in (packed_report(print_report(REPORTED)), b"no report")
        ]
        for mail in mails:
            with smtplib.SMTP(*one.at(server.addresses[0], SMTP_PORT), timeout=CLIENT_S_MAX) as talk:
                talk.sendmail("tls@sender.example.net", [to], mail)

    test = watched(run, client)
    assert [(one.organization, one.policies) for one in test.reports] == [
        ("A sender", (SeenPolicy(domain_of("report-wanted", RUN), "sts", 0, 2, ("validation-failure",)),))
    ]
    assert read_test(write_test(test)).reports == test.reports
    (told,) = concluded(test, SENDERS, "test").reports
    assert (told.case, told.policy_type, told.failure) == ("report-wanted", "sts", 2)


def posted(one: Set, path: str, body: bytes, *more: str) -> int:
    """Post to the policy host of the case that wants reports by HTTPS, and return the status of the response."""
    name = f"mta-sts.{domain_of('report-by-https', RUN)}"
    (host,) = (each for each in one.run.lab.world.policy_servers if each.name == name)
    plain = socket.create_connection(one.at(host.addresses[0], HTTPS_PORT), CLIENT_S_MAX)
    with careless().wrap_socket(plain, server_hostname=name) as secured:
        head = "\r\n".join((f"POST {path} HTTP/1.1", "Host: x", *more, "", ""))
        secured.sendall(head.encode() + body)
        said = b"".join(iter(lambda: secured.recv(4096), b""))
    return int(said.split()[1])


def test_a_tls_report_that_is_posted_is_read_and_the_rest_of_it_dropped() -> None:
    """At the URL that the record of the domain names, packed as `mxproof tlsrpt send` packs it."""
    run = run_of(RUN, datetime.now(UTC), {case: SETUPS[case] for case in ("report-by-https", "open")})
    domain = domain_of("report-by-https", RUN)
    (wanted,) = [
        each
        for zone in run.lab.world.zones
        for rrset in zone.rrsets
        if rrset.name == f"_smtp._tls.{domain}"
        for each in rrset.records
    ]
    assert isinstance(wanted, TxtRecord)
    path = wanted.text.decode().partition(f"rua=https://mta-sts.{domain}")[2]
    policy = replace(REPORTED.policies[0], domain=domain)
    packed = packed_report(print_report(replace(REPORTED, policies=(policy,))))
    length = f"Content-Length: {len(packed)}"
    statuses = []

    def client(one: Set) -> None:
        statuses.append(posted(one, path, packed, length, "Content-Type: application/tlsrpt+gzip"))
        statuses.append(posted(one, path, b"no report", "Content-Length: 9"))
        statuses.append(posted(one, "/elsewhere", packed, length))
        statuses.append(posted(one, path, packed))
        statuses.append(posted(one, path, b"", f"Content-Length: {REPORT_MAIL_BYTES_MAX + 1}"))

    test = watched(run, client)
    assert statuses == [201, 400, 404, 411, 413]
    assert [one.policies for one in test.reports] == [
        (SeenPolicy(domain, "sts", 0, 2, ("validation-failure",)),)
    ]
    assert [(one.path, one.status) for one in test.fetches] == [
        (path, 201),
        (path, 400),
        ("/elsewhere", 404),
        (path, 411),
        (path, 413),
    ]
    (told,) = concluded(test, SENDERS, "test").reports
    assert (told.case, told.failure) == ("report-by-https", 2)


def test_a_domain_is_another_once_a_first_mail_for_it_was_taken() -> None:
    """Its records, its policy and what is noted; a domain beside it, of which nobody took anything, is as it was."""
    changing = ("policy-gone", "policy-renewed", "certificate-lost", "control")
    run = run_of(RUN, datetime.now(UTC), {case: SETUPS[case] for case in changing})
    before: list[Published] = []
    after: list[Published] = []

    def client(one: Set) -> None:
        before.extend(published(one, case) for case in changing)
        send(one, "policy-gone")
        send(one, "certificate-lost")
        after.extend(published(one, case) for case in changing)

    test = watched(run, client)
    gone, renewed, lost, control = before
    assert (gone.records, gone.status, lost.exchanges) == (1, 200, 1)
    assert after == [Published(0, 404, 2), renewed, Published(0, 0, 2), control]
    assert test.changes == (SeenChange("policy-gone", NOW), SeenChange("certificate-lost", NOW))
    assert read_test(write_test(test)).later == test.later
    assert {one.split("-" + RUN)[0] for one in run.recipients_again("you")} == {
        f"you@{case}" for case in changing[:-1]
    }


class Published(NamedTuple):
    """How many MTA-STS and MX records there are, and how the policy host answers, 0 where there is none."""

    records: int
    status: int
    exchanges: int


def published(one: Set, case: str) -> Published:
    """Ask the set about a case; what is to change may not be held for long."""
    ttls_s: set[int] = set()
    domain = domain_of(case, RUN)
    host, port = one.at(NAME_SERVER, DNS_PORT)

    def count(name: str, kind: str) -> int:
        answer = dns.query.udp(dns.message.make_query(name, kind), host, port=port, timeout=CLIENT_S_MAX)
        ttls_s.update(each.ttl for each in answer.answer)
        return sum(map(len, answer.answer))

    found = Published(count(f"_mta-sts.{domain}", "TXT"), _status(one, domain), count(domain, "MX"))
    assert case == "control" or ttls_s == {CHANGING_TTL_S}
    return found


def _status(one: Set, domain: str) -> int:
    policy_host = next(
        (each for each in one.run.lab.world.policy_servers if each.name == f"mta-sts.{domain}"), None
    )
    if policy_host is None:
        return 0
    plain = socket.create_connection(one.at(policy_host.addresses[0], HTTPS_PORT), CLIENT_S_MAX)
    with careless().wrap_socket(plain, server_hostname=policy_host.name) as secured:
        secured.sendall(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        said = b"".join(iter(lambda: secured.recv(4096), b""))
    return int(said.split()[1])

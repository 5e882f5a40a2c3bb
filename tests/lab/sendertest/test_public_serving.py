"""The public set over loopback: runs kept apart at shared doors, and what an abuser gets, and costs."""

import resource
import smtplib
import socket
import ssl
import struct
from contextlib import suppress
from datetime import UTC, datetime
from os import environ

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from mxproof.evidence import Transport
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.observation import SenderTest
from mxproof.judge.senders.inference.seen import cases_seen
from mxproof.lab import signed_zone
from mxproof.lab.making import SIZE_BYTES_MAX
from mxproof.lab.sendertest import name_server as name_server_module
from mxproof.lab.sendertest import serving as serving_module
from mxproof.lab.sendertest import watching as watching_module
from mxproof.lab.sendertest.name_server import NameServer, signing
from mxproof.lab.sendertest.public_run import PublicSite, run_in
from mxproof.lab.sendertest.public_serving import (
    PUBLIC_ANSWERS_A_SECOND_MAX,
    PUBLIC_ANSWERS_TO_ALL_MAX,
    PublicServing,
    public_opened,
)
from mxproof.lab.sendertest.serving import DNS_PORT, HTTPS_PORT, QUERIES_A_CONNECTION_MAX, SMTP_PORT
from mxproof.lab.sendertest.watching import Watching
from support_certificates import NOW
from support_lab import careless
from support_long import EXHAUSTIVE
from support_public import CLIENT_S_MAX, RUNS, SITE, ZONE, PublicSet, Reached, public_set_at, signer, watched

FIRST, SECOND = RUNS
TOKENS = int(environ.get("MXPROOF_TOKENS", "2000"))
BOUND_IN_SHORT = 40
GROWTH_BYTES_MAX = 64 * 1024**2
UNENDING_BYTES = 20 * SIZE_BYTES_MAX
"""More than the kernel holds on the way to a server that has stopped reading."""
DOOR = SITE.addresses[0]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def made() -> PublicSet:
    return public_set_at(now())


def address_of(one: PublicSet, case: str, run: str = FIRST) -> str:
    """Return where the first MX host of a case stands."""
    servers = one.runs[run].run.lab.world.smtp_servers
    return next(each for each in servers if f"1-{case}-{run}." in each.name).addresses[0]


def recipient(case: str, run: str, token: str = "") -> str:
    return f"{token or f'token-{run}'}@{case}-{run}.{ZONE}"


def talk(reached: Reached, address: str, *, secure: bool = True, name: str = "") -> smtplib.SMTP:
    """Return a talk with a door that is as far as MAIL, with `name` in SNI."""
    client = smtplib.SMTP(*reached.at(address, SMTP_PORT), timeout=CLIENT_S_MAX)
    client.ehlo("sender.example.net")
    if secure:
        client._host = name or "mx.example.net"  # type: ignore[attr-defined]
        client.starttls(context=careless())
        client.ehlo("sender.example.net")
    return client


def most_memory_bytes() -> int:
    """Return the most memory that this process has had so far (getrusage(2))."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def read_whole(stream: socket.socket) -> bytes:
    return b"".join(iter(lambda: stream.recv(4096), b""))


def fates(test: SenderTest) -> dict[str, MailFate]:
    return {one.case.id: one.fate for one in cases_seen(test) if one.fate is not None}


@EXHAUSTIVE
def test_runs_at_one_door_are_kept_apart(made: PublicSet) -> None:
    def client(reached: Reached) -> None:
        for run in RUNS:
            with talk(reached, DOOR) as one:
                one.sendmail("me@example.net", [recipient("control", run)], f"Subject: {run}\n\nbody\n")

    tests = watched(made, client, now).tests
    assert {run: fates(test) for run, test in tests.items()} == {
        run: {"control": MailFate(f"mx1-control-{run}.{ZONE}", encrypted=True)} for run in RUNS
    }
    assert [one.headers for one in tests[FIRST].connections] == [f"Subject: {FIRST}\n"]


@EXHAUSTIVE
def test_mails_to_several_cases_in_one_connection_are_each_noted(made: PublicSet) -> None:
    """Senders keep a connection for the next mail to the same address, whichever domain that is for."""

    def client(reached: Reached) -> None:
        with talk(reached, DOOR) as one:
            for case in ("control", "mx-unlisted"):
                one.sendmail("me@example.net", [recipient(case, FIRST)], "Subject: x\n\nbody\n")
            one.mail("me@example.net")
            assert one.rcpt(recipient("control", FIRST))[0] == 250
            assert one.rcpt(recipient("mx-unlisted", FIRST))[0] == 452

    test = watched(made, client, now).tests[FIRST]
    assert fates(test).keys() == {"control", "mx-unlisted"}
    assert all(one.is_taken for one in fates(test).values())
    assert [one.headers is None for one in test.connections] == [False, False, True]


@EXHAUSTIVE
def test_a_domain_is_another_in_the_run_alone_in_which_a_mail_for_it_was_taken(made: PublicSet) -> None:
    """Its signed record, and its policy."""
    shown: dict[str, list[tuple[int, bytes]]] = {run: [] for run in RUNS}

    def look(reached: Reached) -> None:
        for run in RUNS:
            domain = f"policy-renewed-{run}.{ZONE}"
            host, port = reached.at(SITE.addresses[0], DNS_PORT)
            query = dns.message.make_query(f"_mta-sts.{domain}", "TXT", want_dnssec=True)
            (record, *_) = dns.query.udp(query, host, port=port, timeout=CLIENT_S_MAX).answer
            ends_with_two = str(record[0]).strip('"').endswith("2;")
            with plain_tls(reached, f"mta-sts.{domain}") as secured:
                secured.sendall(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: x\r\n\r\n")
                said = read_whole(secured)
            shown[run].append((2 if ends_with_two else 1, said[said.index(b"mx: ") + 4 :][:3]))

    def client(reached: Reached) -> None:
        look(reached)
        with talk(reached, address_of(made, "policy-renewed")) as one:
            one.sendmail("me@example.net", [recipient("policy-renewed", FIRST)], "Subject: x\n\nbody\n")
        look(reached)

    tests = watched(made, client, now).tests
    assert shown == {FIRST: [(1, b"mx1"), (2, b"mx2")], SECOND: [(1, b"mx1"), (1, b"mx1")]}
    assert {run: [one.case for one in test.changes] for run, test in tests.items()} == {
        FIRST: ["policy-renewed"],
        SECOND: [],
    }


def plain_tls(reached: Reached, name: str) -> ssl.SSLSocket:
    """Return a connection to the policy host of that name, whose certificate is not looked at."""
    plain = socket.create_connection(reached.at(SITE.addresses[0], HTTPS_PORT), CLIENT_S_MAX)
    return careless().wrap_socket(plain, server_hostname=name)


def test_a_sender_that_breaks_off_belongs_to_the_run_that_it_names_in_sni(made: PublicSet) -> None:
    def client(reached: Reached) -> None:
        host, port = reached.at(SITE.addresses[0], DNS_PORT)
        query = dns.message.make_query(f"cert-name-{SECOND}.{ZONE}", "MX")
        assert dns.query.udp(query, host, port=port, timeout=CLIENT_S_MAX).answer
        with talk(reached, address_of(made, "cert-name"), name=f"mx1-cert-name-{SECOND}.{ZONE}"):
            pass

    found = watched(made, client, now)
    assert {run: fates(test) for run, test in found.tests.items()} == {
        FIRST: {},
        SECOND: {"cert-name": NOT_TAKEN},
    }
    assert len(found.tests[SECOND].connections) == 1
    assert found.unknown == {}


def test_a_policy_is_that_of_the_name_in_sni_with_its_certificate(made: PublicSet) -> None:
    trusting = ssl.create_default_context(cadata=made.issuer.authority.root_pem().decode())

    def client(reached: Reached) -> None:
        for run in RUNS:
            name = f"mta-sts.mx-unlisted-{run}.{ZONE}"
            plain = socket.create_connection(reached.at(SITE.addresses[0], HTTPS_PORT), CLIENT_S_MAX)
            with trusting.wrap_socket(plain, server_hostname=name) as secured:
                secured.sendall(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: x\r\n\r\n")
                said = read_whole(secured)
            assert f"mx: other-mx-unlisted-{run}.targets.{ZONE}\n".encode() in said

    tests = watched(made, client, now).tests
    assert [len(test.fetches) for test in tests.values()] == [1, 1]


def test_nobody_elses_mail_is_taken(made: PublicSet) -> None:
    refused = (
        "you@example.org",
        f"you%example.org@control-{FIRST}.{ZONE}",
        f'"you@example.org"@control-{FIRST}.{ZONE}',
        f"@control-{FIRST}.{ZONE}:you@example.org",
        f"you!x@{ZONE}",
        f"postmaster@{ZONE}",
        recipient("control", FIRST, f"token-{SECOND}"),
        recipient("control", "zzzzzz", "token-zzzzzz"),
        recipient("control", FIRST) + ".example.org",
    )

    def client(reached: Reached) -> None:
        with talk(reached, DOOR) as one:
            one.mail("me@example.net")
            codes = {each: one.docmd(f"RCPT TO:<{each}>")[0] for each in refused}
            assert {each for each, code in codes.items() if code < 500} == set()
            assert one.docmd("DATA")[0] == 503
            assert one.docmd("VRFY root")[0] >= 252

    found = watched(made, client, now)
    assert [len(test.connections) for test in found.tests.values()] == [0, 0]
    assert found.unknown == {"connections": 1}


def test_a_tls_report_is_noted_in_the_run_to_which_it_came(made: PublicSet) -> None:
    message = f"""From: a@example.net
Content-Type: application/tlsrpt+json

{{"organization-name": "A sender", "date-range": {{"start-datetime": "2026-11-26T00:00:00Z",
"end-datetime": "2026-11-26T23:59:59Z"}}, "contact-info": "a@example.net", "report-id": "1", "policies": [{{"policy":
{{"policy-type": "sts", "policy-domain": "report-wanted-{SECOND}.{ZONE}"}}, "summary":
{{"total-successful-session-count": 3, "total-failure-session-count": 0}}}}]}}
"""

    def client(reached: Reached) -> None:
        with talk(reached, DOOR) as one:
            one.sendmail("a@example.net", [recipient("open", SECOND, "reports")], message)
            one.mail("a@example.net")
            assert one.rcpt(recipient("control", SECOND, "reports"))[0] == 550

    tests = watched(made, client, now).tests
    assert {run: [one.policies[0].success for one in test.reports] for run, test in tests.items()} == {
        FIRST: [],
        SECOND: [3],
    }


def test_a_message_without_an_end_ends_at_its_limit(made: PublicSet) -> None:
    def client(reached: Reached) -> None:
        with talk(reached, DOOR) as one:
            one.mail("me@example.net")
            one.rcpt(recipient("control", FIRST))
            one.docmd("DATA")
            line, sent = b"x" * 998 + b"\r\n", 0
            with suppress(OSError, smtplib.SMTPServerDisconnected):
                while sent < UNENDING_BYTES:
                    one.send(line * 100)
                    sent += 100_000
            one.close()
            assert sent < UNENDING_BYTES

    test = watched(made, client, now).tests[FIRST]
    assert [one.headers for one in test.connections] == [None]


def test_a_slow_client_is_cut_off_when_its_time_is_up(
    made: PublicSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some say nothing, some say a letter, at each of the ports."""
    monkeypatch.setattr(serving_module, "SESSION_S_MAX", 1.0)

    def client(reached: Reached) -> None:
        ports = ((DOOR, SMTP_PORT), (SITE.addresses[0], HTTPS_PORT), (SITE.addresses[0], DNS_PORT))
        held = [socket.create_connection(reached.at(*one), CLIENT_S_MAX) for one in ports for _ in range(5)]
        for plain in held[::2]:
            plain.sendall(b"E")
        for plain in held:
            with suppress(ConnectionResetError):
                while plain.recv(4096):
                    pass
            plain.close()

    watched(made, client, now)


def test_over_tcp_a_client_gets_so_many_answers_and_no_more(made: PublicSet) -> None:
    wire = dns.message.make_query(ZONE, "SOA").to_wire()

    def client(reached: Reached) -> None:
        host = reached.at(SITE.addresses[0], DNS_PORT)
        with socket.create_connection(host, CLIENT_S_MAX) as plain:
            asked = QUERIES_A_CONNECTION_MAX + 20
            plain.sendall((struct.pack("!H", len(wire)) + wire) * asked)
            said = b""
            with suppress(ConnectionResetError):
                said = b"".join(iter(lambda: plain.recv(65536), b""))
        count = 0
        while len(said) > 2:
            said, count = said[2 + struct.unpack("!H", said[:2])[0] :], count + 1
        assert count <= QUERIES_A_CONNECTION_MAX

    watched(made, client, now)


def name_server(
    made: PublicSet, watching: dict[str, Watching], own: signed_zone.ZoneSigner | None = None
) -> NameServer:
    """Return the name server of the set, at a time that stands still."""
    own = own or signer()
    zones = {run: signed_zone.SignedZones(one.run.lab.world, ZONE, own) for run, one in made.runs.items()}
    return NameServer(
        signing(lambda name: zones.get(run_in(name, ZONE), zones[FIRST])),
        (ZONE,),
        lambda name: watching.get(run_in(name, ZONE)),
        lambda: NOW,
        PUBLIC_ANSWERS_A_SECOND_MAX,
        PUBLIC_ANSWERS_TO_ALL_MAX,
    )


def test_whoever_forges_addresses_floods_nobody_with_answers(made: PublicSet) -> None:
    """What goes out over UDP in a second is bounded for each address and for all; the rest is as long as its question."""
    server = name_server(made, {})
    wire = dns.message.make_query(f"dane-right-{FIRST}.{ZONE}", "MX", want_dnssec=True).to_wire()
    one = [len(server.response(wire, "192.0.2.7", Transport.UDP) or b"") for _ in range(50)]
    assert sum(length > len(wire) for length in one) == PUBLIC_ANSWERS_A_SECOND_MAX
    many = [len(server.response(wire, f"198.51.100.{n % 250}", Transport.UDP) or b"") for n in range(500)]
    whole = sum(length > len(wire) for length in (*one, *many))
    assert whole <= PUBLIC_ANSWERS_TO_ALL_MAX
    assert max(many[-50:]) == len(wire)


@EXHAUSTIVE
def test_any_number_of_names_and_tokens_takes_no_more_room_than_a_few(
    made: PublicSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that nobody was given, addresses that change each time, recipients with tokens that there are not.

    The short form has smaller bounds instead, and goes as far beyond them. `-s` prints the memory in use at a tenth and at nine
    tenths of them; what a tenth did not need, all the rest does not.
    """
    if TOKENS <= watching_module.SEEN_QUERIES_MAX:
        for module, bound in (
            (name_server_module, "CLIENTS_COUNTED_MAX"),
            (watching_module, "SEEN_QUERIES_MAX"),
        ):
            monkeypatch.setattr(module, bound, BOUND_IN_SHORT)
        monkeypatch.setattr(signed_zone, "SIGNATURES_KEPT_MAX", BOUND_IN_SHORT)
    watching = {FIRST: Watching(lambda: NOW, lambda line: None)}
    own = signer()
    server, serving = name_server(made, watching, own), PublicServing(SITE, made.runs, watching, now, {})
    wire = dns.message.make_query(f"t0000000-{FIRST}.{ZONE}", "MX", want_dnssec=True).to_wire()
    before = most_memory_bytes()
    most = {TOKENS // 10: 0, TOKENS * 9 // 10: 0}
    for number in range(TOKENS):
        if number in most:
            most[number] = most_memory_bytes()
        asked = wire.replace(b"t0000000", b"t%07d" % number)
        client = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        server.response(asked, client, Transport.UDP if number % 10 else Transport.TCP)
        assert not serving.takes(f"t{number}@control-{FIRST}.{ZONE}")
    assert len(watching[FIRST].queries) <= watching_module.SEEN_QUERIES_MAX
    assert watching[FIRST].lost["queries"] > 0
    assert own.kept == signed_zone.SIGNATURES_KEPT_MAX
    assert server.clients_counted <= name_server_module.CLIENTS_COUNTED_MAX
    print({number: f"{size / 1024**2:.1f} MiB" for number, size in most.items()})
    tenth, nine_tenths = most.values()
    assert nine_tenths - tenth < GROWTH_BYTES_MAX // 8
    assert most_memory_bytes() - before < GROWTH_BYTES_MAX


def test_an_address_that_the_machine_does_not_have_is_not_passed_over() -> None:
    """In a set of one's own machine an address of IPv6 may be missing; here a door would."""
    site = PublicSite(ZONE, ("127.0.0.1", "2001:db8:dead::1"))
    with pytest.raises(OSError, match="not an address"):
        public_opened(site, lambda address, port: (address, 0))

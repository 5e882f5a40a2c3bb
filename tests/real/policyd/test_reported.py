"""What real Postfix met, reported: signed, delivered by it to another real Postfix, taken in, verified in DNS, and explained.

One goes to a mailbox that is not there, and comes back. The day is closed by a clock that is set forward; all else is as it is in the
world. The reports go to the MX hosts that mail is not to be sent to, which is what TLS-Required: No is for.
"""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest

from mxproof.explain.tlsrpt.period_told import PeriodSender, PeriodSessions
from mxproof.formats.dkim import Signature
from mxproof.mail.dkim_signing import DkimSigner
from mxproof.serve.sending.status import SendStatus
from mxproof.store.journal.outgoing import OutgoingState
from real.bed.edition import NEWER
from real.bed.machines import RESOLVER
from real.bed.policyd import PolicyDaemon, policy_daemon
from real.bed.postfix import DEAD, LMTP_SERVICE, MASTER_SERVICES, REPORTS, Sender, sender
from real.bed.process import Daemon, running
from real.bed.town import SENDING, Town
from real.policyd.asking import TOLD, settings
from real.policyd.case import named
from real.policyd.collecting import PORT, SOCKET, collectd_on, report_early, send_to_worlds, sendmail_of
from real.policyd.worlds import CASES, OTHER_DOMAINS
from support_dkim import private, rsa_key

pytestmark = pytest.mark.usefixtures("host")

SELECTOR = "tlsrpt"
WITHIN_S = 120.0
PASSED = ("direct", "incident", "testing", "none", "absent")
FAILED = {
    "misnamed": ("certificate-host-mismatch", "mtasts_cert_name", "cert-name-mismatch"),
    "alias-misnamed": ("certificate-host-mismatch", "mtasts_cert_name", "cert-name-mismatch"),
    "expired": ("certificate-expired", "mtasts_cert_invalid", "cert-expired"),
    "self-signed": ("validation-failure", "mtasts_cert_invalid", "cert-self-signed"),
    "no-starttls": ("starttls-not-supported", "starttls_missing", "starttls-missing"),
    "unfetched": ("sts-policy-fetch-error", "mtasts_fetch", "sts-policy-status"),
    "wildcard-depth": ("validation-failure", "mtasts_mx_mismatch", "sts-mx-unlisted"),
}
"""What the report says, the cause that it is shown with, and the finding of a check of the same world that bears it out."""
DANE = "tlsa-wrong"
"""Its reports go to its MX hosts, of which the second has them sent to a mailbox that is not there."""
DEAD_MAILBOX = f"{DEAD}@{named(DANE)}"
BOUNCES = f"tls-bounces@{OTHER_DOMAINS[0].name}"
BOUNCES_AT = "127.0.0.1:8466"
RECEIVED = (*PASSED, *FAILED)


class Shown(msgspec.Struct, frozen=True):
    """Of a look at a period: the sessions, and how they failed."""

    authenticated: PeriodSessions
    unauthenticated: PeriodSessions
    senders: tuple[PeriodSender, ...]


class Reported(msgspec.Struct, frozen=True):
    """What `mxproof tlsrpt show --check` says of each world, and what was told of the delivery of the reports."""

    shown: Mapping[str, Shown]
    status: SendStatus
    told: bytes


@pytest.fixture(scope="module")
def reported(place: Town) -> Iterator[Reported]:
    folder = place.folder / "reported"
    origin = OTHER_DOMAINS[0].name
    signer = DkimSigner(Signature(origin, SELECTOR), rsa_key())
    texts = ((f"{SELECTOR}._domainkey", signer.record()),)
    place.publish(msgspec.structs.replace(OTHER_DOMAINS[0], texts=texts))
    (dane,) = (case.domain for case in CASES if case.name == DANE)
    wanted = (
        ("_smtp._tls.mx1", f"v=TLSRPTv1; rua=mailto:tlsrpt@{dane.name}"),
        ("_smtp._tls.mx2", f"v=TLSRPTv1; rua=mailto:{DEAD_MAILBOX}"),
    )
    place.publish(msgspec.structs.replace(dane, texts=wanted))
    with _postfix(place, folder) as postfix:
        key = folder / "tlsrpt.key"
        key.write_bytes(private(rsa_key()))
        collects = collectd_on(folder, _sending(place, folder, f"tls@{origin}", key))
        command = place.network.inside(SENDING, *collects)
        with running("collectd", command, folder / "collectd.log", "ready version=") as collectd:
            collectd.await_ready()
            with _policies(place, folder) as policyd:
                send_to_worlds(postfix, (*RECEIVED, DANE))
                policyd.daemon.process.terminate()  # what waits for the collector is sent at the end
                policyd.daemon.process.wait()
        with (
            _receiving(place, folder) as received,
            _policies(place, folder),
            closing(_listening(folder)) as collector,
        ):
            received.await_ready()
            report_early(place.network, SENDING, folder)
            for label in (*RECEIVED, DANE):
                found = postfix.outcome(f"tlsrpt@{named(label)}")
                assert found.deed.status == "sent", (label, postfix.daemon.text())
                place.receiving.await_line(_taken(label), WITHIN_S)
            assert postfix.outcome(DEAD_MAILBOX).deed.status == "bounced"
            told = _told(collector)
        assert postfix.outcome(BOUNCES).deed.status == "deferred"  # there is nobody yet to be handed it
        (folder / "queue" / SOCKET).unlink()
        with running("collectd", command, folder / "collectd-again.log", "ready version=") as collectd:
            collectd.await_ready()
            postfix.flush()
            postfix.outcome(BOUNCES, status="sent")
        status = _printed(place, "tlsrpt", "status", "--config", str(folder / "collect.toml"))
        domains = (*map(named, RECEIVED), f"mx1.{named(DANE)}")
        yield Reported(
            {one: msgspec.json.decode(_shown(place, folder, one), type=Shown) for one in domains},
            msgspec.json.decode(status, type=SendStatus),
            told,
        )


@contextmanager
def _postfix(place: Town, folder: Path) -> Iterator[Sender]:
    """Run a Postfix that asks the policy daemon and tells the collector."""
    every = (
        *settings(TOLD, f"inet:127.0.0.1:{PORT}"),
        "smtp_tlsrpt_enable = yes",
        f"smtp_tlsrpt_socket_name = {SOCKET}",
        "smtp_connection_cache_on_demand = no",
        f"transport_maps = inline:{{{BOUNCES}=lmtp:inet:{BOUNCES_AT}}}",
    )
    key, services = place.authority.file, MASTER_SERVICES + LMTP_SERVICE
    with sender(place.network, SENDING, every, key, folder, edition=NEWER, master=services) as postfix:
        postfix.daemon.await_ready()
        yield postfix


@contextmanager
def _policies(place: Town, folder: Path) -> Iterator[PolicyDaemon]:
    """Run the policy daemon that this Postfix asks."""
    collector, key = f"unix:{folder}/queue/{SOCKET}", place.authority.file
    with policy_daemon(
        place.network, SENDING, key, folder / "policyd", port=PORT, collector=collector
    ) as made:
        made.daemon.await_ready()
        yield made


def _sending(place: Town, folder: Path, contact: str, key: Path) -> str:
    """Return what has reports sent by the sendmail of the Postfix in `folder`."""
    sendmail = sendmail_of(place.folder, folder)
    return (
        f'[send]\ncontact = "{contact}"\nbounce_address = "{BOUNCES}"\nbounces = "inet:{BOUNCES_AT}"\nthrough = "{sendmail}"\ndkim = ["{SELECTOR}={key}"]\n'
        f'[dns]\nresolvers = ["{RESOLVER.ipv4}"]\n'
    )


@contextmanager
def _receiving(place: Town, folder: Path) -> Iterator[Daemon]:
    """Take reports in, where the Postfix of all worlds hands them."""
    config = folder / "tlsrpt.toml"
    config.write_text(
        f'domains = [".example.com"]\n[listen]\nlmtp = ["unix:{place.folder}/mx/{REPORTS}"]\n[unix]\nmode = "0666"\n'
        f'[store]\nurl = "sqlite:{folder}/received.db"\n[dns]\nresolvers = ["{RESOLVER.ipv4}"]\n'
    )
    command = (sys.executable, "-m", "mxproof", "tlsrpt", "receive", "--config", str(config))
    inside = place.network.inside(SENDING, *command)
    with running("mxproof tlsrpt receive", inside, folder / "receive.log", "ready version") as made:
        yield made


def _listening(folder: Path) -> socket.socket:
    """Listen in the place of the collector."""
    path = folder / "queue" / SOCKET
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    made.bind(str(path))
    path.chmod(0o666)
    made.setblocking(False)
    return made


def _told(collector: socket.socket) -> bytes:
    """Return what came first, nothing where nothing did."""
    try:
        return collector.recv(65536)
    except BlockingIOError:
        return b""


def _taken(label: str) -> re.Pattern[str]:
    return re.compile(rf": to=<tlsrpt@{re.escape(named(label))}>, relay=.*{REPORTS}.* status=sent")


def _shown(place: Town, folder: Path, domain: str) -> bytes:
    asking = ("--check", "--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(place.authority.file))
    store = ("--store", f"sqlite:{folder}/received.db", "--config", "/dev/null")
    return _printed(place, "tlsrpt", "show", domain, *store, "--since", "2", *asking)


def _printed(place: Town, *arguments: str) -> bytes:
    """Run mxproof beside the sender, and return the JSON that it prints."""
    command = (sys.executable, "-m", "mxproof", *arguments, "--format", "json")
    done = subprocess.run(
        place.network.inside(SENDING, *command), capture_output=True, check=False, timeout=WITHIN_S
    )
    assert done.stdout, done.stderr.decode()
    return done.stdout


def test_every_report_arrives_with_a_signature_that_dns_bears_out(reported: Reported) -> None:
    for label in RECEIVED:
        shown = reported.shown[named(label)]
        failed = 1 if label in FAILED else 0
        got = (shown.authenticated.reports, shown.authenticated.success, shown.authenticated.failure)
        assert got == (1, 1 - failed, failed), label
        assert shown.unauthenticated.reports == 0


@pytest.mark.parametrize("label", FAILED)
def test_every_failure_is_shown_with_its_cause_as_a_check_confirms_it(reported: Reported, label: str) -> None:
    (sender,) = reported.shown[named(label)].senders
    (way,) = sender.failures
    assert (way.result_type, way.cause, way.finding, way.count) == (*FAILED[label], 1)
    assert way.standing == "confirmed"


def test_dane_is_reported_to_the_mx_host_that_asks_for_it(reported: Reported) -> None:
    (sender,) = reported.shown[f"mx1.{named(DANE)}"].senders
    assert [(way.result_type, way.count) for way in sender.failures] == [("certificate-not-trusted", 1)]


def test_a_mailbox_that_is_not_there_is_learnt_from_the_bounce(reported: Reported) -> None:
    (day,) = reported.status.days
    assert day.reports == {OutgoingState.SENT: len(RECEIVED) + 1, OutgoingState.GIVEN_UP: 1}
    (returned,) = reported.status.reports
    assert (returned.domain, returned.destination) == (f"mx2.{named(DANE)}", f"mailto:{DEAD_MAILBOX}")
    assert f"554 5.7.1 <{DEAD_MAILBOX}>" in returned.said


def test_no_report_is_the_subject_of_another(reported: Reported) -> None:
    assert reported.told == b""

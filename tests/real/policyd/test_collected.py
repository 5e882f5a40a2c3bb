"""Real Postfix, policyd and collectd: what each world of mail comes to in the journal, session by session."""

from contextlib import ExitStack

import msgspec
import pytest

from keeping import ROOT
from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal, MetTally
from real.bed.edition import NEWER
from real.bed.policyd import policy_daemon
from real.bed.postfix import sender
from real.bed.process import running
from real.bed.town import SENDING, Town
from real.policyd.asking import TOLD, settings
from real.policyd.case import MAX_AGE_S, named
from real.policyd.collecting import PORT, SOCKET, WORLDS, collectd_on, send_to_worlds

MESSAGES = 2
GUIDE = ROOT / "docs/guides/tls-reports-from-postfix.md"
LOST_LINE = "Could not report TLS handshake result"


class Collected(msgspec.Struct, frozen=True):
    """What was met with every policy domain, by name, what the day comes to, and what Postfix logs of a collector that is gone."""

    met: dict[str, MetDay]
    tally: MetTally
    log: str


@pytest.fixture(scope="module")
def collected(place: Town) -> Collected:
    """Send MESSAGES to each world, one after the other, and one without a collector; end all, and read what they left."""
    folder = place.folder / "collected"
    every = (
        *settings(TOLD, f"inet:127.0.0.1:{PORT}"),
        "smtp_tlsrpt_enable = yes",
        f"smtp_tlsrpt_socket_name = {SOCKET}",
        "smtp_connection_cache_on_demand = no",
    )
    socket, policies, key = f"unix:{folder}/queue/{SOCKET}", folder / "policyd", place.authority.file
    with ExitStack() as stack:
        postfix = stack.enter_context(
            sender(place.network, SENDING, every, place.authority.file, folder, edition=NEWER)
        )
        asked = policy_daemon(place.network, SENDING, key, policies, port=PORT, collector=socket)
        policyd = stack.enter_context(asked)
        with running("collectd", collectd_on(folder), folder / "collectd.log", "ready version=") as collectd:
            for daemon in (collectd, policyd.daemon, postfix.daemon):
                daemon.await_ready()
            for _ in range(MESSAGES):
                send_to_worlds(postfix, WORLDS)
            policyd.daemon.process.terminate()  # what waits for the collector is sent at the end
            policyd.daemon.process.wait()
        again = stack.enter_context(policy_daemon(place.network, SENDING, key, policies, port=PORT))
        again.daemon.await_ready()
        postfix.submit(f"alone@{named('direct')}")
        assert postfix.outcome(f"alone@{named('direct')}").deed.status == "sent"
        log = postfix.daemon.text()
    journal = Journal(f"sqlite:{folder}/journal.db")
    of = MetJournal(journal)
    (tally,) = of.tallies()
    found = {one.domain: one for one in of.met_on(tally.day)}
    journal.close()
    return Collected(found, tally, log)


def _sts(label: str, mode: str, *mx: str, kind: str = "", host: str = "", reason: str = "") -> ReportedPolicy:
    """Return what all messages to a world come to: failed in one way where a `kind` is said."""
    at = named(label)
    lines = ("version: STSv1", f"mode: {mode}", *(f"mx: {one}" for one in mx), f"max_age: {MAX_AGE_S}")
    failures = (FailureDetails(kind, MESSAGES, receiving_mx=host, reason=reason),) if kind else ()
    failed = MESSAGES if kind else 0
    return ReportedPolicy("sts", at, MESSAGES - failed, failed, lines if mx else (), mx, failures)


def _bare(policy: ReportedPolicy) -> ReportedPolicy:
    """Return a policy without the addresses and the greeting of its failures."""
    failures = tuple(
        msgspec.structs.replace(one, sending_ip="", receiving_ip="", receiving_helo="")
        for one in policy.failures
    )
    return msgspec.structs.replace(policy, failures=failures)


def test_every_world_comes_to_what_postfix_did_in_it(collected: Collected) -> None:
    mx = {label: f"mx1.{named(label)}" for label in WORLDS} | {
        "alias-misnamed": f"mxi1.{named('alias-misnamed')}"
    }
    want = {
        "direct": _sts("direct", "enforce", mx["direct"], f"mx2.{named('direct')}"),
        "incident": _sts("incident", "enforce", *(f"{one}.{named('incident')}" for one in ("mxi1", "mxi2"))),
        "testing": _sts("testing", "testing", f"mail.{named('testing')}"),
        "self-signed": _sts(
            "self-signed",
            "enforce",
            mx["self-signed"],
            kind="validation-failure",
            host=mx["self-signed"],
            reason="self-signed_certificate",
        ),
        **{
            label: _sts(label, "enforce", mx[label], kind=kind, host=mx[label])
            for label, kind in (
                ("misnamed", "certificate-host-mismatch"),
                ("alias-misnamed", "certificate-host-mismatch"),
                ("expired", "certificate-expired"),
                ("no-starttls", "starttls-not-supported"),
            )
        },
        **{
            label: ReportedPolicy("no-policy-found", named(label), MESSAGES, 0)
            for label in ("none", "absent")
        },
    }
    got = {label: tuple(map(_bare, collected.met[named(label)].policies)) for label in want}
    assert got == {label: (one,) for label, one in want.items()}


def test_what_failed_names_both_ends(collected: Collected) -> None:
    (policy,) = collected.met[named("expired")].policies
    (failed,) = policy.failures
    assert (failed.sending_ip, failed.receiving_helo) == (SENDING.ipv4, f"mx1.{named('expired')}")
    assert failed.receiving_ip


def test_dane_counts_for_the_domain_of_each_tlsa_record(collected: Collected) -> None:
    assert named("tlsa-wrong") not in collected.met
    for host in ("mx1", "mx2"):
        (policy,) = collected.met[f"{host}.{named('tlsa-wrong')}"].policies
        assert (policy.type, policy.success, policy.failure) == ("tlsa", 0, MESSAGES)
        assert [one.result_type for one in policy.failures] == ["certificate-not-trusted"]


def test_the_policy_daemon_adds_what_postfix_cannot_see(collected: Collected) -> None:
    (unfetched,) = collected.met[named("unfetched")].policies
    assert unfetched == _sts("unfetched", "enforce", kind="sts-policy-fetch-error")
    (over,) = collected.met[named("wildcard-depth")].policies
    host = f"mx1.in.{named('wildcard-depth')}"
    pattern = f"*.{named('wildcard-depth')}"
    assert (over.success, over.failure, over.mx_hosts) == (0, over.failures[0].count, (pattern,))
    assert (over.failures[0].receiving_mx, over.failures[0].reason) == (host, "mx-mismatch")
    assert 1 <= over.failure <= MESSAGES  # two deliveries within one second are one


def test_nothing_else_was_met(collected: Collected) -> None:
    worlds = {named(label) for label in WORLDS} - {named("tlsa-wrong")}
    assert collected.met.keys() == worlds | {f"{one}.{named('tlsa-wrong')}" for one in ("mx1", "mx2")}
    assert (collected.tally.refused, collected.tally.beyond) == (0, 0)


def test_every_record_is_the_one_that_postfix_found(collected: Collected) -> None:
    assert collected.met[named("direct")].record.endswith(f"rua=mailto:tlsrpt@{named('direct')}")


def test_postfix_delivers_without_a_collector_and_logs_the_line_that_the_guide_names(
    collected: Collected,
) -> None:
    assert LOST_LINE in GUIDE.read_text(encoding="utf-8")
    assert LOST_LINE in collected.log

"""What comes back to a sender test: Postfix 3.10 tells the collector what it met, which reports it to the two domains that ask, one by
mail and one by HTTPS, and returns the mails to the address of the run.

The day is closed by a clock that is set forward; all else is as it is. Postfix tells of handshakes, and the policy daemon of what
Postfix does not begin: no MX host of those domains is in their policies. The addresses are those of documentation, to which it posts from
such an address alone (`mxproof.net.reach`). Postfix gives up after one attempt, so that the bounce comes at once.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.case import POSTING_CASE, REPORTING_CASE
from mxproof.judge.senders.inference.conclusion import Became, SenderTestReport, concluded
from mxproof.lab.sendertest.setup import REPORTS, domain_of, sender_of
from real.bed.edition import NEWER
from real.bed.network import Machine
from real.bed.policyd import PolicyDaemon, policy_daemon
from real.bed.postfix import sender
from real.bed.process import running
from real.policyd.asking import TOLD, settings
from real.policyd.collecting import PORT, SOCKET, collectd_on, report_early, sendmail_of
from real.sendertest.served import SERVING, Served, served
from support_dkim import private, rsa_key

SENDING = Machine("reporting", "reporting.example.net", "198.51.100.60", "2001:db8:1::60")

CASES_REPORTED = (REPORTING_CASE, POSTING_CASE)


@pytest.fixture(scope="module")
def told(host: None) -> Iterator[SenderTestReport]:
    """Let Postfix send to the domains that want reports, and have what it met reported."""
    with served((SENDING,)) as made:
        _report(made)
        yield concluded(made.ended(), SENDERS, "test")


def _report(made: Served) -> None:
    folder = made.folder / "reporting"
    every = (
        *settings(TOLD, f"inet:127.0.0.1:{PORT}"),
        "smtp_tlsrpt_enable = yes",
        f"smtp_tlsrpt_socket_name = {SOCKET}",
        "maximal_queue_lifetime = 0",
    )
    wanting = {one: one.partition("@")[2].partition(".")[0].rpartition("-") for one in made.recipients}
    every_to = [one for one, (case, _, _) in wanting.items() if case in CASES_REPORTED]
    run = wanting[every_to[0]][2]
    with sender(made.network, SENDING, every, made.roots, folder, edition=NEWER) as postfix:
        postfix.daemon.await_ready()
        command = made.network.inside(SENDING, *collectd_on(folder, _sending(made, folder)))
        with running("collectd", command, folder / "collectd.log", "ready version=") as collectd:
            collectd.await_ready()
            with _policies(made, folder) as policyd:
                policyd.daemon.await_ready()
                postfix.submit_to_all(every_to, sender_of(run))
                assert {postfix.outcome(to).deed.status for to in every_to} == {"deferred"}
                assert postfix.outcome(sender_of(run)).deed.status == "sent", postfix.daemon.text()
                policyd.daemon.process.terminate()  # what waits for the collector is sent at the end
                policyd.daemon.process.wait()
        with _policies(made, folder) as policyd:
            policyd.daemon.await_ready()
            report_early(made.network, SENDING, folder)
            reported = postfix.outcome(f"{REPORTS}@{domain_of('sender', run)}")
            assert reported.deed.status == "sent", postfix.daemon.text()


def _policies(made: Served, folder: Path) -> AbstractContextManager[PolicyDaemon]:
    collector = f"unix:{folder}/queue/{SOCKET}"
    at = folder / "policyd"
    return policy_daemon(
        made.network, SENDING, made.roots, at, port=PORT, collector=collector, resolver=SERVING.ipv4
    )


def _sending(made: Served, folder: Path) -> str:
    """Return what has reports sent by the Postfix in `folder`, as the guide says, signed."""
    key = folder / "tlsrpt.key"
    key.write_bytes(private(rsa_key()))
    contact, through = f"tls@{SENDING.host}", sendmail_of(made.folder, folder)
    return (
        f'[send]\ncontact = "{contact}"\nthrough = "{through}"\ndkim = ["tlsrpt={key}"]\n'
        f'[dns]\nresolvers = ["{SERVING.ipv4}"]\n'
    )


@pytest.mark.parametrize("case", CASES_REPORTED)
def test_the_report_of_postfix_is_read_back_and_says_why_no_mail_came(
    told: SenderTestReport, case: str
) -> None:
    """It names the domain that wants it and its policy, MTA-STS, and that no MX host is in that (RFC 8460 section 4.3)."""
    assert len(told.reports) == len(CASES_REPORTED)
    (report,) = [one for one in told.reports if one.case == case]
    assert (report.policy_type, report.success, report.failure) == ("sts", 0, 1)
    assert report.result_types == ("validation-failure",)
    assert report.organization != ""


def test_the_mail_itself_was_held(told: SenderTestReport) -> None:
    became = {one.case: one.became for one in told.cases if one.case in CASES_REPORTED}
    assert became == dict.fromkeys(CASES_REPORTED, Became.HELD)


@pytest.mark.parametrize("case", CASES_REPORTED)
def test_the_bounce_of_postfix_comes_back_and_says_of_which_case_it_is(
    told: SenderTestReport, case: str
) -> None:
    """As it was put off, its status is of the class 4 (RFC 3464 section 2.3)."""
    (bounce,) = [one for one in told.bounces if one.case == case]
    assert (bounce.action, bounce.status[:2]) == ("failed", "4.")
    assert bounce.diagnostic != ""

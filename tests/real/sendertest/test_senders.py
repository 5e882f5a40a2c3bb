"""Whether a sender test finds out of real senders what their models say of them.

By itself Postfix alone sends, plain and with DANE, in less than a minute; with MXPROOF_SENDERTEST=all every sender does that
tools/install-senders makes, which takes some minutes. A difference is written down with its source.
"""

import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import SenderTestReport, concluded
from mxproof.judge.senders.inference.observation import SenderTest
from real.bed.network import Machine
from real.bed.postfix import sender
from real.models.bench import CHASQUID, COURIER, EXIM, HARAKA, MODELS, SENDMAIL, STARTED
from real.models.case import World
from real.sendertest.served import Served, by, served

ALL = os.environ.get("MXPROOF_SENDERTEST") == "all"
PLAIN, DANE = "postfix-plain", "postfix-dane"
SETTINGS = {
    PLAIN: ("smtp_tls_security_level = may",),
    DANE: ("smtp_dns_support_level = dnssec", "smtp_tls_security_level = dane"),
}
QUICK = ("smtp_connect_timeout = 5s", "minimal_backoff_time = 1s", "queue_run_delay = 3s")
OF = {
    PLAIN: "opportunistic",
    DANE: "postfix-dane",
    **({name: MODELS[name].id for name in (EXIM, CHASQUID, COURIER, SENDMAIL, HARAKA)} if ALL else {}),
}
"""The model of each sender."""
MACHINES = {
    name: Machine(name, f"{name}.example.net", f"198.51.100.{number}", f"2001:db8:1::{number}")
    for number, name in enumerate(OF, start=60)
}
TRIED_AGAIN_WITHIN_S = 100.0

# Postfix, Exim and Sendmail put no name in SNI where neither TLSA records nor a policy lead them to (postconf(5), smtp_tls_servername).
# A model says by which name a certificate is chosen, and of what a server shows without SNI there is no evidence.
_NO_SNI = {"sni": ("none",)}
# Haraka remembers that STARTTLS fails, to come in clear text later, in Redis only (outbound/tls.js).
DIFFERENT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((PLAIN, DANE, EXIM, SENDMAIL), _NO_SNI),
    HARAKA: {"fall_back": ("never",)},
}
"""What was seen where it is not what the model says."""
UNEXPLAINED: Mapping[str, tuple[str, ...]] = {}
"""The cases in which a sender does what no model can."""


class CaseWorld(World, frozen=True):
    """A case as a world of the rig; `address` is whom to send to."""

    address: str = ""

    @property
    def author(self) -> str:
        """Return an address that can be looked up: Sendmail does so while it writes the header."""
        return self.address

    @property
    def recipient(self) -> str:
        return self.address


@pytest.fixture(scope="module")
def told(host: None) -> Mapping[str, SenderTestReport]:
    """Let each sender send one mail to each case, and Postfix try again once."""
    with served(tuple(MACHINES.values())) as made:
        with ThreadPoolExecutor(len(MACHINES)) as pool:
            list(pool.map(lambda name: _sent(made, name), MACHINES))
        test = made.ended()
    return {name: _told(by(machine, test)) for name, machine in MACHINES.items()}


@pytest.mark.parametrize("name", OF)
def test_what_is_inferred_of_a_sender_is_what_its_model_says(
    told: Mapping[str, SenderTestReport], name: str
) -> None:
    report = told[name]
    model = next(one for one in report.models if one.id == OF[name])
    found = {one.trait: one.seen for one in model.differences if one.trait in model.different}
    unlike = {one.case: one.became for one in report.cases if one.case in report.contradictions}
    assert (found, (*unlike,)) == (DIFFERENT.get(name, {}), UNEXPLAINED.get(name, ())), unlike


@pytest.mark.parametrize("name", OF)
def test_mail_to_every_case_was_sent(told: Mapping[str, SenderTestReport], name: str) -> None:
    report = told[name]
    assert report.sent == len(report.cases)


def _told(test: SenderTest) -> SenderTestReport:
    return concluded(test, SENDERS, "test")


def _sent(made: Served, name: str) -> None:
    machine = MACHINES[name]
    if name in SETTINGS:
        _sent_by_postfix(made, machine, SETTINGS[name])
        return
    worlds = [CaseWorld(label=to.partition("@")[2], address=to) for to in made.recipients]
    with STARTED[name](made, machine) as running:
        running.deliver(worlds)


def _sent_by_postfix(made: Served, machine: Machine, settings: tuple[str, ...]) -> None:
    folder = made.folder / machine.name
    with sender(made.network, machine, (*settings, *QUICK), made.roots, folder) as one:
        one.daemon.await_ready()
        for recipient in made.recipients:
            one.submit(recipient)
        deferred = [to for to in made.recipients if one.outcome(to).status == "deferred"]
        one.flush()
        for recipient in deferred:
            one.daemon.await_line(_twice(recipient), TRIED_AGAIN_WITHIN_S)


def _twice(recipient: str) -> re.Pattern[str]:
    """Return the pattern of a log in which something became of a mail to `recipient` two times."""
    return re.compile(rf"(?s:(?:: \w+: to=<{re.escape(recipient)}>, .*?){{2}})")

"""Whether a sender test finds out of real senders what their models say of them.

By itself Postfix 3.7 alone sends, plain and with DANE, in less than a minute; with MXPROOF_SENDERTEST=all every sender does that
tools/install-senders and tools/install-postfix310 make, in some minutes; names with a comma between them have these alone send. A
difference is written down with its source.

With MXPROOF_OBSERVATIONS=data/observations what was seen is kept there, a file for each sender.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.conclusion import SenderTestReport, concluded
from mxproof.judge.senders.inference.kept import KeptObservation, kept
from mxproof.judge.senders.inference.observation import SenderTest
from real.bed.network import Machine
from real.models.bench import CHASQUID, COURIER, EXIM, HARAKA, MODELS, SENDMAIL, STARTED, Running
from real.models.case import World
from real.models.postfix import VARIANTS, Way, postfix
from real.models.software import software
from real.sendertest.served import SERVING, Served, by, served

AT_LEAST = "postfix-37-plain,postfix-37-dane"
ASKED = os.environ.get("MXPROOF_SENDERTEST", AT_LEAST)
OTHERS = (EXIM, CHASQUID, COURIER, SENDMAIL, HARAKA)
NAMES = {one.name for one in VARIANTS if one.way is not Way.CNAME} | {*OTHERS}
SENDING = NAMES if ASKED == "all" else NAMES & {*ASKED.split(",")}
BY_NAME = {one.name: one for one in VARIANTS if one.name in SENDING}
"""Postfix in its ways; what a rule of that of `CNAME` would be for is known of worlds that were looked at only."""
OF = {
    **{name: one.model.id for name, one in BY_NAME.items()},
    **{name: MODELS[name].id for name in OTHERS if name in SENDING},
}
"""The model of each sender."""
MACHINES = {
    name: Machine(name, f"{name}.example.net", f"198.51.100.{number}", f"2001:db8:1::{number}")
    for number, name in enumerate(OF, start=60)
}

# Postfix, Exim and Sendmail put no name in SNI where neither TLSA records nor a policy lead them to (postconf(5), smtp_tls_servername).
# A model says by which name a certificate is chosen, and of what a server shows without SNI there is no evidence.
_UNLED = tuple(one.name for one in VARIANTS if one.way in {Way.PLAIN, Way.DANE})
_NO_SNI = {"sni": ("none",)}
# Haraka remembers that STARTTLS fails, to come in clear text later, in Redis only (outbound/tls.js).
_WAITING = {"policy_wait_s": ("15 to 45 s",)}
DIFFERENT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((*_UNLED, EXIM, SENDMAIL), _NO_SNI),
    # The rig has the classic daemon wait 30 s (`classic_daemon`); how long it waits by itself `test_waiting` shows.
    **dict.fromkeys((one.name for one in VARIANTS if one.way is Way.DAEMON), _WAITING),
    # The model is that of a release which holds MX names against a policy, from 3.10.5 on.
    "postfix-37-policyd": {"policy_name": ("none",), "certificate_name": ("policy",)},
    HARAKA: {"fall_back": ("never",)},
}
"""What was seen where it is not what the model says."""
UNEXPLAINED: Mapping[str, tuple[str, ...]] = {}
"""The cases in which a sender does what no model can."""


METHOD = "one mail to each case in network namespaces"
SET_UP: Mapping[Way, str] = {
    Way.PLAIN: "smtp_tls_security_level = may",
    Way.DANE: "smtp_tls_security_level = dane",
    Way.DAEMON: "smtp_tls_security_level = dane, policies by that daemon",
    Way.POLICYD: "smtp_tls_security_level = dane, policies by mxproof policyd",
}


class CaseWorld(World, frozen=True):
    """A case as a world of the rig; `address` is whom to send to."""

    address: str = ""

    @property
    def domain(self) -> str:
        return self.address.partition("@")[2]

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
    found = {name: _told(by(machine, test)) for name, machine in MACHINES.items()}
    if folder := os.environ.get("MXPROOF_OBSERVATIONS"):
        for name, report in found.items():
            _keep(Path(folder) / f"{name}.json", name, report)
    return found


def _keep(path: Path, name: str, report: SenderTestReport) -> None:
    """Keep what was seen of a sender; the reasons for what its model has otherwise, which were written by hand, stay."""
    seen = kept(report, OF[name], _software(name), METHOD + (", tried twice" if name in BY_NAME else ""))
    if path.exists():
        before = msgspec.json.decode(path.read_bytes(), type=KeptObservation)
        seen = msgspec.structs.replace(seen, different=before.different)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(seen), indent=1) + b"\n")


def _software(name: str) -> str:
    """Return the release of a sender, and of Postfix how it is set up."""
    told = software()[name]
    return f"{told}, {SET_UP[BY_NAME[name].way]}" if name in BY_NAME else told


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
    assert report.sent == sum(not CASES[one.case].again for one in report.cases)


def _told(test: SenderTest) -> SenderTestReport:
    return concluded(test, SENDERS, "test")


def _sent(made: Served, name: str) -> None:
    machine = MACHINES[name]
    worlds = [CaseWorld(label=to.partition("@")[2], address=to) for to in made.recipients]
    with _started(made, machine, name) as running:
        running.deliver(worlds)


def _started(made: Served, machine: Machine, name: str) -> AbstractContextManager[Running]:
    if name in BY_NAME:
        return postfix(made, machine, BY_NAME[name], (), SERVING.ipv4)
    return STARTED[name](made, machine)

"""What real senders remember: a first mail, for which a policy is fetched, and a second one to the same domain when it is another.

Each sender has a run of its own, since a domain is another once anybody's mail for it was taken. By itself the second mail comes
as soon as it counts; whoever fetches a policy again every ten minutes cannot be told from whoever goes by the id then. With
MXPROOF_SENDERTEST_MEMORY=long it comes after eleven minutes, as the guide has it, and every sender sends that remembers, or is known
not to; with MXPROOF_OBSERVATIONS=data/observations what was seen is then kept beside what `test_senders` keeps there.
"""

import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import Became, Conduct, SenderTestReport, concluded
from mxproof.judge.senders.inference.held import AGAIN_COUNTS_AFTER_S
from mxproof.judge.senders.inference.kept import KeptObservation
from mxproof.judge.senders.inference.observation import SenderTest
from real.bed.network import Machine
from real.models.bench import CHASQUID, COURIER, EXIM, MODELS, SENDMAIL, STARTED, Running
from real.models.postfix import VARIANTS, postfix
from real.sendertest.served import SERVING, Served, served
from real.sendertest.test_senders import CaseWorld

IS_LONG = os.environ.get("MXPROOF_SENDERTEST_MEMORY") == "long"
AGAIN_AFTER_S = 660.0 if IS_LONG else AGAIN_COUNTS_AFTER_S + 5.0
FRESH_S = 60.0
"""For how long `mxproof policyd` answers without looking again, by default."""
AT_LEAST = ("postfix-37-policyd", "postfix-37-daemon", CHASQUID, EXIM)
MORE = ("postfix-310-policyd", "postfix-310-daemon", "postfix-37-dane", COURIER, SENDMAIL)
NAMES = (*AT_LEAST, *(MORE if IS_LONG else ()))
BY_NAME = {one.name: one for one in VARIANTS}
OFTEN_OR = {"by-id": ("by-id", "often")}
"""What cannot be told apart before ten minutes are over."""
LISTING = ("mx-unlisted", "cert-name", "cert-listed", "cert-self-signed")
CHANGING = {
    "policy-renewed",
    "policy-altered",
    "policy-outlived",
    "policy-gone",
    "certificate-lost",
}
REMEMBERING = {"refresh", "remembers_level"}
AND_AGAIN = ", and a second one after eleven minutes where a domain is another"
LEVELS = {CHASQUID: ("yes",)}


@pytest.fixture(scope="module")
def told(host: None) -> Mapping[str, SenderTestReport]:
    """Let each sender send twice."""
    with ThreadPoolExecutor(len(NAMES)) as pool:
        seen = list(pool.map(_seen, NAMES))
    found = {name: concluded(one, SENDERS, "test") for name, one in zip(NAMES, seen, strict=True)}
    if IS_LONG and (folder := os.environ.get("MXPROOF_OBSERVATIONS")):
        for name, report in found.items():
            _keep(Path(folder) / f"{name}.json", report)
    return found


def _keep(path: Path, report: SenderTestReport) -> None:
    """Keep beside what was seen of the sender what it remembers."""
    before = msgspec.json.decode(path.read_bytes(), type=KeptObservation)
    new = [one for one in report.traits if one.shown and one.trait in REMEMBERING]
    traits = (*(one for one in before.traits if one.trait not in REMEMBERING), *new)
    method = before.method.removesuffix(AND_AGAIN) + AND_AGAIN
    after = msgspec.structs.replace(before, traits=traits, method=method)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(after), indent=1) + b"\n")


def _seen(name: str) -> SenderTest:
    machine = Machine(name, f"{name}.example.net", "198.51.100.60", "2001:db8:1::60")
    with served((machine,)) as made, _started(made, machine, name) as running:
        running.deliver([_world(to, "first") for to in (*_listing(made), *made.recipients_again)])
        time.sleep(AGAIN_AFTER_S)
        running.deliver([_world(to, "second") for to in made.recipients_again])
        return made.ended()


def _listing(made: Served) -> tuple[str, ...]:
    """Return the addresses of the cases that show whether a sender compares, and what: without that the others say less."""
    return tuple(to for to in made.recipients if to.partition("@")[2].rpartition("-")[0] in LISTING)


def _world(recipient: str, local: str) -> CaseWorld:
    domain = recipient.partition("@")[2]
    return CaseWorld(label=domain, address=f"{local}@{domain}")


def _started(made: Served, machine: Machine, name: str) -> AbstractContextManager[Running]:
    if name in BY_NAME:
        return postfix(made, machine, BY_NAME[name], (), SERVING.ipv4, FRESH_S)
    return STARTED[name](made, machine)


@pytest.mark.parametrize("name", NAMES)
def test_every_second_mail_is_delivered(told: Mapping[str, SenderTestReport], name: str) -> None:
    again = {one.case: one.became for one in told[name].cases if one.case in CHANGING}
    assert again == dict.fromkeys(CHANGING, Became.ENCRYPTED)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_sender_remembers_is_what_its_model_says(
    told: Mapping[str, SenderTestReport], name: str
) -> None:
    model = MODELS[name]
    traits = {one.trait: one for one in told[name].traits}
    assert told[name].contradictions == ()
    assert traits["mta_sts"].words == (("yes",) if model.mta_sts else ("no",))
    assert traits["remembers_level"].words == LEVELS.get(name, ("no",))
    expected = (model.refresh,) if IS_LONG else OFTEN_OR.get(model.refresh, (model.refresh,))
    assert traits["refresh"].shown == model.mta_sts
    assert not model.mta_sts or traits["refresh"].words == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_that_is_gone_is_honoured_until_its_end_by_whoever_has_fetched_it(
    told: Mapping[str, SenderTestReport], name: str
) -> None:
    (gone,) = [one for one in told[name].cases if one.case == "policy-gone"]
    honours = MODELS[name].mta_sts
    assert gone.conduct is (Conduct.PROPER if honours else Conduct.LAX)
    assert gone.host.partition(".")[0] == ("mx2" if honours else "mx1")

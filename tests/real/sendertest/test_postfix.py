"""Whether a sender test finds out of real Postfix what its models say of it."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.senders.inference.inferring import Agreement, compare
from mxproof.judge.senders.inference.observation import SenderTest
from mxproof.judge.senders.inference.seen import cases_seen, inferred
from real.bed.network import Machine
from real.bed.postfix import sender
from real.sendertest.served import Served, by, served

PLAIN = Machine("plain", "plain.example.net", "198.51.100.60", "2001:db8:1::60")
DANE = Machine("dane", "dane.example.net", "198.51.100.61", "2001:db8:1::61")
SETTINGS = {
    PLAIN: ("smtp_tls_security_level = may",),
    DANE: ("smtp_dns_support_level = dnssec", "smtp_tls_security_level = dane"),
}
MODELS = {PLAIN.name: "opportunistic", DANE.name: "postfix-dane"}
QUICK = (
    "smtp_connect_timeout = 5s",
    "minimal_backoff_time = 1s",
    "queue_run_delay = 3s",
)
TRIED_AGAIN_WITHIN_S = 100.0


@pytest.fixture(scope="module")
def seen(host: None) -> Iterator[Mapping[str, SenderTest]]:
    """Let each Postfix send one mail to each case, and try again once."""
    with served(tuple(SETTINGS)) as made:
        with ThreadPoolExecutor(len(SETTINGS)) as pool:
            list(pool.map(lambda machine: _sent(made, machine), SETTINGS))
        test = made.ended()
        yield {machine.name: by(machine, test) for machine in SETTINGS}


@pytest.mark.parametrize("name", MODELS)
def test_what_is_inferred_of_a_postfix_is_what_its_model_says(
    seen: Mapping[str, SenderTest], name: str
) -> None:
    found = inferred(cases_seen(seen[name]))
    compared = compare(found, _model(MODELS[name]))
    unlike = [one for one in compared if one.agreement is Agreement.DIFFERENT]
    assert (unlike, found.contradictions) == ([], ())


def _model(id_: str) -> Traits:
    return next(one for one in SENDERS if one.id == id_)


def _sent(made: Served, machine: Machine) -> None:
    folder = made.folder / machine.name
    with sender(made.network, machine, (*SETTINGS[machine], *QUICK), made.roots, folder) as one:
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

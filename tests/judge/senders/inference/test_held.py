"""What may be held when a second mail comes."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import Conduct, concluded
from mxproof.judge.senders.inference.held import AGAIN_COUNTS_AFTER_S, HeldOver
from mxproof.judge.senders.inference.observation import SenderTest
from mxproof.judge.senders.inference.possible import POSSIBLE, settled
from mxproof.judge.senders.inference.seen import cases_seen, inferred
from mxproof.judge.senders.traits import Refresh
from mxproof.mail.memory import LevelMemory, Memory, SessionLevel
from support_certificates import NOW
from support_long import some
from support_sendertest import again_at, held, seen_of, sent_twice


def words(test: SenderTest) -> tuple[str, ...]:
    return next(one.words for one in inferred(cases_seen(test)).shown if one.trait == "refresh")


@pytest.mark.parametrize("refresh", some(POSSIBLE["refresh"], 3))
def test_after_eleven_minutes_it_shows_when_a_sender_fetches_a_policy_again(refresh: str) -> None:
    assert words(sent_twice(refresh)) == (refresh,)


def test_before_ten_minutes_are_over_whoever_looks_so_often_cannot_be_told_from_others() -> None:
    soon = NOW + timedelta(seconds=AGAIN_COUNTS_AFTER_S)
    by_id = again_at(sent_twice("by-id"), soon)
    fetched = [msgspec.structs.replace(one, at=soon) for one in by_id.fetches]
    renewed = [
        one for one in fetched if not one.host.startswith(("mta-sts.policy-altered", "mta-sts.policy-gone"))
    ]
    test = msgspec.structs.replace(by_id, fetches=(*by_id.fetches, *renewed))
    assert words(test) == ("by-id", "often")
    assert words(again_at(sent_twice("from-half-life"), soon)) == ("from-half-life",)


def test_a_policy_that_was_not_seen_to_be_fetched_is_not_remembered() -> None:
    test = msgspec.structs.replace(sent_twice("by-id"), fetches=())
    assert not any(isinstance(one, Memory) for one in seen_of(test).held.memories)


def test_a_report_that_was_posted_is_no_policy_that_was_fetched() -> None:
    test = sent_twice("by-id")
    posts = [msgspec.structs.replace(one, path="/tlsrpt") for one in test.fetches]
    assert (
        seen_of(test).held.memories[0]
        not in seen_of(msgspec.structs.replace(test, fetches=tuple(posts))).held.memories
    )


def test_what_is_remembered_is_what_was_fetched_before_the_change() -> None:
    found = seen_of(sent_twice("by-id"))
    (policy, level) = found.held.memories
    assert isinstance(policy, Memory)
    assert (policy.fetched_at, policy.id, b"mx1." in policy.body) == (NOW, "1", True)
    assert level == LevelMemory(SessionLevel.VERIFIED)
    assert found.held == held()["policy-renewed"]


def test_whoever_looks_often_holds_what_it_was_seen_to_fetch_again() -> None:
    policy, level = Memory(b"", NOW), LevelMemory(SessionLevel.VERIFIED)
    often = settled({"refresh": "often"})
    assert often.refresh is Refresh.OFTEN
    assert HeldOver((policy, level), renewed=True).of(often) == (level,)
    assert HeldOver((policy, level)).of(often) == (policy, level)
    assert HeldOver((policy, level), renewed=True).of(settled({"refresh": "by-id"})) == (policy, level)


@pytest.mark.parametrize(("refresh", "conduct"), [("by-id", Conduct.PROPER), ("each-time", Conduct.LAX)])
def test_whoever_forgets_a_policy_before_its_end_is_too_lax(refresh: str, conduct: Conduct) -> None:
    told = {one.case: one for one in concluded(sent_twice(refresh), SENDERS, "test").cases}
    assert told["policy-gone"].conduct is conduct
    assert told["policy-renewed"].conduct is Conduct.PROPER

"""What may be held when a second mail comes."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import Conduct, concluded
from mxproof.judge.senders.inference.held import AGAIN_COUNTS_AFTER_S, HeldOver, held_of
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


def test_the_last_fetch_before_the_change_is_held_and_one_after_it_renews_until_the_second_mail() -> None:
    test = sent_twice("by-id")
    case = seen_of(test)
    evidence = msgspec.structs.replace(test.evidence, domain=case.domain.name)
    fetch, first = case.fetches[0], test.connections[0]
    assert fetch.status == 200
    changed, until = NOW + timedelta(minutes=5), NOW + timedelta(minutes=20)

    def held_by(*minutes: int, status: int = 200, encrypted: bool = True) -> HeldOver:
        fetches = [
            msgspec.structs.replace(fetch, at=NOW + timedelta(minutes=one), status=status) for one in minutes
        ]
        mail = first if encrypted else msgspec.structs.replace(first, tls=None)
        return held_of(evidence, fetches, mail, changed, until)

    def told(one: HeldOver) -> tuple[list[int], bool]:
        policies = [each for each in one.memories if isinstance(each, Memory)]
        return [(each.fetched_at - NOW) // timedelta(minutes=1) for each in policies], one.renewed

    assert first.is_encrypted
    assert told(held_by(3, 1)) == told(held_by(1, 3)) == ([3], False)
    assert told(held_by(5)) == ([5], False)
    assert told(held_by(1, 6)) == told(held_by(6, 1)) == ([1], True)
    assert told(held_by(1, 20)) == ([1], True)
    assert told(held_by(1, 21)) == ([1], False)
    assert told(held_by(6)) == ([], True)
    assert held_by(1, 6, status=404) == HeldOver((LevelMemory(SessionLevel.VERIFIED),))
    assert held_by(encrypted=False) == HeldOver()
    assert held_by(3, encrypted=False).memories == held_by(3).memories[:1]

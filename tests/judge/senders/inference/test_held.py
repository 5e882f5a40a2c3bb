"""What may be held when a second mail comes, and when a second mail counts at all."""

from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import Conduct, concluded
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.held import AGAIN_COUNTS_AFTER_S, HeldOver
from mxproof.judge.senders.inference.observation import SeenConnection, SenderTest
from mxproof.judge.senders.inference.possible import POSSIBLE, settled
from mxproof.judge.senders.inference.seen import CaseSeen, cases_seen, inferred
from mxproof.judge.senders.traits import Refresh
from mxproof.mail.memory import LevelMemory, Memory, SessionLevel
from support_certificates import NOW
from support_sendertest import AGAIN_AT, done, held, sent_by

STS = {trait: next(iter(words)) for trait, words in POSSIBLE.items()} | {
    "mta_sts": "yes",
    "certificate_name": "mx",
}
CHANGING = ("policy-renewed", "policy-altered", "policy-outlived", "policy-gone")
LISTING = ("mx-unlisted", "cert-name", "cert-listed")
"""What shows which names a sender compares, without which a case that changes says less."""


def sent(refresh: str) -> SenderTest:
    """Return a run of a sender that fetches again so, and sent a second mail after eleven minutes."""
    every = done(STS | {"refresh": refresh})
    return sent_by({case: every[case] for case in (*LISTING, *CHANGING)})


def case(test: SenderTest, name: str = "policy-renewed") -> CaseSeen:
    return next(one for one in cases_seen(test) if one.case.id == name)


def words(test: SenderTest) -> tuple[str, ...]:
    return next(one.words for one in inferred(cases_seen(test)).shown if one.trait == "refresh")


def at(test: SenderTest, when: datetime) -> SenderTest:
    """Return the run with the second mails at another time."""
    moved = [msgspec.structs.replace(one, at=when) if one.at == AGAIN_AT else one for one in test.connections]
    return msgspec.structs.replace(test, connections=tuple(moved))


@pytest.mark.parametrize("refresh", POSSIBLE["refresh"])
def test_after_eleven_minutes_it_shows_when_a_sender_fetches_a_policy_again(refresh: str) -> None:
    assert words(sent(refresh)) == (refresh,)


def test_before_ten_minutes_are_over_whoever_looks_so_often_cannot_be_told_from_others() -> None:
    soon = NOW + timedelta(seconds=AGAIN_COUNTS_AFTER_S)
    by_id = at(sent("by-id"), soon)
    fetched = [msgspec.structs.replace(one, at=soon) for one in by_id.fetches]
    renewed = [
        one for one in fetched if not one.host.startswith(("mta-sts.policy-altered", "mta-sts.policy-gone"))
    ]
    test = msgspec.structs.replace(by_id, fetches=(*by_id.fetches, *renewed))
    assert words(test) == ("by-id", "often")
    assert words(at(sent("from-half-life"), soon)) == ("from-half-life",)


def test_a_policy_that_was_not_seen_to_be_fetched_is_not_remembered() -> None:
    test = msgspec.structs.replace(sent("by-id"), fetches=())
    assert not any(isinstance(one, Memory) for one in case(test).held.memories)


def test_a_report_that_was_posted_is_no_policy_that_was_fetched() -> None:
    test = sent("by-id")
    posts = [msgspec.structs.replace(one, path="/tlsrpt") for one in test.fetches]
    assert (
        case(test).held.memories[0]
        not in case(msgspec.structs.replace(test, fetches=tuple(posts))).held.memories
    )


def test_what_is_remembered_is_what_was_fetched_before_the_change() -> None:
    found = case(sent("by-id"))
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


@pytest.mark.parametrize("after_s", [0, AGAIN_COUNTS_AFTER_S - 1])
def test_a_second_mail_that_comes_too_soon_says_nothing(after_s: int) -> None:
    assert case(at(sent("by-id"), NOW + timedelta(seconds=after_s))).fate is None


def test_where_the_first_mail_was_anothers_a_case_says_nothing() -> None:
    test = sent("by-id")
    earlier = [msgspec.structs.replace(one, at=NOW - timedelta(seconds=1)) for one in test.changes]
    assert case(msgspec.structs.replace(test, changes=tuple(earlier))).fate is None


def test_where_a_domain_did_not_change_a_case_says_nothing() -> None:
    assert case(msgspec.structs.replace(sent("by-id"), changes=())).fate is None


def test_a_second_mail_that_no_host_took_shows_itself_by_its_connections() -> None:
    test = sent("by-id")
    refused = [_refused(one) if one.at == AGAIN_AT else one for one in test.connections]
    assert case(msgspec.structs.replace(test, connections=tuple(refused))).fate == NOT_TAKEN


def _refused(connection: SeenConnection) -> SeenConnection:
    return msgspec.structs.replace(connection, headers=None)


def test_the_host_that_took_the_second_mail_is_what_counts() -> None:
    found = case(sent("by-id"))
    assert (found.fate, len(found.connections)) == (MailFate(found.domain.hosts[1].name, encrypted=True), 1)


@pytest.mark.parametrize(("refresh", "conduct"), [("by-id", Conduct.PROPER), ("each-time", Conduct.LAX)])
def test_whoever_forgets_a_policy_before_its_end_is_too_lax(refresh: str, conduct: Conduct) -> None:
    told = {one.case: one for one in concluded(sent(refresh), SENDERS, "test").cases}
    assert told["policy-gone"].conduct is conduct
    assert told["policy-renewed"].conduct is Conduct.PROPER

"""The contract of the journals of roll-outs and of hosted policies, as functions that a journal in any back end is handed to."""

from datetime import UTC, datetime, timedelta

from mxproof.store.journal.hosted_policy import HostedPolicyJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rollout_journal import RolloutJournal

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)


def a_roll_out_is_kept_in_place_of_the_last_until_it_is_forgotten(journal: Journal) -> None:
    rollouts = RolloutJournal(journal)
    assert rollouts.rollout("example.com") is None
    rollouts.keep("example.com", b"first", AT)
    rollouts.keep("example.com", b"second", AT)
    rollouts.keep("example.net", b"other", AT)
    assert rollouts.rollout("example.com") == b"second"
    assert rollouts.domains() == ("example.com", "example.net")
    rollouts.forget("example.com")
    assert (rollouts.rollout("example.com"), rollouts.domains()) == (None, ("example.net",))


def who_rolls_a_domain_out_keeps_nobody_from_publishing_for_it(journal: Journal) -> None:
    with RolloutJournal(journal).alone("example.com") as still, journal.alone("example.com"):
        still()


def a_policy_that_is_put_has_the_next_number_unless_it_is_the_same(journal: Journal) -> None:
    shelf = HostedPolicyJournal(journal)
    assert shelf.highest() == 0
    assert shelf.put("example.com", "first", AT)
    assert not shelf.put("example.com", "first", AT + timedelta(seconds=9))
    assert not shelf.put("example.net", "", AT)
    assert shelf.put("example.net", "other", AT)
    found = shelf.after(0)
    assert [(one.domain, one.policy, one.since) for one in found] == [
        ("example.com", "first", AT),
        ("example.net", "other", AT),
    ]
    assert shelf.highest() == found[-1].number


def the_newest_two_policies_of_a_domain_are_kept(journal: Journal) -> None:
    shelf = HostedPolicyJournal(journal)
    for number in range(4):
        shelf.put("example.com", str(number), AT)
        shelf.put("example.net", str(number), AT)
    kept = shelf.after(0)
    assert sorted((one.domain, one.policy) for one in kept) == [
        ("example.com", "2"),
        ("example.com", "3"),
        ("example.net", "2"),
        ("example.net", "3"),
    ]


def those_somewhat_below_a_number_are_looked_at_again(journal: Journal) -> None:
    # A transaction may be over after one with a higher number.
    shelf = HostedPolicyJournal(journal)
    for domain in ("a.example", "b.example", "c.example"):
        shelf.put(domain, "policy", AT)
    first, second, third = (one.number for one in shelf.after(0))
    assert shelf.highest() == third
    assert [one.number for one in shelf.after(third)] == [first, second, third]
    assert [one.number for one in shelf.after(first + 999)] == [first, second, third]
    assert [one.number for one in shelf.after(first + 1000)] == [second, third]


def a_policy_that_is_taken_away_is_one_that_is_empty(journal: Journal) -> None:
    shelf = HostedPolicyJournal(journal)
    shelf.put("example.com", "policy", AT)
    later = AT + timedelta(hours=1)
    assert shelf.put("example.com", "", later)
    assert not shelf.put("example.com", "", later)
    assert [(one.policy, one.since) for one in shelf.after(0)] == [("policy", AT), ("", later)]


ROLLOUT_CONTRACT = (
    a_roll_out_is_kept_in_place_of_the_last_until_it_is_forgotten,
    who_rolls_a_domain_out_keeps_nobody_from_publishing_for_it,
    a_policy_that_is_put_has_the_next_number_unless_it_is_the_same,
    the_newest_two_policies_of_a_domain_are_kept,
    those_somewhat_below_a_number_are_looked_at_again,
    a_policy_that_is_taken_away_is_one_that_is_empty,
)

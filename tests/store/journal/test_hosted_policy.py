"""Policies that several hosts take from one store, in the order of their numbers."""

from datetime import UTC, datetime, timedelta

from mxproof.store.journal.hosted_policy import HostedPolicyJournal
from mxproof.store.journal.journal import Journal

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)


def test_a_policy_that_is_put_has_the_next_number_unless_it_is_the_same(journal: Journal) -> None:
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


def test_the_newest_two_policies_of_a_domain_are_kept(journal: Journal) -> None:
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


def test_those_somewhat_below_a_number_are_looked_at_again(journal: Journal) -> None:
    # A transaction may be over after one with a higher number.
    shelf = HostedPolicyJournal(journal)
    for domain in ("a.example", "b.example", "c.example"):
        shelf.put(domain, "policy", AT)
    first, second, third = (one.number for one in shelf.after(0))
    assert shelf.highest() == third
    assert [one.number for one in shelf.after(third)] == [first, second, third]
    assert [one.number for one in shelf.after(first + 999)] == [first, second, third]
    assert [one.number for one in shelf.after(first + 1000)] == [second, third]


def test_a_policy_that_is_taken_away_is_one_that_is_empty(journal: Journal) -> None:
    shelf = HostedPolicyJournal(journal)
    shelf.put("example.com", "policy", AT)
    later = AT + timedelta(hours=1)
    assert shelf.put("example.com", "", later)
    assert not shelf.put("example.com", "", later)
    assert [(one.policy, one.since) for one in shelf.after(0)] == [("policy", AT), ("", later)]

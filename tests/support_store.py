"""The contract of `mxproof.store.destinations.destination`, as functions that any back end is handed to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.mail.memory import Memory
from mxproof.store.destinations.destination import PAGE_DESTINATIONS, PURGES_KEPT_S, Destination, Purge, Store

AT = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)
POLICY = Memory(b"version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n", AT, "20260601")
DECISION = Decision(Protection.STS, Reason.STS_ENFORCE, AT, "in words: Grüße\0")
FAILURE = Failure(AT, ResultType.STS_POLICY_FETCH_ERROR, "192.0.2.80: status", "7", 3)


def destination(key: str = "example.com", policy: Memory | None = POLICY, asked_s: float = 0) -> Destination:
    """Return a destination asked for `asked_s` seconds after AT; its refresh is a day after."""
    asked_at = AT + timedelta(seconds=asked_s)
    refresh_at = None if policy is None else asked_at + timedelta(days=1)
    return Destination(key, Held(policy, FAILURE, DECISION), asked_at, refresh_at)


def reads_what_was_written(store: Store) -> None:
    written = destination()
    store.write([written])
    assert store.read(written.key) == written
    assert store.read("other.example") is None


def the_last_writing_counts(store: Store) -> None:
    newer = msgspec.structs.replace(POLICY, id="2")
    store.write([destination(), destination(policy=newer, asked_s=5)])
    assert store.read("example.com") == destination(policy=newer, asked_s=5)


def a_policy_is_not_taken_away_by_a_destination_without_one(store: Store) -> None:
    store.write([destination()])
    without = Destination("example.com", Held(None, None, DECISION), AT + timedelta(hours=1))
    store.write([without])
    kept = store.read("example.com")
    assert kept == Destination(
        "example.com", Held(POLICY, None, DECISION), without.asked_at, destination().refresh_at
    )


def deleting_takes_everything_away(store: Store) -> None:
    store.write([destination(), destination("other.example")])
    assert store.delete("example.com") is True
    assert store.delete("example.com") is False
    assert store.read("example.com") is None
    assert [one.key for one in store.due(AT + timedelta(days=9), 10)] == ["other.example"]
    assert [one.key for one in store.load(10)] == ["other.example"]


def loads_those_asked_for_last(store: Store) -> None:
    store.write([destination(f"d{number}.example", asked_s=number) for number in range(10)])
    assert {one.key for one in store.load(3)} == {"d7.example", "d8.example", "d9.example"}


def pages_begin_with_those_asked_for_last(store: Store) -> None:
    count = 2 * PAGE_DESTINATIONS + 1
    store.write([destination(f"d{number}.example", asked_s=number) for number in range(count)])
    pages = store.pages(count)
    first = next(pages)
    store.write([destination("other.example", asked_s=count)])
    rest = list(pages)
    assert [len(page) for page in (first, *rest)] == [PAGE_DESTINATIONS, PAGE_DESTINATIONS, 1]
    found = [one.key for page in (first, *rest) for one in page]
    assert found == [f"d{number}.example" for number in reversed(range(count))]
    assert [one.key for page in store.pages(1) for one in page] == ["other.example"]


def the_most_overdue_are_due_first(store: Store) -> None:
    store.write([destination(f"d{number}.example", asked_s=number) for number in (3, 2, 1)])
    store.write([destination("never.example", policy=None)])
    late = AT + timedelta(days=1, seconds=2)
    assert [one.key for one in store.due(late, 10)] == ["d1.example", "d2.example"]
    assert [one.key for one in store.due(late, 1)] == ["d1.example"]
    assert list(store.due(AT, 10)) == []


def those_due_are_counted_without_a_limit(store: Store) -> None:
    store.write([destination(f"d{number}.example", asked_s=number) for number in range(20)])
    assert [store.due_count(AT + timedelta(days=1, seconds=s)) for s in (-1, 4, 99)] == [0, 5, 20]


def what_holds_no_policy_and_nobody_asks_for_is_swept_out(store: Store) -> None:
    store.write([destination(f"n{number}.example", policy=None, asked_s=number) for number in range(9)])
    store.write([destination(f"p{number}.example", asked_s=number) for number in range(9)])
    assert store.sweep(AT + timedelta(seconds=6)) == 6
    assert store.sweep(AT + timedelta(seconds=6)) == 0
    kept = {one.key for one in store.load(100)}
    assert kept == {*(f"n{number}.example" for number in (6, 7, 8)), *(f"p{n}.example" for n in range(9))}


def what_was_purged_is_forgotten_and_told_for_a_while(store: Store) -> None:
    store.write([destination(), destination("other.example")])
    assert store.purge("example.com", AT) is True
    assert store.purge("never.example", AT + timedelta(seconds=1)) is False
    assert store.read("example.com") is None
    assert {one.key for one in store.purges(AT - timedelta(seconds=1))} == {"example.com", "never.example"}
    assert [one.key for one in store.purges(AT)] == ["never.example"]
    late = AT + timedelta(seconds=PURGES_KEPT_S + 60)
    store.purge("late.example", late)
    assert list(store.purges(AT - timedelta(seconds=1))) == [Purge("late.example", late)]


def what_is_purged_again_is_told_by_the_last_time(store: Store) -> None:
    key = "again.example"

    def told() -> list[Purge]:
        return [one for one in store.purges(AT - timedelta(seconds=1)) if one.key == key]

    for seconds in (0, 60):
        store.write([destination(key)])
        assert store.purge(key, AT + timedelta(seconds=seconds)) is True
        assert store.read(key) is None
        assert told() == [Purge(key, AT + timedelta(seconds=seconds))]
    store.write([destination(key)])
    assert store.delete(key) is True
    assert told() == [Purge(key, AT + timedelta(seconds=60))]


def strange_keys_are_kept_apart(store: Store) -> None:
    keys = ["[mail.example]", "[mail.example]:587", "mail.example", "mail.example:587", "a" * 250]
    store.write([destination(key) for key in keys])
    assert {one.key for one in store.load(10)} == set(keys)


def writing_nothing_changes_nothing(store: Store) -> None:
    store.write([])
    assert list(store.load(10)) == []


def works_again_after_it_was_closed(store: Store) -> None:
    store.write([destination()])
    store.close()
    assert store.read("example.com") == destination()
    store.close()
    store.write([destination("other.example")])
    assert {one.key for one in store.load(9)} == {"example.com", "other.example"}
    store.close()


CONTRACT: tuple[Callable[[Store], None], ...] = (
    reads_what_was_written,
    the_last_writing_counts,
    a_policy_is_not_taken_away_by_a_destination_without_one,
    deleting_takes_everything_away,
    loads_those_asked_for_last,
    pages_begin_with_those_asked_for_last,
    the_most_overdue_are_due_first,
    those_due_are_counted_without_a_limit,
    what_holds_no_policy_and_nobody_asks_for_is_swept_out,
    what_was_purged_is_forgotten_and_told_for_a_while,
    what_is_purged_again_is_told_by_the_last_time,
    strange_keys_are_kept_apart,
    writing_nothing_changes_nothing,
    works_again_after_it_was_closed,
)

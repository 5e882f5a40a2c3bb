"""What is held of the store and made once: reports, plans and the state of logs, for how long, and what is let go first."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mxproof.evidence import Evidence
from mxproof.mail.memory import Memory
from mxproof.serve.web import store_reader
from mxproof.serve.web.store_reader import (
    CHECKS_LOOKED_AT_MAX,
    JUDGED_FOR_GUESTS_MAX,
    LOGS_HELD,
    LOOKED_BACK,
    CrowdedOut,
    StoreReader,
    _keep,
    _known,
)
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.guest_checks import GuestJournal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import WatchedEvidence
from support_new_store import new_store
from support_web import BAD, GOOD, NOW

HELD = Memory(b"version: STSv1\n", NOW, "1")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[StoreReader]:
    with closing(StoreReader(new_store(tmp_path))) as made:
        yield made


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, WatchedEvidence]]:
    """Have reports and plans be their names; return each with the evidence that it was made of."""
    found: list[tuple[str, WatchedEvidence]] = []

    def named(name: str) -> Callable[[WatchedEvidence], object]:
        def work(kept: WatchedEvidence) -> object:
            found.append((name, kept))
            return f"{name} {len(found)}"

        return work

    monkeypatch.setattr(store_reader, "_checked", named("report"))
    monkeypatch.setattr(store_reader, "_plan", named("plan"))
    return found


def test_what_was_used_last_is_held_and_what_was_not_for_longest_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_reader, "REPORTS_HELD_MAX", 2)
    held: OrderedDict[int, str] = OrderedDict()
    assert [_keep(held, one, f"report {one}") for one in (1, 2)] == ["report 1", "report 2"]
    assert (_known(held, 1), _known(held, 3)) == ("report 1", None)
    assert _keep(held, 3, "report 3") == "report 3"
    assert list(held.items()) == [(1, "report 1"), (3, "report 3")]


def test_report_and_plan_of_a_check_are_made_once_each_of_what_it_saw_and_held(
    reader: StoreReader, made: list[tuple[str, WatchedEvidence]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {1: WatchedEvidence(GOOD, (HELD,)), 2: WatchedEvidence(BAD, ())}
    monkeypatch.setattr(WatchJournal, "evidence", lambda _, check: kept.get(check))

    async def asked() -> list[object]:
        return [work for check in (1, 2) for work in (await reader.checked(check), await reader.plan(check))]

    async def twice() -> list[list[object]]:
        return [await asked(), await asked()]

    assert asyncio.run(twice()) == [["report 1", "plan 2", "report 3", "plan 4"]] * 2
    assert made == [("report", kept[1]), ("plan", kept[1]), ("report", kept[2]), ("plan", kept[2])]


def test_that_there_is_no_evidence_is_not_held(
    reader: StoreReader, made: list[tuple[str, WatchedEvidence]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[int, WatchedEvidence] = {}
    monkeypatch.setattr(WatchJournal, "evidence", lambda _, check: kept.get(check))

    async def asked() -> list[object]:
        before = [await reader.checked(1), await reader.plan(1)]
        kept[1] = WatchedEvidence(GOOD, ())
        return [*before, await reader.checked(1), await reader.plan(1)]

    assert asyncio.run(asked()) == [None, None, "report 1", "plan 2"]
    assert len(made) == 2


async def crowd(reader: StoreReader) -> list[object]:
    """Ask at once for one result more than there is room for, of which there is no evidence."""
    links = [f"nothing {number}" for number in range(JUDGED_FOR_GUESTS_MAX + 1)]
    return list(await asyncio.gather(*map(reader.guest_checked, links)))


def test_the_report_for_a_guest_is_made_once_by_its_link_and_shown_however_many_look(
    reader: StoreReader, made: list[tuple[str, WatchedEvidence]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Evidence] = {"one": GOOD, "other": BAD}
    monkeypatch.setattr(GuestJournal, "evidence", lambda _, link: kept.get(link))

    async def asked() -> None:
        links = ("one", "other", "one", "other", "nothing")
        found: list[object] = [await reader.guest_checked(link) for link in links]
        assert found == ["report 1", "report 2", "report 1", "report 2", None]
        crowded = asyncio.create_task(crowd(reader))
        for _ in range(2):
            await asyncio.sleep(0)
        assert [await reader.guest_checked(link) for link in links[:2]] == found[:2]
        assert await crowded == [None] * JUDGED_FOR_GUESTS_MAX + [CrowdedOut()]

    asyncio.run(asked())
    assert made == [("report", WatchedEvidence(kept[link], ())) for link in ("one", "other")]


def test_whatever_becomes_of_a_result_there_is_room_for_the_next(
    reader: StoreReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: GuestJournal, __: str) -> Evidence:
        raise JournalError("the store is away")

    def broken(_: WatchedEvidence) -> object:
        raise MemoryError

    async def asked() -> None:
        for owner, name, fails in ((GuestJournal, "evidence", away), (store_reader, "_checked", broken)):
            with monkeypatch.context() as patched:
                patched.setattr(GuestJournal, "evidence", lambda _, __: GOOD)
                patched.setattr(owner, name, fails)
                for _ in range(JUDGED_FOR_GUESTS_MAX + 1):
                    with pytest.raises((JournalError, MemoryError)):
                        await reader.guest_checked("one")
        assert await crowd(reader) == [None] * JUDGED_FOR_GUESTS_MAX + [CrowdedOut()]

    asyncio.run(asked())


class _Check:
    """A check in a list, with its evidence or without."""

    def __init__(self, number: int, *, has_evidence: bool = True) -> None:
        self.number = number
        self.has_evidence = has_evidence


class _State:
    """A domain with its newest check."""

    def __init__(self, number: int) -> None:
        self.newest = _Check(number)


@pytest.mark.parametrize(
    ("before", "kept", "looks"),
    [
        ([_Check(8), _Check(7)], {7, 8, 9}, [9, 8]),
        ([_Check(8, has_evidence=False), _Check(7), _Check(6)], {6, 7, 9}, [9, 7]),
        ([_Check(9), _Check(8)], {8, 9}, [9]),
        ([_Check(8, has_evidence=False)], {9}, [9]),
        ([_Check(8)], {8}, [8]),
        ([], {9}, [9]),
    ],
)
def test_a_report_is_held_against_the_last_look_before_its_end_of_which_there_is_evidence(
    reader: StoreReader,
    monkeypatch: pytest.MonkeyPatch,
    before: list[_Check],
    kept: set[int],
    looks: list[int],
) -> None:
    evidence = {number: WatchedEvidence(GOOD, (Memory(b"", NOW, str(number)),)) for number in kept}
    asked: list[tuple[str, datetime, datetime, int]] = []

    def checks(_: WatchJournal, name: str, since: datetime, until: datetime, checks_max: int) -> list[_Check]:
        asked.append((name, since, until, checks_max))
        return before

    monkeypatch.setattr(WatchJournal, "states", lambda _, __: [_State(9)])
    monkeypatch.setattr(WatchJournal, "checks", checks)
    monkeypatch.setattr(WatchJournal, "evidence", lambda _, number: evidence.get(number))
    assert reader._looks("example.com", NOW) == [evidence[number] for number in looks]
    assert asked == [("example.com", NOW - LOOKED_BACK, NOW, CHECKS_LOOKED_AT_MAX)]
    assert reader._looks("example.com", None) == [evidence[number] for number in looks if number == 9]


@pytest.mark.parametrize(
    ("later", "is_held"),
    [
        (timedelta(), True),
        (LOGS_HELD - timedelta(seconds=1), True),
        (LOGS_HELD, False),
        (-timedelta(seconds=1), False),
    ],
)
def test_the_state_of_logs_is_held_for_a_minute_and_not_past_a_clock_that_went_back(
    reader: StoreReader, later: timedelta, is_held: bool
) -> None:
    async def asked() -> None:
        first = await reader.logs(NOW)
        second = await reader.logs(NOW + later)
        assert (second is first) is is_held
        assert (await reader.logs(NOW + later)) is second

    asyncio.run(asked())

"""What the pages have the store and the judgement do: for how many guests at once, and which checks a report is held against."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from mxproof.serve.web.store_reader import JUDGED_FOR_GUESTS_MAX, CrowdedOut, StoreReader
from support_web import BROKEN, NEW, NOW


@pytest.fixture
def reader(store: str) -> Iterator[StoreReader]:
    with closing(StoreReader(store)) as made:
        yield made


def test_for_one_guest_more_than_are_judged_for_at_once_there_is_no_room_until_others_are_done(
    reader: StoreReader,
) -> None:
    async def asked() -> list[object]:
        at_once = JUDGED_FOR_GUESTS_MAX + 1
        return list(await asyncio.gather(*(reader.guest_checked(f"link {one}") for one in range(at_once))))

    async def twice() -> list[list[object]]:
        return [await asked(), await asked()]

    assert asyncio.run(twice()) == [[None] * JUDGED_FOR_GUESTS_MAX + [CrowdedOut()]] * 2


@pytest.mark.parametrize(
    ("domain", "days_ago", "looks"), [(NEW, 0, 0), (BROKEN, None, 1), (BROKEN, 0, 1), (BROKEN, 5, 2)]
)
def test_a_report_is_held_against_the_newest_check_and_the_last_before_its_end(
    reader: StoreReader, domain: str, days_ago: int | None, looks: int
) -> None:
    end = None if days_ago is None else NOW - timedelta(days=days_ago)
    found = reader._looks(domain, end)
    assert len(found) == looks
    if looks == 2:
        newest, before = (one.evidence.observed_at() for one in found)
        assert before != newest

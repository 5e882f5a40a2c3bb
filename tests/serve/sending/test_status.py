"""How the reports stand: by day, those of a domain or those that failed, and whether a day's are made."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.serve.sending.settings import SendList
from mxproof.serve.sending.status import SendStatus, send_status
from support_outgoing import met_on
from support_report_sending import DAY, Bench, bench_with, close

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Return a sender that has sent one report, was refused one, and has tried one that failed; the next day is not over."""
    made = bench_with(tmp_path, "gone.example", "later.example", "sent.example", "unasked.example")
    met_on(made.journal, NEXT, "sent.example")
    for domain in ("gone.example", "sent.example"):
        made.wants(domain, f"mailto:tls@{domain}")
    made.wants("later.example", "https://r9.test/")
    made.change(deny=SendList(frozenset({"gone.example"})))
    made.until_sent()
    yield made
    close(made)


def status(made: Bench, domain: str = "", since: timedelta = timedelta()) -> SendStatus:
    return send_status(made.journal, domain, DAY + since, made.now)


def test_each_day_has_what_was_met_and_how_its_reports_stand_the_newest_first(bench: Bench) -> None:
    found = status(bench)
    assert [(one.day, one.domains, one.attempts, one.is_made) for one in found.days] == [
        (NEXT, 1, 3, False),
        (DAY, 4, 12, True),
    ]
    assert found.days[1].reports == {"sent": 1, "unwanted": 1, "waiting": 1, "withheld": 1}
    assert [one.day for one in status(bench, since=timedelta(days=1)).days] == [NEXT]


def test_of_all_reports_those_are_told_that_failed_and_of_a_domain_all(bench: Bench) -> None:
    assert {one.domain for one in status(bench).reports} == {"gone.example", "later.example"}
    assert [str(one.state) for one in status(bench, "sent.example").reports] == ["sent"]


def test_what_waits_for_its_first_turn_has_not_failed(bench: Bench) -> None:
    bench.now += timedelta(days=1)
    met_on(bench.journal, NEXT, "other.example")
    bench.step()
    found = status(bench, since=timedelta(days=1))
    assert found.days[0].reports == {"waiting": 2}
    assert found.reports == ()
    assert found.next_due_at is not None

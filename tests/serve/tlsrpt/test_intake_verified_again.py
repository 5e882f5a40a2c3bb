"""Signatures that are verified again once keys are answered for: batch after batch, and no further than anybody answers."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence.question import Question
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.mail.report_signature import Keys
from mxproof.serve.tlsrpt import intake as module
from mxproof.serve.tlsrpt.intake import CameIn, Intake
from mxproof.serve.tlsrpt.wanted import wanted_domains
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.retention import Retention
from support_dkim import answers, signed
from support_journal import EVER
from support_new_store import new_store
from support_tlsrpt import message
from support_tlsrpt_days import report_of, written

REPORTS = 3


class Bench:
    """An intake with signed reports whose keys nobody has answered for yet."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(new_store(folder))
        domains = wanted_domains(("example.com",), any_domain=False)
        self.intake = Intake(self.journal, domains, Retention(), self._ask)
        self.answers = 0
        self.asked = 0

    async def _ask(self, questions: Iterable[Question]) -> Keys:
        self.asked += 1
        if not self.answers:
            return {}
        self.answers -= 1
        return answers()

    def again(self) -> dict[Authenticated, int]:
        """Verify again what was not tried since now."""
        self.asked = 0
        later = datetime.now(UTC) + timedelta(seconds=1)
        return dict(asyncio.run(self.intake.verify_again(later)))

    def counted(self) -> dict[str, int]:
        """Return how many reports count as what."""
        return {one.authenticated: one.reports for one in self.journal.counts(EVER).senders}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(module, "VERIFIED_AT_ONCE", 1)
    made = Bench(tmp_path)
    pieces = [CameIn(signed(message(written(number))), "message", "lmtp") for number in range(1, REPORTS + 1)]
    asyncio.run(made.intake.take(pieces))
    yield made
    made.intake.close()
    made.journal.close()


def test_while_nobody_answers_one_batch_is_asked_for_and_nothing_changes(bench: Bench) -> None:
    assert bench.again() == {Authenticated.UNKNOWN: 1}
    assert (bench.asked, bench.counted()) == (1, {"unknown": REPORTS})


def test_once_somebody_answers_all_batches_are_verified_and_none_again(bench: Bench) -> None:
    bench.answers = 9
    assert bench.again() == {Authenticated.VERIFIED: REPORTS}
    assert (bench.asked, bench.counted()) == (REPORTS, {"verified": REPORTS})
    assert bench.again() == {}
    assert bench.asked == 0


def test_where_the_answers_end_the_rest_is_left_for_another_time(bench: Bench) -> None:
    bench.answers = 1
    assert bench.again() == {Authenticated.VERIFIED: 1, Authenticated.UNKNOWN: 1}
    assert bench.counted() == {"verified": 1, "unknown": REPORTS - 1}
    bench.answers = 9
    assert bench.again() == {Authenticated.VERIFIED: REPORTS - 1}
    assert bench.counted() == {"verified": REPORTS}


def test_of_a_batch_each_report_has_its_own_verdict(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VERIFIED_AT_ONCE", REPORTS - 1)
    bench.answers = 9
    assert bench.again() == {Authenticated.VERIFIED: REPORTS}
    assert (bench.asked, bench.counted()) == (2, {"verified": REPORTS})


def test_it_goes_on_where_a_batch_has_one_that_is_known_now(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, unknown = Authenticated.VERIFIED, Authenticated.UNKNOWN
    batches = [{1: unknown, 2: known}, {3: known}, {4: unknown}, {5: known}]
    pending = list(batches)
    settled: list[dict[int, Authenticated]] = []

    async def verdicts(batch: dict[int, Authenticated]) -> dict[int, Authenticated]:
        return batch

    monkeypatch.setattr(bench.journal, "unverified", lambda *_: pending.pop(0))
    monkeypatch.setattr(bench.journal, "settle", lambda found, _: settled.append(found))
    monkeypatch.setattr(bench.intake, "_verdicts", verdicts)
    assert bench.again() == {unknown: 2, known: 2}
    assert settled == batches[:3]


def test_a_report_about_other_domains_as_well_is_known_by_what_is_counted_of_it(tmp_path: Path) -> None:
    (tmp_path / "both").mkdir()
    both = Bench(tmp_path / "both")
    (policy,) = report_of().policies
    foreign = msgspec.structs.replace(policy, domain="other.example")
    data = print_report(msgspec.structs.replace(report_of(), policies=(policy, foreign)))
    asyncio.run(both.intake.take([CameIn(signed(message(data)), "message", "lmtp")]))
    both.answers = 9
    assert both.again() == {Authenticated.VERIFIED: 1}
    assert both.counted() == {"verified": 1}
    both.intake.close()
    both.journal.close()

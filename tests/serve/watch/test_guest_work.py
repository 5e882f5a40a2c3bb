"""Checks that guests ask for, made by the daemon beside its schedule."""

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Evidence, Outcome
from mxproof.judge.judging import report_on
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.running import running
from mxproof.lab.scenario import load
from mxproof.store.journal.guest_bounds import GuestBounds
from mxproof.store.journal.guest_checks import GuestJournal
from mxproof.store.journal.journal import Journal
from support_watch_daemon import settings_in, until, watching

BOUNDS = GuestBounds(waiting_max=9, an_hour_max=9, kept=timedelta(days=1))


async def _asked_for(folder: Path, scenario: str) -> Evidence:
    """Have the domain of a scenario checked as a guest does, by a daemon that watches nothing; return what was seen."""
    async with running(load(scenario), now=datetime.now(UTC)) as lab:
        settings = msgspec.structs.replace(settings_in(folder, lab), domains=())
        with closing(Journal(settings.store)) as journal:
            guests = GuestJournal(journal)

            async with watching(settings) as daemon:
                assert guests.ask("link", lab.domain, datetime.now(UTC), BOUNDS) == "link"
                daemon.guests.stir()
                await until(daemon, lambda: 'guest_checks_total{outcome="done"} 1' in daemon.metrics())
                evidence = guests.evidence("link")
            assert evidence is not None
            return evidence


def test_what_a_guest_asks_for_is_checked(tmp_path: Path) -> None:
    evidence = asyncio.run(_asked_for(tmp_path, "incident"))
    assert report_on(evidence, now=evidence.observed_at()).summary.outcome is Verdict.REFUSED


@pytest.mark.parametrize("scenario", ["mx-address-private", "policy-host-private"])
def test_a_guest_leads_nobody_to_an_address_that_is_not_public(tmp_path: Path, scenario: str) -> None:
    evidence = asyncio.run(_asked_for(tmp_path, scenario))
    kept = {answer.detail for answer in evidence.answers.values() if answer.outcome is Outcome.UNASKED}
    assert len(kept) == 1
    assert "RFC 1918" in kept.pop()

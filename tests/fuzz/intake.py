"""The intake of TLS reports as a whole: whatever comes is kept, refused or left alone, and nothing ends it."""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fuzz.reports import TARGETS as READERS
from fuzz.target import Target
from mxproof.evidence.question import Question
from mxproof.mail.report_signature import Keys
from mxproof.serve.tlsrpt.intake import CameIn, Intake
from mxproof.serve.tlsrpt.wanted import WantedDomains
from mxproof.store.journal.arrival import Kept
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.retention import Retention
from support_dkim import answers, signed
from support_tlsrpt import message
from support_tlsrpt_days import written

EVERY_DOMAIN = WantedDomains(any=True)


async def _keys(questions: Iterable[Question]) -> Keys:
    known = answers()
    return {one: known[one] for one in questions if one in known}


class _Desk(NamedTuple):
    """One journal, in memory where there is a file system for it, and the loop that all inputs are taken in."""

    runner: asyncio.Runner
    intake: Intake


@cache
def _desk() -> _Desk:
    where = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="mxproof-fuzz-", dir=where if where.is_dir() else None)
    desk = _Desk(
        asyncio.Runner(), Intake(Journal(f"sqlite:{folder}/journal.db"), EVERY_DOMAIN, Retention(), _keys)
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(desk.runner.close)
    atexit.register(desk.intake.close)
    return desk


def take(data: bytes) -> None:
    """Take one piece in: as a file, and beside others."""
    pieces = [CameIn(data, "a.json.gz", "fuzz"), CameIn(data, "b", "fuzz", beside=True)]
    alone, beside = _desk().runner.run(_desk().intake.take(pieces))
    assert {kept for _, kept in alone.reports} <= {*Kept} - {Kept.REFUSED}
    assert len(alone.reports) == len(beside.reports)
    assert alone.reports or alone.refusal is not None or beside.refusal is None


_SEEDS = tuple(dict.fromkeys(seed for reader in READERS for seed in reader.seeds))

TARGETS = (
    Target(
        "tls-report-intake",
        take,
        (*_SEEDS, written(), message(written()), signed(message(written()))),
        tuple(dict.fromkeys(token for reader in READERS for token in reader.tokens)),
        40,
    ),
)

"""A store of the watch with a year behind it: DOMAINS domains that were checked every hour, and what came of it.

The newest check of each is a real one of a lab, with what it holds and its evidence. Those before have the same verdicts, and
evidence as the retention leaves it: of every check for two weeks, and of one a day before. All evidence is of the lab's own domain,
whatever the name that it is kept under.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from bench.worlds import lab_evidence
from mxproof.evidence import Evidence
from mxproof.evidence.parts import parts_of
from mxproof.judge.differing import seen
from mxproof.judge.news import domain_news
from mxproof.judge.settling import SettledState, Turn, TurnKind, looked
from mxproof.store.journal import watching
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watched import Finished, News, WatchedCheck, WatchedDomain

DOMAINS = 1000
DAYS = 365
HOURS_A_DAY = 24
EVIDENCE_DAYS = 14
NEWS_A_DOMAIN = 12

_HISTORY = """
    WITH RECURSIVE hours(back) AS (SELECT :hours UNION ALL SELECT back - 1 FROM hours WHERE back > 1)
    INSERT INTO mxproof_check (domain, observed_at, day, took_s, outcome, headline, outcomes, frame)
    SELECT domain, observed_at - 3600.0 * back, CAST((observed_at - 3600.0 * back) / 86400 AS INTEGER), took_s, outcome, headline,
           outcomes, CASE WHEN back <= :fresh OR back % 24 = 0 THEN frame END
    FROM hours CROSS JOIN newest
"""


def write_year(path: Path, domains: int = DOMAINS) -> list[str]:
    """Make the store at `path`, and return the names of its domains."""
    names = [f"d{number:04}.example.com" for number in range(domains)]
    good, bad = (asyncio.run(lab_evidence(one))[0] for one in ("direct", "incident"))
    url = f"sqlite:{path}"
    with closing(Journal(url)) as journal:
        now = datetime.now(UTC)
        journal.writes(lambda connection: _check_each(connection, names, [bad, *[good] * 19], now))
        journal.writes(lambda connection: _write_news(connection, names, bad, good, now))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'mxproof_check' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute("CREATE TEMP TABLE newest AS SELECT * FROM mxproof_check")
        values = {"hours": DAYS * HOURS_A_DAY, "fresh": EVIDENCE_DAYS * HOURS_A_DAY}
        connection.execute(_HISTORY, values)
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("UPDATE mxproof_part SET uses = uses * ?", (DAYS * HOURS_A_DAY,))
    return names


def _check_each(
    connection: Connection, names: Sequence[str], kinds: Sequence[Evidence], now: datetime
) -> None:
    """Have each domain checked once, with one of the `kinds` of evidence after the other."""
    watching.set_watched(connection, [WatchedDomain(name, 3600.0) for name in names], now)
    claims = watching.claim(connection, "bench", now, now + timedelta(hours=1), len(names))
    done = [_finished(one, now) for one in kinds]
    for number, claim in enumerate(sorted(claims, key=lambda one: one.domain)):
        assert watching.finish(connection, claim, done[number % len(done)], now)


def _finished(evidence: Evidence, now: datetime) -> Finished:
    look = looked(looked(SettledState(), evidence).step.held, evidence)
    report = look.judged.report
    check = WatchedCheck(
        observed_at=report.observed_at,
        took_s=0.5,
        outcome=report.summary.outcome,
        headline=report.summary.headline,
        outcomes={one.id: one.outcome for one in report.senders},
        parts=parts_of(evidence),
        memories=look.memories,
    )
    return Finished(check, look.step.held, adopts=True, due_at=now + timedelta(hours=1), turned_away=0)


def _write_news(
    connection: Connection, names: Sequence[str], bad: Evidence, good: Evidence, now: datetime
) -> None:
    """Keep some news of each domain, spread over the year."""
    told = domain_news(Turn(TurnKind.CHANGED, now), seen(good), seen(bad))
    kept = News(told.kind, now, told.course, told.weight, msgspec.json.encode(told))
    for number in range(NEWS_A_DOMAIN, 0, -1):
        at = now - timedelta(days=number * DAYS / NEWS_A_DOMAIN)
        for name in names:
            watching.keep_news(connection, name, kept, None, at)

"""What the pages of the watch show of many domains at once, and of one check, without the evidence."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, select

from mxproof.judge.vocabulary import WORST_FIRST, Verdict
from mxproof.store.journal.schema import CHECK, WATCHED
from mxproof.store.journal.watch_history import CHECK_COLUMNS, check_in
from mxproof.store.journal.watched import KeptCheck

_RANK = {verdict: place for place, verdict in enumerate(WORST_FIRST)}
_DOMAINS_AT_ONCE = 500

DayVerdicts = Mapping[int, Verdict]
"""The worst verdict of each day on which there was a check, by days since 1970."""


class NewestVerdict(msgspec.Struct, frozen=True):
    """A domain that is watched and what its newest check came to, which is None before there is one."""

    domain: str
    due_at: datetime
    outcome: Verdict | None
    headline: str
    observed_at: datetime | None
    outcomes: Mapping[str, Verdict]


def newest_verdicts(connection: Connection) -> list[NewestVerdict]:
    """Return all domains that are watched, in the order of their names."""
    query = (
        select(
            WATCHED.c.domain,
            WATCHED.c.due_at,
            CHECK.c.outcome,
            CHECK.c.headline,
            CHECK.c.observed_at,
            CHECK.c.outcomes,
        )
        .select_from(WATCHED.outerjoin(CHECK, WATCHED.c.newest == CHECK.c.id))
        .order_by(WATCHED.c.domain)
    )
    decoder = msgspec.json.Decoder(dict[str, Verdict])
    # Most domains fare alike, so that what senders do is read once for all of those.
    read: dict[str | None, Mapping[str, Verdict]] = {None: {}}
    found = []
    for domain, due_at, outcome, headline, observed_at, outcomes in connection.execute(query):
        if outcomes not in read:
            read[outcomes] = decoder.decode(outcomes)
        found.append(
            NewestVerdict(
                domain=domain,
                due_at=datetime.fromtimestamp(due_at, UTC),
                outcome=None if outcome is None else Verdict(outcome),
                headline=headline or "",
                observed_at=None if observed_at is None else datetime.fromtimestamp(observed_at, UTC),
                outcomes=read[outcomes],
            )
        )
    return found


def day_verdicts(
    connection: Connection, domains: Sequence[str], since: int, until: int
) -> Mapping[str, DayVerdicts]:
    """Return for each of `domains` the worst verdict of each day from `since` to `until`; an index answers it alone."""
    found: dict[str, dict[int, Verdict]] = {one: {} for one in domains}
    for begin in range(0, len(domains), _DOMAINS_AT_ONCE):
        query = (
            select(CHECK.c.domain, CHECK.c.day, CHECK.c.outcome)
            .where(
                CHECK.c.domain.in_(domains[begin : begin + _DOMAINS_AT_ONCE]),
                CHECK.c.day >= since,
                CHECK.c.day <= until,
            )
            .group_by(CHECK.c.domain, CHECK.c.day, CHECK.c.outcome)
        )
        for domain, day, outcome in connection.execute(query):
            days, verdict = found[domain], Verdict(outcome)
            before = days.get(day)
            if before is None or _RANK[verdict] < _RANK[before]:
                days[day] = verdict
    return found


def check_numbered(connection: Connection, number: int) -> tuple[str, KeptCheck] | None:
    """Return the domain of a check and the check, None where it is kept no longer."""
    row = connection.execute(select(CHECK.c.domain, *CHECK_COLUMNS).where(CHECK.c.id == number)).first()
    return None if row is None else (row.domain, check_in(row))


def checks_beside(
    connection: Connection, domain: str, observed_at: datetime
) -> tuple[int | None, int | None]:
    """Return the numbers of the check before and of the one after a moment, None where there is none."""
    at = observed_at.timestamp()
    of_domain = select(CHECK.c.id).where(CHECK.c.domain == domain)
    before = of_domain.where(CHECK.c.observed_at < at).order_by(CHECK.c.observed_at.desc()).limit(1)
    after = of_domain.where(CHECK.c.observed_at > at).order_by(CHECK.c.observed_at).limit(1)
    return connection.execute(before).scalar(), connection.execute(after).scalar()

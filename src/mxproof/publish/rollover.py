"""A rollover: another certificate of a mail server, with the TLSA records that name it, in the order that no sender notices.

| stage | it stands there until | then |
|---|---|---|
| `announce` | every name server has the records that come, and those that stand already and are relied on, beside the old ones | their moment is noted |
| `wait` | twice the time to live of the old set has gone by since, so that nobody holds the old set alone any more | |
| `install` | the certificate is shown: mxproof swaps the file, or whoever keeps the server installs it | its moment is noted |
| `settle` | processes that read the old file are gone, and no address shows what only the old records name | |
| `withdraw` | no name server has the old records any more | |
| `over` | | |

That is RFC 7671 section 8.1, which wants two times to live: a sender keeps for a while what its resolver had kept before, and each counts
whole seconds.

| a record that names the new chain | then |
|---|---|
| stands nowhere | it comes, and goes again where another certificate takes the place of this one |
| stands at every name server, and names the old chain as well: the key is kept, or the authority is the same | nobody waits: it goes on with `install` at once |
| stands at some name server, and is not one of those | it is relied on: since when it stands nobody knows, so that it is waited for as if it came; it is not ours, and stays |

A record that vanishes from a name server while it is waited for begins the wait anew. Each stage follows from what is seen, so that whoever comes
after a process that was killed goes on where it stands.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from mxproof.evidence import Der, Evidence, Kind, Question
from mxproof.formats.tlsa import DANE_TA, Tlsa, association_for, matching
from mxproof.judge.checks.mending import tlsa_value
from mxproof.mail.change import Change, Publish, RecordValue, TlsaValue, Withdraw
from mxproof.publish.step import LaggingPlace, record_at, shown_words, unasked
from mxproof.remedy.step_record import AlteredSet
from mxproof.store.journal.rollover import JournalledRollover
from mxproof.survey.name_servers import TRANSPORTS
from mxproof.survey.published import owner, where_served
from mxproof.survey.reading import tlsa_name

HELD_S: Final = 5
"""For how long beyond its time to live a set is held at least: resolver and sender may each add two seconds, and then connect."""


class Stage(StrEnum):
    """Where a rollover stands."""

    ANNOUNCE = "announce"
    WAIT = "wait"
    INSTALL = "install"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    OVER = "over"


class OwnedTlsa(msgspec.Struct, frozen=True):
    """A TLSA record at the name that has it, which for an alias is that at its end."""

    owner: str
    record: TlsaValue


class Rollover(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is rolled, as the journal keeps it.

    `hosts` are the names that the server is looked up by: MX names and where their aliases lead; `domains` those whose mail comes there.
    `chain` (leaf first) is shown then; `file` is swapped for that, empty where somebody else installs it. `coming` and `going` are records,
    `relied` those that stood already when it began and that alone name the chain. `old_ttl_s` is for how long caches may hold a set without
    those that come or are relied on, `kept_s` how long those that go stay once the chain is shown.
    """

    hosts: tuple[str, ...]
    domains: tuple[str, ...]
    chain: tuple[bytes, ...]
    file: str = ""
    coming: tuple[OwnedTlsa, ...] = ()
    going: tuple[OwnedTlsa, ...] = ()
    old_ttl_s: int = 0
    kept_s: int = 0
    relied: tuple[OwnedTlsa, ...] = ()

    def awaited(self) -> tuple[OwnedTlsa, ...]:
        """Return the records without which no cache may be when the chain is shown."""
        return (*self.coming, *self.relied)

    def owners(self) -> tuple[str, ...]:
        """Return the names at which something comes, is relied on, or goes."""
        return tuple(dict.fromkeys(one.owner for one in (*self.awaited(), *self.going)))


class RolloverSight(msgspec.Struct, frozen=True):
    """What is seen of a rollover.

    `without` are the name servers that lack a record that comes or is relied on, `still` those that have one that goes. `installed` tells whether the chain is
    where it is shown from, `old_shown` which addresses show what only records that go name, or do not tell; None where nobody looked.
    """

    without: tuple[LaggingPlace, ...]
    still: tuple[LaggingPlace, ...]
    installed: bool
    old_shown: tuple[LaggingPlace, ...] | None = None


def encoded_rollover(rollover: Rollover) -> bytes:
    """Return a rollover as the journal keeps it."""
    return msgspec.json.encode(rollover)


def rollover_in(journalled: JournalledRollover) -> Rollover:
    """Return what is rolled."""
    return msgspec.json.decode(journalled.rollover, type=Rollover)


def stage_of(
    rollover: Rollover,
    sight: RolloverSight,
    announced_at: datetime | None,
    shown_at: datetime | None,
    now: datetime,
) -> Stage:
    """Return where a rollover stands, by the table above."""
    if rollover.awaited() and not sight.installed:
        if sight.without:
            return Stage.ANNOUNCE
        safe_from = swap_from(rollover, announced_at)
        if safe_from is None or now < safe_from:
            return Stage.WAIT
    if not sight.installed or shown_at is None:
        return Stage.INSTALL
    if sight.without:
        return Stage.ANNOUNCE
    if not sight.still:
        return Stage.OVER
    if now < withdrawn_from(rollover, shown_at) or sight.old_shown is None or sight.old_shown:
        return Stage.SETTLE
    return Stage.WITHDRAW


def swap_from(rollover: Rollover, announced_at: datetime | None) -> datetime | None:
    """Return from when on nobody holds the old set alone, None where not every name server has the records for the new chain."""
    if announced_at is None:
        return None
    ttl_s = rollover.old_ttl_s
    return announced_at + timedelta(seconds=max(2 * ttl_s, ttl_s + HELD_S))


def withdrawn_from(rollover: Rollover, shown_at: datetime) -> datetime:
    """Return from when on the records that go may, where no address shows what they name."""
    return shown_at + timedelta(seconds=rollover.kept_s)


def without(rollover: Rollover, look: Evidence) -> tuple[LaggingPlace, ...]:
    """Return every name server, over each transport, that lacks a record which comes or is relied on, or does not tell."""
    return tuple(_lag(rollover.awaited(), look, wanted=True))


def still(rollover: Rollover, look: Evidence) -> tuple[LaggingPlace, ...]:
    """Return every name server, over each transport, that has a record which goes, or does not tell."""
    return tuple(_lag(rollover.going, look, wanted=False))


def silent(rollover: Rollover, look: Evidence) -> tuple[LaggingPlace, ...]:
    """Return every name server that does not tell what it has: nothing may be altered before all do, for sets are altered whole."""
    found: list[LaggingPlace] = []
    for name in rollover.owners():
        found += unasked(look, name)
        found += (place for place, records, _ in tlsa_at(look, name) if records is None)
    return tuple(found)


def _lag(records: Sequence[OwnedTlsa], look: Evidence, *, wanted: bool) -> Iterator[LaggingPlace]:
    for name in dict.fromkeys(one.owner for one in records):
        here = {one.record for one in records if one.owner == name}
        yield from unasked(look, name)
        for place, found, _ in tlsa_at(look, name):
            if found is None or (not here <= set(found) if wanted else here & set(found)):
                yield place


def tlsa_at(
    look: Evidence, name: str
) -> Iterator[tuple[LaggingPlace, tuple[RecordValue, ...] | None, int | None]]:
    """Yield every place where the TLSA records of an owner name are served, what is there (None: not told), and its time to live."""
    for where in where_served(look, name):
        for transport in TRANSPORTS:
            answer, found = record_at(look, Kind.TLSA, name, where.address, transport)
            shows = shown_words(answer, found)
            yield (
                LaggingPlace(where.server, where.address, transport.value, shows),
                found,
                answer.ttl_s if found else None,
            )


def altered_sets(
    rollover: Rollover, look: Evidence, ttl_s: int, *, withdraws: bool
) -> tuple[AlteredSet, ...]:
    """Return the sets as they are altered: with all that comes or is relied on, or without all that goes; `ttl_s` is that of a set that is new.

    What stands there is what any name server has, so that nothing which somebody else just published is lost.
    """
    return tuple(_altered_sets(rollover, look, ttl_s, withdraws=withdraws))


def _altered_sets(rollover: Rollover, look: Evidence, ttl_s: int, *, withdraws: bool) -> Iterator[AlteredSet]:
    records = rollover.going if withdraws else rollover.awaited()
    for name in dict.fromkeys(one.owner for one in records):
        here = [one.record for one in records if one.owner == name]
        served = list(tlsa_at(look, name))
        before = tuple(dict.fromkeys(one for _, found, _ in served for one in found or ()))
        kept = tuple(one for one in before if not withdraws or one not in here)
        after = kept if withdraws else tuple(dict.fromkeys((*before, *here)))
        seen_s = max((one for _, _, one in served if one is not None), default=ttl_s)
        yield AlteredSet(name, Kind.TLSA, before, after, seen_s, seen_s)


def longest_ttl_s(look: Evidence, owners: Sequence[str]) -> int:
    """Return for how long caches may hold the sets of now, by the longest time to live that any name server says."""
    return max((ttl for name in owners for _, _, ttl in tlsa_at(look, name) if ttl is not None), default=0)


def owner_of_host(look: Evidence, host: str) -> str:
    """Return the name that has the TLSA records of port 25 of a host, or would."""
    return owner(look, Question(Kind.TLSA, tlsa_name(host)))


def owned_changes(
    changes: Sequence[Change],
    left: Sequence[OwnedTlsa],
    authorities: Sequence[Der],
    chain: Sequence[Der],
    standing: Sequence[OwnedTlsa],
) -> tuple[tuple[OwnedTlsa, ...], tuple[OwnedTlsa, ...]]:
    """Return what comes and what goes by the changes of `rolled`, with authorities that rotate.

    Of a name with records of authorities (2 1 1) a record of each of `authorities` comes, and none of them goes. Where none are named, a record of
    an authority stays as long as another one names that of the new chain already: whoever published both will need them again. What an unfinished
    rollover `left` goes, unless it names the new chain.
    """
    owned = [
        (one, OwnedTlsa(one.name, one.record))
        for one in changes
        if isinstance(one, Publish | Withdraw)
        if isinstance(one.record, TlsaValue)
    ]
    coming = {record: None for one, record in owned if isinstance(one, Publish)}
    going = {record: None for one, record in owned if isinstance(one, Withdraw)}
    going |= {one: None for one in left if not _names(one.record, chain)}
    rotating = dict.fromkeys(one.owner for one in standing if one.record.usage == DANE_TA)
    each = [authority_record(one) for one in authorities]
    coming |= {OwnedTlsa(name, one): None for name in rotating for one in each}
    named = {one.owner for one in standing if one.record.usage == DANE_TA and _names(one.record, chain)}
    kept = {
        one for one in going if one.record.usage == DANE_TA and (one.record in each or one.owner in named)
    }
    return (
        tuple(one for one in coming if one not in standing),
        tuple(one for one in going if one not in kept and one not in coming),
    )


def authority_record(authority: Der) -> TlsaValue:
    """Return the record of an authority by its key (RFC 7672 section 3.1.2)."""
    return tlsa_value(Tlsa(DANE_TA, 1, 1, association_for(authority, 1, 1)))


def tlsa_of(value: TlsaValue) -> Tlsa:
    """Return a TLSA record as it is compared with certificates."""
    return Tlsa(value.usage, value.selector, value.matching_type, bytes.fromhex(value.association))


def _names(value: TlsaValue, chain: Sequence[Der]) -> bool:
    return matching(tlsa_of(value), chain) is not None

"""Where a rollover stands follows from what is seen."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Answer, Der, Evidence, Kind, Outcome, Question, Transport
from mxproof.formats.tlsa import association_for
from mxproof.mail.change import Publish, TlsaValue, Withdraw
from mxproof.publish.rollover import (
    OwnedTlsa,
    Rollover,
    RolloverSight,
    Stage,
    authority_record,
    encoded_rollover,
    owned_changes,
    rollover_in,
    silent,
    stage_of,
    still,
    swap_from,
    tlsa_at,
    without,
)
from mxproof.publish.step import LaggingPlace
from mxproof.store.journal.rollover import JournalledRollover, RolloverState
from support_certificates import INTERMEDIATE, ROOT
from support_publication import SERVERS
from support_rollover import DOMAIN, MX1, NEW, OLD, OWNER, TTL_S, RolledWorld, shown

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLACE = (LaggingPlace("ns1.example.com", "192.0.2.53", "udp", "no record"),)


def _record(names: tuple[str, ...]) -> TlsaValue:
    return TlsaValue(3, 1, 1, association_for(shown(names).der, 1, 1).hex())


COMING = OwnedTlsa(OWNER, _record(NEW))
GOING = OwnedTlsa(OWNER, _record(OLD))
ROLLED = Rollover(
    ("mx1.example.com",),
    ("example.com",),
    (shown(NEW).der,),
    "/etc/mx1.pem",
    (COMING,),
    (GOING,),
    old_ttl_s=300,
    kept_s=600,
)
RELIED = msgspec.structs.replace(ROLLED, coming=(), going=(), relied=(COMING,))
KEY_KEPT = Rollover(ROLLED.hosts, ROLLED.domains, ROLLED.chain, ROLLED.file)


def _seconds(number: float) -> datetime:
    return AT + timedelta(seconds=number)


@pytest.mark.parametrize(("ttl_s", "held_s"), [(300, 600), (5, 10), (2, 7), (0, 5)])
def test_a_set_is_held_for_twice_its_time_to_live_and_some_seconds_at_least(ttl_s: int, held_s: int) -> None:
    rollover = msgspec.structs.replace(ROLLED, old_ttl_s=ttl_s)
    assert (swap_from(rollover, None), swap_from(rollover, AT)) == (None, _seconds(held_s))


@pytest.mark.parametrize(
    ("rollover", "sight", "announced_s", "shown_s", "now_s", "want"),
    [
        (ROLLED, RolloverSight(PLACE, PLACE, installed=False), None, None, 0, Stage.ANNOUNCE),
        (ROLLED, RolloverSight(PLACE, PLACE, installed=False), 0, None, 601, Stage.ANNOUNCE),
        (ROLLED, RolloverSight((), PLACE, installed=False), None, None, 0, Stage.WAIT),
        (ROLLED, RolloverSight((), PLACE, installed=False), 0, None, 599, Stage.WAIT),
        (ROLLED, RolloverSight((), PLACE, installed=False), 0, None, 600, Stage.INSTALL),
        (ROLLED, RolloverSight((), PLACE, installed=True), 0, None, 600, Stage.INSTALL),
        (ROLLED, RolloverSight(PLACE, PLACE, installed=True), 0, 300, 300, Stage.ANNOUNCE),
        (ROLLED, RolloverSight((), PLACE, installed=True, old_shown=()), 0, 300, 899, Stage.SETTLE),
        (ROLLED, RolloverSight((), PLACE, installed=True), 0, 300, 900, Stage.SETTLE),
        (ROLLED, RolloverSight((), PLACE, installed=True, old_shown=PLACE), 0, 300, 900, Stage.SETTLE),
        (ROLLED, RolloverSight((), PLACE, installed=True, old_shown=()), 0, 300, 900, Stage.WITHDRAW),
        (ROLLED, RolloverSight((), (), installed=True), 0, 300, 301, Stage.OVER),
        (KEY_KEPT, RolloverSight((), (), installed=False), None, None, 0, Stage.INSTALL),
        (RELIED, RolloverSight(PLACE, (), installed=False), None, None, 0, Stage.ANNOUNCE),
        (RELIED, RolloverSight((), (), installed=False), None, None, 0, Stage.WAIT),
        (RELIED, RolloverSight((), (), installed=False), 0, None, 600, Stage.INSTALL),
        (RELIED, RolloverSight(PLACE, (), installed=True), 0, 600, 601, Stage.ANNOUNCE),
        (KEY_KEPT, RolloverSight((), (), installed=True), None, 0, 0, Stage.OVER),
    ],
)
def test_the_stage_follows_from_what_is_seen_and_when(
    rollover: Rollover,
    sight: RolloverSight,
    announced_s: int | None,
    shown_s: int | None,
    now_s: int,
    want: Stage,
) -> None:
    announced_at = None if announced_s is None else _seconds(announced_s)
    shown_at = None if shown_s is None else _seconds(shown_s)
    assert stage_of(rollover, sight, announced_at, shown_at, _seconds(now_s)) is want


def test_a_rollover_comes_out_of_the_journal_as_it_went_in() -> None:
    kept = JournalledRollover(
        1, "mx1.example.com", encoded_rollover(ROLLED), "", RolloverState.OPEN, AT, None, None, None
    )
    assert rollover_in(kept) == ROLLED


CHAIN = (Der(shown(NEW).der), Der(INTERMEDIATE.der))
ABOVE = OwnedTlsa(OWNER, authority_record(Der(INTERMEDIATE.der)))
OTHER = OwnedTlsa(OWNER, authority_record(Der(ROOT.der)))


def test_of_keys_what_names_the_new_one_comes_and_what_names_the_old_one_goes() -> None:
    changes = (Publish(OWNER, COMING.record), Withdraw(OWNER, GOING.record))
    assert owned_changes(changes, (), (), CHAIN, (GOING,)) == ((COMING,), (GOING,))


def test_an_authority_stays_named_while_another_record_names_that_of_the_new_chain() -> None:
    changes = (Withdraw(OWNER, OTHER.record),)
    assert owned_changes(changes, (), (), CHAIN, (ABOVE, OTHER)) == ((), ())


def test_an_authority_that_nothing_names_any_more_goes() -> None:
    changes = (Publish(OWNER, ABOVE.record), Withdraw(OWNER, OTHER.record))
    assert owned_changes(changes, (), (), CHAIN, (OTHER,)) == ((ABOVE,), (OTHER,))


def test_each_authority_that_may_issue_is_named_where_authorities_are_and_none_of_them_goes() -> None:
    both = (Der(INTERMEDIATE.der), Der(ROOT.der))
    changes = (Withdraw(OWNER, OTHER.record),)
    assert owned_changes(changes, (), both, CHAIN, (OTHER,)) == ((ABOVE,), ())
    assert owned_changes((), (), both, CHAIN, (GOING,)) == ((), ())


def test_what_an_unfinished_rollover_left_goes_unless_it_names_the_new_chain() -> None:
    newer = OwnedTlsa(OWNER, TlsaValue(3, 1, 1, "ab" * 32))
    assert owned_changes((), (COMING, newer), (), CHAIN, (COMING, newer)) == ((), (newer,))


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Return what every name server has before anything is rolled: the record of the old key."""
    return RolledWorld(tmp_path_factory.mktemp("world")).look(DOMAIN, (MX1,))


def places(found: tuple[LaggingPlace, ...]) -> list[tuple[str, str]]:
    return [(one.address, one.transport) for one in found]


EVERYWHERE = [(server, transport) for server in SERVERS for transport in ("udp", "tcp")]


def test_where_records_are_missing_or_still_stand_is_told_of_every_server_over_each_transport(
    look: Evidence,
) -> None:
    assert places(without(ROLLED, look)) == EVERYWHERE
    assert places(still(ROLLED, look)) == EVERYWHERE
    there = msgspec.structs.replace(ROLLED, coming=(GOING,), going=(COMING,))
    assert (without(there, look), still(there, look), silent(ROLLED, look)) == ((), (), ())
    assert (without(KEY_KEPT, look), still(KEY_KEPT, look), silent(KEY_KEPT, look)) == ((), (), ())


def test_a_server_that_does_not_tell_is_silent_and_counts_against_every_record(look: Evidence) -> None:
    question = Question(Kind.TLSA, OWNER, server=SERVERS[1], transport=Transport.TCP)
    mute = look.with_answers([(question, Answer(Outcome.TIMEOUT, AT))])
    there = msgspec.structs.replace(ROLLED, coming=(GOING,), going=(COMING,))
    only = [(SERVERS[1], "tcp")]
    assert places(silent(ROLLED, mute)) == only
    assert [one.shows for one in silent(ROLLED, mute)] == ["timeout"]
    assert (places(without(there, mute)), places(still(there, mute))) == (only, only)


def test_what_nobody_could_be_asked_for_is_told_by_its_name() -> None:
    unknown = Evidence(DOMAIN)
    for found in (without(ROLLED, unknown), still(ROLLED, unknown), silent(ROLLED, unknown)):
        assert [(one.place, one.address) for one in found] == [(OWNER, "")]


def test_the_time_to_live_is_told_with_records_that_are_there(look: Evidence) -> None:
    question = Question(Kind.TLSA, OWNER, server=SERVERS[0], transport=Transport.UDP)
    gone = look.with_answers(
        [(question, msgspec.structs.replace(look.answer(question), outcome=Outcome.EMPTY))]
    )
    assert [ttl_s for _, _, ttl_s in tlsa_at(look, OWNER)] == [TTL_S] * 4
    assert next((records, ttl_s) for _, records, ttl_s in tlsa_at(gone, OWNER)) == ((), None)

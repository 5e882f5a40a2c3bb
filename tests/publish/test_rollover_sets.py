"""The sets of TLSA records that a rollover alters: all that any name server has stays, but for what goes, and how long sets are held."""

from datetime import UTC, datetime

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Outcome, Question, TlsaRecord, Transport
from mxproof.mail.change import TlsaValue
from mxproof.publish.rollover import OwnedTlsa, Rollover, altered_sets, longest_ttl_s, without
from mxproof.remedy.step_record import AlteredSet
from support_publication import SERVERS
from support_rollover import DOMAIN, MX1, OWNER, TTL_S, RolledWorld, record, shown

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
OTHER_OWNER = "_25._tcp.mx2.example.com"
OLD = TlsaValue(3, 1, 1, record(shown((MX1,))).split()[-1])
NEW, RELIED, FOREIGN = (TlsaValue(3, 1, 1, two * 32) for two in ("ab", "cd", "ef"))


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Return what every name server has: the record of the old key."""
    return RolledWorld(tmp_path_factory.mktemp("world")).look(DOMAIN, (MX1, "mx2.example.com"))


def at_server(
    look: Evidence, server: str, *records: TlsaValue, ttl_s: int = TTL_S, owner: str = OWNER
) -> Evidence:
    """Return the look where one server has these records instead."""
    told = []
    for transport in (Transport.UDP, Transport.TCP):
        question = Question(Kind.TLSA, owner, server=server, transport=transport)
        answer = look.answer(Question(Kind.TLSA, OWNER, server=SERVERS[0], transport=transport))
        assert answer.data is not None
        held = tuple(
            TlsaRecord(one.usage, one.selector, one.matching_type, bytes.fromhex(one.association))
            for one in records
        )
        data = msgspec.structs.replace(answer.data, records=held)
        outcome = Outcome.FOUND if held else Outcome.EMPTY
        told.append((question, msgspec.structs.replace(answer, outcome=outcome, data=data, ttl_s=ttl_s)))
    return look.with_answers(told)


def rolled(
    coming: tuple[TlsaValue, ...] = (),
    going: tuple[TlsaValue, ...] = (),
    relied: tuple[TlsaValue, ...] = (),
    owner: str = OWNER,
) -> Rollover:
    each = (tuple(OwnedTlsa(owner, one) for one in records) for records in (coming, going, relied))
    came, went, stood = each
    return Rollover((MX1,), (DOMAIN,), (), coming=came, going=went, relied=stood)


def test_what_comes_stands_behind_what_any_server_has_and_what_goes_leaves_the_rest(look: Evidence) -> None:
    beside = at_server(look, SERVERS[1], FOREIGN, RELIED, ttl_s=2 * TTL_S)
    rollover = rolled((NEW,), (OLD,), (RELIED,))
    before = (OLD, FOREIGN, RELIED)
    assert altered_sets(rollover, beside, 60, withdraws=False) == (
        AlteredSet(OWNER, Kind.TLSA, before, (*before, NEW), 2 * TTL_S, 2 * TTL_S),
    )
    assert altered_sets(rollover, beside, 60, withdraws=True) == (
        AlteredSet(OWNER, Kind.TLSA, before, (FOREIGN, RELIED), 2 * TTL_S, 2 * TTL_S),
    )


def test_what_was_relied_on_and_vanished_is_altered_like_what_comes(look: Evidence) -> None:
    (made,) = altered_sets(rolled(relied=(RELIED,)), look, 60, withdraws=False)
    assert (made.before, made.after) == ((OLD,), (OLD, RELIED))
    assert altered_sets(rolled(relied=(RELIED,)), look, 60, withdraws=True) == ()
    assert altered_sets(rolled(going=(OLD,)), look, 60, withdraws=False) == ()


def test_a_set_that_is_new_gets_the_time_to_live_that_is_configured(look: Evidence) -> None:
    empty = at_server(at_server(look, SERVERS[0]), SERVERS[1])
    assert altered_sets(rolled((NEW,)), empty, 60, withdraws=False) == (
        AlteredSet(OWNER, Kind.TLSA, (), (NEW,), 60, 60),
    )


def test_each_name_has_a_set_of_its_own(look: Evidence) -> None:
    both = msgspec.structs.replace(
        rolled((NEW,), (OLD,)), coming=(OwnedTlsa(OTHER_OWNER, FOREIGN), OwnedTlsa(OWNER, NEW))
    )
    seen = at_server(look, SERVERS[0], RELIED, ttl_s=900, owner=OTHER_OWNER)
    assert altered_sets(both, seen, 60, withdraws=False) == (
        AlteredSet(OTHER_OWNER, Kind.TLSA, (RELIED,), (RELIED, FOREIGN), 900, 900),
        AlteredSet(OWNER, Kind.TLSA, (OLD,), (OLD, NEW), TTL_S, TTL_S),
    )
    assert [one.name for one in altered_sets(both, seen, 60, withdraws=True)] == [OWNER]
    assert both.owners() == (OTHER_OWNER, OWNER)


def test_sets_are_held_for_the_longest_time_to_live_at_any_server_of_any_of_the_names(look: Evidence) -> None:
    seen = at_server(at_server(look, SERVERS[1], OLD, ttl_s=900), SERVERS[0], NEW, ttl_s=30)
    assert longest_ttl_s(seen, (OWNER,)) == 900
    other = at_server(seen, SERVERS[0], FOREIGN, ttl_s=1200, owner=OTHER_OWNER)
    assert longest_ttl_s(other, (OWNER,)) == 900
    assert longest_ttl_s(other, (OWNER, OTHER_OWNER)) == longest_ttl_s(other, (OTHER_OWNER, OWNER)) == 1200
    assert longest_ttl_s(look, ()) == 0


def test_a_server_lacks_what_is_awaited_while_it_lacks_any_of_it(look: Evidence) -> None:
    rollover = rolled((NEW,), (OLD,), (RELIED,))
    only_one = at_server(at_server(look, SERVERS[0], OLD, NEW), SERVERS[1], OLD, RELIED, NEW)
    assert {one.address for one in without(rollover, only_one)} == {SERVERS[0]}
    whole = at_server(only_one, SERVERS[0], RELIED, NEW)
    assert without(rollover, whole) == ()

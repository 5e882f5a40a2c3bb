"""The parts of the search: which sets are passed over, how one set grows and is stripped, and which of those found stay."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

import pytest

from mxproof.evidence import Evidence, Vantage
from mxproof.mail.change import Ipv4Value, Publish
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.search.way_search import (
    Measures,
    SearchOptions,
    _joined,
    _may_lead,
    _Searching,
    _smallest,
)

JUDGE = Judge(Evidence("example.com", Vantage()), datetime(2026, 11, 1, tzinfo=UTC), (), ())
ONE, TWO, THREE = "mx1.example.com", "mx2.example.com", "mx3.example.com"


def measure(kind: MeasureKind, about: str = "", address: str = "192.0.2.1") -> Measure:
    return Measure(kind, about, (Publish(f"{kind}.{about}", Ipv4Value(address)),))


SERVE, WIDER = (measure(MeasureKind.SERVE_POLICY, address=one) for one in ("192.0.2.1", "192.0.2.2"))
SERVER, CERTIFICATE = measure(MeasureKind.SERVER, ONE), measure(MeasureKind.CERTIFICATE, ONE)
SERVER_TWO, CERTIFICATE_TWO = measure(MeasureKind.SERVER, TWO), measure(MeasureKind.CERTIFICATE, TWO)
NAMED, NAMED_TWO = measure(MeasureKind.MX_NAME, ONE), measure(MeasureKind.MX_NAME, TWO)


def test_a_policy_takes_the_place_of_an_earlier_one_and_of_no_other_measure() -> None:
    assert _joined((SERVE, SERVER), (WIDER,)) == (SERVER, WIDER)
    assert _joined((SERVE, SERVER), (CERTIFICATE, SERVER)) == (SERVE, SERVER, CERTIFICATE)
    assert _joined((), (SERVER, SERVER_TWO)) == (SERVER, SERVER_TWO)


def test_of_the_ways_found_those_stay_that_do_not_all_that_another_does_the_smallest_first() -> None:
    pair, single, longer = (SERVER, SERVER_TWO), (CERTIFICATE,), (CERTIFICATE, SERVER)
    assert _smallest([pair, single, longer]) == (single, pair)
    assert _smallest([(SERVER_TWO, SERVER), pair]) == ((SERVER_TWO, SERVER),)
    assert _smallest([]) == ()


def test_of_two_policies_that_lead_out_the_one_found_first_stays() -> None:
    assert _smallest([(SERVE, SERVER), (WIDER, SERVER)]) == ((SERVE, SERVER),)
    assert _smallest([(SERVE, SERVER), (WIDER,)]) == ((WIDER,),)


@pytest.mark.parametrize(
    ("one", "first", "needing", "leads"),
    [
        (SERVER, (SERVER,), {ONE, TWO}, True),
        (SERVER, (SERVER,), {ONE, TWO, THREE}, False),
        (SERVER, (SERVER,), {TWO, THREE}, False),
        (SERVER, (SERVER, SERVE), {ONE, TWO, THREE}, True),
        (SERVE, (SERVER,), {ONE, TWO, THREE}, True),
        (SERVER, (SERVER,), set(), True),
    ],
)
def test_one_measure_may_lead_to_a_way_of_two_unless_two_hosts_more_are_in_need(
    one: Measure, first: Measures, needing: set[str], *, leads: bool
) -> None:
    assert _may_lead(one, first, frozenset(needing)) is leads


Rule = Callable[[Measures], bool]


class Reaching(Protocol):
    """A search that takes a set for a way where a rule says so, with the sets that it asks about."""

    def __call__(self, rule: Rule, sets_max: int = ...) -> tuple[_Searching, list[Measures]]: ...


@pytest.fixture
def searching(monkeypatch: pytest.MonkeyPatch) -> Reaching:
    """Have a set reach the goal where a rule says so; return a search, and the sets that it asks about."""

    def made(rule: Rule, sets_max: int = 100) -> tuple[_Searching, list[Measures]]:
        asked: list[Measures] = []
        one = _Searching(JUDGE, SearchOptions(sets_max=sets_max))

        def reaches(measures: Measures) -> bool:
            asked.append(measures)
            return rule(measures)

        monkeypatch.setattr(one, "_reaches", reaches)
        return one, asked

    return made


def holds(*needed: Measure) -> Rule:
    return lambda measures: set(needed) <= set(measures)


def test_a_set_that_leaves_a_host_in_need_untouched_is_passed_over(searching: Reaching) -> None:
    one, asked = searching(holds(SERVER, SERVER_TWO))
    needing = frozenset({ONE, TWO})
    assert all(one._tried(way, needing) for way in ((SERVER,), (SERVER_TWO, CERTIFICATE_TWO)))
    assert asked == []
    sets = ((SERVE,), (SERVER, SERVE), (SERVER, SERVER_TWO))
    assert all(one._tried(way, needing) for way in sets)
    assert asked == list(sets)


def test_what_holds_a_way_is_not_looked_at_and_no_set_is_judged_twice(searching: Reaching) -> None:
    one, asked = searching(holds(SERVER))
    for way in ((CERTIFICATE,), (SERVER,), (CERTIFICATE, SERVER), (CERTIFICATE,)):
        assert one._tried(way, frozenset())
    assert one._judge_set((SERVE, CERTIFICATE))
    assert one._judge_set((CERTIFICATE, SERVE))
    assert asked == [(CERTIFICATE,), (SERVER,), (SERVE, CERTIFICATE)]
    assert one._found == [(SERVER,)]


def test_a_way_that_is_followed_is_stripped_of_kinds_first_and_then_of_single_measures(
    searching: Reaching,
) -> None:
    one, _ = searching(holds(SERVE, CERTIFICATE))
    every = (SERVER, SERVE, CERTIFICATE, CERTIFICATE_TWO, SERVER_TWO)
    assert one._follow((SERVER, SERVER_TWO))
    assert one._found == []
    assert one._follow(every)
    assert one._found == [(SERVE, CERTIFICATE)]
    assert one._follow(every)
    assert one._found == [(SERVE, CERTIFICATE)]


def test_of_a_set_that_needs_all_nothing_is_left_out_and_the_last_measure_never_is(
    searching: Reaching,
) -> None:
    pair = SERVER, SERVER_TWO
    assert searching(holds(*pair))[0]._stripped(pair) == pair
    one, asked = searching(lambda _: True)
    assert one._stripped(pair) == (SERVER_TWO,)
    assert () not in asked


def test_kinds_that_make_a_way_are_not_followed_unless_hosts_go_by_another_name(searching: Reaching) -> None:
    one, _ = searching(lambda _: True)
    assert not one._has_kinds_of_a_way((SERVER,))
    assert one._judge_set((SERVER,))
    assert one._has_kinds_of_a_way((SERVER_TWO,))
    assert one._has_kinds_of_a_way((SERVER_TWO, CERTIFICATE))
    assert not one._has_kinds_of_a_way((CERTIFICATE,))
    assert not one._has_kinds_of_a_way((SERVER, NAMED))
    assert one._judge_set((NAMED,))
    assert one._has_kinds_of_a_way((NAMED_TWO, SERVER))


def test_at_the_bound_no_other_set_is_judged_and_what_was_judged_is_known_still(searching: Reaching) -> None:
    one, asked = searching(lambda _: False, sets_max=2)
    judged = [(one._judge_set(those), one._stopped) for those in ((SERVER,), (CERTIFICATE,), (SERVER,))]
    assert judged == [(True, False)] * 3
    assert (one._judge_set((SERVE,)), one._follow((NAMED,)), one._stopped) == (False, False, True)
    assert asked == [(SERVER,), (CERTIFICATE,)]

"""What a series of checks comes to: news is what was seen twice, and what could not be found out changes nothing."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from mxproof.judge.differing import seen
from mxproof.judge.settling import (
    BLIND_CHECKS,
    CANDIDATE_CHECKS,
    FLAP_SPAN,
    FLAPS,
    SEEN_ONCE_MAX,
    STAYS,
    SeenState,
    SettledState,
    Step,
    Turn,
    TurnKind,
    Weighed,
    settle,
    sight,
)
from mxproof.judge.vocabulary import Severity, Verdict
from support_settling import BAD, BLIND, GOOD, HOUR, MOVED, REFUSES, START, UNKNOWN, UNLISTED
from support_world import GOOD_POLICY, ZoneWorld, collect


def after(sights: Sequence[SeenState], every: timedelta = HOUR) -> list[Step]:
    """Return the steps of checks that see `sights`, the first at START."""
    held, steps = SettledState(), list[Step]()
    for number, one in enumerate(sights):
        steps.append(settle(held, one, START + number * every))
        held = steps[-1].held
    return steps


def turns(sights: Sequence[SeenState], every: timedelta = HOUR) -> list[tuple[int, Turn]]:
    """Return the news behind a domain in good order, each with the number of its check."""
    steps = after([GOOD, GOOD, *sights], every=every)
    return [(number, one.turn) for number, one in enumerate(steps[2:], 1) if one.turn is not None]


def kinds(sights: Sequence[SeenState]) -> list[tuple[int, TurnKind]]:
    return [(number, turn.kind) for number, turn in turns(sights)]


def test_the_first_observation_holds_once_it_was_seen_twice() -> None:
    once, twice, thrice = after([BAD, BAD, BAD])
    assert (once.turn, once.soon, once.held.sight) == (None, True, None)
    assert (twice.turn, twice.adopts, twice.soon) == (Turn(TurnKind.FIRST, START), True, False)
    assert (thrice.turn, thrice.adopts, thrice.soon) == (None, True, False)


def test_a_fault_that_is_seen_twice_is_news_since_it_was_seen_first() -> None:
    assert turns([GOOD, BAD, BAD]) == [(3, Turn(TurnKind.CHANGED, START + 3 * HOUR))]


def test_a_fault_that_is_seen_once_is_none_and_is_looked_at_again_soon() -> None:
    steps = after([GOOD, GOOD, BAD, GOOD, GOOD])
    assert [one.soon for one in steps] == [True, False, True, False, False]
    assert kinds([BAD, GOOD, GOOD, GOOD, GOOD, GOOD, GOOD, BAD, GOOD]) == []


def test_what_is_seen_now_and_then_is_news_too() -> None:
    """One of two name servers holds something else: every other answer is from it."""
    assert kinds([BAD, GOOD, GOOD, BAD]) == [(4, TurnKind.CHANGED)]


def test_the_end_of_a_fault_is_news_when_it_was_seen_twice() -> None:
    assert kinds([BAD, BAD, GOOD, GOOD]) == [(2, TurnKind.CHANGED), (4, TurnKind.CHANGED)]


def warned_by_turns(sight: SeenState, count: int) -> list[SeenState]:
    """Return a sight as it is while other name servers do not answer each time."""
    silent = [
        Weighed("ns-unanswered", f"ns{number}.example.net", Severity.WARNING) for number in range(count)
    ]
    return [msgspec.structs.replace(sight, findings=(*sight.findings, one)) for one in silent]


def test_a_fault_is_news_whatever_else_is_other_each_time() -> None:
    assert kinds(warned_by_turns(BAD, 2)) == [(2, TurnKind.CHANGED)]
    assert [one.turn is not None for one in after(warned_by_turns(BAD, 2))] == [False, True]


def test_a_warning_that_is_another_each_time_is_no_news() -> None:
    assert kinds(warned_by_turns(GOOD, 9)) == []


def test_addresses_that_turn_are_not_run_after() -> None:
    turning = [msgspec.structs.replace(GOOD, facts={"address mx1 A": f"{number}"}) for number in range(20)]
    assert sum(one.soon for one in after([GOOD, GOOD, *turning])[2:]) == 1


def test_a_fault_among_addresses_that_turn_is_looked_at_again_soon() -> None:
    turning = [msgspec.structs.replace(GOOD, facts={"address mx1 A": f"{number}"}) for number in range(3)]
    assert after([GOOD, GOOD, *turning, BAD])[-1].soon


def test_another_record_that_changes_mail_for_nobody_is_a_detail() -> None:
    assert kinds([MOVED, MOVED]) == [(2, TurnKind.DETAIL)]


def test_what_could_not_be_found_out_is_no_change_of_mail() -> None:
    sights = [BLIND] * (BLIND_CHECKS + 5)
    assert turns(sights) == [(BLIND_CHECKS, Turn(TurnKind.BLIND, START + 2 * HOUR))]
    assert after([GOOD, GOOD, *sights])[-1].held.sight == GOOD


def test_a_silence_that_blinds_is_told_as_that_and_not_as_a_finding_before() -> None:
    silent = Weighed("resolver-unanswered", "example.com", Severity.ERROR)
    gone = msgspec.structs.replace(BLIND, findings=(silent,))
    assert kinds([gone] * (BLIND_CHECKS + 2)) == [(BLIND_CHECKS, TurnKind.BLIND)]
    assert kinds([gone] * BLIND_CHECKS + [GOOD] * 3)[1:] == [(BLIND_CHECKS + 1, TurnKind.SIGHTED)]
    seen_still = msgspec.structs.replace(GOOD, findings=(silent,))
    assert kinds([seen_still] * 2) == [(2, TurnKind.CHANGED)]


def test_a_fault_is_news_also_where_less_is_seen() -> None:
    fault = msgspec.structs.replace(BLIND, findings=(UNLISTED,))
    assert kinds([fault] * 2) == [(2, TurnKind.CHANGED)]


def test_that_a_domain_can_be_seen_again_is_told_where_its_blindness_was() -> None:
    assert kinds([*[BLIND] * BLIND_CHECKS, GOOD]) == [
        (BLIND_CHECKS, TurnKind.BLIND),
        (BLIND_CHECKS + 1, TurnKind.SIGHTED),
    ]
    assert kinds([*[BLIND] * (BLIND_CHECKS - 1), GOOD]) == []


def test_checks_that_see_nothing_count_as_blindness_in_a_row_alone() -> None:
    short = [BLIND] * (BLIND_CHECKS - 1)
    assert kinds([*short, GOOD, *short]) == []
    assert turns([*short, GOOD, *short, BLIND]) == [
        (2 * BLIND_CHECKS, Turn(TurnKind.BLIND, START + (BLIND_CHECKS + 2) * HOUR))
    ]


def test_a_sender_that_refuses_is_news_also_where_another_cannot_be_judged() -> None:
    half = SeenState({"google": UNKNOWN, "microsoft": REFUSES}, (UNLISTED,), BAD.facts, ("a?",))
    (number, turn), *_ = turns([half, half])
    assert (number, turn.kind) == (2, TurnKind.CHANGED)
    assert after([GOOD, GOOD, half, half])[-1].held.sight == msgspec.structs.replace(BAD, unknowns=())


def test_a_finding_does_not_end_where_its_question_was_not_answered() -> None:
    warned = msgspec.structs.replace(GOOD, findings=(Weighed("tlsrpt-missing", "d", Severity.WARNING),))
    late = msgspec.structs.replace(GOOD, unknowns=("TXT?",))
    steps = after([warned, warned, late, late, late])
    assert [one.turn for one in steps[2:]] == [None, None, None]


def test_what_goes_back_and_forth_is_told_once_and_then_quiet_for_a_day() -> None:
    states = [BAD, BAD, GOOD, GOOD] * FLAPS
    found = [turn for _, turn in turns(states, every=timedelta(minutes=10))]
    assert [one.is_flapping for one in found] == [number >= FLAPS for number in range(1, len(found) + 1)]
    assert [one.is_quiet for one in found] == [number > FLAPS for number in range(1, len(found) + 1)]
    held = after([GOOD, GOOD, *states], every=timedelta(minutes=10))[-1].held
    later = START + FLAP_SPAN * 2
    settled = settle(settle(held, BAD, later).held, BAD, later + HOUR).turn
    assert settled is not None
    assert (settled.is_flapping, settled.is_quiet) == (False, False)


def test_what_went_back_and_forth_and_stays_bad_is_told_once() -> None:
    flapping = [BAD, BAD, GOOD, GOOD] * (FLAPS // 2)
    steps = after([GOOD, GOOD, *flapping, BAD, BAD], every=timedelta(minutes=10))
    last = steps[-1]
    assert last.turn is not None
    assert last.turn.is_quiet
    changed = last.held.turns[-1]
    early = settle(last.held, BAD, changed + STAYS - HOUR)
    assert early.turn is None
    assert settle(early.held, BLIND, changed + STAYS).turn is None
    told = settle(early.held, msgspec.structs.replace(BAD, facts={"address mx1 A": "x"}), changed + STAYS)
    assert told.turn == Turn(TurnKind.CHANGED, changed, stays=True)
    again = settle(told.held, BAD, changed + STAYS + HOUR)
    assert again.turn is None


def test_what_went_back_and_forth_and_stays_good_is_not_told() -> None:
    flapping = [BAD, BAD, GOOD, GOOD] * FLAPS
    steps = after([GOOD, GOOD, *flapping], every=timedelta(minutes=10))
    assert settle(steps[-1].held, GOOD, steps[-1].held.turns[-1] + FLAP_SPAN).turn is None


def test_what_a_clock_ahead_saw_makes_nothing_quiet_once_it_is_right() -> None:
    held = after([GOOD, GOOD, *[BAD, BAD, GOOD, GOOD] * FLAPS], every=timedelta(minutes=10))[-1].held
    before = START - timedelta(days=365)
    settled = settle(settle(held, BAD, before).held, BAD, before + HOUR).turn
    assert settled is not None
    assert (settled.is_flapping, settled.is_quiet) == (False, False)


def test_a_sight_is_the_same_for_the_same_world_and_tells_a_fault_from_none() -> None:
    good = ZoneWorld()
    bad = good.but(policy=GOOD_POLICY.replace(b"mx: mx1.example.com\n", b""))
    assert sight(seen(collect(good))) == sight(seen(collect(good)))
    found = sight(seen(collect(bad)))
    assert found.fates["microsoft"].outcome is not Verdict.DELIVERS
    assert "sts-mx-unlisted" in {one.code for one in found.findings}
    assert after([found, found, sight(seen(collect(good)))])[-1].soon


def test_what_is_held_survives_being_written_down() -> None:
    for step in after([GOOD, GOOD, BAD, BLIND]):
        assert msgspec.json.decode(msgspec.json.encode(step.held), type=SettledState) == step.held


_SIGHTS = st.lists(st.sampled_from([GOOD, BAD, MOVED, BLIND]), max_size=40)


@given(_SIGHTS)
def test_no_news_of_mail_rests_on_what_was_seen_once(sights: list[SeenState]) -> None:
    for number, turn in turns(sights):
        if turn.kind is TurnKind.CHANGED:
            recent = sights[max(0, number - 1 - CANDIDATE_CHECKS) : number]
            assert sum(one.fates == sights[number - 1].fates for one in recent) > 1


@given(_SIGHTS)
def test_what_cannot_be_found_out_never_becomes_what_holds(sights: list[SeenState]) -> None:
    for step in after([GOOD, GOOD, *sights])[1:]:
        assert step.held.sight is not None
        assert Verdict.UNKNOWN not in {one.outcome for one in step.held.sight.fates.values()}
        assert len(step.held.candidates) <= SEEN_ONCE_MAX


@given(_SIGHTS, st.sampled_from([GOOD, BAD, MOVED]))
def test_what_stays_holds_in_the_end_and_is_news_no_more(sights: list[SeenState], last: SeenState) -> None:
    steps = after([GOOD, GOOD, *sights, last, last, last])
    assert steps[-1].held.sight == last
    assert steps[-1].turn is None


def test_a_sight_holds_who_decides_what_weighs_and_no_more() -> None:
    renamed = ZoneWorld().zone_with(
        *(f"{one} PTR h.example.net" for one in ("192.0.2.1", "2001:db8::1", "192.0.2.2")),
        "_smtp._tls.example.com TXT",
    )
    judged = seen(collect(renamed))
    found = sight(judged)
    assert "microsoft-ptr" in {one.id for one in judged.report.senders}
    assert "microsoft-ptr" not in found.fates
    assert {one.severity for one in judged.report.findings} > {one.severity for one in found.findings}
    assert {one.severity for one in found.findings} <= {Severity.ERROR, Severity.WARNING}


def test_a_fact_that_could_not_be_found_out_is_empty_and_one_that_is_not_there_has_a_digest() -> None:
    def fact(world: ZoneWorld) -> str:
        facts = sight(seen(collect(world))).facts
        return facts["record _smtp._tls.example.com TXT"]

    unseen = ZoneWorld().zone_with("_smtp._tls.example.com TXT !timeout")
    gone = ZoneWorld().zone_with("_smtp._tls.example.com TXT")
    assert fact(unseen) == ""
    assert "" not in (fact(gone), fact(ZoneWorld()))
    assert fact(gone) != fact(ZoneWorld())


def test_a_sender_that_was_never_judged_makes_nobody_blind() -> None:
    """Where it is unknown at first, that is what holds."""
    steps = after([BLIND] * (BLIND_CHECKS + 3))
    assert [one.turn.kind for one in steps if one.turn is not None] == [TurnKind.FIRST]
    judged_newly = msgspec.structs.replace(GOOD, fates={**GOOD.fates, "new": UNKNOWN})
    assert after([GOOD, GOOD, judged_newly])[-1].held.blindness is None


def test_a_finding_that_is_seen_again_while_less_is_seen_is_there_once() -> None:
    warned = Weighed("sts-mx-unlisted", "mx1.example.com", Severity.WARNING)
    half = SeenState({"google": UNKNOWN, "microsoft": REFUSES}, (warned,), BAD.facts, ("a?",))
    held = after([BAD, BAD, half, half])[-1].held.sight
    assert held is not None
    assert held.findings == (warned,)

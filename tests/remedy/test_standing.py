"""A plan held against what is seen: how far it has come, and whether the next step may be made."""

from datetime import timedelta
from functools import cache

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Answer,
    DnsData,
    DnsRecord,
    Evidence,
    Kind,
    NameRecord,
    Outcome,
    Question,
)
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import (
    Awaited,
    Change,
    CnameValue,
    Ipv4Value,
    MxValue,
    Publish,
    RecordValue,
    ServePolicy,
    Wait,
    Withdraw,
)
from mxproof.remedy.apply import apply
from mxproof.remedy.place import RESOLVER, places
from mxproof.remedy.plan import Pause, Plan, PlannedStep, SenderOutcome, StepState
from mxproof.remedy.planned import PlannedState
from mxproof.remedy.planned_zone import PlannedZone
from mxproof.remedy.planning import plan_for
from mxproof.remedy.records import record_of
from mxproof.remedy.standing import Advice, Standing, StandingReason, _held_until, standing, wanted_to_verify
from mxproof.remedy.target import plan_to
from mxproof.survey import inbound
from support_long import EXHAUSTIVE
from support_plan import incident_plan
from support_scenarios import AT, seen
from support_world import collect
from support_worlds import GOOD

INCIDENT = seen("incident").evidence
LATER = timedelta(days=60)


@cache
def longest() -> int:
    """Return the number of the way with the most steps, the first of which is 1."""
    ways = incident_plan().ways
    return 1 + max(range(len(ways)), key=lambda place: len(ways[place].steps))


def longest_steps() -> tuple[PlannedStep, ...]:
    return incident_plan().ways[longest() - 1].steps


def after(*numbers: int) -> Evidence:
    """Return the evidence with these steps made."""
    changes: list[Change] = [change for number in numbers for change in longest_steps()[number - 1].changes]
    return apply(tuple(changes), INCIDENT).evidence


def told(evidence: Evidence, *, made_ago: timedelta = LATER, plan: Plan | None = None) -> Standing:
    return standing(plan or incident_plan(), longest(), evidence, now=AT, made_at=AT - made_ago)


@EXHAUSTIVE
def test_before_the_first_step_the_plan_says_go_on() -> None:
    got = told(INCIDENT)
    assert (got.advice, got.reason, got.next_step) == (Advice.GO_ON, StandingReason.READY, 1)


@EXHAUSTIVE
def test_each_step_is_seen_once_it_is_made() -> None:
    last = len(longest_steps())
    for made in range(1, last + 1):
        got = told(after(*range(1, made + 1)))
        assert got.next_step == (made + 1 if made < last else None)
        assert got.advice is Advice.GO_ON
        assert got.reason is (StandingReason.READY if made < last else StandingReason.FINISHED)


def test_what_follows_a_step_is_waited_for() -> None:
    number, step = next(
        (number, step) for number, step in enumerate(longest_steps(), 1) if step.wait_until_s > step.at_s
    )
    got = told(after(*range(1, number + 1)), made_ago=timedelta(0))
    assert (got.advice, got.reason) == (Advice.WAIT, StandingReason.TIME)
    assert got.wait_until == AT + timedelta(seconds=step.wait_until_s - step.at_s)
    assert got.waits_for is not Pause.NONE


NS1, NS2 = "192.0.2.53", "198.51.100.53"


def told_of_move(at_ns1: tuple[int, ...], at_ns2: tuple[int, ...], *, begins_s: int = 0) -> Standing:
    """Return how two steps stand that publish an address and an MX record, the second one `begins_s` after the first."""
    records: dict[int, RecordValue] = {1: Ipv4Value("192.0.2.9"), 2: MxValue(5, "new.example.com")}
    names = {1: "new.example.com", 2: "example.com"}
    steps = tuple(
        PlannedStep(at_s, (Publish(names[number], records[number]),), at_s, Pause.NONE, ())
        for number, at_s in ((1, 0), (2, begins_s))
    )
    kinds = {1: Kind.A, 2: Kind.MX}
    answers = [
        (Question(kinds[number], names[number], server=server), _held(records[number], number in made))
        for server, made in ((NS1, at_ns1), (NS2, at_ns2))
        for number in (1, 2)
    ]
    way = msgspec.structs.replace(incident_plan().ways[0], steps=steps, changes=())
    plan = msgspec.structs.replace(incident_plan(), ways=(way,))
    return standing(plan, 1, INCIDENT.with_answers(answers), now=AT, made_at=AT - LATER)


def _held(record: RecordValue, is_there: bool) -> Answer:
    data = DnsData("NOERROR", secure=False, records=(record_of(record),) if is_there else ())
    return Answer(Outcome.FOUND if is_there else Outcome.EMPTY, AT, data)


@pytest.mark.parametrize(
    ("at_ns1", "at_ns2", "begins_s", "want"),
    [
        ((1, 2), (), 0, StandingReason.PARTLY_VISIBLE),
        ((1, 2), (1,), 0, StandingReason.PARTLY_VISIBLE),
        ((1, 2), (), 600, StandingReason.OUT_OF_ORDER),
        ((1,), (2,), 0, StandingReason.OUT_OF_ORDER),
        ((2,), (2,), 0, StandingReason.OUT_OF_ORDER),
    ],
)
def test_a_name_server_that_lags_with_all_steps_made_at_once_is_waited_for(
    at_ns1: tuple[int, ...], at_ns2: tuple[int, ...], begins_s: int, want: StandingReason
) -> None:
    assert told_of_move(at_ns1, at_ns2, begins_s=begins_s).reason is want


def test_a_name_server_is_told_by_its_name_where_it_is_known() -> None:
    evidence = INCIDENT.with_answers(
        [
            (Question(Kind.NS, "example.com"), _found(NameRecord("ns1.example.com"))),
            (Question(Kind.A, "ns1.example.com"), _found(AddressRecord(NS1))),
            (Question(Kind.CNAME, "mxi1.example.com", server=NS1), _held(CnameValue("x.example.com"), False)),
            (Question(Kind.CNAME, "mxi1.example.com", server=NS2), _held(CnameValue("x.example.com"), False)),
        ]
    )
    change = Withdraw("mxi1.example.com", CnameValue("smol.example.com"))
    assert [where for where, _ in places(evidence, change)] == [RESOLVER, f"ns1.example.com ({NS1})", NS2]


def _found(record: DnsRecord) -> Answer:
    return Answer(Outcome.FOUND, AT, DnsData("NOERROR", secure=False, records=(record,)))


def test_a_step_out_of_order_is_told() -> None:
    got = told(after(len(longest_steps())))
    assert (got.advice, got.reason) == (Advice.DO_NOT, StandingReason.OUT_OF_ORDER)


def test_a_sender_that_fares_worse_than_before_stops_it() -> None:
    nobody = ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, ("nowhere.example.com",)))
    worse = apply((nobody,), INCIDENT).evidence
    got = told(worse)
    assert (got.advice, got.reason) == (Advice.DO_NOT, StandingReason.SENDER_WORSE)
    assert "google" in {one.id for one in got.worse}


def test_a_record_at_one_server_and_not_at_another_is_waited_for() -> None:
    change = next(one for one in incident_plan().ways[0].changes if isinstance(one, Withdraw))
    kind = Kind.CNAME
    held = Answer(
        Outcome.FOUND,
        AT,
        DnsData("NOERROR", secure=False, records=(NameRecord(change.record.target),)),  # type: ignore[union-attr]  # a CNAME record
    )
    gone = Answer(Outcome.EMPTY, AT, DnsData("NOERROR", secure=False))
    evidence = INCIDENT.with_answers(
        [
            (Question(kind, change.name, server="192.0.2.53"), gone),
            (Question(kind, change.name, server="192.0.2.54"), held),
        ]
    )
    got = standing(incident_plan(), 1, evidence, now=AT)
    assert "192.0.2.54" in got.steps[0].missing
    assert RESOLVER in got.steps[0].missing


def test_each_record_of_the_plan_is_asked_for() -> None:
    records = [one for step in longest_steps() for one in step.changes if isinstance(one, Publish | Withdraw)]
    asked = wanted_to_verify(incident_plan(), longest(), inbound.wanted)(INCIDENT)
    known = {(one.kind, one.name) for one in (*asked, *INCIDENT.answers)}
    assert {one.name for one in records} <= {name for _, name in known}


def test_a_step_that_a_later_one_took_back_is_over_and_not_missing() -> None:
    moved = seen("direct").evidence
    between = Policy(Mode.ENFORCE, 86_400, ("smol.example.com", "tol.example.com", "more.example.com"))
    final = Policy(Mode.ENFORCE, 86_400, ("smol.example.com", "tol.example.com"))
    steps = tuple(
        PlannedStep(0, (ServePolicy("example.com", one),), 0, Pause.NONE, ()) for one in (between, final)
    )
    way = msgspec.structs.replace(incident_plan().ways[0], steps=steps)
    plan = msgspec.structs.replace(incident_plan(), ways=(way,))
    made = apply((ServePolicy("example.com", final),), moved).evidence
    got = standing(plan, 1, made, now=AT, made_at=AT - LATER)
    assert (got.advice, got.reason) == (Advice.GO_ON, StandingReason.FINISHED)
    assert [one.is_over for one in got.steps] == [True, False]


def test_a_sender_that_fares_as_the_plan_foretells_stops_nobody() -> None:
    worse = apply((Withdraw("example.com", MxValue(10, "mxi1.example.com")),), INCIDENT).evidence
    change = Withdraw("example.com", MxValue(10, "mxi1.example.com"))
    foretold = StepState(
        "current", tuple(SenderOutcome(one.id, Verdict.REFUSED) for one in incident_plan().before)
    )
    before = tuple(SenderOutcome(one.id, Verdict.DELIVERS) for one in incident_plan().before)
    told = []
    for states in ((), (foretold,)):
        step = PlannedStep(0, (change,), 0, Pause.NONE, states)
        way = msgspec.structs.replace(incident_plan().ways[0], steps=(step,))
        plan = msgspec.structs.replace(incident_plan(), ways=(way,), before=before)
        told.append(standing(plan, 1, worse, now=AT, made_at=AT - LATER).reason)
    assert told == [StandingReason.SENDER_WORSE, StandingReason.FINISHED]


def test_a_step_that_only_takes_back_what_an_earlier_one_publishes_is_not_made_before_it() -> None:
    """MTA-STS is retired by a record for the time between, which is not there before its step either."""
    zone = PlannedZone((), None)
    zone.without("_mta-sts.example.com", Kind.TXT)
    evidence = collect(GOOD)
    plan = plan_to(PlannedState((zone,)), evidence, now=GOOD.at)
    made: list[tuple[Change, ...]] = [()]
    for step in plan.ways[0].steps:
        made.append((*made[-1], *step.changes))
    long_ago = GOOD.at - timedelta(days=400)
    got = [
        standing(plan, 1, apply(changes, evidence).evidence, now=GOOD.at, made_at=long_ago)
        for changes in made
    ]
    assert [one.next_step for one in got] == [1, 2, 3, None]
    assert {one.advice for one in got} == {Advice.GO_ON}


def test_a_way_that_only_waits_is_over_when_the_policy_is_that_it_waits_for() -> None:
    evidence, memories, at = seen("old-policy-cached")
    plan = plan_for(evidence, now=at, memories=memories)
    (change,) = plan.ways[0].changes
    assert isinstance(change, Wait)
    got = [
        standing(plan, 1, evidence, now=now, memories=memories)
        for now in (at, at + timedelta(seconds=change.seconds + 1))
    ]
    assert [(one.advice, one.wait_until, one.waits_for) for one in got] == [
        (Advice.WAIT, change.until, Pause.MAX_AGE),
        (Advice.GO_ON, None, Pause.NONE),
    ]


def test_a_policy_that_is_waited_for_beside_the_steps_ends_with_the_last_of_them() -> None:
    early, late = (AT + timedelta(days=day) for day in (1, 2))
    waits = tuple(Wait("example.com", Awaited.MAX_AGE, 60, until) for until in (late, None, early))
    steps = (PlannedStep(0, (), 0, Pause.NONE, ()),) * 2
    way = msgspec.structs.replace(incident_plan().ways[0], steps=steps, changes=waits)
    plan = msgspec.structs.replace(incident_plan(), ways=(incident_plan().ways[0], way))
    assert [_held_until(plan, 2, number) for number in range(3)] == [None, None, late]
    assert _held_until(plan, 1, len(plan.ways[0].steps)) is None


def test_what_a_step_is_foretold_to_do_stops_nobody_from_when_on_it_is_visible_anywhere() -> None:
    gone = Withdraw("example.com", MxValue(10, "mxi1.example.com"))
    worse = apply((gone,), INCIDENT).evidence
    still = Answer(Outcome.FOUND, AT, DnsData("NOERROR", secure=False, records=(record_of(gone.record),)))
    senders = [one.id for one in incident_plan().before]
    foretold = StepState("current", tuple(SenderOutcome(one, Verdict.REFUSED) for one in senders))
    before = tuple(SenderOutcome(one, Verdict.DELIVERS) for one in senders)
    reasons = []
    for changes in ((gone,), (Publish("example.com", MxValue(5, "new.example.com")),)):
        step = PlannedStep(0, changes, 0, Pause.NONE, (foretold,))
        way = msgspec.structs.replace(incident_plan().ways[0], steps=(step,), changes=())
        plan = msgspec.structs.replace(incident_plan(), ways=(way,), before=before)
        evidence = worse.with_answers([(Question(Kind.MX, "example.com", server=NS1), still)])
        got = standing(plan, 1, evidence, now=AT, made_at=AT - LATER)
        assert (got.next_step, got.wait_until, got.waits_for) == (1, None, Pause.NONE)
        reasons.append(got.reason)
    assert reasons == [StandingReason.PARTLY_VISIBLE, StandingReason.SENDER_WORSE]

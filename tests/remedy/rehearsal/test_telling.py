"""What a rehearsed order tells: steps and why the next one waits, lanes, who suffers, and when it is over."""

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Change, Ipv4Value, Publish, ServePolicy, TxtValue, Withdraw
from mxproof.remedy.judgement import SECONDARY_LAG_S, Judge
from mxproof.remedy.plan import Pause
from mxproof.remedy.rehearsal.edit import Edit, TimedEdit, edits
from mxproof.remedy.rehearsal.order import SERVER_GAP_S, Order, is_safe, ordered
from mxproof.remedy.rehearsal.telling import CURRENT, rehearsed, restored_s, settled_s, steps_of
from mxproof.remedy.rehearsal.timeline import timeline
from mxproof.remedy.search.goal import Goal, wanted_of
from support_world import collect
from support_worlds import GOOD, policy

TTL_S = 300
STS = "_mta-sts.example.com"
OLD_ID, NEW_ID = TxtValue("v=STSv1; id=20260601;"), TxtValue("v=STSv1; id=2;")
WRONG = ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, ("nowhere.example.com",)))
ANNOUNCE = (Withdraw(STS, OLD_ID), Publish(STS, NEW_ID))
NEW_NAME = Publish("new.example.com", Ipv4Value("192.0.2.9"))


def judge() -> Judge:
    return Judge(collect(GOOD), GOOD.at, (), SENDERS)


def at(*timed: tuple[int, tuple[Change, ...]]) -> Order:
    schedule = tuple(TimedEdit(at_s, Edit(0, changes)) for at_s, changes in timed)
    made = timeline(judge(), schedule)
    return Order(schedule, made, is_safe(judge(), made))


def test_a_step_has_its_changes_the_first_of_them_and_the_states_until_the_next() -> None:
    (step,) = steps_of(at((0, ANNOUNCE)), None)
    assert (step.changes, step.change) == (ANNOUNCE, ANNOUNCE[0])
    assert {one.name for one in step.states} == {CURRENT, f"TXT {STS}"}


def test_the_wait_of_a_step_says_what_it_is_for() -> None:
    gap = at((0, (NEW_NAME,)), (SERVER_GAP_S, ANNOUNCE))
    cache = at((0, ANNOUNCE), (TTL_S + SECONDARY_LAG_S, (NEW_NAME,)))
    held = at((0, (WRONG,)), (1_209_600, (NEW_NAME,)))
    at_once = at((0, (NEW_NAME,)), (0, ANNOUNCE))
    pauses = [steps_of(order, None)[0].because for order in (gap, cache, held, at_once)]
    assert pauses == [Pause.NEXT_SERVER, Pause.TTL, Pause.MAX_AGE, Pause.NONE]


def test_who_suffers_is_told_from_when_to_when_and_who_rests_on_a_guess_is_not() -> None:
    told = rehearsed(at((0, (WRONG,)), (3600, (ServePolicy("example.com", Policy(Mode.NONE, 86_400)),))))
    first = {one.sender: one.from_s for one in told.suffering}
    assert {"google", "rfc8461"} <= first.keys()
    assert "microsoft-ptr" not in first
    assert all(one.until_s is None or one.until_s > one.from_s for one in told.suffering)


def test_a_lane_has_no_gap_and_no_two_spans_alike_beside_one_another() -> None:
    told = rehearsed(at((0, (WRONG,)), (3600, ANNOUNCE)))
    for lane in told.lanes:
        for one, then in zip(lane.spans, lane.spans[1:], strict=False):
            assert one.until_s == then.from_s
            assert one.outcome is not then.outcome
        assert (lane.spans[0].from_s, lane.spans[-1].until_s) == (-1, None)


def test_it_is_over_when_the_last_state_that_falls_short_is() -> None:
    world = GOOD.but(policy=policy("nowhere.example.com", max_age=86_400))
    subject = Judge(collect(world), world.at, (), SENDERS)
    before = subject.after(())
    wanted = wanted_of(before.domain, SENDERS, before.deliveries, (), Goal.DELIVERS)
    right = ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, ("*.example.com",)))
    order = ordered(subject, edits((right, *ANNOUNCE)))
    assert restored_s(order.timeline, wanted) == 86_400
    assert restored_s(order.timeline[:2], wanted) is None


def test_all_is_settled_when_every_step_is_made_and_no_cache_holds_anything_old() -> None:
    assert settled_s(at((0, ANNOUNCE))) == TTL_S + SECONDARY_LAG_S
    assert settled_s(at((0, ANNOUNCE), (9000, (WRONG,)))) == 9000


def test_the_worst_of_all_states_of_a_moment_is_what_a_lane_shows() -> None:
    order = at((0, (WRONG,)))
    lane = next(one for one in rehearsed(order).lanes if one.sender == "google")
    assert Verdict.DELIVERS is lane.spans[0].outcome
    assert lane.spans[1].outcome is not Verdict.DELIVERS

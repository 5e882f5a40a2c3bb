"""MTA-STS taken back: by mode none, and no sooner than every policy that was served is over (RFC 8461 section 8.3)."""

from datetime import timedelta

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.mail.change import Ipv4Value, MxValue, Publish, ServePolicy, TxtValue, Withdraw
from mxproof.mail.memory import Memory
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import GONE_RANK, edits
from mxproof.remedy.rehearsal.retirement import RETIRING_MAX_AGE_S, retired
from support_world import collect
from support_worlds import GOOD, MX2, policy

RECORD = Withdraw("_mta-sts.example.com", TxtValue("v=STSv1; id=20260601;"))
TWO_WEEKS_S = 1_209_600


def judge(*memories: Memory) -> Judge:
    return Judge(collect(GOOD), GOOD.at, memories, SENDERS)


def test_a_record_that_goes_goes_by_mode_none_and_last() -> None:
    order = retired(judge(), edits((RECORD,)))
    assert order is not None
    assert order.is_safe
    serve, announce, last = (one.edit.changes for one in order.schedule)
    assert isinstance(serve[0], ServePolicy)
    assert (serve[0].policy.mode, serve[0].policy.max_age_s) == (Mode.NONE, RETIRING_MAX_AGE_S)
    assert announce[0] == RECORD
    assert isinstance(announce[1], Publish)
    assert last == (Withdraw(RECORD.name, announce[1].record),)
    assert order.schedule[-1].at_s == TWO_WEEKS_S


def test_an_earlier_policy_that_lasts_longer_is_waited_for() -> None:
    year_s = 31_557_600
    older = Memory(policy("*.example.com", max_age=year_s), GOOD.at - timedelta(days=1), "1")
    order = retired(judge(older), edits((RECORD,)))
    assert order is not None
    assert order.schedule[-1].at_s == year_s - 86_400


def test_what_moves_along_with_it_moves_in_between_and_safely() -> None:
    mx = Withdraw("example.com", MxValue(20, MX2))
    order = retired(judge(), edits((RECORD, mx)))
    assert order is not None
    assert order.is_safe
    assert mx not in order.schedule[-1].edit.changes


def test_another_record_in_its_place_takes_nothing_back() -> None:
    new = Publish(RECORD.name, TxtValue("v=STSv1; id=2;"))
    assert retired(judge(), edits((RECORD, new))) is None
    assert retired(judge(), edits((Withdraw("example.com", MxValue(20, MX2)),))) is None


def test_a_policy_in_mode_none_already_needs_no_detour() -> None:
    world = GOOD.but(policy=policy(mode="none"))
    assert retired(Judge(collect(world), world.at, (), SENDERS), edits((RECORD,))) is None


def test_what_is_planned_of_the_policy_and_its_host_is_done_at_the_end_with_the_record() -> None:
    host = Withdraw("mta-sts.example.com", Ipv4Value("192.0.2.80"))
    text = ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, ("*.example.com",)))
    new = Publish("new.example.com", Ipv4Value("192.0.2.9"))
    order = retired(judge(), edits((host, RECORD, text, new)))
    assert order is not None
    last = order.schedule[-1]
    between = [one for timed in order.schedule[:-1] for one in timed.edit.changes]
    announced = next(one for one in between if isinstance(one, Publish) and one.name == RECORD.name)
    assert last.at_s == TWO_WEEKS_S
    assert last.edit.rank == GONE_RANK
    assert last.edit.changes[0] == Withdraw(RECORD.name, announced.record)
    assert set(last.edit.changes[1:]) == {text, host}
    assert len(last.edit.changes) == 3
    assert new in between
    assert between.count(RECORD) == 1
    assert not {host, text} & set(between)


def test_a_policy_held_that_ends_before_the_served_one_would_lengthens_nothing() -> None:
    older = Memory(policy("*.example.com", max_age=172_800), GOOD.at - timedelta(days=1), "1")
    order = retired(judge(older), edits((RECORD,)))
    assert order is not None
    assert order.schedule[-1].at_s == TWO_WEEKS_S


def test_where_the_end_would_have_somebody_refuse_there_is_no_such_order() -> None:
    text = ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, ("nowhere.example.com",)))
    assert retired(judge(), edits((RECORD, text))) is None

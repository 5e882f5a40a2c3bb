"""Mail that arrives all the same, though less protected than before: for whom, from when, and until when."""

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Security
from mxproof.mail.change import Publish, ServePolicy, TxtValue, Withdraw
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import Edit, TimedEdit, edits
from mxproof.remedy.rehearsal.order import ordered
from mxproof.remedy.rehearsal.protection import weakened
from mxproof.remedy.rehearsal.telling import rehearsed
from mxproof.remedy.rehearsal.timeline import timeline
from support_incident import ALIASES, FIXED, TARGETS
from support_world import collect

WEEK_S = 604_800
STS = "_mta-sts.example.com"
RENEW = (Withdraw(STS, TxtValue("v=STSv1; id=20261101;")), Publish(STS, TxtValue("v=STSv1; id=2;")))
JUDGE = Judge(collect(FIXED), FIXED.at, (), SENDERS)


def serve(mode: Mode) -> ServePolicy:
    return ServePolicy("example.com", Policy(mode, WEEK_S, () if mode is Mode.NONE else (*ALIASES, *TARGETS)))


def test_taking_the_policy_back_is_safe_and_leaves_mail_open_for_good() -> None:
    order = ordered(JUDGE, edits((serve(Mode.NONE), *RENEW)))
    assert order.is_safe
    found = weakened(order.timeline)
    assert {one.sender for one in found} >= {"rfc8461", "google", "microsoft"}
    assert {(one.before, one.until_s) for one in found} == {(Security.MTA_STS, None)}
    assert rehearsed(order).weakened == found


def test_a_policy_that_stays_in_force_leaves_nobody_less_protected() -> None:
    assert weakened(ordered(JUDGE, edits((serve(Mode.ENFORCE), *RENEW))).timeline) == ()


def test_testing_for_some_hours_and_back_is_told_with_its_end() -> None:
    again = (Withdraw(STS, TxtValue("v=STSv1; id=2;")), Publish(STS, TxtValue("v=STSv1; id=3;")))
    made = ((0, (serve(Mode.TESTING),)), (0, RENEW), (7200, (serve(Mode.ENFORCE),)), (7200, again))
    schedule = tuple(TimedEdit(at_s, Edit(0, changes)) for at_s, changes in made)
    ends = {one.sender: one.until_s for one in weakened(timeline(JUDGE, schedule))}
    assert ends["rfc8461"] is not None
    assert ends["rfc8461"] >= 7200

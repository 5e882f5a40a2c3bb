"""Mode testing until a way is made: whom it helps, whom it leaves open, and when there is none to be had."""

from datetime import timedelta

from mxproof.formats.mtasts import Mode
from mxproof.judge.senders import SENDERS
from mxproof.mail.change import ServePolicy
from mxproof.remedy.apply import Supposition
from mxproof.remedy.judgement import Judge
from mxproof.remedy.planning import plan_for
from mxproof.remedy.relief import relief_for
from support_incident import FIXED, INCIDENT
from support_long import EXHAUSTIVE
from support_scenarios import seen
from support_world import collect


def judge(scenario: str) -> Judge:
    evidence, memories, at = seen(scenario)
    return Judge(evidence, at, memories, SENDERS)


def test_a_policy_that_hosts_do_not_fit_is_relieved_by_testing() -> None:
    relief = relief_for(judge("policy-mismatch"))
    assert relief is not None
    assert {"rfc8461", "google", "microsoft"} <= set(relief.helped)
    (served,) = (one for one in relief.changes if isinstance(one, ServePolicy))
    assert served.policy.mode is Mode.TESTING
    assert relief.from_s is not None


def test_senders_that_were_held_to_a_verified_session_are_named_as_weaker() -> None:
    relief = relief_for(Judge(collect(INCIDENT), INCIDENT.at, (), SENDERS))
    assert relief is not None
    assert relief.helped == ("microsoft",)
    assert "google" in relief.weaker


def test_what_dane_refuses_no_mode_of_a_policy_relieves() -> None:
    assert relief_for(judge("tlsa-wrong")) is None


def test_a_policy_in_testing_has_no_more_relief_to_give() -> None:
    assert relief_for(judge("testing-mismatch")) is None


def test_a_domain_that_all_deliver_to_is_offered_none() -> None:
    assert plan_for(collect(FIXED), now=FIXED.at).relief is None


@EXHAUSTIVE
def test_a_certificate_that_ends_during_the_order_is_supposed_to_be_renewed() -> None:
    evidence, memories, at = seen("half-fixed-cert")
    now = plan_for(evidence, now=at, memories=memories)
    late = plan_for(evidence, now=at + timedelta(days=58), memories=memories)
    assert Supposition.RENEWED not in {one.what for way in now.ways for one in way.assumed}
    long = [way for way in late.ways if way.wait_s > 3 * 86_400]
    assert long
    assert all(Supposition.RENEWED in {one.what for one in way.assumed} for way in long)

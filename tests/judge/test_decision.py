"""What the daemon decides in many worlds, what it remembers, and that the sender model foretells it."""

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import msgspec
import pytest

from mxproof.evidence import Evidence, Outcome
from mxproof.evidence.lifetime import DNS_FAILURE_S
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import (
    BACKOFF_S,
    DECISION_KEPT_S,
    Decision,
    Failure,
    Held,
    decide,
    fetch_plan,
    fresh_s,
    is_live,
    policy_of,
    refresh_at,
    retry_at,
)
from mxproof.judge.senders import deliver
from mxproof.judge.senders.postfix import POSTFIX_DANE, POSTFIX_MXPROOF
from mxproof.judge.senders.protection import Protection, Reason, Rules
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from mxproof.survey.outbound import wanted
from support_certificates import Defect
from support_incident import ALIASES, DIRECT, FIXED, HALF_FIXED, HALF_FIXED_CERT, INCIDENT, TARGETS, policy
from support_world import Https, Smtp, ZoneWorld, collect

SIGNED = ("example.com", "in-addr.arpa", "ip6.arpa")
RULES = Rules()
NOTHING = Held()
REPORTING = Rules(report_testing=True)
WRONG = "3 1 1 " + "00" * 32
RIGHT1, RIGHT2 = "3 1 1 @192.0.2.1", "3 1 1 @192.0.2.2"
DENIED = ZoneWorld().zone_with("example.com MX !timeout", "_mta-sts.example.com TXT !timeout")


def look(world: ZoneWorld, held: Held = NOTHING, rules: Rules = RULES, at: datetime | None = None) -> Held:
    """Return what is held after one look at the world."""
    now = at or world.at
    evidence = collect(world, partial(wanted, plan=fetch_plan(held, now)))
    return decide(assemble(evidence, now), held, rules)


def decision(world: ZoneWorld, held: Held = NOTHING, rules: Rules = RULES) -> Decision:
    made = look(world, held, rules).decision
    assert made is not None
    return made


def tlsa(first: str, second: str) -> ZoneWorld:
    return ZoneWorld(signed=SIGNED).zone_with(
        f"_25._tcp.mx1.example.com TLSA {first}", f"_25._tcp.mx2.example.com TLSA {second}"
    )


class Case(NamedTuple):
    world: ZoneWorld
    protection: Protection
    reason: Reason


NO_STS = ("_mta-sts.example.com TXT",)
CASES = {
    "unsigned": Case(ZoneWorld(), Protection.STS, Reason.STS_ENFORCE),
    "signed without tlsa": Case(ZoneWorld(signed=SIGNED), Protection.STS, Reason.STS_ENFORCE),
    "incident": Case(INCIDENT, Protection.STS, Reason.STS_ENFORCE),
    "half fixed": Case(HALF_FIXED, Protection.STS, Reason.STS_ENFORCE),
    "half fixed certificate": Case(HALF_FIXED_CERT, Protection.STS, Reason.STS_ENFORCE),
    "fixed": Case(FIXED, Protection.STS, Reason.STS_ENFORCE),
    "direct": Case(DIRECT, Protection.STS, Reason.STS_ENFORCE),
    "no record": Case(ZoneWorld().zone_with(*NO_STS), Protection.DEFAULT, Reason.STS_ABSENT),
    "two records": Case(
        ZoneWorld(zone=ZoneWorld().zone + "_mta-sts.example.com TXT v=STSv1; id=2;\n"),
        Protection.DEFAULT,
        Reason.STS_ABSENT,
    ),
    "testing": Case(
        ZoneWorld(policy=policy("a.example", mode="testing")), Protection.DEFAULT, Reason.STS_TESTING
    ),
    "none": Case(ZoneWorld(policy=policy(mode="none")), Protection.DEFAULT, Reason.STS_NONE),
    "policy host down": Case(
        ZoneWorld(https={"192.0.2.80": Https(outcome=Outcome.REFUSED)}), Protection.DEFAULT, Reason.STS_ABSENT
    ),
    "policy behind a bad certificate": Case(
        ZoneWorld(https={"192.0.2.80": Https(defect=Defect.SELF_SIGNED)}),
        Protection.DEFAULT,
        Reason.STS_ABSENT,
    ),
    "policy for another name": Case(
        ZoneWorld(https={"192.0.2.80": Https(names=("other.example",))}),
        Protection.DEFAULT,
        Reason.STS_ABSENT,
    ),
    "hostile mx": Case(
        ZoneWorld(policy=policy("mx1.example.com servername=evil")), Protection.DEFAULT, Reason.STS_ABSENT
    ),
    "tlsa right": Case(tlsa(RIGHT1, RIGHT2), Protection.DANE_ONLY, Reason.DANE_EVERYWHERE),
    "tlsa wrong": Case(tlsa(WRONG, WRONG), Protection.DANE_ONLY, Reason.DANE_EVERYWHERE),
    "tlsa right, host not in the policy": Case(
        tlsa(RIGHT1, RIGHT2).but(policy=policy("other.example")),
        Protection.DANE_ONLY,
        Reason.DANE_EVERYWHERE,
    ),
    "tlsa at one host": Case(
        ZoneWorld(signed=SIGNED).zone_with(f"_25._tcp.mx1.example.com TLSA {RIGHT1}", *NO_STS),
        Protection.DANE,
        Reason.DANE_SOMEWHERE,
    ),
    "tlsa unusable": Case(
        tlsa("0 0 1 " + "00" * 32, "0 0 1 " + "00" * 32).zone_with(*NO_STS),
        Protection.DANE,
        Reason.DANE_UNUSABLE,
    ),
    "tlsa unusable under enforce": Case(
        tlsa("0 0 1 " + "00" * 32, "0 0 1 " + "00" * 32), Protection.STS, Reason.STS_ENFORCE
    ),
    "tlsa of both hosts servfail": Case(
        tlsa("!servfail", "!servfail"), Protection.UNDECIDED, Reason.DANE_UNDECIDED
    ),
    "tlsa of both hosts timeout": Case(
        tlsa("!timeout", "!timeout").zone_with(*NO_STS), Protection.UNDECIDED, Reason.DANE_UNDECIDED
    ),
    "tlsa of one host servfail, the other without": Case(
        ZoneWorld(signed=SIGNED).zone_with("_25._tcp.mx1.example.com TLSA !servfail"),
        Protection.UNDECIDED,
        Reason.DANE_UNDECIDED,
    ),
    "the same without a policy": Case(
        ZoneWorld(signed=SIGNED).zone_with("_25._tcp.mx1.example.com TLSA !servfail", *NO_STS),
        Protection.DANE,
        Reason.DANE_UNDECIDED,
    ),
    "tlsa of one host servfail, the other usable": Case(
        tlsa("!servfail", RIGHT2), Protection.DANE, Reason.DANE_SOMEWHERE
    ),
    "one host without addresses": Case(
        tlsa(RIGHT1, RIGHT2).zone_with("mx2.example.com A", "_25._tcp.mx2.example.com TLSA"),
        Protection.DANE_ONLY,
        Reason.DANE_EVERYWHERE,
    ),
    "one host servfail": Case(
        tlsa(RIGHT1, RIGHT2).zone_with("mx2.example.com A !servfail", "mx2.example.com AAAA !servfail"),
        Protection.DANE_ONLY,
        Reason.DANE_EVERYWHERE,
    ),
    "one host servfail, no tlsa": Case(
        ZoneWorld(signed=SIGNED).zone_with("mx2.example.com A !servfail", "mx2.example.com AAAA !servfail"),
        Protection.STS,
        Reason.STS_ENFORCE,
    ),
    "tlsa at a host with an underscore": Case(
        ZoneWorld(signed=SIGNED).zone_with(
            "example.com MX 10 mx_1.example.com",
            "mx_1.example.com A 192.0.2.1",
            f"_25._tcp.mx_1.example.com TLSA {RIGHT1}",
        ),
        Protection.DANE_ONLY,
        Reason.DANE_EVERYWHERE,
    ),
    "all hosts servfail": Case(
        ZoneWorld(signed=SIGNED).zone_with(
            *(f"mx{n}.example.com {kind} !servfail" for n in (1, 2) for kind in ("A", "AAAA"))
        ),
        Protection.UNDECIDED,
        Reason.HOSTS_UNANSWERED,
    ),
    "mx servfail": Case(
        ZoneWorld().zone_with("example.com MX !servfail"), Protection.UNDECIDED, Reason.MX_UNANSWERED
    ),
    "mx bogus": Case(
        ZoneWorld().zone_with("example.com MX !bogus"), Protection.UNDECIDED, Reason.MX_UNANSWERED
    ),
    "no such domain": Case(
        ZoneWorld(zone="other.example A 192.0.2.1"), Protection.DEFAULT, Reason.STS_ABSENT
    ),
    "null mx": Case(ZoneWorld(zone="example.com MX 0 ."), Protection.DEFAULT, Reason.STS_ABSENT),
    "unsigned mx, signed hosts": Case(
        ZoneWorld(signed=("mx1.example.com", "mx2.example.com")).zone_with(
            f"_25._tcp.mx1.example.com TLSA {RIGHT1}", f"_25._tcp.mx2.example.com TLSA {RIGHT2}"
        ),
        Protection.STS,
        Reason.STS_ENFORCE,
    ),
    "alias, tlsa at the target": Case(
        FIXED.but(signed=SIGNED).zone_with(
            f"_25._tcp.{TARGETS[0]} TLSA {RIGHT1}", f"_25._tcp.{TARGETS[1]} TLSA {RIGHT2}"
        ),
        Protection.DANE_ONLY,
        Reason.DANE_EVERYWHERE,
    ),
    "alias, tlsa at the alias": Case(
        FIXED.but(signed=SIGNED).zone_with(
            f"_25._tcp.{ALIASES[0]} TLSA {RIGHT1}", f"_25._tcp.{ALIASES[1]} TLSA {RIGHT2}"
        ),
        Protection.DANE_ONLY,
        Reason.DANE_EVERYWHERE,
    ),
    "alias into an unsigned zone": Case(
        ZoneWorld(signed=SIGNED).zone_with(
            "example.com MX 10 mx1.example.com",
            "mx1.example.com CNAME mx.other.example",
            "mx.other.example A 192.0.2.1",
            "_25._tcp.mx1.example.com TLSA",
        ),
        Protection.STS,
        Reason.STS_ENFORCE,
    ),
    "no validating resolver": Case(
        tlsa(RIGHT1, RIGHT2).but(validating=False), Protection.STS, Reason.STS_ENFORCE
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_world_has_its_protection(case: Case) -> None:
    made = decision(case.world)
    assert (made.protection, made.reason) == (case.protection, case.reason)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_larger_survey_leads_to_the_same_decision(case: Case) -> None:
    made = decide(assemble(collect(case.world), case.world.at), Held(), RULES).decision
    assert made is not None
    assert (made.protection, made.reason) == (case.protection, case.reason)


@pytest.mark.parametrize("case", [case for case in CASES.values() if case.world.validating])
def test_the_sender_model_does_what_postfix_does_when_told_so(case: Case) -> None:
    """The model of Postfix with DANE, or of a sender that knows the policy alone, stands for Postfix."""
    domain = assemble(collect(case.world), case.world.at)
    got = deliver(domain, POSTFIX_MXPROOF).outcome
    if case.protection is Protection.UNDECIDED:
        assert got in {Verdict.REFUSED, Verdict.UNKNOWN}
        return
    told = RFC8461 if case.protection is Protection.STS else POSTFIX_DANE
    assert got is deliver(domain, told).outcome


def test_testing_is_answered_for_reports_only_where_dane_is_proven_absent() -> None:
    testing = policy("other.example", mode="testing")
    worlds = {
        "absent": ZoneWorld(policy=testing),
        "unusable": CASES["tlsa unusable under enforce"].world.but(policy=testing),
        "present": tlsa(RIGHT1, RIGHT2).but(policy=testing),
        "undecided": tlsa("!servfail", "!servfail").but(policy=testing),
        "unvalidated": ZoneWorld(policy=testing, validating=False),
        "one host unanswered": CASES["one host servfail, no tlsa"].world.but(policy=testing),
    }
    assert {name: decision(world, rules=REPORTING).protection for name, world in worlds.items()} == {
        "absent": Protection.REPORT,
        "unusable": Protection.DANE,
        "present": Protection.DANE_ONLY,
        "undecided": Protection.UNDECIDED,
        "unvalidated": Protection.DEFAULT,
        "one host unanswered": Protection.DEFAULT,
    }


def test_hosts_without_dane_can_be_closed_beside_one_with_it_where_a_policy_is_enforced() -> None:
    world = ZoneWorld(signed=SIGNED).zone_with(f"_25._tcp.mx1.example.com TLSA {RIGHT1}")
    closing = Rules(mixed_dane_only=True)
    assert decision(world).protection is Protection.DANE
    assert decision(world, rules=closing).protection is Protection.DANE_ONLY
    assert decision(world.zone_with(*NO_STS), rules=closing).protection is Protection.DANE


def test_hosts_beyond_those_looked_at_keep_dane_from_being_demanded_of_all() -> None:
    zone = "".join(
        f"example.com MX 10 m{n}.example.com\nm{n}.example.com A 192.0.2.1\n"
        f"_25._tcp.m{n}.example.com TLSA {WRONG}\n"
        for n in range(25)
    )
    assert decision(ZoneWorld(zone=zone, signed=SIGNED)).reason is Reason.DANE_SOMEWHERE


def days(count: float) -> datetime:
    return ZoneWorld().at + timedelta(days=count)


ENFORCE = policy("mx1.example.com", "mx2.example.com", max_age_s=7 * 86_400)
STRICT = ZoneWorld(policy=ENFORCE)
GONE = STRICT.zone_with("_mta-sts.example.com TXT")
DOWN = STRICT.but(https={"192.0.2.80": Https(outcome=Outcome.TIMEOUT)})
NEW_ID = ("_mta-sts.example.com TXT v=STSv1; id=2;",)


def test_a_fetched_policy_is_held_with_its_id_and_its_time() -> None:
    assert look(STRICT).policy == Memory(ENFORCE, STRICT.at, "20260601")


@pytest.mark.parametrize(
    "later",
    [
        GONE,
        DOWN,
        DOWN.zone_with(*NEW_ID),
        STRICT.zone_with("_mta-sts.example.com TXT !servfail"),
        CASES["two records"].world.but(policy=ENFORCE),
    ],
    ids=["record vanished", "host down", "new id, host down", "record servfail", "two records"],
)
def test_a_live_policy_is_never_dropped(later: ZoneWorld) -> None:
    before = look(STRICT)
    after = look(later, before, at=days(6.9))
    assert after.policy is not None
    assert after.policy.body == ENFORCE
    assert after.decision is not None
    assert after.decision.protection is Protection.STS


@pytest.mark.parametrize("later", [GONE, DOWN])
def test_an_expired_policy_is_dropped_where_no_new_one_comes(later: ZoneWorld) -> None:
    after = look(later.but(https={"192.0.2.80": Https(outcome=Outcome.TIMEOUT)}), look(STRICT), at=days(7))
    assert after.policy is None
    assert after.decision is not None
    assert after.decision.protection is Protection.DEFAULT


def test_the_same_id_within_a_day_costs_no_fetch() -> None:
    before = look(STRICT)
    assert not fetch_plan(before, days(0.9)).calls_for_fetch("20260601")
    changed = STRICT.but(policy=policy("other.example"))
    assert look(changed, before, at=days(0.9)).policy == before.policy


def test_the_same_id_is_fetched_again_after_a_day_and_lives_on_from_there() -> None:
    after = look(STRICT, look(STRICT), at=days(1.1))
    assert after.policy == Memory(ENFORCE, days(1.1), "20260601")


def test_a_vanished_record_does_not_stop_the_refresh() -> None:
    after = look(GONE, look(STRICT), at=days(1.1))
    assert after.policy == Memory(ENFORCE, days(1.1), "20260601")


def test_a_short_life_is_refreshed_at_its_half() -> None:
    held = look(ZoneWorld(policy=policy("mx1.example.com", max_age_s=1000))).policy
    assert held is not None
    assert refresh_at(held) == ZoneWorld().at + timedelta(seconds=500)


def test_a_new_id_replaces_the_policy_at_once() -> None:
    other = policy("other.example")
    after = look(STRICT.but(policy=other).zone_with(*NEW_ID), look(STRICT), at=days(0.01))
    assert after.policy == Memory(other, days(0.01), "2")


def test_mode_none_under_a_new_id_takes_effect_at_once() -> None:
    after = look(STRICT.but(policy=policy(mode="none")).zone_with(*NEW_ID), look(STRICT), at=days(0.01))
    assert after.decision is not None
    assert after.decision.reason is Reason.STS_NONE


def test_a_policy_of_no_life_serves_the_mail_it_was_fetched_for() -> None:
    world = ZoneWorld(policy=policy("mx1.example.com", max_age_s=0))
    after = look(world)
    assert after.decision is not None
    assert after.decision.protection is Protection.STS
    assert not is_live(after.policy, world.at)


@pytest.mark.parametrize(
    ("server", "want"),
    [
        (Https(outcome=Outcome.TIMEOUT), ResultType.STS_POLICY_FETCH_ERROR),
        (Https(status=404), ResultType.STS_POLICY_FETCH_ERROR),
        (Https(status=301), ResultType.STS_POLICY_FETCH_ERROR),
        (Https(outcome=Outcome.TLS_FAILED), ResultType.STS_WEBPKI_INVALID),
        (Https(defect=Defect.EXPIRED), ResultType.STS_WEBPKI_INVALID),
        (Https(defect=Defect.WEAK_KEY), ResultType.STS_WEBPKI_INVALID),
        (Https(version="TLSv1.1"), ResultType.STS_WEBPKI_INVALID),
        (Https(status=304), ResultType.STS_POLICY_FETCH_ERROR),
        (Https(outcome=Outcome.MALFORMED), ResultType.STS_POLICY_FETCH_ERROR),
        (Https(headers=(("content-type", "text/html"),)), ResultType.STS_POLICY_FETCH_ERROR),
        (Https(body=b"version: STSv2\n"), ResultType.STS_POLICY_INVALID),
        (Https(media_type="text/html"), ResultType.STS_POLICY_INVALID),
    ],
)
def test_a_failed_fetch_has_its_result_type_and_words(server: Https, want: ResultType) -> None:
    held = look(ZoneWorld(https={"192.0.2.80": server}))
    assert held.failure is not None
    assert held.decision is not None
    assert held.failure.result_type == want
    assert held.decision.detail.startswith("192.0.2.80: ")


@pytest.mark.parametrize(
    "server",
    [
        Https(version="TLSv1"),
        Https(version="TLSv1.1"),
        Https(defect=Defect.WEAK_KEY),
        Https(defect=Defect.WEAK_SIGNATURE),
        Https(outcome=Outcome.MALFORMED),
        Https(headers=(("Content-Type", "text/plain"),)),
        Https(media_type="text/plain, text/html"),
        Https(status=304),
    ],
)
def test_no_unsound_response_takes_the_place_of_a_policy_that_is_held(server: Https) -> None:
    before = look(ZoneWorld())
    forged = msgspec.structs.replace(server, body=policy("evil.example.net"))
    world = ZoneWorld(https={"192.0.2.80": forged}).zone_with(
        "_mta-sts.example.com TXT v=STSv1; id=20260602;"
    )
    after = look(world, before)
    assert before.policy is not None
    assert after.policy == before.policy
    assert after.failure is not None
    assert after.decision is not None
    assert after.decision.protection is Protection.STS
    assert (
        deliver(assemble(collect(world), world.at), POSTFIX_MXPROOF, (before.policy,)).outcome
        is Verdict.DELIVERS
    )


def test_a_failed_fetch_is_not_tried_again_for_five_minutes_unless_the_id_changes() -> None:
    held = look(DOWN)
    soon = DOWN.at + timedelta(seconds=BACKOFF_S - 1)
    late = DOWN.at + timedelta(seconds=BACKOFF_S)
    assert not fetch_plan(held, soon).calls_for_fetch("20260601")
    assert fetch_plan(held, soon).calls_for_fetch("2")
    assert fetch_plan(held, late).calls_for_fetch("20260601")


def test_each_failure_in_a_row_waits_longer() -> None:
    held, waits = look(DOWN), []
    for _ in range(6):
        assert held.failure is not None
        waits.append((retry_at(held.failure) - held.failure.at).total_seconds())
        held = look(DOWN, held, at=retry_at(held.failure))
    assert waits == [300, 600, 1200, 2400, 3600, 3600]


def test_a_success_forgets_the_failure_and_so_does_the_end_of_the_record() -> None:
    held = look(DOWN)
    assert look(STRICT, held, at=days(0.1)).failure is None
    assert look(GONE, held, at=days(0.1)).failure is None


def test_a_failing_refresh_keeps_policy_and_says_so() -> None:
    after = look(DOWN, look(STRICT), at=days(2))
    assert after.decision is not None
    assert after.failure is not None
    assert (after.decision.protection, after.failure.result_type) == (
        Protection.STS,
        ResultType.STS_POLICY_FETCH_ERROR,
    )


GRACE_S = 60.0


def fresh(held: Held, after_s: float) -> float:
    assert held.decision is not None
    return fresh_s(held, held.decision.at + timedelta(seconds=after_s), GRACE_S)


@pytest.mark.parametrize("name", ["unsigned", "tlsa right", "no record", "none"])
def test_a_decision_is_fresh_for_the_grace(name: str) -> None:
    held = look(CASES[name].world)
    assert [fresh(held, after_s) for after_s in (-1, 0, 59, 60, 1000)] == [0, 60, 1, 0, 0]


def test_a_decision_is_not_fresh_beyond_the_policy_it_demands() -> None:
    held = look(ZoneWorld(policy=policy("mx1.example.com", max_age_s=20)))
    assert [fresh(held, after_s) for after_s in (0, 19, 20)] == [20, 1, 0]
    assert fresh(msgspec.structs.replace(held, policy=None), 0) == 0


def test_what_is_not_decided_or_stands_in_is_never_fresh() -> None:
    assert fresh_s(NOTHING, days(0), GRACE_S) == 0
    assert fresh(look(DENIED), 1) == 0
    kept = look(DENIED, look(STRICT))
    assert kept.decision is not None
    assert (kept.decision.kept, fresh(kept, 1)) == (True, 0)


@pytest.mark.parametrize("name", ["unsigned", "tlsa right", "no record", "none"])
def test_without_dns_the_last_decision_stands(name: str) -> None:
    before = look(CASES[name].world)
    after = look(DENIED, before, at=CASES[name].world.at + timedelta(hours=1))
    assert before.decision is not None
    assert after == msgspec.structs.replace(
        before, decision=msgspec.structs.replace(before.decision, kept=True)
    )


def test_without_dns_a_decision_does_not_stand_for_ever() -> None:
    before = look(CASES["tlsa right"].world)
    after = look(DENIED, before, at=DENIED.at + timedelta(seconds=DECISION_KEPT_S + 1))
    assert after.decision is not None
    assert after.decision.protection is Protection.UNDECIDED


def test_without_dns_a_decision_does_not_outlive_its_policy() -> None:
    before = look(ZoneWorld(policy=policy("mx1.example.com", max_age_s=600)))
    after = look(DENIED, before, at=DENIED.at + timedelta(seconds=601))
    assert after.decision is not None
    assert after.decision.protection is Protection.UNDECIDED


def test_a_new_policy_is_not_hidden_by_a_decision_that_was_kept() -> None:
    before = look(ZoneWorld().zone_with("_mta-sts.example.com TXT"))
    after = look(ZoneWorld().zone_with("example.com MX !servfail"), before, at=days(0.01))
    assert after.decision is not None
    assert after.decision.protection is Protection.UNDECIDED


def test_a_policy_from_the_future_is_live_and_refreshed() -> None:
    held = Held(Memory(ENFORCE, days(400), "20260601"))
    assert is_live(held.policy, days(0))
    after = look(STRICT, held)
    assert after.policy == Memory(ENFORCE, days(0), "20260601")


def test_evidence_of_nothing_decides_nothing() -> None:
    empty = Evidence("example.com", collect(ZoneWorld(zone="x.example A 192.0.2.1")).vantage)
    made = decide(assemble(empty, ZoneWorld().at), Held(), RULES).decision
    assert made is not None
    assert made.protection is Protection.UNDECIDED


def test_a_stored_text_that_is_no_policy_is_none() -> None:
    assert policy_of(Memory(b"nonsense", days(0))) is None
    assert not is_live(Memory(b"nonsense", days(0)), days(0))


def test_the_smtp_side_plays_no_part() -> None:
    broken = dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), Smtp(defect=Defect.EXPIRED))
    assert decision(ZoneWorld(smtp=broken)) == decision(ZoneWorld())


DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("max_age_s", "age_s", "is_due"),
    [
        (7 * 86_400, DAY_S - 1, False),
        (7 * 86_400, DAY_S, True),
        (86_400, 43_199, False),
        (86_400, 43_200, True),
        (2 * 86_400, DAY_S - 1, False),
        (2 * 86_400, DAY_S, True),
    ],
)
def test_a_policy_is_due_daily_or_at_the_half_of_its_life(
    max_age_s: int, age_s: float, *, is_due: bool
) -> None:
    held = Held(Memory(policy("mx1.example.com", max_age_s=max_age_s), days(0), "20260601"))
    plan = fetch_plan(held, days(0) + timedelta(seconds=age_s))
    assert (plan.refresh, plan.known_id) == (is_due, "20260601")


def test_a_policy_that_is_over_is_neither_known_nor_refreshed() -> None:
    held = Held(Memory(ENFORCE, days(0), "20260601"))
    last, over = days(7) - timedelta(seconds=1), days(7)
    assert is_live(held.policy, last)
    assert not is_live(held.policy, over)
    assert (fetch_plan(held, over).known_id, fetch_plan(held, over).refresh) == (None, False)
    assert not is_live(None, last)


def test_a_policy_that_is_due_is_left_alone_while_its_fetch_has_just_failed() -> None:
    failed = look(DOWN, look(STRICT), at=days(2))
    assert failed.failure is not None
    soon, later = (days(2) + timedelta(seconds=seconds) for seconds in (BACKOFF_S - 1, BACKOFF_S))
    assert (fetch_plan(failed, soon).refresh, fetch_plan(failed, soon).shunned_id) == (False, "20260601")
    assert (fetch_plan(failed, later).refresh, fetch_plan(failed, later).shunned_id) == (True, None)
    assert fetch_plan(failed, days(2) - timedelta(seconds=1)).shunned_id is None


def test_a_failure_under_another_id_is_the_first_of_its_row() -> None:
    first = look(DOWN)
    again = look(DOWN, first, at=days(0.1))
    other = look(DOWN.zone_with(*NEW_ID), again, at=days(0.11))
    assert [one.failure.times for one in (first, again, other) if one.failure is not None] == [1, 2, 1]


@pytest.mark.parametrize(
    ("later", "is_kept"),
    [
        (DOWN, True),
        (DOWN.zone_with("_mta-sts.example.com TXT !servfail"), True),
        (GONE, False),
    ],
)
def test_a_failure_that_is_not_tried_again_yet_is_held_with_its_record(
    later: ZoneWorld, *, is_kept: bool
) -> None:
    failed = look(DOWN)
    after = look(later, failed, at=DOWN.at + timedelta(seconds=BACKOFF_S - 1))
    assert after.failure == (failed.failure if is_kept else None)


@pytest.mark.parametrize(("age_s", "stands"), [(DECISION_KEPT_S, True), (DECISION_KEPT_S + 1, False)])
def test_without_dns_a_decision_stands_for_a_day_to_the_second(age_s: float, *, stands: bool) -> None:
    before = look(ZoneWorld(policy=policy("mx1.example.com", "mx2.example.com", max_age_s=7 * 86_400)))
    after = look(DENIED, before, at=DENIED.at + timedelta(seconds=age_s))
    assert after.decision is not None
    assert after.decision.kept is stands


def test_a_decision_that_decided_nothing_stands_for_none() -> None:
    nothing = look(DENIED)
    after = look(DENIED, nothing, at=days(0.01))
    assert after.decision is not None
    assert (after.decision.kept, after.decision.at) == (False, days(0.01))


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (Https(version="TLSv1.1"), "TLSv1.1, and TLS 1.2 is the least"),
        (Https(media_type="text/plain, text/html"), "media type"),
        (Https(media_type="text/html"), "media type text/html"),
        (Https(media_type=""), "media type missing"),
        (Https(status=404), "status 404"),
        (Https(names=("other.example.com",)), "the certificate is for another name"),
        (Https(body=b"version: STSv1\nmode: maybe\nmax_age: 1\n"), "mode"),
    ],
)
def test_a_failed_fetch_says_what_it_met(server: Https, words: str) -> None:
    """What an administrator reads in the log has to lead to the fault."""
    held = look(ZoneWorld(https={"192.0.2.80": server}))
    assert held.failure is not None
    assert words in held.failure.detail
    assert held.decision is not None
    assert held.decision.detail == held.failure.detail


@pytest.mark.parametrize("lines", [NO_STS, ("_mta-sts.example.com TXT !timeout",)])
def test_a_failure_beside_a_policy_in_force_stays_known_whatever_becomes_of_the_record(
    lines: tuple[str, ...],
) -> None:
    """Else nobody was told that the policy cannot be fetched again before it ends."""
    world = ZoneWorld()
    live = look(world).policy
    failure = Failure(world.at, ResultType.STS_POLICY_FETCH_ERROR, "gone", "other")
    after = look(world.zone_with(*lines), Held(live, failure))
    assert (after.policy, after.failure) == (live, failure)


@pytest.mark.parametrize(("grace_s", "want_s"), [(1.0, 1.0), (86_400.0, float(DNS_FAILURE_S))])
def test_where_nobody_answered_whether_there_is_a_policy_that_is_asked_again_soon(
    grace_s: float, want_s: float
) -> None:
    held = look(ZoneWorld().zone_with("_mta-sts.example.com TXT !timeout"))
    assert held.decision is not None
    assert held.decision.reason is Reason.STS_UNANSWERED
    assert fresh_s(held, held.decision.at, grace_s) == want_s

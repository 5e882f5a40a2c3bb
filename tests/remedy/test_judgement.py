"""A judge of changed worlds asks a sender again only where something it looks at is another."""

from datetime import timedelta
from types import MappingProxyType

import msgspec

from mxproof.evidence import Kind
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.engine import deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.change import (
    Awaited,
    Ipv4Value,
    MxValue,
    PtrValue,
    Publish,
    ServePolicy,
    TlsaValue,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.mail.memory import Memory
from mxproof.remedy.apply import Supposition, apply
from mxproof.remedy.judgement import Judge, with_same_servers
from support_incident import ALIASES, INCIDENT
from support_world import Smtp, collect
from support_worlds import DANE, GOOD, MX1, policy

BY_ID = {one.id: one for one in SENDERS}


def judge(*senders: str) -> Judge:
    return Judge(collect(DANE), DANE.at, (), tuple(BY_ID[one] for one in senders) or SENDERS)


def test_the_same_changes_are_judged_once() -> None:
    asked = judge()
    change = (Publish(f"_25._tcp.{MX1}", TlsaValue(3, 1, 1, "00" * 32)),)
    first = asked.after(change)
    count = asked.judgements
    assert asked.after(change) == first
    assert asked.judgements == count


def test_a_tlsa_record_is_nothing_to_a_sender_without_dane() -> None:
    asked = judge("google", "postfix-dane")
    asked.after(())
    before = asked.judgements
    asked.after((Publish(f"_25._tcp.{MX1}", TlsaValue(3, 1, 1, "00" * 32)),))
    assert asked.judgements == before + 1


def test_an_id_is_nothing_to_a_sender_without_mta_sts() -> None:
    asked = judge("opportunistic", "rfc8461")
    asked.after(())
    before = asked.judgements
    asked.after(
        (
            Withdraw("_mta-sts.example.com", TxtValue("v=STSv1; id=20260601;")),
            Publish("_mta-sts.example.com", TxtValue("v=STSv1; id=2;")),
        )
    )
    assert asked.judgements == before + 1


def test_a_judge_says_what_the_engine_says_of_the_changed_world() -> None:
    asked = judge()
    change = (Withdraw("example.com", MxValue(20, "mx2.example.com")),)
    domain = assemble(apply(change, asked.evidence).evidence, DANE.at)
    assert asked.after(change).deliveries == tuple(deliver(domain, one, ()) for one in SENDERS)


def test_the_sender_that_stood_against_the_last_changes_is_asked_first() -> None:
    asked = judge("google", "postfix-dane")
    wrong = (Withdraw(f"_25._tcp.{MX1}", TlsaValue(3, 1, 1, "00" * 32)),)
    seen: list[str] = []

    def is_met(place: int, _delivery: object) -> bool:
        seen.append(asked.senders[place].id)
        return asked.senders[place].id != "postfix-dane"

    assert asked.first_unmet(wrong, is_met) == "postfix-dane"
    assert asked.first_unmet((), is_met) == "postfix-dane"
    assert seen == ["google", "postfix-dane", "postfix-dane"]


def test_a_server_that_shows_one_certificate_is_supposed_to_show_it_to_one_more_name() -> None:
    evidence = collect(INCIDENT)
    renamed = (Publish("new.example.com", Ipv4Value("192.0.2.1")), *_named("new.example.com"))
    applied = with_same_servers(apply(renamed, evidence))
    assert {one.what for one in applied.assumed} >= {Supposition.SAME_SERVER}
    assert not [one for one in applied.unseen if one.kind is Kind.SMTP and one.at == "192.0.2.1"]


def test_one_that_shows_each_name_its_own_is_not() -> None:
    world = INCIDENT.but(
        smtp={
            **INCIDENT.smtp,
            "192.0.2.1": Smtp((ALIASES[0],), by_sni={"smol.example.com": ("smol.example.com",)}),
        }
    )
    renamed = (Publish("new.example.com", Ipv4Value("192.0.2.1")), *_named("new.example.com"))
    applied = with_same_servers(apply(renamed, collect(world)))
    assert [one for one in applied.unseen if one.kind is Kind.SMTP and one.at == "192.0.2.1"]


def _named(name: str) -> tuple[Publish, ...]:
    return (Publish("example.com", MxValue(5, name)),)


def test_a_sound_world_is_what_it_was_without_changes() -> None:
    asked = Judge(collect(GOOD), GOOD.at, (), SENDERS)
    assert asked.after(()).applied.evidence == asked.evidence


HELD = Memory(policy("old.example.com", max_age=86_400), GOOD.at - timedelta(seconds=82_800), "20260601")
"""A policy that is held for an hour yet, and lists no host."""
OVER = Wait("example.com", Awaited.MAX_AGE, 1800, None)


def delivers(_: int, delivery: Delivery) -> bool:
    return delivery.outcome is Verdict.DELIVERS


def test_what_is_waited_for_has_gone_by_when_senders_are_judged_and_not_where_nothing_is() -> None:
    asked = Judge(collect(GOOD), GOOD.at, (HELD,), (BY_ID["google"],))
    for _ in range(2):
        now, soon, over = (asked.after(changes) for changes in ((), (OVER,), (OVER, OVER)))
        assert [one.domain.at for one in (now, soon, over)] == [
            GOOD.at,
            GOOD.at + timedelta(seconds=1800),
            GOOD.at + timedelta(seconds=3600),
        ]
        outcomes = [one.deliveries[0].outcome for one in (now, soon, over)]
        assert outcomes == [Verdict.AT_RISK, Verdict.AT_RISK, Verdict.DELIVERS]
    unmet = [asked.first_unmet(changes, delivers) for changes in ((), (OVER,), (OVER, OVER))]
    assert unmet == ["google", "google", None]
    fresh = Judge(collect(GOOD), GOOD.at, (HELD,), (BY_ID["google"],))
    assert [fresh.first_unmet(changes, delivers) for changes in ((OVER, OVER), (OVER,))] == [None, "google"]


def test_who_holds_a_policy_is_judged_apart_from_who_holds_none() -> None:
    evidence, held = collect(GOOD), (HELD,)
    for order in ((held, ()), ((), held)):
        asked = Judge(evidence, GOOD.at, (), (BY_ID["google"],))
        found = {memories: asked.deliveries(evidence, GOOD.at, memories)[0].outcome for memories in order}
        assert found == {held: Verdict.AT_RISK, (): Verdict.DELIVERS}
        assert asked.judgements == 2


def test_what_is_known_of_the_evidence_as_observed_is_taken_for_that_and_nothing_else() -> None:
    evidence, held = collect(GOOD), (HELD,)
    (own,) = Judge(evidence, GOOD.at, (), (BY_ID["google"],)).after(()).deliveries
    noted = msgspec.structs.replace(own, outcome=Verdict.REFUSED)
    asked = Judge(evidence, GOOD.at, held, (BY_ID["google"],))
    asked.take_note((noted,))
    assert (asked.after(()).deliveries, asked.judgements) == ((noted,), 0)
    assert asked.deliveries(evidence, GOOD.at, ())[0].outcome is Verdict.DELIVERS
    assert asked.after((OVER, OVER)).deliveries[0].outcome is Verdict.DELIVERS
    assert asked.after((Withdraw("example.com", MxValue(20, "mx2.example.com")),)).deliveries[0] != noted
    assert (asked.after(()).deliveries, asked.judgements) == ((noted,), 3)


def test_evidence_in_which_an_answer_is_missing_is_another_one() -> None:
    evidence = collect(GOOD)
    without = msgspec.structs.replace(
        evidence,
        answers=MappingProxyType(
            {one: it for one, it in evidence.answers.items() if one.kind is not Kind.MX}
        ),
    )
    asked = Judge(evidence, GOOD.at, (), (BY_ID["google"],))
    for _ in range(2):
        found = [asked.deliveries(one, GOOD.at, ())[0].outcome for one in (evidence, without)]
        assert found == [Verdict.DELIVERS, Verdict.UNKNOWN]
        assert [len(asked.domain_in(one, GOOD.at).hosts) for one in (evidence, without)] == [2, 0]


def test_evidence_is_told_from_other_evidence_that_is_gone_by_now() -> None:
    evidence = collect(GOOD)
    asked = Judge(evidence, GOOD.at, (), (BY_ID["google"],))
    for number in range(3, 9):
        change = Publish("example.com", MxValue(30, f"mx{number}.example.com"))
        domain = asked.domain_in(apply((change,), evidence).evidence, GOOD.at)
        assert [one.name for one in domain.hosts][2:] == [f"mx{number}.example.com"]
        del domain, change


def test_a_reverse_name_is_nothing_to_a_sender_that_does_not_judge_by_it() -> None:
    asked = judge("google", "microsoft-ptr")
    asked.after(())
    before = asked.judgements
    asked.after((Withdraw("1.2.0.192.in-addr.arpa", PtrValue(MX1)),))
    assert asked.judgements == before + 1


def test_the_policy_and_its_record_are_nothing_to_a_sender_with_dane_alone() -> None:
    asked = judge("google", "postfix-dane")
    asked.after(())
    for change in (
        ServePolicy("example.com", Policy(Mode.NONE, 86_400)),
        Publish("_mta-sts.example.com", TxtValue("v=STSv1; id=2;")),
    ):
        before = asked.judgements
        asked.after((change,))
        assert asked.judgements == before + 1

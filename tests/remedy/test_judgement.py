"""A judge of changed worlds asks a sender again only where something it looks at is another."""

from mxproof.evidence import Kind
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.engine import deliver
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Ipv4Value, MxValue, Publish, TlsaValue, TxtValue, Withdraw
from mxproof.remedy.apply import Supposition, apply
from mxproof.remedy.judgement import Judge, with_same_servers
from support_incident import ALIASES, INCIDENT
from support_world import Smtp, collect
from support_worlds import DANE, GOOD, MX1

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

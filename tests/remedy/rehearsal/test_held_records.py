"""What caches hold meanwhile matters: mixed states, a name that was not there, a name server that lags, the clock."""

from datetime import timedelta

from mxproof.evidence import Answer, DnsData, Kind, Outcome, Question
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.change import (
    Change,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    Publish,
    Service,
    TlsaValue,
    Withdraw,
)
from mxproof.remedy.judgement import SECONDARY_LAG_S, Judge
from mxproof.remedy.rehearsal.edit import Edit, TimedEdit, edits
from mxproof.remedy.rehearsal.order import is_safe, ordered
from mxproof.remedy.rehearsal.timeline import timeline
from support_certificates import NOW
from support_world import Smtp, ZoneWorld, collect
from support_worlds import DANE, GOOD, MX1, policy

DOMAIN = "example.com"
OLD, NEW = "mx1.example.com", "new.example.com"
TTL_S, NEGATIVE_S = 300, 900
FEW = tuple(one for one in SENDERS if one.id in {"rfc8461", "microsoft", "google", "postfix-dane"})
ALONE = GOOD.zone_with(f"{DOMAIN} MX", f"{DOMAIN} MX 10 {OLD}", f"{OLD} AAAA").but(
    policy=policy("*.example.com")
)
MOVE = (Withdraw(DOMAIN, MxValue(10, OLD)), Publish(DOMAIN, MxValue(10, NEW)))


def judge(world: ZoneWorld) -> Judge:
    return Judge(collect(world), world.at, (), FEW)


def at(*timed: tuple[int, tuple[Change, ...]]) -> tuple[TimedEdit, ...]:
    return tuple(TimedEdit(at_s, Edit(0, changes)) for at_s, changes in timed)


def refusing(subject: Judge, schedule: tuple[TimedEdit, ...]) -> set[tuple[str, ...]]:
    """Return which sets are still old in each state of the first moment in which a sender refuses."""
    first = timeline(subject, schedule)[1]
    return {
        tuple(f"{kind} {name}" for kind, name in state.old)
        for state in first.states
        if any(one.decides and one.outcome is not Verdict.DELIVERS for one in state.deliveries)
    }


def moved(name: str, before: str, after: str) -> tuple[Change, ...]:
    return Withdraw(name, Ipv4Value(before)), Publish(name, Ipv4Value(after))


def test_the_old_mx_with_the_new_address_is_refused_though_all_old_and_all_new_deliver() -> None:
    """The server that the old name leads to by then shows a certificate of the new name alone."""
    world = ALONE.zone_with(f"{NEW} A 192.0.2.9").but(
        smtp={"192.0.2.1": Smtp((OLD,)), "192.0.2.9": Smtp((NEW,))}
    )
    subject = Judge(collect(world).with_answers(_shown(world)), world.at, (), FEW)
    schedule = at((0, (*MOVE, *moved(OLD, "192.0.2.1", "192.0.2.9"))))
    assert refusing(subject, schedule) == {(f"MX {DOMAIN}",)}


def test_the_new_mx_with_the_old_address_is_refused_as_well() -> None:
    world = ALONE.zone_with(f"{NEW} A 192.0.2.1").but(
        smtp={"192.0.2.1": Smtp((OLD,)), "192.0.2.9": Smtp((OLD, NEW))}
    )
    subject = Judge(collect(world).with_answers(_shown(world)), world.at, (), FEW)
    schedule = at((0, (*MOVE, *moved(NEW, "192.0.2.1", "192.0.2.9"))))
    assert refusing(subject, schedule) == {(f"address {NEW}",)}


def _shown(world: ZoneWorld) -> list[tuple[Question, Answer]]:
    """Return what is seen of the servers and of the new name while the MX record names that one."""
    late = world.zone_with(f"{DOMAIN} MX", f"{DOMAIN} MX 10 {NEW}", f"{DOMAIN} MX 20 {OLD}")
    both = late.zone_with(f"{OLD} A 192.0.2.9"), late.zone_with(f"{NEW} A 192.0.2.9"), late
    known = collect(world).answers
    found: dict[Question, Answer] = {}
    for one in both:
        found |= {
            question: answer for question, answer in collect(one).answers.items() if question not in known
        }
    return list(found.items())


def test_that_a_name_is_not_there_is_held_as_long_as_the_answer_said() -> None:
    """RFC 2308 section 5: the MX record waits for the end of it, counted from when the last name server had the address."""
    gone = Answer(Outcome.NXDOMAIN, NOW, DnsData("NXDOMAIN", secure=False), NEGATIVE_S)
    world = ALONE.but(smtp={"192.0.2.1": Smtp((OLD, NEW))})
    evidence = collect(world).with_answers((Question(kind, NEW), gone) for kind in (Kind.A, Kind.AAAA))
    subject = Judge(evidence, world.at, (), FEW)
    got = ordered(subject, edits((Publish(NEW, Ipv4Value("192.0.2.1")), *MOVE)))
    assert got.is_safe
    assert [one.at_s for one in got.schedule] == [0, NEGATIVE_S + SECONDARY_LAG_S]


def test_a_name_server_that_lags_is_waited_for() -> None:
    new = TlsaValue(3, 1, 1, "11" * 32)
    shown = PresentCertificate(
        Service.SMTP, MX1, ("192.0.2.1", "2001:db8::1"), (MX1,), keeps_key=False, matches=(new,)
    )
    schedule = at((0, (Publish(f"_25._tcp.{MX1}", new),)), (TTL_S, (shown,)))
    subject = judge(DANE)
    prompt = Judge(subject.evidence, subject.now, (), FEW, 0)
    assert is_safe(prompt, timeline(prompt, schedule))
    assert not is_safe(subject, timeline(subject, schedule))


def test_a_certificate_that_ends_on_the_way_is_taken_for_renewed_and_one_that_has_ended_is_not() -> None:
    """The clock stays where it is: what is judged is the change, and renewals are supposed."""
    subject = judge(ALONE)
    session = subject.after(()).domain.hosts[0].endpoints[0].sessions[0]
    assert session.chain is not None
    assert session.chain.leaf is not None
    left_s = int((session.chain.leaf.not_after - ALONE.at).total_seconds())
    harmless = Publish("a.example.com", Ipv6Value("2001:db8::9"))
    late = timeline(
        subject, at((0, (harmless,)), (left_s + 86_400, (Withdraw(harmless.name, harmless.record),)))
    )
    assert late[-1].from_s > left_s
    assert {one.security for state in late[-1].states for one in state.deliveries if one.id == "rfc8461"} == {
        Security.MTA_STS
    }
    ended = Judge(subject.evidence, ALONE.at + timedelta(seconds=left_s + 1), (), FEW).after(()).deliveries
    assert Security.MTA_STS not in {one.security for one in ended}

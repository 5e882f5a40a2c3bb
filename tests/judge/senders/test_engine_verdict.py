"""How the attempts and the possibilities of one sender are summed up: which of them count, and what is told of the rest."""

import msgspec
import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.formats.mtasts import LENIENT, STRICT
from mxproof.judge.codes import Code
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.engine import deliver, deliver_at, server_name, walks
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import Addresses, JudgedName, Traits
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import LevelMemory, SenderMemory, SessionLevel
from mxproof.mail.resolver import ResolverState
from support_certificates import Defect
from support_incident import HALF_FIXED
from support_world import Https, Smtp, ZoneWorld, collect
from support_worlds import ADDRESSES, GOOD, MX1, MX2, SIGNED, connect, everywhere, policy

DELIVERS, AT_RISK, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED, Verdict.UNKNOWN
NO_STS = ("_mta-sts.example.com TXT", "mta-sts.example.com A")
EXPIRED, CLEAR = Smtp(defect=Defect.EXPIRED), Smtp(stage=SmtpStage.EHLO)
SILENT, CLOSED = connect(Outcome.TIMEOUT), connect(Outcome.REFUSED)
AWAY = Smtp(stage=SmtpStage.GREETING)
V4, V6, OTHER6, SECOND = "192.0.2.1", "2001:db8::1", "2001:db8::2", "192.0.2.2"
TLSA1, TLSA2 = f"_25._tcp.{MX1} TLSA 3 1 1 @{V4}", f"_25._tcp.{MX2} TLSA 3 1 1 @{SECOND}"
DANE = SIGNED.zone_with(TLSA1, TLSA2, *NO_STS)


def model(sender: str) -> Traits:
    return next(one for one in SENDERS if one.id == sender)


def domain(world: ZoneWorld) -> MailDomain:
    return assemble(collect(world), world.at)


def delivered(world: ZoneWorld, traits: Traits, *memories: SenderMemory) -> Delivery:
    return deliver(domain(world), traits, memories)


FIRST_ANSWERING = msgspec.structs.replace(RFC8461, addresses=Addresses.UNCONNECTED)
ONE_HOST = GOOD.zone_with(f"example.com MX 10 {MX1}")
TWO_OF_IPV6 = ONE_HOST.but(zone=f"{ONE_HOST.zone}\n{MX1} AAAA {OTHER6}")


@pytest.mark.parametrize(
    ("servers", "want"),
    [
        ({V6: EXPIRED, OTHER6: EXPIRED}, REFUSED),
        ({V6: EXPIRED}, AT_RISK),
        ({V6: EXPIRED, OTHER6: AWAY}, AT_RISK),
        ({V6: EXPIRED, OTHER6: CLOSED}, REFUSED),
        ({V6: CLOSED, OTHER6: CLOSED}, DELIVERS),
        ({V6: CLOSED, OTHER6: CLOSED, V4: EXPIRED}, REFUSED),
        ({V4: EXPIRED}, AT_RISK),
    ],
)
def test_who_goes_by_the_first_connection_is_stopped_by_ipv6_only_where_all_of_it_refuses(
    servers: dict[str, Smtp], want: Verdict
) -> None:
    assert delivered(TWO_OF_IPV6.but(smtp=servers), FIRST_ANSWERING).outcome is want


@pytest.mark.parametrize(
    ("first", "second", "want"),
    [
        (Smtp(), EXPIRED, AT_RISK),
        (EXPIRED, Smtp(), AT_RISK),
        (SILENT, EXPIRED, UNKNOWN),
        (EXPIRED, EXPIRED, REFUSED),
        (SILENT, Smtp(), DELIVERS),
        (SILENT, SILENT, UNKNOWN),
    ],
)
def test_of_two_hosts_silence_counts_less_than_what_was_seen_and_makes_no_refusal_sure(
    first: Smtp, second: Smtp, want: Verdict
) -> None:
    world = GOOD.but(smtp={V4: first, V6: first, SECOND: second})
    assert delivered(world, RFC8461).outcome is want


@pytest.mark.parametrize("second", [EXPIRED, SILENT, CLOSED, Smtp(defect=Defect.SELF_SIGNED)])
def test_where_one_host_may_refuse_mail_is_at_risk_whatever_is_with_the_other(second: Smtp) -> None:
    """Whether Microsoft takes an expired certificate that DANE vouches for is not documented."""
    microsoft = model("microsoft")
    assert delivered(DANE.but(smtp={V4: EXPIRED, V6: EXPIRED, SECOND: second}), microsoft).outcome is AT_RISK


def test_the_reasons_are_those_of_every_possibility_that_does_not_deliver_each_once() -> None:
    """One address of the policy host serves a text that not everybody reads, the other another policy."""
    unread = policy("old.example.com").replace(b"mode", b"\nmode")
    world = GOOD.but(https={"2001:db8::80": Https(body=unread)}).zone_with(
        "mta-sts.example.com AAAA 2001:db8::80"
    )
    either = msgspec.structs.replace(RFC8461, readings=(STRICT, LENIENT))
    found = delivered(world, either)
    assert (found.outcome, found.because) == (
        AT_RISK,
        (Code.STS_POLICY_DIFFERS, Code.STS_POLICY_AMBIGUOUS),
    )


def test_that_the_policies_differ_and_that_one_is_not_read_by_all_are_two_reasons_beside_the_certificate() -> (
    None
):
    unread = GOOD.policy.replace(b"mode", b"\nmode").replace(b"1209600", b"86400")
    world = GOOD.but(
        https={"2001:db8::80": Https(body=unread)},
        smtp=dict.fromkeys(ADDRESSES, Smtp(defect=Defect.SELF_SIGNED)),
    ).zone_with("mta-sts.example.com AAAA 2001:db8::80")
    either = msgspec.structs.replace(RFC8461, readings=(STRICT, LENIENT))
    found = delivered(world, either)
    assert found.outcome is AT_RISK
    assert set(found.because) == {
        Code.STS_POLICY_DIFFERS,
        Code.STS_POLICY_AMBIGUOUS,
        Code.CERT_SELF_SIGNED,
    }
    assert found.because[-1] is not Code.STS_POLICY_DIFFERS


def test_a_level_that_is_remembered_may_be_forgotten() -> None:
    insisting = msgspec.structs.replace(RFC8461, mta_sts=False, remembers_level=True)
    clear = everywhere(CLEAR)
    for level in (SessionLevel.ENCRYPTED, SessionLevel.VERIFIED):
        found = delivered(clear, insisting, LevelMemory(level))
        assert (found.outcome, found.because) == (AT_RISK, (Code.TLS_LEVEL_FELL,))
        assert [one.stance.level for one in walks(domain(clear), insisting, (LevelMemory(level),))] == [
            SessionLevel.PLAIN,
            level,
        ]
    forgetful = msgspec.structs.replace(insisting, remembers_level=False)
    assert delivered(clear, forgetful, LevelMemory(SessionLevel.VERIFIED)).outcome is DELIVERS
    twice = (LevelMemory(SessionLevel.ENCRYPTED), LevelMemory(SessionLevel.ENCRYPTED))
    assert len(walks(domain(clear), insisting, twice)) == 2


def test_signatures_that_do_not_verify_are_told_before_a_resolver_that_answers_nothing() -> None:
    bogus = domain(SIGNED.zone_with("example.com MX !bogus"))
    assert bogus.mx.question in bogus.bogus
    dumb = next(one for one in ResolverState if one is not ResolverState.ANSWERS)
    for subject in (bogus, msgspec.structs.replace(bogus, resolver=dumb)):
        validating, other = deliver(subject, model("postfix-dane")), deliver(subject, RFC8461)
        assert (validating.outcome, validating.because) == (REFUSED, (Code.DNSSEC_BOGUS,))
        assert (other.outcome, other.because) == (UNKNOWN, (Code.DNSSEC_BOGUS,))
        assert (walks(subject, RFC8461), other.attempts, other.bounce) == ((), (), None)
    silent = msgspec.structs.replace(domain(GOOD.zone_with("example.com MX !timeout")), resolver=dumb)
    assert deliver(silent, RFC8461).because == (Code.RESOLVER_UNANSWERED,)


def test_what_is_known_of_a_domain_that_takes_no_mail_is_told_before_that_the_resolver_is_silent() -> None:
    dumb = next(one for one in ResolverState if one is not ResolverState.ANSWERS)
    for world, code in (
        (GOOD.but(zone="example.com MX 0 ."), Code.MX_NULL),
        (GOOD.but(zone="other.example A 192.0.2.1"), Code.DOMAIN_MISSING),
    ):
        subject = msgspec.structs.replace(domain(world), resolver=dumb)
        assert (deliver(subject, RFC8461).outcome, deliver(subject, RFC8461).because) == (REFUSED, (code,))


@pytest.mark.parametrize(
    ("record", "want"), [(TLSA1, Security.DANE), (TLSA2, Security.OPPORTUNISTIC)], ids=["first", "second"]
)
def test_mail_is_protected_as_at_the_host_that_takes_it_first(record: str, want: Security) -> None:
    world = SIGNED.zone_with(record, *NO_STS)
    assert delivered(world, model("postfix-dane")).security is want


def test_where_the_first_host_refuses_the_protection_is_that_of_the_next_that_delivers() -> None:
    world = SIGNED.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 {'00' * 32}", *NO_STS)
    found = delivered(world, model("postfix-dane"))
    assert (found.outcome, found.security) == (AT_RISK, Security.OPPORTUNISTIC)
    nowhere = SIGNED.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 {'00' * 32}", f"example.com MX 10 {MX1}", *NO_STS)
    assert delivered(nowhere, model("postfix-dane")).security is None


def test_at_one_address_the_sender_does_what_it_does_there_whatever_the_others_are() -> None:
    world = GOOD.but(smtp={V4: EXPIRED, SECOND: CLEAR})
    subject = domain(world)
    got = {
        (host, address): deliver_at(subject, RFC8461, host, address)
        for host, address in ((MX1, V4), (MX1, V6), (MX2, SECOND))
    }
    assert [one.outcome for one in got.values()] == [REFUSED, DELIVERS, REFUSED]
    assert [one.because for one in got.values()] == [(Code.CERT_EXPIRED,), (), (Code.STARTTLS_MISSING,)]
    assert [[made.address for made in one.attempts] for one in got.values()] == [[V4], [V6], [SECOND]]
    unlisted = domain(GOOD.but(policy=policy(MX2)))
    assert deliver_at(unlisted, RFC8461, MX1, V6).because == (Code.STS_MX_UNLISTED,)


def test_both_names_in_sni_are_tried_where_a_host_is_an_alias_and_the_likeliest_is_named() -> None:
    by_sni = {"smol.example.com": ("smol.example.com",)}
    servers = {at: Smtp(names=one.names, by_sni=by_sni) for at, one in HALF_FIXED.smtp.items()}
    subject = domain(HALF_FIXED.but(smtp=servers))
    either = msgspec.structs.replace(RFC8461, sni=(JudgedName.TARGET, JudgedName.MX))
    assert {one.stance.sni for one in walks(subject, either)} == {JudgedName.TARGET, JudgedName.MX}
    assert len(walks(domain(GOOD), either)) == 1
    alias = next(one for one in subject.hosts if one.is_alias)
    assert server_name(subject, either, alias.name) == alias.target
    turned = msgspec.structs.replace(either, sni=either.sni[::-1])
    assert server_name(subject, turned, alias.name) == alias.name


def test_where_no_address_of_a_host_takes_a_connection_each_of_them_is_told() -> None:
    found = delivered(GOOD.but(smtp={V4: CLOSED, V6: CLOSED, SECOND: EXPIRED}), RFC8461)
    assert (found.outcome, found.because) == (REFUSED, (Code.SMTP_UNREACHABLE, Code.CERT_EXPIRED))
    assert [(one.mx, one.address, one.outcome) for one in found.attempts] == [
        (MX1, V4, REFUSED),
        (MX1, V6, REFUSED),
        (MX2, SECOND, REFUSED),
    ]


def test_where_nobody_takes_a_connection_port_25_is_blocked_here_and_nothing_is_known() -> None:
    found = delivered(GOOD.but(smtp=dict.fromkeys(ADDRESSES, CLOSED)), RFC8461)
    assert (found.outcome, found.because) == (UNKNOWN, (Code.PORT_25_BLOCKED,))

"""In which order the demands on one host are weighed, who insists on each, and how an attempt is told that passes all the same."""

import msgspec
import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsa import association_for
from mxproof.judge.codes import Code
from mxproof.judge.senders.attempt import attempts
from mxproof.judge.senders.policy_case import NO_POLICY, PolicyCase
from mxproof.judge.senders.stance import HostAttempt, Stance
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import EarlyText, JudgedName, LostInside, Precedence, Traits
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import SessionLevel
from support_certificates import INTERMEDIATE, Defect
from support_world import Smtp, collect
from support_worlds import GOOD, MX1, MX2, SIGNED, connect, everywhere

DELIVERS, AT_RISK, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED, Verdict.UNKNOWN
DANE_FIRST, BOTH, DOMAIN_WIDE = Precedence.DANE_FIRST, Precedence.BOTH, Precedence.DOMAIN_WIDE
TLSA1, TLSA2 = f"_25._tcp.{MX1} TLSA", f"_25._tcp.{MX2} TLSA"
RIGHT1, RIGHT2 = f"{TLSA1} 3 1 1 @192.0.2.1", f"{TLSA2} 3 1 1 @192.0.2.2"
WRONG1 = f"{TLSA1} 3 1 1 {'00' * 32}"
CLEAR, OLD, EXPIRED = Smtp(stage=SmtpStage.EHLO), Smtp(version="TLSv1.1"), Smtp(defect=Defect.EXPIRED)


def case(mode: Mode = Mode.ENFORCE, *mx: str) -> PolicyCase:
    return PolicyCase(Policy(mode, 86_400, mx or (MX1, MX2)))


ENFORCED, TESTING, UNLISTED = case(), case(Mode.TESTING), case(Mode.ENFORCE, "old.example.com")


def sender(**traits: object) -> Traits:
    """Return a sender that uses DANE and of which nothing is open, with other traits."""
    settled: dict[str, object] = {
        "dane": True,
        "outdated_tls": (False,),
        "early_text": (EarlyText.THROWN_AWAY,),
        "lost_inside": LostInside.DEFERRED,
    }
    return msgspec.structs.replace(RFC8461, **{**settled, **traits})


def domain(lines: tuple[str, ...], server: Smtp) -> MailDomain:
    """Return a signed domain with these records, whose hosts all are this server."""
    world = everywhere(server, SIGNED).zone_with(*lines)
    return assemble(collect(world), world.at)


def tried(subject: MailDomain, stance: Stance, place: int = 0) -> HostAttempt:
    """Return the first attempt at a host."""
    return attempts(subject, subject.hosts[place], stance)[0]


def stance(policy: PolicyCase = NO_POLICY, precedence: Precedence = DANE_FIRST, **traits: object) -> Stance:
    return Stance(sender(**traits), policy, JudgedName.MX, precedence)


def told(one: HostAttempt) -> tuple[Verdict, Code | None, Security | None]:
    """Return how an attempt ends: why, and who insists."""
    return one.verdict, one.code, one.insists


@pytest.mark.parametrize("policy", [NO_POLICY, ENFORCED, TESTING, UNLISTED])
@pytest.mark.parametrize("precedence", [DANE_FIRST, BOTH, Precedence.PRUNE_FIRST])
def test_a_look_up_of_tlsa_that_fails_stops_mail_whatever_the_policy_says(
    policy: PolicyCase, precedence: Precedence
) -> None:
    """RFC 7672 section 2.1.2, RFC 8461 section 2: MTA-STS never overrides DANE."""
    one = tried(domain((f"{TLSA1} !servfail",), Smtp()), stance(policy, precedence))
    assert told(one) == (REFUSED, Code.DANE_LOOKUP_FAILED, Security.DANE)
    assert (one.address, one.judged_name, one.result_type) == (None, MX1, ResultType.DNSSEC_INVALID)
    unseen = tried(domain((f"{TLSA1} !timeout",), Smtp()), stance(policy, precedence))
    assert told(unseen) == (UNKNOWN, Code.DANE_UNANSWERED, None)


def test_who_puts_the_policy_first_asks_for_tlsa_only_where_there_is_none() -> None:
    failing = domain((f"{TLSA1} !servfail",), Smtp())
    first, alone = Precedence.POLICY_FIRST, Precedence.POLICY_ALONE
    assert tried(failing, stance(ENFORCED, first)).verdict is DELIVERS
    assert tried(failing, stance(NO_POLICY, first)).code is Code.DANE_LOOKUP_FAILED
    assert tried(failing, stance(ENFORCED, alone)).verdict is DELIVERS
    assert tried(failing, stance(NO_POLICY, alone)).verdict is DELIVERS


def test_whoever_demands_it_is_who_insists() -> None:
    unmatched, matched = domain((WRONG1,), Smtp()), domain((RIGHT1, RIGHT2), Smtp())
    assert told(tried(unmatched, stance(ENFORCED, BOTH))) == (REFUSED, Code.DANE_MISMATCH, Security.DANE)
    assert told(tried(unmatched, stance())) == (REFUSED, Code.DANE_MISMATCH, Security.DANE)
    assert told(tried(matched, stance(UNLISTED, BOTH))) == (REFUSED, Code.STS_MX_UNLISTED, Security.MTA_STS)
    bad = domain((), EXPIRED)
    assert told(tried(bad, stance(ENFORCED))) == (REFUSED, Code.CERT_EXPIRED, Security.MTA_STS)
    both = domain((RIGHT1, RIGHT2), EXPIRED)
    assert told(tried(both, stance(ENFORCED, BOTH))) == (REFUSED, Code.CERT_EXPIRED, Security.MTA_STS)
    assert tried(both, stance(ENFORCED)).security is Security.DANE


def test_of_an_old_tls_and_of_none_dane_is_what_insists_before_the_policy() -> None:
    for server, code in ((OLD, Code.TLS_VERSION_OLD), (CLEAR, Code.STARTTLS_MISSING)):
        with_both, with_policy = domain((RIGHT1, RIGHT2), server), domain((), server)
        assert told(tried(with_both, stance(ENFORCED, BOTH))) == (REFUSED, code, Security.DANE)
        assert told(tried(with_policy, stance(ENFORCED))) == (REFUSED, code, Security.MTA_STS)


@pytest.mark.parametrize(
    ("server", "traits", "code", "result_type", "insists"),
    [
        (EXPIRED, {"doubted_dates": True}, Code.CERT_EXPIRED, ResultType.CERTIFICATE_EXPIRED, Security.DANE),
        (OLD, {"outdated_tls": (True, False)}, Code.TLS_VERSION_OLD, None, None),
        (
            Smtp(early=b"x"),
            {"early_text": (EarlyText.THROWN_AWAY, EarlyText.DEFERRED)},
            Code.STARTTLS_EARLY_DATA,
            None,
            None,
        ),
    ],
)
def test_what_some_refuse_puts_mail_at_risk_and_has_a_result_type_where_it_is_sure_which(
    server: Smtp,
    traits: dict[str, object],
    code: Code,
    result_type: ResultType | None,
    insists: Security | None,
) -> None:
    one = tried(domain((RIGHT1, RIGHT2), server), stance(NO_POLICY, DANE_FIRST, **traits))
    assert (one.verdict, one.code, one.result_type, one.insists) == (AT_RISK, code, result_type, insists)
    assert (one.security, one.address) == (None, "192.0.2.1")
    settled = {"doubted_dates": False, "outdated_tls": (True,), "early_text": (EarlyText.THROWN_AWAY,)}
    assert (
        tried(domain((RIGHT1, RIGHT2), server), stance(NO_POLICY, DANE_FIRST, **settled)).security
        is Security.DANE
    )


def test_what_fails_in_mode_testing_is_told_in_the_order_of_an_enforced_policy() -> None:
    testing_unlisted = case(Mode.TESTING, "old.example.com")
    clear = domain((), CLEAR)
    one = tried(clear, stance(testing_unlisted))
    assert (one.verdict, one.result_type, one.security) == (DELIVERS, ResultType.MX_MISMATCH, Security.NONE)
    assert one.detail == tried(clear, stance(UNLISTED)).detail
    one = tried(clear, stance(TESTING))
    assert (one.verdict, one.result_type, one.security) == (
        DELIVERS,
        ResultType.STARTTLS_NOT_SUPPORTED,
        Security.NONE,
    )
    bad = tried(domain((), EXPIRED), stance(TESTING))
    assert (bad.result_type, bad.security) == (ResultType.CERTIFICATE_EXPIRED, Security.OPPORTUNISTIC)


def test_without_a_policy_a_session_in_the_clear_is_told_and_is_no_failure_of_one() -> None:
    one = tried(domain((), CLEAR), stance())
    assert (one.verdict, one.result_type, one.code, one.security) == (DELIVERS, None, None, Security.NONE)
    assert one.detail.startswith("STARTTLS is not offered")
    sound = tried(domain((), Smtp()), stance())
    assert (sound.detail, sound.result_type, sound.security) == ("accepted", None, Security.OPPORTUNISTIC)


def test_an_anchor_that_vouches_for_any_name_leaves_the_session_opportunistic() -> None:
    anchor = association_for(INTERMEDIATE.der, 1, 1).hex()
    misnamed = domain((f"{TLSA1} 2 1 1 {anchor}",), Smtp(names=("other.example.net",)))
    one = tried(misnamed, stance(anchored_names=False))
    assert (one.verdict, one.security) == (DELIVERS, Security.OPPORTUNISTIC)
    assert tried(misnamed, stance()).code is Code.DANE_CERT_NAME
    named = domain((f"{TLSA1} 2 1 1 {anchor}",), Smtp(names=(MX1,)))
    assert tried(named, stance(anchored_names=False)).security is Security.DANE


def test_records_that_nobody_can_use_ask_for_tls_and_vouch_for_nobody() -> None:
    unusable = f"{TLSA1} 0 0 1 {'00' * 32}"
    one = tried(domain((unusable,), Smtp(defect=Defect.SELF_SIGNED)), stance())
    assert (one.verdict, one.security) == (DELIVERS, Security.OPPORTUNISTIC)
    assert told(tried(domain((unusable,), CLEAR), stance())) == (
        REFUSED,
        Code.STARTTLS_MISSING,
        Security.DANE,
    )
    assert tried(domain((unusable,), Smtp()), stance(ENFORCED)).security is Security.MTA_STS


def wide(policy: PolicyCase = NO_POLICY) -> Stance:
    return stance(policy, DOMAIN_WIDE)


def test_who_chose_neither_for_the_domain_tries_each_host_as_its_records_ask() -> None:
    """observed: smtp_tls_dane_insecure_mx_policy, postconf(5): the MX answer need not be secure."""
    lines = (WRONG1,)
    world = GOOD.but(signed=(MX1, f"_25._tcp.{MX1}")).zone_with(*lines)
    subject = assemble(collect(world), world.at)
    assert not subject.mx.secure
    assert told(tried(subject, wide())) == (REFUSED, Code.DANE_MISMATCH, Security.DANE)
    assert tried(subject, wide(), 1).security is Security.OPPORTUNISTIC
    assert tried(subject, stance()).security is Security.OPPORTUNISTIC
    assert tried(subject, wide(ENFORCED)).security is Security.MTA_STS


def test_where_dane_is_chosen_for_the_domain_an_enforced_policy_counts_at_no_host() -> None:
    subject = domain((RIGHT1,), EXPIRED)
    assert tried(subject, wide(ENFORCED)).security is Security.DANE
    beside = tried(subject, wide(ENFORCED), 1)
    assert (beside.verdict, beside.security, beside.result_type) == (DELIVERS, Security.OPPORTUNISTIC, None)
    assert told(tried(domain((), EXPIRED), wide(ENFORCED), 1)) == (
        REFUSED,
        Code.CERT_EXPIRED,
        Security.MTA_STS,
    )


def test_a_policy_in_mode_testing_is_told_of_where_the_domain_has_no_dane() -> None:
    one = tried(domain((), EXPIRED), wide(TESTING))
    assert (one.verdict, one.result_type) == (DELIVERS, ResultType.CERTIFICATE_EXPIRED)
    beside = tried(domain((RIGHT1,), EXPIRED), wide(TESTING), 1)
    assert (beside.verdict, beside.result_type) == (DELIVERS, ResultType.CERTIFICATE_EXPIRED)


def test_a_domain_that_cannot_be_decided_is_held_up_at_each_of_its_hosts() -> None:
    failing = domain((f"{TLSA1} !servfail", f"{TLSA2} !timeout"), Smtp())
    for place, name in enumerate((MX1, MX2)):
        one = tried(failing, wide(), place)
        assert (one.host.name, one.address, *told(one)[:2]) == (name, None, REFUSED, Code.DANE_LOOKUP_FAILED)
        assert one.result_type is ResultType.DNSSEC_INVALID
    silent = tried(domain((f"{TLSA1} !timeout", f"{TLSA2} !timeout"), Smtp()), wide())
    assert (silent.verdict, silent.code, silent.result_type) == (UNKNOWN, Code.DANE_UNANSWERED, None)


def test_an_address_that_is_not_public_is_not_tried_and_one_beside_it_is() -> None:
    subject = domain((f"{MX1} A 10.0.0.1",), Smtp())
    found = {one.address: one for one in attempts(subject, subject.hosts[0], stance(ENFORCED))}
    assert told(found["10.0.0.1"]) == (REFUSED, Code.MX_ADDRESS_NOT_PUBLIC, None)
    assert found["10.0.0.1"].connected
    assert found["2001:db8::1"].verdict is DELIVERS
    assert [told(one)[1] for one in attempts(subject, subject.hosts[0], stance(UNLISTED))] == [
        Code.STS_MX_UNLISTED
    ]


@pytest.mark.parametrize(
    ("then", "verdict", "security"),
    [
        (LostInside.CLEAR_TEXT, DELIVERS, Security.NONE),
        (LostInside.DEFERRED, REFUSED, None),
        (LostInside.NOT_KNOWN, AT_RISK, None),
    ],
)
def test_a_session_that_is_lost_inside_tls_ends_as_the_sender_goes_on_where_nothing_is_demanded(
    then: LostInside, verdict: Verdict, security: Security | None
) -> None:
    lost = domain((), Smtp(stage=SmtpStage.SECURED, outcome=Outcome.CLOSED))
    one = tried(lost, stance(lost_inside=then))
    assert (one.verdict, one.security) == (verdict, security)
    assert tried(lost, stance(TESTING, lost_inside=then)).verdict is verdict
    for demanding in (
        tried(lost, stance(ENFORCED, lost_inside=then)),
        tried(domain((RIGHT1, RIGHT2), Smtp(stage=SmtpStage.SECURED, outcome=Outcome.CLOSED)), stance()),
    ):
        assert told(demanding) == (REFUSED, Code.SMTP_BROKEN, None)
    remembering = msgspec.structs.replace(
        stance(lost_inside=then, remembers_level=True), level=SessionLevel.ENCRYPTED
    )
    assert tried(lost, remembering).verdict is REFUSED


def test_a_level_that_fell_is_told_before_anything_that_the_policy_finds() -> None:
    falling = msgspec.structs.replace(stance(ENFORCED, remembers_level=True), level=SessionLevel.VERIFIED)
    assert told(tried(domain((), EXPIRED), falling)) == (
        REFUSED,
        Code.TLS_LEVEL_FELL,
        Security.OPPORTUNISTIC,
    )
    assert tried(domain((), Smtp()), falling).security is Security.MTA_STS


def test_where_port_25_is_blocked_here_a_closed_door_says_nothing_of_the_host() -> None:
    blocked = domain((), connect(Outcome.REFUSED))
    one = tried(blocked, stance())
    assert (one.verdict, one.code, one.connected) == (UNKNOWN, Code.PORT_25_BLOCKED, False)
    world = GOOD.but(smtp={"192.0.2.1": connect(Outcome.REFUSED)})
    subject = assemble(collect(world), world.at)
    one = tried(subject, stance())
    assert (one.verdict, one.code, one.connected) == (REFUSED, Code.SMTP_UNREACHABLE, False)

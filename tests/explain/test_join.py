"""A bounce joined with a check of the world as it is now: the acts of the incident, in order."""

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.explain.engine import explain
from mxproof.explain.explanation import Explanation, JoinStanding, LookedFor
from mxproof.explain.join import join
from mxproof.explain.server_version import CheckedDomain, checked
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.memory import Memory
from mxproof.survey import inbound, served
from support_bounce import plain_report
from support_certificates import Defect
from support_incident import ALIASES, FIXED, HALF_FIXED, INCIDENT, policy
from support_name_servers import At
from support_world import Https, Smtp, ZoneWorld, collect
from support_worlds import COMPARED, GOOD, MX1, MX2, NS2, WORLDS
from support_worlds import policy as policy_of

UNJUDGED = WORLDS[Code.DANE_MISMATCH].world.but(validating=False)
MX = "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."
CERT = "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)"


SERVED = """
com               NS  a.gtld.example
a.gtld.example    A   203.0.113.1
example.com       NS  ns1.example.com
ns1.example.com   A   192.0.2.53
"""


def _checked(world: ZoneWorld, *memories: Memory) -> CheckedDomain:
    with_servers = world.but(zone=world.zone + SERVED, families=(4,))
    return checked(collect(with_servers, served.wanted), memories)


def _bounce(reply: str) -> Explanation:
    return explain(plain_report(reply))


@pytest.mark.parametrize(
    ("reply", "world", "standing", "outcome"),
    [
        (MX, INCIDENT, JoinStanding.CONFIRMED, Verdict.REFUSED),
        (MX, HALF_FIXED, JoinStanding.CHANGED, Verdict.REFUSED),
        (CERT, HALF_FIXED, JoinStanding.CONFIRMED, Verdict.REFUSED),
        (MX, FIXED, JoinStanding.GONE, Verdict.DELIVERS),
        (CERT, FIXED, JoinStanding.GONE, Verdict.DELIVERS),
    ],
)
def test_each_act_of_the_incident_is_told_apart(
    reply: str, world: ZoneWorld, standing: JoinStanding, outcome: Verdict
) -> None:
    got = join(_bounce(reply), _checked(world))
    assert (got.standing, got.sender, got.outcome) == (standing, "microsoft", outcome)


def test_the_names_behind_the_bounce_are_told() -> None:
    got = join(_bounce(MX), _checked(INCIDENT))
    assert got.findings[0] == "mx-alias"
    for name in ("mxi1.example.com", "smol.example.com", "max_age"):
        assert name in got.words
    assert got.fix


def test_a_policy_that_the_sender_remembers_is_told() -> None:
    memory = Memory(body=policy(*ALIASES), fetched_at=FIXED.at)
    got = join(_bounce(MX), _checked(FIXED, memory))
    assert got.standing is JoinStanding.CONFIRMED
    assert "sts-memory-outlives" in got.findings


def test_a_sender_that_is_not_modelled_is_judged_by_the_findings() -> None:
    bounce = explain(
        b"starttls-missing: TLS it not available or unauthenticated but required <a@example.com>"
    )
    plain = ZoneWorld(smtp={"192.0.2.2": Smtp(stage=SmtpStage.EHLO)})
    assert join(bounce, _checked(FIXED)).sender is None
    assert join(bounce, _checked(FIXED)).standing is JoinStanding.GONE
    assert join(bounce, _checked(plain)).findings == ("starttls-missing",)


def test_what_the_receiver_decided_is_not_answered_by_a_check() -> None:
    got = join(explain(b"550 5.7.26 Multiple authentication checks failed"), _checked(INCIDENT))
    assert (got.standing, got.findings, got.joined) == (JoinStanding.UNKNOWN, (), LookedFor.NOT_LOOKED_FOR)
    assert len(got.not_asked) == 1


def test_a_text_without_a_cause_joins_nothing() -> None:
    assert join(explain(b"550 5.1.1 User unknown"), _checked(INCIDENT)).standing is JoinStanding.UNKNOWN


def test_faults_of_a_certificate_count_as_one() -> None:
    expired = ZoneWorld(smtp={"192.0.2.2": Smtp(defect=Defect.EXPIRED)})
    got = join(
        _bounce("451 4.7.5 Remote certificate failed MTA-STS validation. Reason: Expired"), _checked(expired)
    )
    assert got.standing is JoinStanding.CONFIRMED
    assert "cert-expired" in got.findings


def test_what_rests_on_dane_cannot_be_told_without_a_resolver_that_validates() -> None:
    got = join(_bounce("450 4.7.323 tlsa-invalid: The domain failed DANE validation"), _checked(UNJUDGED))
    assert got.standing is JoinStanding.UNKNOWN
    assert "--resolver 127.0.0.1" in got.fix
    assert "--trust-ad" in got.otherwise[0]


def test_a_name_server_that_says_nothing_is_named_and_acquits_nobody() -> None:
    world = COMPARED.at_servers(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT))
    got = join(_bounce(MX), checked(collect(world, served.wanted), ()))
    assert got.joined is LookedFor.NOT_LOOKED_FOR
    assert [one.split(" ")[0] for one in got.not_asked] == ["ns2.example.com"]


def test_where_all_name_servers_agree_what_is_not_there_was_looked_for() -> None:
    got = join(_bounce(MX), checked(collect(COMPARED, served.wanted), ()))
    assert (got.joined, got.not_asked, got.findings) == (LookedFor.NOT_FOUND, (), ())


def test_a_resolver_alone_acquits_nobody() -> None:
    got = join(_bounce(MX), checked(collect(COMPARED, inbound.wanted), ()))
    assert (got.joined, len(got.not_asked)) == (LookedFor.NOT_LOOKED_FOR, 1)


def test_what_only_one_server_holds_is_told_with_what_the_sender_may_do() -> None:
    signed = COMPARED.but(signed=("example.com",))
    at_mx2 = f"_25._tcp.{MX2} TLSA 3 1 1 @192.0.2.2"
    matching = signed.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.1", at_mx2)
    other = signed.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 {'00' * 32}", at_mx2)
    world = matching.at_servers(NS2, At(zone=other.zone, serial=6))
    got = join(
        _bounce("450 4.7.323 tlsa-invalid: The domain failed DANE validation"),
        checked(collect(world, served.wanted), ()),
    )
    assert (got.joined, got.outcome) == (LookedFor.CONFIRMED, Verdict.AT_RISK)
    assert got.findings == (Code.NS_MAIL_DIFFERS,)
    assert "\n" not in got.words


def test_a_finding_about_no_host_stands_for_any_and_one_about_another_host_for_none() -> None:
    bounce = explain(b"warning: MX name 'mx1.example.com' does not match STS MX pattern for 'example.com'")
    two = GOOD.zone_with("mta-sts.example.com A 192.0.2.80", "mta-sts.example.com A 192.0.2.81")
    differing = two.but(https={"192.0.2.81": Https(body=policy_of(MX1))})
    assert join(bounce, _checked(differing)).joined is LookedFor.CONFIRMED
    assert join(bounce, _checked(GOOD.but(policy=policy_of(MX2)))).joined is LookedFor.CONFIRMED
    assert join(bounce, _checked(GOOD.but(policy=policy_of(MX1)))).joined is LookedFor.CHANGED

"""The report as a whole: severities computed from senders, unknowns, the summary and the exit status."""

from datetime import timedelta

import pytest

from mxproof.cli.exit import status_of_report
from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.mail.memory import Memory
from mxproof.survey.check_set import CheckSet
from mxproof.survey.reading import ADDRESSES_MAX
from support_certificates import Defect
from support_incident import DIRECT, FIXED, HALF_FIXED, HALF_FIXED_CERT, INCIDENT, policy
from support_sending import SENDING
from support_world import Https, Smtp, ZoneWorld, collect


def report(world: ZoneWorld, *memories: Memory) -> Report:
    return report_on(collect(world), now=world.at, memories=memories)


def severities(found: Report) -> dict[str, Severity]:
    return {
        finding.code: finding.severity for finding in found.findings if finding.severity is not Severity.OK
    }


@pytest.mark.parametrize(
    ("world", "outcome", "status"),
    [
        (ZoneWorld(), Verdict.DELIVERS, 0),
        (INCIDENT, Verdict.REFUSED, 1),
        (HALF_FIXED, Verdict.REFUSED, 1),
        (HALF_FIXED_CERT, Verdict.REFUSED, 1),
        (FIXED, Verdict.DELIVERS, 0),
        (DIRECT, Verdict.DELIVERS, 0),
        (ZoneWorld(smtp={"192.0.2.2": Smtp(defect=Defect.EXPIRED)}), Verdict.AT_RISK, 1),
        (ZoneWorld(https={"192.0.2.80": Https(outcome=Outcome.TIMEOUT)}), Verdict.UNKNOWN, 3),
        (ZoneWorld().zone_with("_mta-sts.example.com TXT !timeout"), Verdict.UNKNOWN, 3),
        (ZoneWorld().zone_with("_smtp._tls.example.com TXT !timeout"), Verdict.DELIVERS, 3),
        (ZoneWorld(https={"192.0.2.80": Https(status=404)}), Verdict.DELIVERS, 1),
    ],
)
def test_the_worst_outcome_sums_up_and_sets_the_exit_status(
    world: ZoneWorld, outcome: Verdict, status: int
) -> None:
    found = report(world)
    assert (found.summary.outcome, status_of_report(found)) == (outcome, status)


def test_an_alias_is_an_error_where_a_sender_refuses_for_it_and_a_warning_elsewhere() -> None:
    assert severities(report(INCIDENT))["mx-alias"] is Severity.ERROR
    assert severities(report(FIXED))["mx-alias"] is Severity.WARNING


def test_the_incident_names_both_aliases_and_its_sources() -> None:
    [finding] = [one for one in report(INCIDENT).findings if one.code == "mx-alias"]
    for name in ("mxi1.example.com", "smol.example.com", "mxi2.example.com", "tol.example.com"):
        assert name in finding.summary
    assert {"RFC 2181 section 10.3", "RFC 5321 section 5.1", "RFC 8461 section 4.1"} <= set(finding.rfc)
    assert finding.affects == ("microsoft",)


def test_every_reason_of_a_sender_is_a_finding_of_the_report() -> None:
    worlds = (
        INCIDENT,
        HALF_FIXED,
        ZoneWorld(smtp=dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), Smtp(stage=SmtpStage.EHLO))),
        ZoneWorld(smtp={"192.0.2.2": Smtp(defect=Defect.SELF_SIGNED)}),
        ZoneWorld(policy=policy("other.example.com")),
        ZoneWorld().zone_with("mx2.example.com A"),
        ZoneWorld().zone_with("example.com MX !timeout"),
        ZoneWorld(zone="example.com MX 0 ."),
        ZoneWorld(zone="other.example A 192.0.2.1"),
        ZoneWorld(https={"192.0.2.80": Https(outcome=Outcome.TIMEOUT)}),
        INCIDENT.zone_with("_mta-sts.example.com TXT !servfail"),
    )
    for world in worlds:
        found = report(world)
        reasons = {code for sender in found.senders for code in sender.because}
        assert reasons - {finding.code for finding in found.findings} == set()


def test_a_guess_never_decides() -> None:
    world = ZoneWorld().zone_with("192.0.2.1 PTR other.example.net", "2001:db8::1 PTR other.example.net")
    world = world.zone_with("192.0.2.2 PTR other.example.net")
    found = report(world)
    outcomes = {sender.id: sender.outcome for sender in found.senders}
    assert outcomes["microsoft-ptr"] is Verdict.REFUSED
    assert (found.summary.outcome, status_of_report(found)) == (Verdict.DELIVERS, 0)


def test_a_reverse_name_that_was_not_answered_is_not_needed() -> None:
    assert report(ZoneWorld().zone_with("192.0.2.1 PTR !timeout")).unknowns == ()


def test_what_was_needed_and_not_answered_is_listed() -> None:
    found = report(ZoneWorld().zone_with("_mta-sts.example.com TXT !timeout"))
    assert [unknown.question for unknown in found.unknowns] == ["TXT _mta-sts.example.com"]


@pytest.mark.parametrize("outcome", ["timeout", "servfail", "refused", "malformed", "oversize", "closed"])
def test_every_dns_answer_that_is_none_is_listed(outcome: str) -> None:
    found = report(ZoneWorld().zone_with(f"_smtp._tls.example.com TXT !{outcome}"))
    assert [unknown.question for unknown in found.unknowns] == ["TXT _smtp._tls.example.com"]
    assert status_of_report(found) == 3


def test_tlsa_records_that_no_secure_answer_leads_to_are_not_needed() -> None:
    """RFC 7672 section 2.2.2: name servers of unsigned zones that fail the question must not matter."""
    failing = ZoneWorld().zone_with("_25._tcp.mx1.example.com TLSA !servfail")
    assert status_of_report(report(failing)) == 0
    assert [one.question for one in report(failing.but(validating=False)).unknowns] == [
        "TLSA _25._tcp.mx1.example.com"
    ]


def test_addresses_beyond_the_limit_are_listed() -> None:
    many = [f"mx2.example.com A 198.51.100.{number}" for number in range(1, ADDRESSES_MAX + 2)]
    found = report(ZoneWorld().zone_with(*many))
    assert [unknown.question for unknown in found.unknowns] == [
        f"SMTP 198.51.100.{ADDRESSES_MAX + 1} (mx2.example.com)"
    ]
    assert status_of_report(found) == 3


def test_a_server_that_turns_the_client_away_is_listed_beside_one_that_does_not() -> None:
    found = report(ZoneWorld(smtp={"192.0.2.2": Smtp(stage=SmtpStage.GREETING)}))
    assert [unknown.question for unknown in found.unknowns] == ["SMTP 192.0.2.2 (mx2.example.com)"]
    assert (found.summary.outcome, status_of_report(found)) == (Verdict.DELIVERS, 3)


def test_a_remembered_policy_is_a_finding_only_while_it_does_harm() -> None:
    old = policy("old.example.com", max_age_s=86_400)
    codes = [
        {
            finding.code
            for finding in report(ZoneWorld(), Memory(old, ZoneWorld().at - timedelta(hours=age))).findings
        }
        for age in (1, 25)
    ]
    assert ["sts-memory-outlives" in one for one in codes] == [True, False]


def test_the_same_evidence_gives_the_same_report() -> None:
    assert report(INCIDENT) == report(INCIDENT)


def test_errors_stand_first() -> None:
    order = [finding.severity for finding in report(INCIDENT).findings]
    assert order == sorted(order, key=list(Severity).index)


def test_where_only_other_sets_were_asked_the_summary_counts_what_is_wrong_in_them() -> None:
    sound = SENDING.but(sets=(CheckSet.SPF,))
    assert report(sound).summary.headline.endswith("In spf: nothing wrong.")
    two = sound.zone_with("example.com TXT v=spf1 -all", "example.com TXT v=spf1 ?all")
    found = report(two)
    assert found.summary.outcome is Verdict.UNKNOWN
    weights = [one.severity for one in found.findings]
    assert weights == [Severity.WARNING]
    assert found.summary.headline.endswith("In spf: 1 warning.")

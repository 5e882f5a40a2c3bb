"""What is said of a report: with no evidence, with that of the fault, with that of the repaired state, and of an older policy."""

from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.policy_then import PolicyStanding
from mxproof.explain.tlsrpt.row_join import SeenDomain
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.telling import told
from mxproof.explain.tlsrpt.told import ToldReport
from mxproof.formats.mtasts import Mode
from mxproof.formats.tlsrpt.found import FoundReport, reports_in
from mxproof.formats.tlsrpt.reading import ReadReport
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.judge.judging import report_on
from mxproof.judge.remembering import memories_of
from mxproof.mail.assemble import assemble
from support_scenarios import AT, seen
from support_tlsrpt import SAMPLES, SOUND

END = AT - timedelta(hours=13)
OLDER = ("version: STSv1", "mode: enforce", "mx: mxi1.example.com", "mx: mxi2.example.com", "max_age: 604800")


def looked_at(scenario: str, *before: str) -> SeenDomain:
    """Return what was seen of a scenario, and before it of others whose policies senders hold."""
    world = seen(scenario)
    held = tuple(
        one for name in before for one in memories_of(assemble(seen(name).evidence, AT - timedelta(days=2)))
    )
    held = tuple(msgspec.structs.replace(one, fetched_at=AT - timedelta(days=2)) for one in held)
    report = report_on(world.evidence, now=world.at, memories=held)
    return SeenDomain(assemble(world.evidence, world.at), report, held)


def report(
    row: ReportedPolicy, contact: str = "tlsrpt-noreply@microsoft.com", end: datetime = END
) -> FoundReport:
    made = TlsReport("Microsoft Corporation", end - timedelta(seconds=86399), end, contact, "1", (row,))
    return FoundReport(ReadReport(made))


def of_incident(*failures: FailureDetails, strings: tuple[str, ...] = OLDER) -> FoundReport:
    total = sum(one.count for one in failures)
    return report(ReportedPolicy("sts", "example.com", 10, total, strings, (), failures))


MISMATCH = FailureDetails("validation-failure", 40, reason="MX_HOSTS_MISMATCH")
WRONG_NAME = FailureDetails(
    "certificate-host-mismatch", 2, receiving_mx="smol.example.com", receiving_ip="192.0.2.25"
)


def only(got: ToldReport) -> tuple[object, ...]:
    ((failure,),) = (policy.failures for policy in got.policies)
    return failure.standing, failure.cause, failure.finding


def test_without_evidence_a_row_has_its_cause_alone() -> None:
    got = told(of_incident(MISMATCH), "x")
    assert only(got) == (None, "mtasts_mx_mismatch", None)
    assert (got.sender, got.submitter, got.policies[0].standing) == ("microsoft", "microsoft.com", None)


def test_the_incident_is_confirmed_by_its_evidence() -> None:
    got = told(of_incident(MISMATCH), "x", {"example.com": looked_at("incident")})
    assert only(got) == (RowStanding.CONFIRMED, "mtasts_mx_mismatch", "mx-alias")
    assert got.policies[0].failures[0].fix != ""


def test_a_certificate_is_judged_behind_the_names_that_the_policy_lacks() -> None:
    got = told(of_incident(WRONG_NAME), "x", {"example.com": looked_at("incident")})
    standing, cause, _ = only(got)
    assert (standing, cause) == (RowStanding.CONFIRMED, "mtasts_cert_name")


@pytest.mark.parametrize("details", [MISMATCH, WRONG_NAME])
def test_the_repaired_state_says_so(details: FailureDetails) -> None:
    fixed = looked_at("fixed")
    served = tuple(fixed.domain.policy_host.fetches[0].body.decode().splitlines())
    got = told(of_incident(details, strings=served), "x", {"example.com": fixed})
    assert only(got)[0] is RowStanding.GONE
    assert only(got)[2] is None


def test_an_older_policy_is_named_with_its_end_where_the_new_one_is_served() -> None:
    got = told(of_incident(MISMATCH), "x", {"example.com": looked_at("fixed", "incident")})
    assert only(got) == (RowStanding.HELD, "mtasts_mx_mismatch", "sts-memory-outlives")
    (policy,) = got.policies
    assert policy.standing is PolicyStanding.EARLIER
    assert policy.until == AT - timedelta(days=2) + timedelta(seconds=604800)


def test_an_older_policy_that_nobody_saw_is_held_too() -> None:
    got = told(of_incident(MISMATCH), "x", {"example.com": looked_at("fixed")})
    assert only(got)[0] is RowStanding.HELD
    assert got.policies[0].until == END + timedelta(seconds=604800)


def test_one_fault_repaired_shows_the_next() -> None:
    half = looked_at("half-fixed")
    served = tuple(half.domain.policy_host.fetches[0].body.decode().splitlines())
    expired = FailureDetails("starttls-not-supported", 1, receiving_mx="smol.example.com")
    got = told(of_incident(expired, strings=served), "x", {"example.com": half})
    assert only(got)[0] is RowStanding.CHANGED


def test_a_host_that_is_no_mx_host_any_more_is_gone() -> None:
    gone = FailureDetails("certificate-expired", 1, receiving_mx="old.example.net")
    got = told(of_incident(gone), "x", {"example.com": looked_at("incident")})
    assert only(got) == (RowStanding.GONE, "mtasts_cert_invalid", None)


@pytest.mark.parametrize(
    ("scenario", "result_type"),
    [
        ("policy-404", "sts-policy-fetch-error"),
        ("policy-redirect", "sts-policy-fetch-error"),
        ("policy-host-refused", "sts-policy-fetch-error"),
        ("policy-host-timeout", "sts-policy-fetch-error"),
        ("policy-host-missing", "sts-policy-fetch-error"),
        ("policy-html", "sts-policy-invalid"),
        ("policy-invalid", "sts-policy-invalid"),
        ("policy-host-cert-expired", "sts-webpki-invalid"),
        ("policy-host-cert-wrong", "sts-webpki-invalid"),
    ],
)
def test_a_policy_that_could_not_be_had_ends_at_the_finding_about_its_host(
    scenario: str, result_type: str
) -> None:
    row = ReportedPolicy("sts", "example.com", 0, 3, failures=(FailureDetails(result_type, 3),))
    seen_now = looked_at(scenario)
    got = told(report(row), "x", {"example.com": seen_now})
    standing, cause, finding = only(got)
    assert (standing, cause) == (RowStanding.CONFIRMED, "mtasts_fetch")
    assert str(finding).startswith("sts-policy-")
    good = told(report(row), "x", {"example.com": looked_at("fixed")})
    assert only(good) == (RowStanding.GONE, "mtasts_fetch", None)


def test_a_policy_in_mode_testing_tells_what_enforcing_it_would_refuse() -> None:
    (found,) = reports_in((SAMPLES / "microsoft-2025-mxhostsmismatch.json").read_bytes())
    (policy,) = told(found, "x").policies
    assert (policy.mode, policy.would_refuse_a_day, policy.sessions_a_day) == (Mode.TESTING, 2, 2)
    assert told(FoundReport(ReadReport(SOUND)), "x").policies[0].would_refuse_a_day is None


def test_a_report_of_a_week_is_told_by_the_day() -> None:
    strings = ("version: STSv1", "mode: testing", "mx: a.example", "max_age: 86400")
    row = ReportedPolicy(
        "sts", "example.com", 0, 15, strings, failures=(msgspec.structs.replace(MISMATCH, count=15),)
    )
    week = msgspec.structs.replace(report(row).read.report, begin=END - timedelta(days=7))
    (policy,) = told(FoundReport(ReadReport(week)), "x").policies
    assert (policy.would_refuse_a_day, policy.sessions_a_day) == (3, 3)


def test_tlsa_records_of_an_mx_host_are_held_against_its_domain() -> None:
    domain = looked_at("tlsa-wrong")
    host = domain.domain.hosts[0]
    failed = FailureDetails("tlsa-invalid", 1, receiving_mx=host.name)
    row = ReportedPolicy("tlsa", host.name, 0, 1, failures=(failed,))
    got = told(report(row, "tls@postfix.example"), "x", {domain.domain.name: domain})
    standing, cause, finding = only(got)
    assert (standing, cause) == (RowStanding.CONFIRMED, "dane_tlsa_mismatch")
    assert str(finding).startswith("dane-")


TESTING = ("version: STSv1", "mode: testing", "mx: a.example", "max_age: 86400")


@pytest.mark.parametrize(
    ("begin", "refused", "sessions"),
    [
        # Seven days, of which most senders leave out the last second.
        (timedelta(days=7), 2, 4),
        (timedelta(days=7, seconds=-1), 2, 4),
        (timedelta(seconds=86_399), 14, 24),
        (timedelta(hours=1), 14, 24),
        (timedelta(0), 14, 24),
        (None, 14, 24),
    ],
)
def test_the_sessions_of_a_day_are_those_of_the_days_that_the_report_is_about(
    begin: timedelta | None, refused: int, sessions: int
) -> None:
    row = ReportedPolicy(
        "sts", "example.com", 10, 14, TESTING, failures=(msgspec.structs.replace(MISMATCH, count=14),)
    )
    of_days = msgspec.structs.replace(report(row).read.report, begin=None if begin is None else END - begin)
    (policy,) = told(FoundReport(ReadReport(of_days)), "x").policies
    assert (policy.would_refuse_a_day, policy.sessions_a_day) == (refused, sessions)
    assert f"{refused} of {sessions} sessions a day of Microsoft would be refused" in policy.words


def test_a_row_that_quotes_no_policy_has_no_standing_and_its_words_are_of_its_cause_or_what_was_seen() -> (
    None
):
    unquoted = of_incident(MISMATCH, strings=())
    seen_now = {"example.com": looked_at("incident")}
    for got in (told(unquoted, "x"), told(unquoted, "x", seen_now)):
        (policy,) = got.policies
        assert (policy.standing, policy.until, policy.mode, policy.words) == (None, None, None, "")
    alone, beside = (
        one.policies[0].failures[0] for one in (told(unquoted, "x"), told(unquoted, "x", seen_now))
    )
    assert alone.words == CATALOGUE["mtasts_mx_mismatch"].words
    assert beside.words != alone.words
    assert (alone.standing, alone.fix, alone.receiving_mx, alone.reason) == (
        None,
        "",
        None,
        "MX_HOSTS_MISMATCH",
    )


def test_a_row_of_a_host_is_held_against_a_domain_of_the_report_before_any_other() -> None:
    wrong = looked_at("tlsa-wrong")
    host = wrong.domain.hosts[0].name
    sound = msgspec.structs.replace(
        looked_at("fixed"),
        domain=msgspec.structs.replace(looked_at("fixed").domain, hosts=wrong.domain.hosts),
    )
    of_host = ReportedPolicy(
        "tlsa", host, 0, 1, failures=(FailureDetails("tlsa-invalid", 1, receiving_mx=host),)
    )
    own = ReportedPolicy("sts", wrong.domain.name, 1, 0)
    made = msgspec.structs.replace(report(of_host).read.report, policies=(of_host, own))

    def standing(seen_now: dict[str, SeenDomain]) -> object:
        return told(FoundReport(ReadReport(made)), "x", seen_now).policies[0].failures[0].words

    only_own = standing({wrong.domain.name: wrong})
    assert standing({"other.example": sound, wrong.domain.name: wrong}) == only_own
    assert standing({wrong.domain.name: wrong, "other.example": sound}) == only_own
    assert standing({"other.example": sound}) == standing({host: sound})
    assert standing({"other.example": looked_at("fixed")}) == CATALOGUE["dane_tlsa_mismatch"].words

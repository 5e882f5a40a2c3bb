"""A look at a period held against evidence: each way by the newest row that stands for it."""

from datetime import timedelta
from functools import cache

import msgspec
import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.enforced import enforced_words
from mxproof.explain.tlsrpt.period import Period, PeriodCounts, ReportedWay, SenderCounts, WayCounts
from mxproof.explain.tlsrpt.period_joined import joined_period
from mxproof.explain.tlsrpt.period_told import PeriodWay, ToldPeriod, told_period
from mxproof.explain.tlsrpt.policy_then import policy_then
from mxproof.explain.tlsrpt.row_join import SeenDomain, join_row, worded
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.row_words import join_words, policy_words
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.senders.providers import GOOGLE
from mxproof.mail.assemble import assemble
from support_certificates import NOW, Defect
from support_world import Smtp, collect
from support_worlds import GOOD, INCIDENT, MX1, MX2

DAY = 20_605
END = NOW - timedelta(hours=1)
POLICY = ("version: STSv1", "mode: enforce", f"mx: {MX1}", f"mx: {MX2}", "max_age: 1209600")
OLDER = (*POLICY[:3], POLICY[4])
FAILED = WayCounts(
    "google.com", "verified", "certificate-expired", "x509", "mtasts_cert_invalid", MX2, 4, DAY
)
SENDER = SenderCounts("google.com", "verified", 3, 90, 10, 4, 0)


@cache
def expired() -> SeenDomain:
    """Return a look at a domain whose second host has an expired certificate."""
    evidence = collect(GOOD.but(smtp={"192.0.2.2": Smtp(defect=Defect.EXPIRED)}))
    return SeenDomain(assemble(evidence, NOW), report_on(evidence, now=NOW))


@cache
def sound() -> SeenDomain:
    """Return a look at a domain with nothing wrong."""
    evidence = collect(GOOD)
    return SeenDomain(assemble(evidence, NOW), report_on(evidence, now=NOW))


def told(*ways: WayCounts) -> ToldPeriod:
    return told_period(Period(DAY, DAY, "example.com"), PeriodCounts((SENDER,), ways, ()))


def row(way: WayCounts = FAILED, lines: tuple[str, ...] = POLICY) -> ReportedWay:
    details = FailureDetails(way.result_type, way.count, receiving_mx=way.receiving_mx, reason=way.reason)
    policy = ReportedPolicy("sts", "example.com", 0, way.count, lines, failures=(details,))
    return ReportedWay(way.submitter, way.authenticated, way.cause, policy, END)


def ways(look: ToldPeriod) -> tuple[PeriodWay, ...]:
    (sender,) = look.senders
    return sender.failures


def test_a_way_that_fails_now_is_told_with_what_is_found_and_advised() -> None:
    (before,) = ways(told(FAILED))
    (way,) = ways(joined_period(told(FAILED), [(row(), expired())]))
    finding = worded(expired().report, Code.CERT_EXPIRED, (MX2,))
    assert finding is not None
    assert way == msgspec.structs.replace(
        before,
        standing=RowStanding.CONFIRMED,
        finding=Code.CERT_EXPIRED,
        fix=finding.fix,
        words=way.words,
    )


def test_a_way_that_is_gone_has_no_finding_and_no_fix() -> None:
    (way,) = ways(joined_period(told(FAILED), [(row(), sound())]))
    assert (way.standing, way.finding, way.fix) == (RowStanding.GONE, None, "")


def test_what_is_said_is_what_is_said_of_the_row_and_of_the_policy_then() -> None:
    for lines in (POLICY, OLDER):
        one, seen = row(lines=lines), expired()
        then = policy_then(one.policy, seen.domain, seen.memories, END)
        join = join_row(one.policy, one.details, then, seen, GOOGLE)
        said = (join_words(join, one.details, then, seen, END), policy_words(then, seen))
        (way,) = ways(joined_period(told(FAILED), [(one, seen)]))
        assert way.words == " ".join(part for part in said if part)


def test_the_cause_that_evidence_names_is_told_in_place_of_none() -> None:
    unknown = msgspec.structs.replace(FAILED, result_type="validation-failure", reason="", cause="")
    (before,) = ways(told(unknown))
    (way,) = ways(joined_period(told(unknown), [(row(unknown), expired())]))
    assert before.cause is None
    assert way.cause is not None
    cause = CATALOGUE[way.cause]
    assert (way.title, way.check) == (cause.title, cause.check)


def test_the_cause_of_a_way_is_named_in_what_enforcing_would_refuse() -> None:
    unknown = msgspec.structs.replace(FAILED, result_type="validation-failure", reason="", cause="")
    (sender,) = joined_period(told(unknown), [(row(unknown), expired())]).senders
    (way,) = sender.failures
    assert sender.words == enforced_words(4, 100, "google.com", (way.title,))


@pytest.mark.parametrize(
    "field", ["submitter", "authenticated", "result_type", "reason", "cause", "receiving_mx"]
)
def test_the_row_of_another_way_says_nothing_of_this_one(field: str) -> None:
    other = msgspec.structs.replace(FAILED, **{field: "other"})
    look = told(FAILED)
    assert joined_period(look, [(row(other), expired())]) == look


def test_a_row_whose_domain_was_not_seen_leaves_its_way_as_it_is() -> None:
    look = told(FAILED)
    assert joined_period(look, [(row(), None)]) == look


@pytest.mark.parametrize(
    ("submitter", "standing"),
    [("microsoft.com", RowStanding.CONFIRMED), ("mail.example.net", RowStanding.GONE)],
)
def test_a_way_is_judged_by_what_its_sender_compares(submitter: str, standing: RowStanding) -> None:
    """The hosts are aliases, and Microsoft compares the names that they lead to."""
    evidence = collect(INCIDENT)
    seen = SeenDomain(assemble(evidence, NOW), report_on(evidence, now=NOW))
    failed = msgspec.structs.replace(
        FAILED, submitter=submitter, result_type="validation-failure", receiving_mx=MX1
    )
    sender = msgspec.structs.replace(SENDER, submitter=submitter)
    look = told_period(Period(DAY, DAY, "example.com"), PeriodCounts((sender,), (failed,), ()))
    (way,) = ways(joined_period(look, [(row(failed), seen)]))
    assert way.standing is standing


def test_a_way_without_reason_cause_or_host_is_found_by_that() -> None:
    bare = msgspec.structs.replace(FAILED, reason="", cause="", receiving_mx="")
    first, second = ways(joined_period(told(FAILED, bare), [(row(bare), sound())]))
    assert (first.standing, second.standing) == (None, RowStanding.GONE)


def test_of_one_sender_the_reports_that_are_known_to_be_its_own_have_rows_of_their_own() -> None:
    forged = msgspec.structs.replace(FAILED, authenticated="failed")
    senders = (SENDER, msgspec.structs.replace(SENDER, authenticated="failed"))
    look = told_period(Period(DAY, DAY, "example.com"), PeriodCounts(senders, (FAILED, forged), ()))
    for rows, want in (
        ([(row(forged), sound())], [None, RowStanding.GONE]),
        ([(row(), sound())], [RowStanding.GONE, None]),
        ([(row(), expired()), (row(forged), sound())], [RowStanding.CONFIRMED, RowStanding.GONE]),
    ):
        got = joined_period(look, rows)
        assert [way.standing for sender in got.senders for way in sender.failures] == want
        assert got.senders[0].authenticated != got.senders[1].authenticated

"""A row held against evidence: the finding about its place, when a certificate was issued, and the cause that is named."""

from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Outcome
from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.policy_then import PolicyStanding, PolicyThen
from mxproof.explain.tlsrpt.row_join import RowJoin, SeenDomain, issued_after, join_row, worded
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import WordedFinding
from mxproof.judge.vocabulary import Severity
from mxproof.mail.assemble import assemble
from support_certificates import Defect
from support_world import Https, Smtp, ZoneWorld, collect
from support_worlds import GOOD, MX1, MX2, POLICY_ADDRESS, connect, policy

SERVED = PolicyThen(PolicyStanding.SERVED)


def seen(world: ZoneWorld) -> SeenDomain:
    evidence = collect(world)
    return SeenDomain(assemble(evidence, world.at), report_on(evidence, now=world.at))


def joined(world: ZoneWorld, result: str, mx: str = "", then: PolicyThen = SERVED, ip: str = "") -> RowJoin:
    return row_of(seen(world), result, mx, then, ip)


def row_of(look: SeenDomain, result: str, mx: str = "", then: PolicyThen = SERVED, ip: str = "") -> RowJoin:
    details = FailureDetails(result, 1, receiving_mx=mx, receiving_ip=ip)
    return join_row(ReportedPolicy("sts", "example.com", 0, 1), details, then, look, None)


EXPIRED = GOOD.but(smtp={"192.0.2.2": Smtp(defect=Defect.EXPIRED)})


def test_a_row_is_confirmed_changed_or_gone_as_the_sessions_end_now() -> None:
    confirmed = joined(EXPIRED, "certificate-expired", MX2)
    assert (confirmed.standing, confirmed.finding) == (RowStanding.CONFIRMED, Code.CERT_EXPIRED)
    assert confirmed.host is not None
    assert confirmed.host.name == MX2
    assert joined(EXPIRED, "starttls-not-supported", MX2).standing is RowStanding.CHANGED
    assert joined(EXPIRED, "certificate-expired", MX1).standing is RowStanding.GONE
    gone = joined(EXPIRED, "certificate-expired", "old.example.com")
    assert (gone.standing, gone.absent, gone.host) == (RowStanding.GONE, True, None)


def test_a_row_under_an_older_policy_is_held_where_it_passes_under_the_one_that_is_served() -> None:
    older = PolicyThen(PolicyStanding.EARLIER, Policy(Mode.ENFORCE, 86_400, (MX1,)))
    assert joined(GOOD, "validation-failure", MX2, older).standing is RowStanding.HELD
    assert joined(GOOD, "validation-failure", MX1, older).standing is RowStanding.GONE
    now = msgspec.structs.replace(older, standing=PolicyStanding.SERVED)
    assert joined(GOOD, "validation-failure", MX2, now).standing is RowStanding.GONE


def test_a_row_of_a_certificate_is_judged_as_if_the_policy_listed_the_host() -> None:
    unlisted = EXPIRED.but(policy=policy(MX1))
    assert joined(unlisted, "certificate-expired", MX2).finding == Code.CERT_EXPIRED
    assert joined(unlisted, "validation-failure", MX2).finding == Code.STS_MX_UNLISTED


@pytest.mark.parametrize(
    ("world", "result", "standing", "code"),
    [
        (
            GOOD.but(https={POLICY_ADDRESS: Https(status=404)}),
            "sts-policy-fetch-error",
            RowStanding.CONFIRMED,
            Code.STS_POLICY_STATUS,
        ),
        (GOOD.but(policy=b"none"), "sts-policy-invalid", RowStanding.CONFIRMED, Code.STS_POLICY_INVALID),
        (GOOD, "sts-policy-fetch-error", RowStanding.GONE, None),
    ],
)
def test_a_row_about_the_policy_host_is_held_against_the_findings_about_it(
    world: ZoneWorld, result: str, standing: RowStanding, code: Code | None
) -> None:
    got = joined(world, result)
    assert (got.standing, got.finding) == (standing, code)


def test_a_server_that_nobody_reaches_from_here_leaves_its_rows_unknown() -> None:
    silent = GOOD.but(
        smtp=dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), connect(Outcome.UNREACHABLE))
    )
    assert joined(silent, "certificate-expired", MX1).standing is RowStanding.UNKNOWN


def test_of_several_findings_of_a_code_that_about_the_place_of_the_row_is_told() -> None:
    report = report_on(collect(GOOD.but(policy=policy("old.example.com"))), now=GOOD.at)
    unlisted = [one for one in report.findings if one.code == Code.STS_MX_UNLISTED]
    assert [one.subject for one in unlisted] == [MX1, MX2]
    assert worded(report, Code.STS_MX_UNLISTED, (MX2, "")) == unlisted[1]
    assert worded(report, Code.STS_MX_UNLISTED, ("other.example.com",)) == unlisted[0]
    assert worded(report, Code.STS_MX_UNLISTED) == unlisted[0]
    assert worded(report, Code.CERT_EXPIRED) is None
    assert worded(report, None) is None


def test_a_certificate_was_issued_after_a_report_that_ended_before_it_began() -> None:
    host = seen(GOOD).domain.hosts[0]
    chain = host.endpoints[0].sessions[0].chain
    assert chain is not None
    assert chain.leaf is not None
    began: datetime = chain.leaf.not_before
    second = timedelta(seconds=1)
    assert issued_after(host, "192.0.2.1", began - second) == began
    assert issued_after(host, "", began - second) == began
    assert issued_after(host, "192.0.2.1", began) is None
    assert issued_after(host, "192.0.2.1", None) is None
    assert issued_after(host, "192.0.2.99", began - second) is None


def test_of_several_sessions_that_fail_the_one_that_ends_as_the_row_says_is_told() -> None:
    """A wrong name and an expired certificate may stand for one another."""
    for first, second, host in (
        (Defect.NONE, Defect.EXPIRED, MX2),
        (Defect.EXPIRED, Defect.NONE, MX1),
    ):
        names = {Defect.NONE: ("other.example.com",)}
        at_first, at_second = (Smtp(names.get(one), one) for one in (first, second))
        look = seen(GOOD.but(smtp={"192.0.2.1": at_first, "192.0.2.2": at_second}))
        got = row_of(look, "certificate-expired")
        assert (got.standing, got.cause, got.finding) == (
            RowStanding.CONFIRMED,
            "mtasts_cert_invalid",
            Code.CERT_EXPIRED,
        )
        assert got.host is not None
        assert got.host.name == host
        other = row_of(look, "certificate-host-mismatch")
        assert (other.cause, other.finding) == ("mtasts_cert_name", Code.CERT_NAME_MISMATCH)
        fitting = row_of(look, "certificate-not-trusted")
        assert fitting.standing is RowStanding.CONFIRMED
        assert fitting.cause in ("mtasts_cert_invalid", "mtasts_cert_name")


def joined_mismatch(look: SeenDomain, then: PolicyThen) -> RowJoin:
    details = FailureDetails("validation-failure", 1, receiving_mx=MX2, reason="MX_HOSTS_MISMATCH")
    return join_row(ReportedPolicy("sts", "example.com", 0, 1), details, then, look, None)


def test_what_an_older_policy_explains_is_told_before_another_fault_of_now() -> None:
    older = PolicyThen(PolicyStanding.NOT_SERVED, Policy(Mode.TESTING, 86_400, (MX1,)))
    expired, sound = seen(EXPIRED), seen(GOOD)
    held = joined_mismatch(expired, older)
    assert (held.standing, held.cause, held.finding) == (
        RowStanding.HELD,
        "mtasts_mx_mismatch",
        Code.STS_MEMORY_OUTLIVES,
    )
    assert held.detail
    for then in (
        msgspec.structs.replace(older, standing=PolicyStanding.SERVED_IN_PART),
        msgspec.structs.replace(older, policy=None),
        msgspec.structs.replace(older, policy=Policy(Mode.ENFORCE, 86_400, (MX1, MX2))),
    ):
        changed = joined_mismatch(expired, then)
        assert (changed.standing, changed.cause, changed.finding) == (
            RowStanding.CHANGED,
            "mtasts_cert_invalid",
            Code.CERT_EXPIRED,
        )
    assert joined_mismatch(seen(GOOD.but(policy=policy(MX1))), older).standing is RowStanding.CONFIRMED
    for standing in (PolicyStanding.EARLIER, PolicyStanding.WITHDRAWN):
        then = msgspec.structs.replace(older, standing=standing)
        assert joined_mismatch(sound, then).standing is RowStanding.HELD


def of_policy_host(look: SeenDomain, *codes: tuple[Code, Severity], mx: str = "") -> RowJoin:
    told = tuple(
        WordedFinding(code, severity, "example.com", f"words {place}", "", "", (), (), ())
        for place, (code, severity) in enumerate(codes)
    )
    look = msgspec.structs.replace(look, report=msgspec.structs.replace(look.report, findings=told))
    details = FailureDetails("sts-webpki-invalid", 1, receiving_mx=mx)
    return join_row(ReportedPolicy("sts", "example.com", 0, 1), details, SERVED, look, None)


def test_of_the_findings_about_a_policy_host_one_that_the_cause_leads_to_comes_first() -> None:
    sound = seen(GOOD)
    meant = CATALOGUE["mtasts_fetch"].findings
    beside = next(one for one in Code if one.startswith("sts-record-") and one not in meant)
    error, warning = Severity.ERROR, Severity.WARNING
    for codes, words in (
        (((beside, error), (meant[0], warning), (meant[1], error)), "words 1"),
        (((meant[1], error), (meant[0], warning)), "words 0"),
        (((Code.CERT_EXPIRED, error), (beside, warning)), "words 1"),
    ):
        got = of_policy_host(sound, *codes)
        assert (got.standing, got.cause, got.detail, got.host) == (
            RowStanding.CONFIRMED,
            "mtasts_fetch",
            words,
            None,
        )
        assert got.finding == codes[int(words[-1])][0]
    fine = of_policy_host(
        sound, (meant[0], Severity.OK), (meant[1], Severity.NOTICE), (Code.CERT_EXPIRED, error)
    )
    assert (fine.standing, fine.finding, fine.detail) == (RowStanding.GONE, None, "")
    unseen = seen(GOOD.but(https={POLICY_ADDRESS: Https(outcome=Outcome.UNREACHABLE)}))
    assert of_policy_host(unseen).standing is RowStanding.UNKNOWN
    assert of_policy_host(unseen, (meant[0], error)).standing is RowStanding.CONFIRMED
    at_host = of_policy_host(sound, (meant[0], error), mx=MX1)
    assert (at_host.standing, at_host.finding) == (RowStanding.GONE, None)
    assert at_host.host is not None

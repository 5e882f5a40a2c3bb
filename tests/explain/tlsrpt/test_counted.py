"""What a report counts for each recipient domain: which rows, each session once, and the ways in which they failed."""

import msgspec
import pytest

from mxproof.explain.tlsrpt.counted import (
    REPORT_DOMAINS_MAX,
    CountedDomain,
    CountedReport,
    CountedWay,
    counted,
    counted_domain,
)
from mxproof.formats.tlsrpt.found import FoundReport
from mxproof.formats.tlsrpt.reading import ReadReport
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from support_tlsrpt import SOUND

TESTING = ("version: STSv1", "mode: testing", "mx: mx.example.com", "max_age: 86400")
EXPIRED = FailureDetails("certificate-expired", 3, receiving_mx="mx.example.com")


def row(domain: str, kind: str = "sts", success: int = 1, failure: int = 0, **more: object) -> ReportedPolicy:
    return msgspec.structs.replace(ReportedPolicy(kind, domain, success, failure), **more)


def report(*policies: ReportedPolicy, domain: str = "", **changes: object) -> FoundReport:
    made: TlsReport = msgspec.structs.replace(SOUND, policies=policies, **changes)
    return FoundReport(ReadReport(made), domain=domain)


def everywhere(_: str) -> bool:
    return True


def names(found: CountedReport) -> list[str]:
    return [one.domain for one in found.domains]


def test_a_row_counts_for_its_own_domain_and_one_that_is_not_served_for_none() -> None:
    found = report(row("example.com"), row("example.net"), row("example.com", "no-policy-found"), row(""))
    assert names(counted(found, everywhere)) == ["example.com", "example.net"]
    only = counted(found, lambda name: name == "example.net")
    assert (names(only), [one.domain for one in only.rows]) == (["example.net"], ["example.net"])
    assert counted(found, lambda _: False).domains == ()


@pytest.mark.parametrize(
    ("policies", "domain", "want"),
    [
        # The domain of a row of DANE is that of an MX host (RFC 8460 section 1.1).
        ([row("example.com"), row("mx.example.net", "tlsa")], "", ["example.com"]),
        ([row("mx.example.net", "tlsa")], "example.com", ["example.com"]),
        ([row("mx.example.net", "tlsa")], "", ["mx.example.net"]),
        # It is that of the recipient with some senders, and of several recipients nobody knows which.
        ([row("example.com"), row("example.com", "tlsa")], "", ["example.com"]),
        (
            [row("a.example"), row("b.example"), row("mx.example.net", "tlsa")],
            "",
            ["a.example", "b.example", "mx.example.net"],
        ),
        ([row("a.example"), row("mx.example.net", "tlsa")], "b.example", ["a.example"]),
        ([row("a.example"), row("b.example")], "c.example", ["a.example", "b.example"]),
    ],
)
def test_a_row_of_dane_counts_for_the_one_recipient_that_the_report_names(
    policies: list[ReportedPolicy], domain: str, want: list[str]
) -> None:
    assert names(counted(report(*policies, domain=domain), everywhere)) == want


def test_of_very_many_domains_the_first_thousand_count_whole() -> None:
    many = [row(f"d{place}.example") for place in range(REPORT_DOMAINS_MAX + 1)]
    found = counted(report(*many, row("d0.example", success=5)), everywhere)
    assert (len(found.domains), found.domains[-1].domain) == (1000, "d999.example")
    assert found.domains[0].success == 6


def test_sessions_that_failed_under_a_policy_in_testing_are_told_apart() -> None:
    enforced = row("example.com", success=1, failure=2, strings=SOUND.policies[0].strings)
    tested = row("example.com", success=1, failure=3, strings=TESTING)
    for policies, want in (
        ([enforced], 0),
        ([tested], 3),
        ([enforced, tested], 3),
        ([row("example.com", failure=1)], 0),
    ):
        assert counted_domain("example.com", policies).tested == want
    over = [
        row("example.com", failure=1, strings=TESTING),
        row("mx.example.com", "tlsa", failure=1, strings=TESTING),
    ]
    assert counted_domain("example.com", over).tested <= counted_domain("example.com", over).failure


def test_the_rows_of_each_domain_stand_together_with_the_domain_that_they_count_for() -> None:
    first, second, third = row("b.example", success=2), row("a.example"), row("b.example", failure=3)
    found = counted(report(first, second, third), everywhere)
    assert [(one.domain, one.policy) for one in found.rows] == [
        ("b.example", first),
        ("b.example", third),
        ("a.example", second),
    ]
    assert [(one.domain, one.success, one.failure) for one in found.domains] == [
        ("b.example", 3, 3),
        ("a.example", 1, 0),
    ]
    assert (found.submitter, found.sender) == (found.found.reporting_domain, "")
    google = counted(report(first, contact="tls@google.com"), everywhere)
    assert (google.submitter, google.sender) == ("google.com", "google")


def test_a_row_of_dane_of_a_host_counts_for_the_recipient_beside_its_own_row() -> None:
    own = row("example.com", success=5, failure=1)
    of_host = row("mx.example.net", "tlsa", success=6, failure=2)
    (domain,) = counted(report(own, of_host), lambda name: name == "example.com").domains
    assert (domain.success, domain.failure, domain.at_least) == (6, 2, True)
    assert counted(report(own, of_host), lambda name: name == "mx.example.net").domains == ()


@pytest.mark.parametrize(
    "other",
    [
        {"result_type": "starttls-not-supported"},
        {"reason": "x"},
        {"receiving_mx": "other.example.com"},
    ],
)
def test_another_result_reason_or_host_is_another_way_and_another_address_is_none(
    other: dict[str, str],
) -> None:
    ways = [EXPIRED, msgspec.structs.replace(EXPIRED, **other)]
    ways.append(msgspec.structs.replace(ways[0], receiving_ip="192.0.2.9", sending_ip="192.0.2.8", count=4))
    got = counted_domain("example.com", [row("example.com", failure=10, failures=tuple(ways))])
    assert [one.count for one in got.ways] == [7, 3]
    assert (got.ways[1].result_type, got.ways[1].reason, got.ways[1].receiving_mx) == (
        ways[1].result_type,
        ways[1].reason,
        ways[1].receiving_mx,
    )


def test_one_way_under_two_types_of_policy_has_two_causes() -> None:
    policies = [row("example.com", kind, failure=3, failures=(EXPIRED,)) for kind in ("sts", "tlsa")]
    got = counted_domain("example.com", policies)
    assert [(one.cause, one.count) for one in got.ways] == [
        ("mtasts_cert_invalid", 3),
        ("dane_cert_expired", 3),
    ]


def test_the_ways_of_failing_are_added_up_each_with_its_cause() -> None:
    twice = row("example.com", failure=6, failures=(EXPIRED, msgspec.structs.replace(EXPIRED, count=2)))
    other = msgspec.structs.replace(EXPIRED, receiving_mx="mx2.example.com")
    got = counted_domain("example.com", [twice, row("example.com", failure=3, failures=(other,))])
    assert got.ways == (
        CountedWay("certificate-expired", "", got.ways[0].cause, "mx.example.com", 5),
        CountedWay("certificate-expired", "", got.ways[0].cause, "mx2.example.com", 3),
    )
    assert got.ways[0].cause
    assert (got.success, got.failure) == (2, 9)


def test_a_domain_without_sessions_is_counted_with_nothing() -> None:
    assert counted_domain("example.com", []) == CountedDomain("example.com", 0, 0, 0, False, ())


def test_a_report_is_told_from_others_by_submitter_id_domains_and_range() -> None:
    def print_of(found: FoundReport) -> bytes:
        return counted(found, everywhere).fingerprint

    one = report(row("example.com"))
    same = report(row("example.com", success=9))
    others = [
        report(row("example.net")),
        report(row("example.com"), id="other"),
        report(row("example.com"), begin=None),
        report(row("example.com"), end=None),
        report(row("example.com"), contact="tls@other.example"),
        report(row("example.com"), id=""),
    ]
    assert print_of(one) == print_of(same)
    assert len({print_of(found) for found in (one, *others)}) == 7
    two = [row("example.com"), row("example.net")]
    assert print_of(report(*two)) == print_of(report(*two[::-1], two[0])) != print_of(one)
    unnamed = [report(row("example.com", success=count), id="") for count in (1, 2)]
    assert print_of(unnamed[0]) != print_of(unnamed[1])
    halved = report(row("example.com"), id="", organization="\ud800")
    assert print_of(halved) != print_of(unnamed[0])

"""A TLS report as text: who reports, what was counted, and each way in which sessions failed, the most first."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.told import ToldFailure, ToldPolicy, ToldReport, ToldSessions
from mxproof.formats.mtasts import Mode
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.repair_words import REPAIRS
from mxproof.render.text.paper import Paper, Tone
from mxproof.render.text.tls_report import (
    repair_text,
    repairs_text,
    report_span,
    tls_report_text,
    ways_of,
)

PAPER = Paper(width=100)
WHOLE = Paper(width=100, verbose=True)
DAY = datetime(2026, 3, 1, tzinfo=UTC)
FAILURE = ToldFailure("certificate-expired", 3, None, None, None, None, None)
POLICY = ToldPolicy("sts", "example.com", 7, 0, ())
REPORT = ToldReport(
    reporter="Example Inc.",
    report_id="r1",
    begin=DAY,
    end=DAY + timedelta(seconds=86_399),
    source="report.json",
    authenticated=Authenticated.VERIFIED,
    policies=(POLICY,),
    repairs=(),
    submitter="sender.example",
    contact=None,
    sender=None,
    sessions=ToldSessions(7, 0, at_least=False),
)


def lines(paper: Paper = PAPER, **changes: Any) -> list[str]:  # noqa: ANN401 - the fields have many types
    text = tls_report_text(msgspec.structs.replace(REPORT, **changes), paper)
    assert text.endswith("\n\n")
    return text.removesuffix("\n\n").split("\n")


def failing(*failures: ToldFailure, **changes: Any) -> tuple[ToldPolicy, ...]:  # noqa: ANN401 - as above
    made = msgspec.structs.replace(POLICY, failures=failures, failure=sum(one.count for one in failures))
    return (msgspec.structs.replace(made, **changes),)


def failed(**changes: Any) -> ToldFailure:  # noqa: ANN401 - as above
    return msgspec.structs.replace(FAILURE, **changes)


def ways(*failures: ToldFailure, paper: Paper = PAPER) -> list[str]:
    """Return the lines of the ways, without what stands around them."""
    return lines(paper, policies=failing(*failures))[4:-2]


def test_a_report_without_failures_is_a_few_lines() -> None:
    assert lines() == [
        "Example Inc. (sender.example), 2026-03-01",
        "  sessions    7 as the policies ask, 0 failed",
        "",
        "  MTA-STS of example.com: 7 passed, 0 failed",
        "  from        signed by its sender",
    ]


@pytest.mark.parametrize(
    ("reporter", "submitter", "whom"),
    [
        ("Example Inc.", None, "Example Inc."),
        ("sender.example", "sender.example", "sender.example"),
        ("", "sender.example", "unnamed sender (sender.example)"),
        ("", None, "unnamed sender"),
    ],
)
def test_who_reports_is_named_once(reporter: str, submitter: str | None, whom: str) -> None:
    assert lines(reporter=reporter, submitter=submitter)[0] == f"{whom}, 2026-03-01"


@pytest.mark.parametrize(
    ("begin", "end", "span"),
    [
        (DAY, DAY + timedelta(days=1), "2026-03-01"),
        (DAY, DAY + timedelta(seconds=86_399), "2026-03-01"),
        (DAY, DAY + timedelta(seconds=86_398), "2026-03-01 00:00 to 2026-03-01 23:59 UTC"),
        (DAY, DAY + timedelta(seconds=86_401), "2026-03-01 00:00 to 2026-03-02 00:00 UTC"),
        (
            DAY + timedelta(hours=1),
            DAY + timedelta(days=1, hours=1),
            "2026-03-01 01:00 to 2026-03-02 01:00 UTC",
        ),
        (
            DAY + timedelta(minutes=1),
            DAY + timedelta(days=1, minutes=1),
            "2026-03-01 00:01 to 2026-03-02 00:01 UTC",
        ),
        (DAY.astimezone(timezone(timedelta(hours=2))), DAY + timedelta(days=1), "2026-03-01"),
        (None, DAY, "of an unknown time"),
        (DAY, None, "of an unknown time"),
    ],
)
def test_a_whole_day_is_named_and_any_other_time_by_its_ends(
    begin: datetime | None, end: datetime | None, span: str
) -> None:
    assert report_span(msgspec.structs.replace(REPORT, begin=begin, end=end)) == span


def test_where_policies_may_cover_the_same_sessions_the_sums_are_at_least() -> None:
    sessions = ToldSessions(7, 3, at_least=True)
    assert lines(sessions=sessions)[1] == "  sessions    at least 7 as the policies ask, at least 3 failed"
    paper = Paper(width=100, colour=True)
    assert lines(paper, sessions=sessions)[1].startswith(f"  {paper.painted('sessions', Tone.BAD)}")
    assert lines(paper)[1].startswith(f"  {paper.painted('sessions', Tone.GOOD)}")


@pytest.mark.parametrize(
    ("authenticated", "words"),
    [
        (Authenticated.UNKNOWN, "whether it is from this sender was not verified"),
        (
            Authenticated.UNSIGNED,
            "not signed: anybody may have sent it, and RFC 8460 section 3 has it ignored",
        ),
        (Authenticated.FAILED, "its signature does not hold: RFC 8460 section 3 has it ignored"),
    ],
)
def test_it_is_told_whether_a_report_is_from_its_sender(authenticated: Authenticated, words: str) -> None:
    assert lines(authenticated=authenticated)[-1] == f"  from        {words}"


@pytest.mark.parametrize(
    ("changes", "head"),
    [
        ({"mode": Mode.TESTING}, "MTA-STS of example.com, mode testing"),
        ({"type": "tlsa"}, "DANE of example.com"),
        ({"type": "no-policy-found"}, "no policy of example.com"),
        ({"type": "odd", "domain": ""}, "odd of no named domain"),
    ],
)
def test_a_policy_is_named_by_its_kind_its_domain_and_its_mode(changes: dict[str, Any], head: str) -> None:
    assert lines(policies=failing(**changes))[3] == f"  {head}: 7 passed, 0 failed"


def test_what_a_policy_comes_to_stands_below_it() -> None:
    assert lines(policies=failing(words="None would be refused."))[3:5] == [
        "  MTA-STS of example.com: 7 passed, 0 failed",
        "    None would be refused.",
    ]


def test_the_repairs_are_named_and_in_the_whole_story_told() -> None:
    repairs = (Repair.DATE_ORDER, Repair.VALUE_LONG)
    assert lines(repairs=repairs)[5:] == ["  repairs     date-order, value-long"]
    told = [f"              {one}: {REPAIRS[one].title}. {REPAIRS[one].made}" for one in repairs]
    assert lines(Paper(width=160, verbose=True), repairs=repairs)[5:] == [
        "  repairs     date-order, value-long",
        *told,
        "  report id   r1",
        "  source      report.json",
    ]
    assert lines(WHOLE, report_id="")[5:] == ["  report id   none", "  source      report.json"]


def test_a_way_names_what_failed_where_and_how_often() -> None:
    assert ways(failed(reason="X509", receiving_mx="mx.example.com", receiving_ip="192.0.2.25")) == [
        "",
        "    3 failed  certificate-expired, X509 at mx.example.com [192.0.2.25]",
    ]
    assert ways(failed()) == ["", "    3 failed  certificate-expired"]


def test_failures_that_say_the_same_are_one_way_with_every_address_once() -> None:
    first = failed(receiving_ip="192.0.2.25", sending_ip="198.51.100.7")
    second = failed(receiving_ip="192.0.2.26", count=4)
    assert ways(first, second, first, failed()) == [
        "",
        "    13 failed certificate-expired [192.0.2.25, 192.0.2.26]",
    ]


def test_the_way_with_the_most_sessions_comes_first() -> None:
    few, many = failed(reason="few", count=4), failed(reason="many", count=3)
    (policy,) = failing(few, many, many)
    assert ways_of(policy) == [[many, many], [few]]


def test_each_thing_that_is_said_of_a_failure_tells_it_from_others() -> None:
    others = (
        failed(result_type="starttls-not-supported"),
        failed(reason="X509"),
        failed(receiving_mx="mx.example.com"),
        failed(cause="mtasts_cert_name"),
        failed(finding="cert-expired"),
        failed(words="It is over."),
    )
    (policy,) = failing(FAILURE, *others)
    assert ways_of(policy) == [[FAILURE], *([one] for one in others)]


@pytest.mark.parametrize(
    ("count", "more"),
    [
        (12, []),
        (13, ["    and 1 more way"]),
        (14, ["    and 2 more ways"]),
    ],
)
def test_of_many_ways_the_first_are_shown(count: int, more: list[str]) -> None:
    many = tuple(failed(reason=str(number)) for number in range(count))
    assert lines(policies=failing(*many))[4 + 2 * 12 :] == [
        *more,
        "",
        "  from        signed by its sender",
    ]


def test_a_cause_that_is_known_stands_below_with_its_id() -> None:
    assert ways(failed(cause="mtasts_cert_name"))[2:] == [
        "    cause     the certificate does not name the MX host (MTA-STS) (mtasts_cert_name)"
    ]


def test_without_evidence_what_is_said_of_a_failure_is_part_of_the_whole_story() -> None:
    said = failed(words="It may be over.")
    assert len(ways(said)) == 2
    assert lines(WHOLE, policies=failing(said))[6] == "              It may be over."
    assert lines(WHOLE, policies=failing(failed()))[6] == ""


def test_with_evidence_it_is_told_how_it_stands_now_and_each_fix_once() -> None:
    held = failed(
        standing=RowStanding.CONFIRMED, words="It is over.", finding="cert-expired", fix="Renew it."
    )
    other = msgspec.structs.replace(held, receiving_mx="mx.example.com", count=2)
    standing = [
        "    now       confirmed. It is over.",
        "    finding   cert-expired; `mxproof finding cert-expired`",
    ]
    assert ways(held, other) == [
        "",
        "    3 failed  certificate-expired",
        *standing,
        "    fix       Renew it.",
        "",
        "    2 failed  certificate-expired at mx.example.com",
        *standing,
    ]


def test_the_list_of_repairs_has_each_with_what_was_found() -> None:
    text = repairs_text(Paper(width=160))
    width = max(len(one) for one in Repair) + 2
    assert text.splitlines() == [f"{one:<{width}}{words.title}" for one, words in REPAIRS.items()]


def test_a_repair_is_told_with_what_was_made_of_it_whose_it_is_and_its_source() -> None:
    assert repair_text(Repair.VALUE_NULL, PAPER).splitlines() == [
        "value-null",
        "Found: null where a value was expected.",
        *Paper(width=100).wrapped(REPAIRS[Repair.VALUE_NULL].made),
        "Seen of: Stalwart: contact-info.",
        f"See {REPAIRS[Repair.VALUE_NULL].rfc}.",
    ]
    assert "Seen of" not in repair_text(Repair.VALUE_LONG, PAPER)

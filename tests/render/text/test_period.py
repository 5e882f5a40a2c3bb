"""What senders reported of a period as text: sums, trends, and each way in which sessions failed, the most first."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from mxproof.explain.tlsrpt.period_told import (
    PeriodDay,
    PeriodDomain,
    PeriodSender,
    PeriodSessions,
    PeriodWay,
    ToldPeriod,
)
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.render.text.paper import Paper, Tone
from mxproof.render.text.period import (
    period_text,
    trend,
)

PAPER = Paper(width=100)
WHOLE = Paper(width=100, verbose=True)
SINCE = date(2026, 3, 1)
NONE = PeriodSessions(0, 0, 0, at_least=False)
WAY = PeriodWay("certificate-expired", None, None, 3, SINCE, None)
SENDER = PeriodSender(
    "sender.example",
    None,
    Authenticated.VERIFIED,
    PeriodSessions(7, 0, 1, at_least=False),
    0,
    (PeriodDay(SINCE, 7, 0),),
    (),
)
TOLD = ToldPeriod(
    domain="example.com",
    since=SINCE,
    until=SINCE + timedelta(days=3),
    authenticated=PeriodSessions(7, 0, 1, at_least=False),
    unauthenticated=NONE,
    senders=(SENDER,),
    domains=(),
    more=False,
)
SENDER_LINES = [
    "sender.example, signed by its sender",
    "  sessions    7 passed, 0 failed in 1 report",
    "  trend       |@   | all, a day each",
]


def lines(paper: Paper = PAPER, **changes: Any) -> list[str]:  # noqa: ANN401 - the fields have many types
    return period_text(msgspec.structs.replace(TOLD, **changes), paper).splitlines()


def of_sender(paper: Paper = PAPER, **changes: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the lines of one sender."""
    return lines(paper, senders=(msgspec.structs.replace(SENDER, **changes),))[3:]


def ways(*failures: PeriodWay, paper: Paper = PAPER) -> list[str]:
    return of_sender(paper, failures=failures)[3:]


def way(**changes: Any) -> PeriodWay:  # noqa: ANN401 - as above
    return msgspec.structs.replace(WAY, **changes)


def test_a_period_in_which_nothing_failed_is_a_few_lines() -> None:
    assert lines() == [
        "TLS reports of example.com, 2026-03-01 to 2026-03-04",
        "  signed      7 passed, 0 failed in 1 report signed by their senders",
        "",
        *SENDER_LINES,
    ]


def test_where_nobody_reports_that_is_said() -> None:
    assert lines(senders=(), domain=None) == [
        "TLS reports of all domains, 2026-03-01 to 2026-03-04",
        "  No sender reports anything of these days.",
    ]


def test_what_anybody_may_have_written_is_summed_apart() -> None:
    others = PeriodSessions(5, 2, 3, at_least=True)
    assert lines(authenticated=NONE, unauthenticated=others)[1:3] == [
        "  others      at least 5 passed, at least 2 failed in 3 reports that anybody may have written",
        "",
    ]
    paper = Paper(width=100, colour=True)
    coloured = lines(paper, unauthenticated=others)[1:3]
    assert [line.split("  ")[1] for line in coloured] == [
        paper.painted("signed", Tone.GOOD),
        paper.painted("others", Tone.BAD),
    ]


@pytest.mark.parametrize(
    ("authenticated", "words"),
    [
        (Authenticated.UNKNOWN, "whether it is from this sender is not known"),
        (Authenticated.UNSIGNED, "not signed: anybody may have sent it"),
        (Authenticated.FAILED, "no signature of this sender holds"),
    ],
)
def test_a_sender_is_named_with_whether_it_is_from_it(authenticated: Authenticated, words: str) -> None:
    assert of_sender(authenticated=authenticated)[0] == f"sender.example, {words}"
    assert of_sender(authenticated=authenticated, submitter="")[0] == f"unnamed sender, {words}"


def test_sessions_of_a_sender_that_failed_have_the_colour_of_that() -> None:
    paper = Paper(width=100, colour=True)
    bad = PeriodSessions(7, 3, 2, at_least=False)
    assert of_sender(paper, sessions=bad)[1] == (
        f"  {paper.painted('sessions', Tone.BAD)}    7 passed, 3 failed in 2 reports"
    )
    assert of_sender(paper)[1].startswith(f"  {paper.painted('sessions', Tone.GOOD)}")


def test_what_mode_enforce_would_do_stands_below_the_trend() -> None:
    assert of_sender(words="Of 7 sessions a day 3 would be refused.")[3:] == [
        "  testing     Of 7 sessions a day 3 would be refused."
    ]


def test_more_than_is_shown_is_told_last() -> None:
    assert lines(more=True)[-2:] == ["", "There are more senders or domains than are shown."]


def test_a_trend_is_signs_as_tall_as_their_values_of_which_the_highest_is_full() -> None:
    assert trend([0, 1, 4, 8], Paper(unicode=True)) == " ▁▄█"
    assert trend([0, 1, 4, 8], Paper()) == " .=@"
    assert trend([1, 80], Paper()) == ".@"
    assert trend([0, 0], Paper()) == "  "
    assert trend([], Paper()) == ""


def test_sessions_that_failed_have_a_trend_of_their_own() -> None:
    days = (PeriodDay(SINCE, 6, 2), PeriodDay(SINCE + timedelta(days=3), 0, 4))
    assert of_sender(days=days)[2:4] == [
        "  trend       |@  =| all, a day each",
        "              |=  @| failed",
    ]


@pytest.mark.parametrize(
    ("days", "width", "drawn"),
    [
        (30, 100, f"|@{' ' * 29}| all, a day each"),
        (31, 100, f"|@{' ' * 15}| all, 2 days each"),
        (22, 60, f"|@{' ' * 21}| all, a day each"),
        (23, 60, f"|@{' ' * 11}| all, 2 days each"),
    ],
)
def test_a_column_of_a_trend_is_as_many_days_as_the_room_asks_for(days: int, width: int, drawn: str) -> None:
    told = lines(Paper(width=width), until=SINCE + timedelta(days=days - 1))
    assert told[-1] == f"  trend       {drawn}"


def test_days_of_one_column_are_added_up() -> None:
    days = tuple(PeriodDay(SINCE + timedelta(days=day), 1, 0) for day in (0, 1, 30))
    one = msgspec.structs.replace(SENDER, days=days)
    told = lines(senders=(one,), until=SINCE + timedelta(days=30))
    assert told[-1] == f"  trend       |@{' ' * 14}=| all, 2 days each"


def test_a_way_has_its_count_its_reason_its_host_and_its_last_day() -> None:
    assert ways(WAY) == ["", "    3 failed  certificate-expired, last on 2026-03-01"]
    assert ways(way(reason="X509", receiving_mx="mx.example.com"))[1] == (
        "    3 failed  certificate-expired, X509 at mx.example.com, last on 2026-03-01"
    )


def test_ways_of_one_cause_stand_together_those_of_the_cause_with_the_most_first() -> None:
    name = {"cause": "mtasts_cert_name", "title": "it has another name", "check": "Look at the names."}
    told = ways(
        way(reason="none-few", count=3),
        way(reason="name-few", count=2, next="mxproof check example.com", **name),
        way(reason="none-many", count=5),
        way(reason="name-many", count=9, next="mxproof check example.com", **name),
    )
    assert told == [
        "",
        "    9 failed  certificate-expired, name-many, last on 2026-03-01",
        "    2 failed  certificate-expired, name-few, last on 2026-03-01",
        "    cause     it has another name (mtasts_cert_name)",
        "    look at   Look at the names.",
        "    next      `mxproof check example.com`",
        "",
        "    5 failed  certificate-expired, none-many, last on 2026-03-01",
        "    3 failed  certificate-expired, none-few, last on 2026-03-01",
    ]


def test_causes_with_as_many_sessions_stand_in_the_order_of_their_ids() -> None:
    told = ways(way(cause="b", title="second"), way(cause="a", title="first"), way())
    assert [line for line in told if "cause" in line] == [
        "    cause     first (a)",
        "    cause     second (b)",
    ]
    assert told[1] == "    3 failed  certificate-expired, last on 2026-03-01"


def test_a_cause_without_a_command_has_none() -> None:
    assert ways(way(cause="a", title="first", check="Look."))[2:] == [
        "    cause     first (a)",
        "    look at   Look.",
    ]


def test_with_evidence_it_is_told_how_each_stands_now_and_a_fix_once() -> None:
    held = {"standing": RowStanding.CONFIRMED, "finding": "cert-expired", "fix": "Renew it."}
    told = ways(
        way(cause="a", title="first", check="Look.", next="mxproof", words="One is over.", **held),
        way(cause="a", title="first", count=2, words="Two is over.", **held),
        way(cause="a", title="first", count=1, words="Two is over.", **held),
        way(cause="a", title="first", count=1, reason="not held"),
    )
    assert told[5:] == [
        "    cause     first (a)",
        "    now       confirmed. One is over.",
        "    finding   cert-expired; `mxproof finding cert-expired`",
        "    fix       Renew it.",
        "    now       confirmed. Two is over.",
        "    finding   cert-expired; `mxproof finding cert-expired`",
    ]


@pytest.mark.parametrize(
    ("left_out", "more"), [(0, []), (1, ["    and 1 more way"]), (2, ["    and 2 more ways"])]
)
def test_of_many_ways_of_a_sender_the_first_are_shown(left_out: int, more: list[str]) -> None:
    many = tuple(way(reason=f"r{number}", count=99 - number) for number in range(8 + left_out))
    told = ways(*many)
    assert told[9:] == more
    assert told[8] == "    92 failed certificate-expired, r7, last on 2026-03-01"
    assert len(ways(*many, paper=WHOLE)) == 1 + len(many)


@pytest.mark.parametrize(("left_out", "more"), [(0, []), (3, ["  and 3 more"])])
def test_of_all_domains_those_with_failures_are_named_the_first_of_many(
    left_out: int, more: list[str]
) -> None:
    count = 20 + left_out
    domains = tuple(PeriodDomain(f"d{number}.example", 1, 2) for number in range(count))
    shown = [f"  2 failed    d{number}.example" for number in range(count)]
    behind = ["  `mxproof tlsrpt show d0.example` shows one.", "", *SENDER_LINES]
    head = ["", "Domains with sessions that failed"]
    assert lines(domains=domains)[2:] == [*head, *shown[:20], *more, *behind]
    assert lines(WHOLE, domains=domains)[2:] == [*head, *shown, *behind]

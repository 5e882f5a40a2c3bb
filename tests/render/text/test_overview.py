"""The table about many domains: the worst first, a line each in brief, nothing wider than the paper."""

import pytest

from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.render.text.overview import document
from mxproof.render.text.paper import Paper
from support_world import GOOD_POLICY, ZoneWorld, collect


def report(world: ZoneWorld) -> Report:
    evidence = collect(world)
    return report_on(evidence, now=evidence.observed_at())


GOOD = report(ZoneWorld())
REFUSED = report(ZoneWorld(policy=GOOD_POLICY.replace(b"mx: mx", b"mx: no")))
UNKNOWN = report(ZoneWorld().zone_with("example.com MX !timeout"))


def lines(*reports: Report, paper: Paper, verdicts_alone: bool = False) -> list[str]:
    return "".join(document(reports, paper, verdicts_alone=verdicts_alone)).splitlines()


def test_the_worst_comes_first_and_all_are_counted() -> None:
    got = lines(GOOD, UNKNOWN, REFUSED, GOOD, paper=Paper(unicode=True))
    assert got[0] == "4 domains: 1 REFUSED, 1 UNKNOWN, 2 DELIVERS"
    assert [line[0] for line in got[2:] if not line.startswith(" ")] == ["✘", "?", "✔", "✔"]


def test_what_is_unknown_says_what_was_not_found_out() -> None:
    assert any("MX example.com" in line for line in lines(UNKNOWN, paper=Paper()))


def test_in_brief_a_domain_has_one_line() -> None:
    assert len(lines(GOOD, UNKNOWN, REFUSED, paper=Paper(), verdicts_alone=True)) == 2 + 3


@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_is_wider_than_the_paper(width: int) -> None:
    got = lines(GOOD, UNKNOWN, REFUSED, paper=Paper(width=width))
    assert max(map(len, got)) <= width

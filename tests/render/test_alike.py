"""Findings that say the same stand together, and are told once."""

import msgspec

from mxproof.judge.report import WordedFinding
from mxproof.judge.vocabulary import Severity
from mxproof.render.alike import SUMMARIES_MAX, alike, summaries_of


def finding(summary: str, *, code: str = "sts-mx-unlisted", fix: str = "do") -> WordedFinding:
    return WordedFinding(
        code=code,
        severity=Severity.ERROR,
        subject="mx1.example.com",
        summary=summary,
        detail="as it is",
        fix=fix,
        rfc=("RFC 8461 section 4.1",),
        affects=(),
        evidence=(),
    )


def test_what_differs_in_the_summary_alone_stands_together() -> None:
    one, other = finding("one"), finding("other")
    elsewhere = finding("one", fix="do something else")
    notice = msgspec.structs.replace(one, severity=Severity.NOTICE)
    assert alike((notice, one, elsewhere, other)) == [[one, other], [elsewhere], [notice]]


def test_the_same_summary_is_told_once_and_many_are_counted() -> None:
    several = [finding(str(number)) for number in range(SUMMARIES_MAX + 2)]
    assert summaries_of([several[0], several[0]]) == ["0"]
    assert summaries_of(several[: SUMMARIES_MAX + 1]) == [one.summary for one in several[: SUMMARIES_MAX + 1]]
    assert len(summaries_of(several)) == SUMMARIES_MAX + 1

"""A sender test as text and as a page."""

from functools import cache

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.conclusion import (
    SenderTestReport,
    SenderTlsReport,
    ToldBounce,
    concluded,
)
from mxproof.judge.senders.inference.possible import POSSIBLE, words_of
from mxproof.render.html.sendertest import document
from mxproof.render.text.paper import Paper
from mxproof.render.text.sendertest import sendertest_text
from support_sendertest import done, sent_by


@cache
def report() -> SenderTestReport:
    """Return the report of a sender without MTA-STS and DANE."""
    model = next(one for one in SENDERS if one.id == "opportunistic")
    words = {trait: words_of(model, trait)[0] for trait in POSSIBLE}
    return concluded(sent_by(done(words)), SENDERS, "test")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_paper_but_what_is_to_be_pasted(width: int) -> None:
    pasted = {line for one in report().settings for line in one.lines}
    lines = sendertest_text(report(), Paper(width=width)).splitlines()
    assert [line for line in lines if len(line) > width and line.strip() not in pasted] == []


def test_every_case_is_told_of_where_the_whole_story_is_asked_for() -> None:
    text = sendertest_text(report(), Paper(verbose=True))
    assert [case for case in CASES if f" {case} " not in text] == []


def test_every_line_to_set_stands_in_text_and_page() -> None:
    page = "".join(document(report()))
    text = sendertest_text(report(), Paper())
    lines = [line for one in report().settings for line in one.lines]
    assert [
        line
        for line in lines
        if line not in text or line.replace("'", "&#x27;") not in page.replace("&#39;", "&#x27;")
    ] == []


def test_the_page_has_every_case_and_every_trait() -> None:
    page = "".join(document(report()))
    assert [case for case in CASES if f"<code>{case}</code>" not in page] == []
    assert page.count("not shown") == sum(not one.shown for one in report().traits)


def both_of(one: SenderTestReport) -> tuple[str, str]:
    """Return a report as text, and as a page."""
    return sendertest_text(one, Paper()), "".join(document(one))


def test_a_tls_report_is_told_and_that_none_came_where_one_is_wanted() -> None:
    reported = SenderTlsReport(
        "A <sender>", "report-wanted", "x.example", "sts", 3, 2, ("validation-failure",)
    )
    elsewhere = msgspec.structs.replace(reported, case="", domain="mx.example.org", policy_type="tlsa")
    for told in both_of(msgspec.structs.replace(report(), reports=(reported, elsewhere))):
        assert "3 sessions went well, 2 failed (validation-failure)" in " ".join(told.split())
        assert "mx.example.org" in told
        assert "None came" not in told
    assert all("None came" in told for told in both_of(report()))
    unsent = msgspec.structs.replace(report(), cases=())
    assert all("None came" not in told for told in both_of(unsent))


def test_what_was_not_seen_is_a_warning() -> None:
    lost = msgspec.structs.replace(report(), lost={"turned away": 7})
    assert all("7 turned away" in told for told in both_of(lost))
    assert all("Not everything was seen" not in told for told in both_of(report()))


def test_code_in_the_title_of_a_case_is_code_on_the_page() -> None:
    assert "`*.`" not in both_of(report())[1]


def test_a_bounce_is_told_where_one_came() -> None:
    bounced = ToldBounce("cert-name", "failed", "4.7.5", "Server certificate <not> verified")
    for told in both_of(msgspec.structs.replace(report(), bounces=(bounced,))):
        assert "cert-name: failed 4.7.5 Server certificate" in " ".join(told.split())
    assert all("Bounces" not in told for told in both_of(report()))

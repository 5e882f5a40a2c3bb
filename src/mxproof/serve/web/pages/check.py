"""One check: its report as of its moment, and the checks beside it."""

from mxproof.judge.checked import Checked
from mxproof.render.html.parts import heading
from mxproof.render.html.report import both_spellings, report_content, verdict_banner
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.words import moment
from mxproof.store.journal.watched import KeptCheck


def check_content(
    domain: str, check: KeptCheck, checked: Checked | None, beside: tuple[int | None, int | None]
) -> list[Content]:
    """Return the main part of the page; `beside` are the numbers of the check before and of the one after."""
    where = element(
        "p",
        "As of ",
        moment(check.observed_at),
        ". ",
        element("a", f"{domain} now", href=f"/domains/{domain}"),
        class_="faint",
    )
    if checked is None:
        words = "The evidence of this check is kept no longer; what it came to is."
        return [
            heading(1, both_spellings(domain), "report"),
            where,
            verdict_banner(check.outcome, check.headline),
            element("p", words, class_="faint"),
            _beside(beside),
        ]
    title, *report = report_content(checked, 1, "")
    files = element(
        "p",
        "As data: ",
        element("a", "report", href=f"/api/v1/checks/{check.number}/report"),
        ", ",
        element("a", "evidence", href=f"/api/v1/checks/{check.number}/evidence"),
        " for mxproof replay, ",
        element("a", "policies held from before", href=f"/api/v1/checks/{check.number}/memory"),
        " for its option --memory",
        class_="faint",
    )
    return [title, where, _beside(beside), *report, files]


def _beside(beside: tuple[int | None, int | None]) -> Element:
    before, after = beside
    return element(
        "nav",
        element("a", "The check before", href=f"/checks/{before}") if before is not None else element("span"),
        element("a", "The check after", href=f"/checks/{after}") if after is not None else None,
        class_="pager",
        aria_label="Checks beside this one",
    )

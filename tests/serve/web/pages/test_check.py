"""One check: of when it is, its report while its evidence is kept, and the checks before and after it."""

import pytest

from mxproof.judge.vocabulary import Verdict
from mxproof.render.html.report import report_content, verdict_banner
from mxproof.render.text.words import moment
from mxproof.serve.web.pages.check import check_content
from mxproof.store.journal.watched import KeptCheck
from support_certificates import NOW
from support_handmade import checked_of
from support_markup import printed

CHECK = KeptCheck(7, NOW, 0.5, Verdict.REFUSED, "Nobody delivers.", {}, has_evidence=True)
AS_OF = (
    f'<p class="faint">As of {moment(NOW)}. <a href="/domains/xn--bcher-kva.example">'
    "xn--bcher-kva.example now</a></p>"
)
BEFORE, AFTER = '<a href="/checks/5">The check before</a>', '<a href="/checks/9">The check after</a>'
BESIDE = [
    ((5, 9), BEFORE + AFTER),
    ((5, None), BEFORE),
    ((None, 9), f"<span></span>{AFTER}"),
    ((None, None), "<span></span>"),
]


def beside(links: str) -> str:
    return f'<nav class="pager" aria-label="Checks beside this one">{links}</nav>'


@pytest.mark.parametrize(("numbers", "links"), BESIDE, ids=["both", "the last", "the first", "the only one"])
def test_without_its_evidence_what_it_came_to_stands_between_the_checks_beside_it(
    numbers: tuple[int | None, int | None], links: str
) -> None:
    assert printed(*check_content("xn--bcher-kva.example", CHECK, None, numbers)) == [
        '<h1 id="report">bücher.example (xn--bcher-kva.example)</h1>',
        AS_OF,
        *printed(verdict_banner(Verdict.REFUSED, "Nobody delivers.")),
        '<p class="faint">The evidence of this check is kept no longer; what it came to is.</p>',
        beside(links),
    ]


def test_with_its_evidence_it_has_a_report_and_files_of_its_own_number() -> None:
    checked = checked_of(domain="example.com")
    title, *report = printed(*report_content(checked, 1, ""))
    page = printed(*check_content("xn--bcher-kva.example", CHECK, checked, (5, 9)))
    assert page[:-1] == [title, AS_OF, beside(BEFORE + AFTER), *report]
    assert page[-1] == (
        '<p class="faint">As data: <a href="/api/v1/checks/7/report">report</a>, '
        '<a href="/api/v1/checks/7/evidence">evidence</a> for mxproof replay, '
        '<a href="/api/v1/checks/7/memory">policies held from before</a> for its option --memory</p>'
    )

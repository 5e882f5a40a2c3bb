"""Reports as a page: one alone, or an overview with the worst on top and the reports behind it."""

from mxproof.evidence import Vantage
from mxproof.judge.checked import Checked
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.html.document import document
from mxproof.render.html.report import report_content
from support_handmade import checked_of, finding, sender
from support_markup import parts_of, printed

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN


def parts(*several: Checked) -> tuple[str, str, str]:
    """Return the title, the main part and the footer of the page."""
    return parts_of("".join(document(several, [])))


def test_a_single_report_stands_alone_with_who_made_it_below() -> None:
    checked = checked_of(sender(REFUSED), vantage=Vantage(software="mxproof 1.0", host="mail.example.net"))
    assert parts(checked) == (
        "example.com: REFUSED",
        f"<article>{''.join(printed(*report_content(checked, 1, '')))}</article>",
        "<p>mxproof 1.0, mail.example.net</p>",
    )


def test_of_several_reports_the_worst_comes_first_in_the_overview_and_all_follow_in_their_order() -> None:
    domains = (
        checked_of(sender(DELIVERS), domain="good.example", vantage=Vantage(software="mxproof 1.0")),
        checked_of(sender(REFUSED), domain="xn--bcher-kva.example"),
        checked_of(
            sender(REFUSED),
            domain="bad.example",
            findings=(
                *(finding(Severity.ERROR),) * 2,
                finding(Severity.WARNING),
                finding(Severity.NOTICE),
            ),
        ),
    )
    bad = '<span class="word refused"><span aria-hidden="true">✘ </span>REFUSED</span>'
    good = '<span class="word delivers"><span aria-hidden="true">✔ </span>DELIVERS</span>'
    title, main, footer = parts(*domains)
    overview, *articles = main.split("<article")
    assert (title, footer) == ("Mail of 3 domains", "<p>mxproof 1.0</p>")
    assert overview == (
        "<h1>Mail of 3 domains</h1><div><p>2 REFUSED, 1 DELIVERS</p>"
        '<div class="scroll" role="group" aria-label="Domains" tabindex="0"><table class="senders">'
        '<caption class="unseen">Domains</caption><thead><tr><th scope="col">Domain</th>'
        '<th scope="col">In a line</th></tr></thead><tbody>'
        f'<tr><th scope="row">{bad}<a href="#d2-report">bücher.example (xn--bcher-kva.example)</a></th>'
        "<td><p>The headline of xn--bcher-kva.example</p></td></tr>"
        f'<tr><th scope="row">{bad}<a href="#d3-report">bad.example</a></th>'
        '<td><p>The headline of bad.example</p><p class="id">2 errors, 1 warning</p></td></tr>'
        f'<tr><th scope="row">{good}<a href="#d1-report">good.example</a></th>'
        "<td><p>The headline of good.example</p></td></tr></tbody></table></div></div>"
    )
    back = '<p><a href="#main">Back to the overview</a></p>'
    first = "".join(printed(*report_content(domains[0], 2, "d1-")))
    assert articles[0] == f' class="report">{first}{back}</article>'
    anchors = [f'id="d{number}-report"' for number in (1, 2, 3)]
    reports = [one for one in articles if one.startswith(' class="report">')]
    assert [one.partition("<h2 ")[2].partition(">")[0] for one in reports] == anchors


def test_where_nothing_was_checked_the_overview_is_empty_and_nobody_made_it() -> None:
    title, main, footer = parts()
    assert (title, footer) == ("Mail of 0 domains", "<p></p>")
    assert main.startswith("<h1>Mail of 0 domains</h1><div><p></p>")
    assert main.endswith("<tbody></tbody></table></div></div>")

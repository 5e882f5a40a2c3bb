"""The report of one domain on a page: the answer with its reasons, links to what follows, and what was asked from where."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Kind, Outcome, Question, Vantage
from mxproof.evidence.timing import Timed
from mxproof.judge.checked import Checked, Term, TermKind
from mxproof.judge.report import Bounce, Unknown
from mxproof.judge.vocabulary import Confidence, Severity, Verdict
from mxproof.render.html.report import answer, both_spellings, report_content, report_sections
from mxproof.render.markup import html
from support_certificates import NOW
from support_handmade import checked_of, finding, sender
from support_markup import printed

DELIVERS, REFUSED, AT_RISK = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK
ALIAS = finding(Severity.ERROR, summary="`mx` is an alias.")
BANNER = '<p class="verdict refused"><strong>✘ REFUSED</strong><span>The headline of example.com</span></p>'


def section_of(checked: Checked, name: str) -> str:
    """Return the section whose heading bears this anchor."""
    (found,) = (html(one) for one in report_sections(checked, 2, "") if f'id="{name}"' in html(one))
    return found


def test_a_report_begins_with_the_domain_the_answer_and_links_to_its_sections() -> None:
    title, banner, nav, asked = printed(*report_content(checked_of(), 1, "d1-"))
    assert title == '<h1 id="d1-report">example.com</h1>'
    assert (
        banner
        == '<p class="verdict delivers"><strong>✔ DELIVERS</strong><span>The headline of example.com</span></p>'
    )
    assert nav == (
        '<nav aria-label="Sections of the report on example.com"><ul><li><a href="#d1-asked">Asked</a></li></ul></nav>'
    )
    assert asked == (
        '<section><h2 id="d1-asked">Asked</h2><dl class="facts"><dt>When</dt><dd>2026-06-01 12:00:00 UTC</dd>'
        "<dt>Over</dt><dd>IPv4 and IPv6</dd></dl></section>"
    )


def test_each_section_of_which_there_is_something_to_tell_has_its_place() -> None:
    whole = checked_of(
        sender(REFUSED),
        findings=(ALIAS,),
        unknowns=(Unknown("MX example.com", "no answer"),),
        terms=(Term(TermKind.POLICY, "example.com", NOW),),
        timeline=(Timed(Question(Kind.MX, "example.com"), NOW, 15, Outcome.FOUND),),
    )
    nav = printed(*report_content(whole, 1, ""))[2]
    links = (
        ("senders", "Senders"),
        ("findings", "Findings"),
        ("unknowns", "Not found out"),
        ("terms", "What lasts until when"),
        ("timeline", "Time line"),
        ("asked", "Asked"),
    )
    items = "".join(f'<li><a href="#{name}">{words}</a></li>' for name, words in links)
    assert nav == f'<nav aria-label="Sections of the report on example.com"><ul>{items}</ul></nav>'


def test_a_domain_is_told_as_it_is_read_and_as_it_stands_in_dns() -> None:
    assert both_spellings("xn--bcher-kva.example") == "bücher.example (xn--bcher-kva.example)"
    assert both_spellings("example.com") == "example.com"


def test_the_answer_quotes_the_first_sender_with_this_outcome_and_its_reasons() -> None:
    quoted = sender(
        REFUSED,
        "first",
        because=("mx-alias", "sts-ok", "ptr-missing"),
        bounce=Bounce("451 later", None, None),
    )
    findings = (
        ALIAS,
        finding(Severity.ERROR, summary="Another alias."),
        finding(Severity.OK, "sts-ok", "All is well."),
    )
    guess = sender(REFUSED, "guess", confidence=Confidence.GUESS, because=("guessed",))
    checked = checked_of(
        sender(AT_RISK, "risk", because=("dane-mismatch",)),
        guess,
        quoted,
        sender(REFUSED, "second", because=("other",)),
        findings=findings,
        outcome=REFUSED,
    )
    assert printed(*answer(checked, "d1-")) == [
        BANNER,
        '<p class="said"><span class="label">at first: </span><code>451 later</code></p>',
        '<p><code>mx</code> is an alias.<span> (<a href="#d1-mx-alias">mx-alias</a>)</span></p>',
        "<p>All is well.<span> (<code>sts-ok</code>)</span></p>",
        "<p>ptr-missing<span> (<code>ptr-missing</code>)</span></p>",
    ]


def test_the_answer_quotes_nobody_where_nobody_that_counts_comes_to_this_outcome() -> None:
    at_risk = sender(AT_RISK, because=("mx-alias",))
    assert printed(*answer(checked_of(at_risk, outcome=REFUSED), "")) == [BANNER]
    delivering = sender(DELIVERS, because=("mx-alias",), bounce=Bounce("451 later", None, None))
    assert len(answer(checked_of(delivering), "")) == 1
    assert printed(*answer(checked_of(sender(REFUSED)), "")) == [BANNER]


def test_the_answer_of_a_lab_scenario_says_that_it_is_simulated() -> None:
    checked = checked_of(outcome=REFUSED, vantage=Vantage(simulated="incident"))
    assert printed(*answer(checked, "")) == [
        BANNER,
        '<p class="faint">Simulated: lab scenario incident. Nothing here is said of the real example.com.</p>',
    ]


def test_what_was_not_found_out_is_listed_with_its_reason() -> None:
    unknowns = (Unknown("MX example.com", "no answer"), Unknown("TXT _mta-sts.example.com", "timeout"))
    assert section_of(checked_of(unknowns=unknowns), "unknowns") == (
        '<section><h2 id="unknowns">Not found out</h2><ul><li>MX example.com: no answer</li>'
        "<li>TXT _mta-sts.example.com: timeout</li></ul></section>"
    )


@pytest.mark.parametrize(
    ("kind", "days", "what", "until", "left"),
    [
        (
            TermKind.MX_CERTIFICATE,
            20.4,
            "certificate of the MX host",
            "2026-06-21 21:36:00 UTC",
            '<td class="number">20',
        ),
        (
            TermKind.POLICY_CERTIFICATE,
            0,
            "certificate of the policy host",
            "2026-06-01 12:00:00 UTC",
            '<td class="number error">0',
        ),
        (
            TermKind.POLICY,
            7,
            "policy, for a sender that fetches it now",
            "2026-06-08 12:00:00 UTC",
            '<td class="number">7',
        ),
        (
            TermKind.CACHED_POLICY,
            -1,
            "older policy, for a sender that holds it",
            "2026-05-31 12:00:00 UTC",
            '<td class="number error">-1',
        ),
    ],
)
def test_what_lasts_is_told_with_the_days_that_are_left_and_marked_once_it_is_over(
    kind: TermKind, days: float, what: str, until: str, left: str
) -> None:
    said = section_of(checked_of(terms=(Term(kind, "example.com", NOW + timedelta(days=days)),)), "terms")
    assert said == (
        '<section><h2 id="terms">What lasts until when</h2>'
        '<div class="scroll" role="group" aria-label="What lasts until when" tabindex="0"><table>'
        '<caption class="unseen">What lasts until when</caption><thead><tr><th scope="col">What</th>'
        '<th scope="col">Of</th><th scope="col">Until</th><th scope="col" class="number">Days left</th></tr></thead>'
        f'<tbody><tr><td>{what}</td><th scope="row">example.com</th><td>{until}</td>{left}</td></tr></tbody>'
        "</table></div></section>"
    )


def asked(vantage: Vantage) -> list[tuple[str, str]]:
    """Return the terms on how it was asked, with what is said of each."""
    said = section_of(checked_of(vantage=vantage), "asked").partition('<dl class="facts"><dt>')[2]
    rows = said.removesuffix("</dd></dl></section>").split("</dd><dt>")
    return [(name, words) for name, _, words in (one.partition("</dt><dd>") for one in rows)][1:]


def test_where_and_how_it_was_asked_is_told_so_far_as_it_is_known() -> None:
    vantage = Vantage(
        software="mxproof 1.0",
        host="mail.example.net",
        resolvers=("127.0.0.1:53", "192.0.2.53:53"),
        validating=True,
        validating_because="it was told to be trusted",
        families=(4,),
        roots="system",
    )
    assert asked(vantage) == [
        ("From", "mail.example.net, mxproof 1.0"),
        ("Through", "127.0.0.1:53 and 192.0.2.53:53, which validates DNSSEC (it was told to be trusted)"),
        ("Over", "IPv4"),
        ("Roots", "system"),
    ]
    assert asked(Vantage(resolvers=("127.0.0.1:53",), families=())) == [
        ("Through", "127.0.0.1:53, which is not known to validate DNSSEC")
    ]


def test_a_report_that_was_judged_later_or_not_asked_in_full_says_so() -> None:
    report = msgspec.structs.replace(
        checked_of(vantage=Vantage(families=())).report,
        judged_at=NOW + timedelta(days=1),
        not_asked=("dkim",),
    )
    assert section_of(Checked(report), "asked") == (
        '<section><h2 id="asked">Asked</h2><dl class="facts"><dt>When</dt><dd>2026-06-01 12:00:00 UTC</dd>'
        "<dt>Judged</dt><dd>as of 2026-06-02 12:00:00 UTC</dd><dt>Not asked</dt><dd>dkim (--full)</dd></dl></section>"
    )

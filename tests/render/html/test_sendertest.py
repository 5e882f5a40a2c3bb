"""A sender test as a page: which mechanism is honoured, the cases that went wrong, what to set, and every case."""

import msgspec
import pytest

from mxproof.judge.senders.inference.case import REPORTING_CASE, Proper, Topic
from mxproof.judge.senders.inference.conclusion import (
    Became,
    Conduct,
    Honoured,
    SenderTestReport,
    SenderTlsReport,
    ToldBounce,
    ToldCase,
    ToldDifference,
    ToldMechanism,
    ToldModel,
    ToldTrait,
)
from mxproof.judge.senders.inference.inferring import Agreement
from mxproof.judge.senders.inference.setting import ServerSetting
from mxproof.render.html.sendertest import document
from support_certificates import NOW
from support_markup import parts_of, table_of

TITLE = "What a mail server does with MTA-STS and DANE"
CASE = ToldCase(
    "cert-name",
    Topic.MTA_STS,
    "a certificate for `*.` alone",
    Proper.REFUSE,
    Became.ENCRYPTED,
    Conduct.LAX,
    "mx.example.com",
    "TLSv1.3",
    1,
)
UNSENT = msgspec.structs.replace(CASE, case="unsent", became=Became.UNSENT, conduct=Conduct.UNSENT, tls="")
REPORT = SenderTestReport(
    sendertest_report_version=1,
    software="mxproof 1.0",
    run="r1",
    begun=NOW,
    ended=NOW,
    mechanisms=(),
    cases=(),
    contradictions=(),
    settings=(),
    traits=(),
    models=(),
)
HEAD = f"<h1>{TITLE}</h1><p>Sender test r1 of 2026-06-01 12:00:00 UTC: {{}} cases were sent to.</p>"
TRAITS = ToldTrait("deep_wildcards", True, ("yes", "no"), ("cert-name", "two-labels"))


def content(report: SenderTestReport) -> str:
    """Return what stands in the article of the page."""
    title, main, footer = parts_of("".join(document(report)))
    assert (title, footer) == (TITLE, "<p>mxproof 1.0</p>")
    return main.removeprefix("<article>").removesuffix("</article>")


def cases(title: str, id_: str, *rows: str, words: str = "") -> str:
    heads = ("Case", "What is special", "By the RFCs", "What became")
    return f'<section><h2 id="{id_}">{title}</h2>{words}{table_of(title, heads, *rows)}</section>'


def row(case: str, mark: str, became: str, proper: str = "not to be delivered") -> str:
    return (
        f'<tr><th scope="row"><code>{case}</code></th><td>a certificate for <code>*.</code> alone</td>'
        f'<td>{proper}</td><td><span aria-hidden="true">{mark} </span>{became}</td></tr>'
    )


LAX = row("cert-name", "✘", "delivered over TLS (TLSv1.3)")
NOT_SENT = row("unsent", "?", "not sent")


def test_a_run_of_nothing_says_nothing_more() -> None:
    assert content(REPORT) == HEAD.format("all 0")


@pytest.mark.parametrize(
    ("honoured", "tone", "words", "said"),
    [
        (Honoured.YES, "delivers", "honoured", "no case was delivered to that it forbids."),
        (Honoured.PARTLY, "at_risk", "honoured in part", "1 of the cases that it forbids was delivered to."),
        (Honoured.NO, "refused", "not honoured", "mail went out whatever it asked for."),
        (Honoured.UNKNOWN, "unknown", "not known", "too few cases were sent to."),
    ],
)
def test_each_mechanism_is_answered_first(honoured: Honoured, tone: str, words: str, said: str) -> None:
    told = ToldMechanism(Topic.MTA_STS, honoured, ("cert-name",), ())
    assert content(msgspec.structs.replace(REPORT, mechanisms=(told,))) == (
        HEAD.format("all 0")
        + f'<p class="verdict {tone}"><strong>MTA-STS: {words}</strong><span>{said}</span></p>'
    )


def test_cases_that_went_wrong_stand_apart_before_all_of_them() -> None:
    strict = msgspec.structs.replace(
        CASE, case="late", proper=Proper.DELIVER, became=Became.HELD, conduct=Conduct.STRICT, tls=""
    )
    open_ = msgspec.structs.replace(
        CASE, case="open", proper=Proper.OPEN, became=Became.CLEAR_TEXT, conduct=Conduct.OPEN, tls=""
    )
    told = msgspec.structs.replace(
        REPORT,
        cases=(CASE, strict, open_, UNSENT),
        contradictions=("open",),
        traits=(TRAITS,),
    )
    held = row("late", "▲", "not delivered", "to be delivered")
    odd = row("open", "?", "delivered in clear text", "left open")
    before, _, behind = content(told).partition('<section><h2 id="traits">')
    assert before == (
        HEAD.format("3 of 4")
        + cases("Delivered where it should not", "lax", LAX)
        + cases("Not delivered where it should be", "strict", held)
        + cases(
            "Not explained",
            "unexplained",
            odd,
            words="<p>No sender that is possible here does this together with the rest; "
            "send to these cases once more.</p>",
        )
    )
    assert behind.endswith(cases("All cases", "cases", LAX, held, odd, NOT_SENT))


def test_traits_and_models_are_told_once_a_case_was_sent_to() -> None:
    hidden = msgspec.structs.replace(TRAITS, trait="library", shown=False)
    differing = ToldDifference("library", Agreement.DIFFERENT, ("openssl",), ("gnutls",))
    new = ToldDifference("sni", Agreement.NEW, ("mx",), ("mx", "policy"))
    told = msgspec.structs.replace(
        REPORT,
        traits=(TRAITS, hidden),
        models=(ToldModel("postfix", "Postfix", 7, (differing, new)), ToldModel("exim", "Exim", 9, ())),
    )
    done = msgspec.structs.replace(told, cases=(CASE,))
    assert content(done) == (
        HEAD.format("all 1").replace("all 1 cases were", "the one case was")
        + cases("Delivered where it should not", "lax", LAX)
        + '<section><h2 id="traits">What a model should say</h2>'
        + table_of(
            "What a model should say",
            ("Trait", "Seen", "Shown by"),
            '<tr><th scope="row"><code>*</code> in a policy stands for several labels</th><td>yes and no</td>'
            "<td>cert-name and two-labels</td></tr>",
            '<tr><th scope="row">TLS library</th><td>not shown</td><td>cert-name and two-labels</td></tr>',
        )
        + '</section><section><h2 id="models">Beside the models of this release</h2><h3>Postfix (postfix)</h3>'
        "<p>7 traits are the same, 1 is different.</p>"
        "<ul><li>different: TLS library: seen openssl, the model says gnutls</li>"
        "<li>new: name put in SNI: seen mx, the model says mx and policy</li></ul>"
        "<h3>Exim (exim)</h3><p>9 traits are the same, 0 are different.</p></section>"
        + cases("All cases", "cases", LAX)
    )
    unsent = msgspec.structs.replace(told, cases=(UNSENT,))
    assert content(unsent) == HEAD.format("0 of 1") + cases("All cases", "cases", NOT_SENT)


def test_what_to_set_is_told_with_where_and_where_no_way_is_known_why() -> None:
    settings = (
        ServerSetting(
            "Postfix", Topic.DANE, "a shell", ("postconf a=b", "postfix reload"), "It has to `trust-ad`."
        ),
        ServerSetting("Exim", Topic.MTA_STS, "", note="There is no way."),
        ServerSetting("Other", Topic.DANE, "a file", ("dane = yes",)),
    )
    assert content(msgspec.structs.replace(REPORT, settings=settings)) == (
        HEAD.format("all 0") + '<section><h2 id="settings">What to set</h2><h3>Postfix, DANE</h3>'
        '<p>In a shell:</p><pre tabindex="0">postconf a=b\npostfix reload</pre>'
        "<p>It has to <code>trust-ad</code>.</p>"
        "<h3>Exim, MTA-STS</h3><p>There is no way.</p>"
        '<h3>Other, DANE</h3><p>In a file:</p><pre tabindex="0">dane = yes</pre></section>'
    )


def test_reports_and_bounces_are_listed() -> None:
    reported = SenderTlsReport(
        "A <sender>", "report-wanted", "x.example", "sts", 3, 2, ("validation-failure",)
    )
    bounced = ToldBounce("cert-name", "failed", "4.7.5", "not verified")
    assert content(msgspec.structs.replace(REPORT, reports=(reported,), bounces=(bounced,))) == (
        HEAD.format("all 0")
        + '<section><h2 id="reports">TLS reports</h2><ul><li>A &lt;sender&gt;: report-wanted, '
        "policy sts: 3 sessions went well, 2 failed (validation-failure)</li></ul></section>"
        '<section><h2 id="bounces">Bounces</h2><ul><li>cert-name: failed 4.7.5 not verified</li></ul></section>'
    )


def test_that_no_report_came_is_told_where_one_was_wanted() -> None:
    wanting = msgspec.structs.replace(CASE, case=REPORTING_CASE)
    none_came = (
        '<section><h2 id="reports">TLS reports</h2><p>None came until the end of the run. '
        "Whoever reports does so once a day (RFC 8460 section 4.1).</p></section>"
    )
    wanted = content(msgspec.structs.replace(REPORT, cases=(wanting,)))
    assert wanted.count(none_came) == 1
    assert "TLS reports" not in content(msgspec.structs.replace(REPORT, cases=(CASE,)))

"""A TLS report on a page: who sent it, what was counted under each policy, and each way of failing with its cause."""

import msgspec
import pytest

from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.told import ToldFailure, ToldPolicy, ToldSessions
from mxproof.formats.mtasts import Mode
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.render.html.tls_report import tls_report_content
from support_markup import printed
from support_told_report import FAILURE, POLICY, REPORT, WHOLE_FAILURE, failing, report_of


def policies_of(*policies: ToldPolicy) -> list[str]:
    """Return the section of each policy."""
    return printed(*tls_report_content(report_of(*policies)))[3:]


def article(*failures: ToldFailure) -> str:
    """Return the only article on failures of a policy, without what stands around it."""
    (section,) = policies_of(failing(*failures))
    _, begun, held = section.partition('<article class="finding">')
    assert begun
    said, ended, behind = held.partition("</article>")
    assert (ended, behind) == ("</article>", "</section>")
    return said


def facts(**rows: str) -> str:
    """Return a list of terms."""
    said = "".join(f"<dt>{name.replace('_', ' ')}</dt><dd>{words}</dd>" for name, words in rows.items())
    return f'<dl class="facts">{said}</dl>'


def test_a_report_says_who_sent_it_of_which_day_and_that_all_is_well() -> None:
    assert printed(*tls_report_content(report_of(POLICY))) == [
        "<h1>TLS report of Example</h1>",
        (
            '<p class="verdict delivers"><strong>All well</strong>'
            "<span>7 sessions as the policies ask, 0 failed.</span></p>"
        ),
        facts(Of="2026-06-01", From="signed by its sender", Came_by="report.json"),
        '<section><h2 id="policy-1">MTA-STS of example.com</h2><p>7 passed, 0 failed.</p></section>',
    ]


def test_a_report_of_which_all_is_known_says_it() -> None:
    whole = msgspec.structs.replace(
        REPORT,
        reporter="",
        submitter="example.net",
        contact="tls@example.net",
        report_id="2026-06-01_a",
        repairs=(Repair.SESSIONS_TWICE, Repair.VALUE_NULL),
        sessions=ToldSessions(7, 2, at_least=True),
    )
    assert printed(*tls_report_content(whole)) == [
        "<h1>TLS report of unnamed sender</h1>",
        (
            '<p class="verdict refused"><strong>Sessions failed</strong>'
            "<span>at least 7 sessions as the policies ask, at least 2 failed.</span></p>"
        ),
        facts(
            Of="2026-06-01",
            Sender="example.net",
            Contact="tls@example.net",
            Report_id="<code>2026-06-01_a</code>",
            From="signed by its sender",
            Came_by="report.json",
            Repaired="policies of MTA-STS and of DANE beside one another; null where a value was expected",
        ),
    ]


def test_a_policy_says_its_mode_what_is_known_of_it_and_what_the_report_quotes() -> None:
    quoted = msgspec.structs.replace(
        POLICY,
        mode=Mode.TESTING,
        words="It is the policy that is served.",
        strings=("version: STSv1", "mode: testing"),
    )
    bare = msgspec.structs.replace(POLICY, type="odd", domain="")
    assert policies_of(quoted, bare) == [
        (
            '<section><h2 id="policy-1">MTA-STS of example.com, mode testing</h2><p>7 passed, 0 failed.</p>'
            "<p>It is the policy that is served.</p>"
            "<details><summary>The policy that the report quotes</summary>"
            '<pre tabindex="0">version: STSv1\nmode: testing</pre></details></section>'
        ),
        '<section><h2 id="policy-2">odd of no named domain</h2><p>7 passed, 0 failed.</p></section>',
    ]


def test_a_way_of_failing_says_its_cause_where_it_happened_and_how_it_stands_now() -> None:
    assert article(WHOLE_FAILURE) == (
        "<h3>3 failed: the certificate is expired and the sender judges it with DANE</h3>"
        + facts(
            Cause="<code>dane_cert_expired</code>",
            Reported_as="certificate-expired, X509_V_ERR_CERT_HAS_EXPIRED",
            MX_host="mx.example.com",
            At="192.0.2.1",
            From="198.51.100.1",
            Now='<span class="word refused">confirmed. </span>It has been over since <code>2026-05-01</code>.',
            Finding="<code>cert-expired</code>",
        )
        + '<p>Renew it:</p><pre tabindex="0">certbot renew</pre>'
    )


@pytest.mark.parametrize(
    ("standing", "tone"),
    [
        (RowStanding.CONFIRMED, "refused"),
        (RowStanding.CHANGED, "refused"),
        (RowStanding.HELD, "at_risk"),
        (RowStanding.GONE, "delivers"),
        (RowStanding.UNKNOWN, "unknown"),
    ],
)
def test_how_it_stands_now_has_the_colour_of_what_becomes_of_mail(standing: RowStanding, tone: str) -> None:
    now = f'<span class="word {tone}">{standing}. </span>'
    assert article(msgspec.structs.replace(FAILURE, standing=standing)) == (
        "<h3>3 failed: certificate-expired</h3>" + facts(Reported_as="certificate-expired", Now=now)
    )


def test_of_a_failure_whose_cause_is_not_known_the_result_type_is_told_with_its_words() -> None:
    plain = facts(Reported_as="certificate-expired")
    assert article(FAILURE) == f"<h3>3 failed: certificate-expired</h3>{plain}"
    assert article(msgspec.structs.replace(FAILURE, words="The `TLS` failed.")) == (
        f"<h3>3 failed: certificate-expired</h3>{plain}<p>The <code>TLS</code> failed.</p>"
    )


def test_failures_that_say_the_same_are_told_together_with_every_address_once() -> None:
    first = msgspec.structs.replace(FAILURE, receiving_ip="192.0.2.1", sending_ip="198.51.100.1")
    other = msgspec.structs.replace(first, sending_ip="198.51.100.2")
    assert article(first, other, FAILURE) == "<h3>9 failed: certificate-expired</h3>" + facts(
        Reported_as="certificate-expired", At="192.0.2.1", From="198.51.100.1, 198.51.100.2"
    )


@pytest.mark.parametrize(("count", "more"), [(20, ""), (21, " and 1 more")])
def test_of_many_addresses_the_first_twenty_are_shown(count: int, more: str) -> None:
    every = [f"192.0.2.{number}" for number in range(1, count + 1)]
    failures = [msgspec.structs.replace(FAILURE, receiving_ip=one, count=1) for one in every]
    assert article(*failures) == f"<h3>{count} failed: certificate-expired</h3>" + facts(
        Reported_as="certificate-expired", At=", ".join(every[:20]) + more
    )


@pytest.mark.parametrize(
    ("count", "more"),
    [
        (50, ""),
        (51, '<p class="faint">And 1 more way.</p>'),
        (52, '<p class="faint">And 2 more ways.</p>'),
    ],
)
def test_of_many_ways_of_failing_the_first_fifty_are_told(count: int, more: str) -> None:
    ways = [
        msgspec.structs.replace(FAILURE, receiving_mx=f"mx{number}.example.com") for number in range(count)
    ]
    (section,) = policies_of(failing(*ways))
    assert section.count("<article") == 50
    assert section.endswith(f"<dd>mx49.example.com</dd></dl></article>{more}</section>")

"""A report as the output of a monitoring plug-in: its state, its first line, what follows, and its figures."""

from datetime import timedelta

import pytest

from mxproof.evidence import Kind, Outcome, Question
from mxproof.evidence.timing import Timed
from mxproof.judge.checked import Checked, Term, TermKind
from mxproof.judge.report import Bounce, Unknown
from mxproof.judge.vocabulary import Confidence, Severity, Verdict
from mxproof.render.nagios import FIRST_LINE_BYTES_MAX, OUTPUT_BYTES_MAX, clean, document, failed
from support_certificates import NOW
from support_handmade import checked_of, finding, sender

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN


def said(*several: Checked, fail_on: Severity = Severity.ERROR) -> list[str]:
    """Return the lines of the output."""
    text = "".join(document(several, fail_on))
    assert text.endswith("\n")
    return text[:-1].split("\n")


def figures(*several: Checked) -> dict[str, str]:
    """Return the figures of the first line by their labels."""
    written = said(*several)[0].partition(" | ")[2]
    return dict(one.split("=") for one in written.replace("' ", "'\t").split(" ") if "=" in one)


@pytest.mark.parametrize(
    ("checked", "state"),
    [
        (checked_of(sender(DELIVERS)), "OK"),
        (checked_of(sender(REFUSED)), "CRITICAL"),
        (checked_of(sender(AT_RISK)), "WARNING"),
        (checked_of(sender(UNKNOWN)), "UNKNOWN"),
        (checked_of(sender(DELIVERS), findings=(finding(Severity.ERROR),)), "WARNING"),
        (checked_of(sender(DELIVERS), findings=(finding(Severity.WARNING),)), "OK"),
        (checked_of(sender(DELIVERS), unknowns=(Unknown("MX", "no answer"),)), "UNKNOWN"),
        (checked_of(sender(DELIVERS), sender(REFUSED, confidence=Confidence.GUESS)), "OK"),
    ],
)
def test_the_state_is_that_of_the_worst_that_decides(checked: Checked, state: str) -> None:
    assert said(checked)[0].startswith(f"MXPROOF {state} - The headline of example.com")


def test_a_warning_is_a_problem_where_it_is_asked_to_be() -> None:
    checked = checked_of(sender(DELIVERS), findings=(finding(Severity.WARNING),))
    assert said(checked, fail_on=Severity.WARNING)[0].startswith("MXPROOF WARNING")


def test_of_several_domains_the_worst_comes_first_and_those_in_trouble_are_named() -> None:
    lines = said(
        checked_of(sender(DELIVERS), domain="good.example"),
        checked_of(sender(UNKNOWN), domain="unknown.example"),
        checked_of(sender(REFUSED), domain="bad.example"),
        checked_of(sender(AT_RISK), domain="odd.example"),
    )
    assert lines[0].partition(" | ")[0] == (
        "MXPROOF CRITICAL - 4 domains, 1 CRITICAL, 1 WARNING, 1 UNKNOWN, 1 OK: bad.example, odd.example, unknown.example"
    )
    assert [line.partition(" | ")[0] for line in lines[1:5]] == [
        "CRITICAL The headline of bad.example",
        "WARNING The headline of odd.example",
        "UNKNOWN The headline of unknown.example",
        "OK The headline of good.example",
    ]


def test_where_all_is_well_nobody_is_named_and_where_nothing_was_checked_that_is_said() -> None:
    both = said(checked_of(sender(DELIVERS)), checked_of(sender(DELIVERS), domain="example.org"))
    assert both[0].partition(" | ")[0] == "MXPROOF OK - 2 domains, 2 OK"
    assert said() == ["MXPROOF UNKNOWN - 0 domains, none checked"]


def test_why_there_is_no_report_is_unknown() -> None:
    assert failed("no <network> | `here`") == "MXPROOF UNKNOWN - no \\x3cnetwork> \\x7c 'here'\n"


def test_each_sender_that_does_not_simply_deliver_has_a_line_with_the_best_of_what_is_known_of_why() -> None:
    lines = said(
        checked_of(
            sender(REFUSED, "first", bounce=Bounce("451 later", "550 no", 60), because=("mx-alias",)),
            sender(REFUSED, "second", bounce=Bounce(None, "550 no", None)),
            sender(AT_RISK, "third", because=("mx-alias", "dane-mismatch")),
            sender(UNKNOWN, "fourth"),
            sender(DELIVERS, "fifth"),
            sender(REFUSED, "guessed", confidence=Confidence.GUESS),
        )
    )
    assert lines[1:] == [
        f"first {REFUSED}: 451 later",
        f"second {REFUSED}: 550 no",
        f"third {AT_RISK}: mx-alias, dane-mismatch",
        f"fourth {UNKNOWN}: no reason is known",
    ]


def test_findings_of_one_kind_share_a_line_and_what_is_in_order_has_none() -> None:
    lines = said(
        checked_of(
            sender(DELIVERS),
            findings=(
                finding(Severity.WARNING, summary="One."),
                finding(Severity.WARNING, summary="Two."),
                finding(Severity.NOTICE, "sts-max-age-short", "Short."),
                finding(Severity.OK, "sts-ok", "All is well."),
            ),
            unknowns=(Unknown("TXT of _mta-sts.example.com", "no answer"),),
        )
    )
    assert lines[1:] == [
        "warning mx-alias: One.; Two.",
        "notice sts-max-age-short: Short.",
        "not found out: TXT of _mta-sts.example.com: no answer",
    ]


def test_senders_and_findings_are_counted_those_by_a_guess_apart() -> None:
    got = figures(
        checked_of(
            sender(REFUSED),
            sender(REFUSED),
            sender(AT_RISK),
            sender(UNKNOWN),
            sender(DELIVERS),
            sender(REFUSED, confidence=Confidence.GUESS),
            findings=(finding(Severity.ERROR), finding(Severity.WARNING), finding(Severity.WARNING)),
            timeline=(Timed(Question(Kind.MX, "example.com"), NOW, 1500, Outcome.FOUND),),
        )
    )
    assert got == {
        "senders_refusing": "2;;0;0;5",
        "senders_at_risk": "1;;;0;5",
        "senders_unknown": "1;;;0;5",
        "errors": "1;;;0",
        "warnings": "2;;;0",
        "time": "1.500s;;;0",
    }


def _term(kind: TermKind, days: float, name: str = "mx1.example.com") -> Term:
    return Term(kind, name, NOW + timedelta(days=days))


def test_the_days_that_are_left_are_those_of_what_ends_first_and_of_each_certificate_of_a_host() -> None:
    first = said(
        checked_of(
            sender(DELIVERS),
            terms=(
                _term(TermKind.MX_CERTIFICATE, 20.5),
                _term(TermKind.MX_CERTIFICATE, -1, "mx2.example.com"),
                _term(TermKind.POLICY, 7, "example.com"),
            ),
        )
    )[0]
    assert first.endswith(
        "mx_certificate_days=-1.00 policy_days=7.00"
        " 'mx1.example.com certificate_days'=20.50 'mx2.example.com certificate_days'=-1.00"
    )


def test_of_several_domains_each_figure_has_its_domain_and_each_label_stands_once() -> None:
    first = said(
        checked_of(sender(DELIVERS)),
        checked_of(sender(REFUSED)),
        checked_of(sender(DELIVERS), domain="it's=odd x"),
    )[0]
    assert first.count("'example.com senders_refusing'=1;;0;0;1") == 1
    assert first.count("example.com senders_refusing'") == 1
    assert "'it_s_odd_x senders_refusing'=0;;0;0;1" in first


def test_what_does_not_fit_into_the_first_line_follows_behind_a_second_bar() -> None:
    many = tuple(_term(TermKind.MX_CERTIFICATE, 1, f"mx{number}.example.com") for number in range(40))
    lines = said(checked_of(sender(UNKNOWN), terms=many))
    assert FIRST_LINE_BYTES_MAX - 60 < len(lines[0]) <= FIRST_LINE_BYTES_MAX
    words, bar, more = lines[1].partition(" | ")
    assert (words, bar) == (f"a {UNKNOWN}: no reason is known", " | ")
    shown = lines[0].partition(" | ")[2] + " " + " ".join([more, *lines[2:]])
    assert [f"'mx{number}.example.com certificate_days'" in shown for number in range(40)] == [True] * 40


def test_further_figures_stand_behind_a_bar_also_where_there_is_no_further_line() -> None:
    many = tuple(_term(TermKind.MX_CERTIFICATE, 1, f"mx{number}.example.com") for number in range(40))
    assert said(checked_of(sender(DELIVERS), terms=many))[1].startswith(" | 'mx")


def test_no_more_is_said_than_is_read() -> None:
    findings = tuple(finding(Severity.WARNING, f"code-{number}", "x" * 200) for number in range(100))
    many = tuple(_term(TermKind.MX_CERTIFICATE, 1, f"mx{number}.example.com") for number in range(400))
    lines = said(checked_of(sender(UNKNOWN), findings=findings, terms=many))
    assert OUTPUT_BYTES_MAX * 0.9 < len("\n".join(lines)) + 1 <= OUTPUT_BYTES_MAX


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("a|b <c> $d `e`", 40, "a\\x7cb \\x3cc> \\x24d 'e'"),
        ("x" * 10, 10, "x" * 10),
        ("|" * 10, 10, "\\x7c\\x7..."),
    ],
)
def test_words_hold_no_bar_no_markup_and_nothing_that_a_shell_expands(
    text: str, limit: int, shown: str
) -> None:
    assert clean(text, limit) == shown
    assert clean(text, limit).isascii()

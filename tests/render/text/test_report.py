"""The report as text: what stands first, what is apart, and that nothing from outside steers the terminal."""

import re
import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.judge.judging import report_on
from mxproof.judge.report import Attempt, Bounce, Report, Summary, WordedFinding
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.text.paper import WIDTH_MAX, WIDTH_MIN, Paper
from mxproof.render.text.report import brief, text
from support_golden import golden
from support_long import examples
from support_report import fixed, half_known, incident, reports
from support_world import collect
from support_worlds import DANE

GOLDEN = Path(__file__).parent / "golden"
CASES = {
    "incident": (incident, Paper(unicode=True)),
    "incident-ascii-60": (incident, Paper(width=60)),
    "incident-verbose-120": (incident, Paper(width=120, unicode=True, verbose=True)),
    "incident-colour": (incident, Paper(unicode=True, colour=True)),
    "half-known": (half_known, Paper(unicode=True)),
    "fixed": (fixed, Paper(unicode=True)),
}
HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\n\x9b31m\u202e\u2066\x00\x7f\u2028"
COLOUR = re.compile(r"\x1b\[(?:|1|2|1;31|3[0-9]|0)m")

papers = st.builds(Paper, st.integers(WIDTH_MIN, WIDTH_MAX), st.booleans(), st.booleans(), st.booleans())


def _poisoned(value: object) -> object:
    """Return the value with hostile characters at the end of every string in it."""
    if type(value) is str:
        return value + HOSTILE
    if type(value) is tuple:
        return tuple(_poisoned(part) for part in value)
    if isinstance(value, msgspec.Struct):
        fields = {name: _poisoned(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    return value


def _first(lines: list[str], word: str) -> int:
    return next(number for number, line in enumerate(lines) if word in line)


@pytest.mark.parametrize("name", CASES)
def test_a_report_reads_as_it_was_found_good(name: str) -> None:
    report, paper = CASES[name]
    got = text(report(), paper).encode()
    assert got == golden(GOLDEN / f"{name}.txt", got)


def test_the_first_lines_say_that_dane_could_not_be_judged_and_how_to_have_it_judged() -> None:
    world = DANE.but(validating=False)
    lines = text(report_on(collect(world), now=world.at), Paper()).splitlines()
    found = _first(lines, "DANE")
    assert found <= 3
    assert _first(lines, "--resolver 127.0.0.1") < _first(lines, "Senders")
    assert _first(lines, "--trust-ad") < _first(lines, "Senders")


def test_the_first_lines_say_who_refuses_with_which_bounce_and_why() -> None:
    lines = text(incident(), Paper()).splitlines()
    assert "Microsoft" in lines[0]
    assert "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation" in lines[1]
    assert lines[2].split()[0] == "why"
    assert _first(lines, "fix ") < _first(lines, "Senders")


def test_a_delivery_with_an_error_or_an_unknown_beside_it_says_but_first() -> None:
    (error,) = (one for one in incident().findings if one.severity is Severity.ERROR)
    beside_error = msgspec.structs.replace(fixed(), findings=(error,))
    beside_unknown = msgspec.structs.replace(fixed(), unknowns=half_known().unknowns)
    got = [text(report, Paper()).splitlines()[1].split()[0] for report in (beside_error, beside_unknown)]
    assert got == ["but", "but"]


def test_the_domain_stands_in_the_first_line_in_both_spellings() -> None:
    named = Summary(Verdict.DELIVERS, "All deliver to xn--bcher-kva.example")
    reports = (half_known(), msgspec.structs.replace(half_known(), summary=named))
    for report in reports:
        first = text(report, Paper(unicode=True)).splitlines()[0]
        assert first.count("bücher.example (xn--bcher-kva.example)") == 1


def test_the_order_is_verdicts_then_matrix_then_why() -> None:
    lines = text(incident(), Paper()).splitlines()
    got = [line.split("  ")[0] for line in lines if line[:1].isalpha()][1:]
    assert got == ["Senders", "MX hosts", "Why", "Asked"]


def test_senders_that_agree_share_a_column_of_the_matrix() -> None:
    lines = text(incident(), Paper()).splitlines()
    (row,) = (line.split() for line in lines if line.split()[1:2] == ["mxi1.example.com"])
    assert row == ["10", "mxi1.example.com", "192.0.2.1", "REFUSES", "delivers"]


def _rows(outcomes: dict[str, Verdict]) -> list[list[str]]:
    """Return the words of each row of the matrix for one sender and the addresses of one host."""
    mx = "mx.example.com"
    attempts = tuple(Attempt(mx, 5, address, mx, None, outcome, "") for address, outcome in outcomes.items())
    sender = msgspec.structs.replace(incident().senders[0], attempts=attempts)
    lines = text(msgspec.structs.replace(incident(), senders=(sender,)), Paper()).splitlines()
    start = _first(lines, "MX hosts  ")
    return [line.split() for line in lines[start + 1 : lines.index("", start)]]


def test_each_address_of_a_host_has_a_row() -> None:
    outcomes = {"192.0.2.1": Verdict.DELIVERS, "192.0.2.2": Verdict.REFUSED, "2001:db8::1": Verdict.UNKNOWN}
    assert _rows(outcomes) == [
        ["5", "mx.example.com", "192.0.2.1", "delivers"],
        ["192.0.2.2", "REFUSES"],
        ["2001:db8::1", "unknown"],
    ]


def test_many_addresses_that_fare_alike_share_a_row_and_a_bad_one_keeps_its_own() -> None:
    outcomes = {f"192.0.2.{number}": Verdict.DELIVERS for number in range(10, 25)}
    assert _rows(outcomes | {"192.0.2.17": Verdict.REFUSED}) == [
        ["5", "mx.example.com", "192.0.2.10", "and", "13", "more", "delivers"],
        ["192.0.2.17", "REFUSES"],
    ]


def test_what_is_in_order_takes_one_line_unless_asked_for() -> None:
    assert "cert-ok summary" not in text(fixed(), Paper())
    assert "cert-ok summary" in text(fixed(), Paper(verbose=True))


def test_findings_of_the_same_words_share_their_fix() -> None:
    (error,) = (one for one in incident().findings if one.severity is Severity.ERROR)
    other = msgspec.structs.replace(error, subject="other", summary="The other summary.")
    report = msgspec.structs.replace(incident(), findings=(error, other))
    assert text(report, Paper(verbose=True)).count("Or list") == 1


def _with_fix(steps: tuple[str, ...], otherwise: tuple[str, ...]) -> list[str]:
    """Return the lines of the report where the one error is mended by these."""
    (error,) = (one for one in incident().findings if one.severity is Severity.ERROR)
    finding = msgspec.structs.replace(error, steps=steps, otherwise=otherwise)
    return text(msgspec.structs.replace(incident(), findings=(finding,)), Paper()).splitlines()


def test_steps_are_numbered_and_another_way_is_not() -> None:
    lines = _with_fix(("First step.", "Second step."), ("Or else.",))
    first = lines.index("  fix       1. First step.")
    assert lines[first + 1 : first + 3] == [
        "            2. Second step.",
        "  or        another way (--verbose tells more)",
    ]


def test_a_single_step_has_no_number_and_says_how_many_ways_there_are() -> None:
    lines = _with_fix(("One way.",), ("Another.", "A third."))
    first = lines.index("  fix       One way.")
    assert lines[first + 1] == "  or        2 other ways (--verbose tells more)"
    assert "  fix       One way." in _with_fix(("One way.",), ())


def test_the_words_are_the_same_without_colour() -> None:
    coloured = text(incident(), Paper(colour=True))
    assert coloured != text(incident(), Paper())
    assert COLOUR.sub("", coloured) == text(incident(), Paper())


def test_a_bounce_is_shown_in_full_however_long() -> None:
    bounce = Bounce("450 4.4.317 " + "lengthy " * 100 + "end", None, 172_800)
    sender = msgspec.structs.replace(incident().senders[1], bounce=bounce)
    shown = text(msgspec.structs.replace(incident(), senders=(sender,)), Paper())
    assert shown.count("lengthy") == 100  # once, and not again where the sender stands
    assert "after 48 h" in shown


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_paper(width: int) -> None:
    for report in (incident(), fixed()):
        assert max(map(len, text(report, Paper(width=width)).splitlines())) <= width


@pytest.mark.parametrize("verbose", [False, True])
def test_control_characters_in_any_field_never_reach_the_terminal(verbose: bool) -> None:
    report = _poisoned(incident())
    assert isinstance(report, Report)
    assert all(isinstance(finding, WordedFinding) and HOSTILE in finding.fix for finding in report.findings)
    shown = text(report, Paper(unicode=True, verbose=verbose))
    steering = {sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")}
    assert steering == {"\n"}


@settings(max_examples=examples(30))  # a report of any shape takes a tenth of a second to be made
@given(reports(), papers)
def test_any_report_can_be_written_on_any_paper(report: Report, paper: Paper) -> None:
    shown = COLOUR.sub("", text(report, paper)) if paper.colour else text(report, paper)
    assert {sign for sign in shown if unicodedata.category(sign) == "Cc"} <= {"\n"}
    assert paper.unicode or shown.isascii()


COMMAND = "postconf -e smtpd_tls_security_level=may smtpd_tls_chain_files=/etc/ssl/a-host-with-a-long-name.example.com.pem"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_what_is_to_be_pasted_stands_whole_on_a_line_of_its_own(width: int) -> None:
    (error,) = (one for one in incident().findings if one.severity is Severity.ERROR)
    step = f"Switch it on:\n    {COMMAND}\n    postfix reload\nThen look at the log."
    report = msgspec.structs.replace(
        incident(), findings=(msgspec.structs.replace(error, steps=(step,), otherwise=()),)
    )
    lines = [line.strip() for line in text(report, Paper(width=width)).splitlines()]
    first = lines.index(COMMAND)
    assert lines[first + 1 : first + 3] == ["postfix reload", "Then look at the log."]


def test_the_verdicts_alone_are_one_line_for_the_domain_and_one_for_each_sender() -> None:
    got = [line.split()[:3] for line in brief(incident(), Paper(width=WIDTH_MAX)).splitlines()[1:]]
    assert got[0] == ["x", "REFUSES", "microsoft"]
    assert len(got) == len([one for one in incident().senders if one.decides])

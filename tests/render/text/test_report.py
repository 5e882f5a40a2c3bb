"""The report as text: what stands first, what is apart, and that nothing from outside steers the terminal."""

import re
import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.judge.judging import report_on
from mxproof.judge.report import Bounce, Report, WordedFinding
from mxproof.judge.vocabulary import Severity
from mxproof.render.text.paper import WIDTH_MAX, WIDTH_MIN, Paper
from mxproof.render.text.report import brief, text
from support_golden import golden
from support_long import EXHAUSTIVE, examples
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


def test_the_order_is_verdicts_then_matrix_then_why() -> None:
    lines = text(incident(), Paper()).splitlines()
    got = [line.split("  ")[0] for line in lines if line[:1].isalpha()][1:]
    assert got == ["Senders", "MX hosts", "Why", "Asked"]


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


@EXHAUSTIVE
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

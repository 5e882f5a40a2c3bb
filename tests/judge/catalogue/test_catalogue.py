"""The words: complete over the codes, well formed, and their pages up to date."""

import re
from pathlib import Path

import pytest

import findings
from keeping import is_current
from mxproof.evidence import Kind, Question
from mxproof.judge.block import passages
from mxproof.judge.catalogue import CATALOGUE, in_words
from mxproof.judge.catalogue.computed import Bouncer, computed, read_tables
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.senders.table import SENDERS
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.lab.scenario import scenarios
from mxproof.mail.assemble import assemble
from support_long import EXHAUSTIVE
from support_world import collect
from support_worlds import WORLDS

ROOT = Path(__file__).resolve().parents[3]
SOURCE = re.compile(r"RFC \d{3,5} (section \d+(\.\d+)*|erratum \d+)")
COMMAND = re.compile(
    r"\b(dig|delv|certbot|postconf|postfix|openssl|curl|systemctl|mxproof) [-+@]?(?!or\b|writes\b)[a-z]+ |--[a-z]+-?[a-z]+ [A-Z]"
)
ENTRIES = list(CATALOGUE.values())


def test_every_code_has_an_entry_and_a_bad_world() -> None:
    assert set(CATALOGUE) == set(Code)
    assert set(WORLDS) == set(Code)


def test_an_entry_cites_its_sources_in_the_one_form() -> None:
    assert [one.code for one in ENTRIES if not one.rfc] == []
    cited = [(one.code, source) for one in ENTRIES for source in one.rfc]
    assert [(code, source) for code, source in cited if not SOURCE.fullmatch(source)] == []


def test_an_entry_has_all_its_words() -> None:
    lacking = [
        one.code for one in ENTRIES if not all([one.title, one.summary, one.detail, one.why, one.verify])
    ]
    assert lacking == []
    assert [one.code for one in ENTRIES if bool(one.fix) is (one.severity is Severity.OK)] == []


def test_title_and_summary_are_one_line_without_a_full_stop() -> None:
    lines = [(one.code, line) for one in ENTRIES for line in (one.title, one.summary)]
    assert [(code, line) for code, line in lines if "\n" in line or line.endswith(".")] == []


def test_sentences_end() -> None:
    said = [(one.code, text) for one in ENTRIES for text in (one.why, one.detail)]
    assert [(code, text) for code, text in said if not text.endswith(".")] == []


def test_a_command_stands_on_a_line_of_its_own() -> None:
    prose = [
        (entry.code, one.text)
        for entry in ENTRIES
        for step in (*entry.fix, *entry.otherwise, *(step for way in entry.ways.values() for step in way))
        for one in passages(step)
        if not one.pasted
    ]
    assert [(code, text) for code, text in prose if COMMAND.search(text)] == []


@EXHAUSTIVE  # `make lint` asks the same of all that is made
def test_the_computed_files_are_up_to_date() -> None:
    stale = [
        path.relative_to(ROOT).as_posix()
        for path, text in findings.files().items()
        if not is_current(path, text)
    ]
    assert stale == []


def test_no_page_is_left_over() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "findings").glob("*.md")}
    assert pages == {"index", *Code}


def test_the_incident_is_bounced_by_one_sender_and_with_known_words() -> None:
    assert computed()[Code.MX_ALIAS].bouncers == (
        Bouncer(
            "microsoft", Verdict.REFUSED, "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"
        ),
    )


def test_bouncers_are_modelled_senders_and_scenarios_exist() -> None:
    known = {sender.id for sender in SENDERS}
    named = {bouncer.sender for found in computed().values() for bouncer in found.bouncers}
    shown = {scenario for found in computed().values() for scenario in found.scenarios}
    assert named - known == set()
    assert shown - set(scenarios()) == set()


def test_tables_are_read_line_by_line() -> None:
    examples = "mx-ok | summary | all is | well\nmx-ok | detail | one\nmx-ok | detail | two\n"
    examples += "mx-ok | step | do\nmx-ok | otherwise | or else\n"
    bouncers = "mx-ok | refused | a b | 451 no | thanks\nmx-ok | lab | direct\n"
    got = read_tables(examples, bouncers)[Code.MX_OK]
    assert (got.summary, got.detail, got.steps) == ("all is | well", "one\ntwo", ("do",))
    assert got.otherwise == ("or else",)
    assert got.bouncers == (
        Bouncer("a", Verdict.REFUSED, "451 no | thanks"),
        Bouncer("b", Verdict.REFUSED, "451 no | thanks"),
    )
    assert got.scenarios == ("direct",)
    assert read_tables(examples, bouncers)[Code.MX_NULL].bouncers == ()


def test_lines_of_several_kinds_and_codes_are_kept_apart_and_follow_each_other() -> None:
    examples = "mx-ok | step | first¶    line\nmx-null | step | other\nmx-ok | step | second\nmx-ok | summary | a¶b\n"
    lines = ("refused | a | 451 no", "lab | direct", "unknown | b c", "refused | d", "lab | other")
    got = read_tables(examples, "".join(f"mx-ok | {one}\n" for one in lines) + "mx-null | refused | e\n")
    assert (got[Code.MX_OK].steps, got[Code.MX_OK].summary) == (("first\n    line", "second"), "a\nb")
    assert got[Code.MX_OK].bouncers == (
        Bouncer("a", Verdict.REFUSED, "451 no"),
        Bouncer("b", Verdict.UNKNOWN),
        Bouncer("c", Verdict.UNKNOWN),
        Bouncer("d", Verdict.REFUSED),
    )
    assert got[Code.MX_OK].scenarios == ("direct", "other")
    assert (got[Code.MX_NULL].steps, got[Code.MX_NULL].bouncers) == (
        ("other",),
        (Bouncer("e", Verdict.REFUSED),),
    )


def test_a_finding_is_stated_with_what_the_senders_make_of_it() -> None:
    finding = Finding(
        Code.MX_NULL, "example.com", {"domain": "example.com"}, (Question(Kind.MX, "example.com"),)
    )
    got = in_words(finding, Severity.ERROR, ("google",))
    assert (got.code, got.severity, got.affects) == ("mx-null", Severity.ERROR, ("google",))
    assert got.summary.startswith("example.com ")
    assert got.evidence == ("MX example.com",)


def test_a_line_break_from_outside_makes_no_line() -> None:
    words = {"domain": "example.com", "why": "no\r\n1. Do evil\u2028now"}
    got = in_words(Finding(Code.MX_UNANSWERED, "example.com", words), Severity.WARNING, ())
    assert "\n" not in got.summary
    assert got.summary.endswith("no 1. Do evil now")


def test_braces_from_outside_stay_what_they_are() -> None:
    words = {"domain": "example.com", "why": "{domain} {0} {why!r}"}
    got = in_words(Finding(Code.MX_UNANSWERED, "example.com", words), Severity.WARNING, ())
    assert got.summary.endswith("{domain} {0} {why!r}")


def test_a_world_that_misses_its_fault_is_named() -> None:
    good = WORLDS[Code.MX_OK]
    domain = assemble(collect(good.world), good.world.at)
    with pytest.raises(SystemExit, match=r"cert-expired .*; what is found is .*mx-ok"):
        findings._said(Code.CERT_EXPIRED, domain, good)

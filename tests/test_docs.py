"""The documentation: its commands run as written, its links lead somewhere, its names exist."""

import re
from fnmatch import fnmatch
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from consoles import refreshed
from keeping import ROOT
from mxproof import __version__
from mxproof.formats.postfix.policy import Level
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.protection import Reason
from mxproof.judge.vocabulary import Security
from mxproof.lab.scenario import scenarios
from support_docs import commands, faults, filled, inline_commands, is_run, misuses, run, simple_commands
from support_long import some

DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
RUN_PAGES = [ROOT / "README.md", *DOCS.glob("guides/*.md"), *DOCS.glob("concepts/*.md")]
LOOKED_AT = some(sorted(PAGES), 8, *(page for page in PAGES if page.parent.name != "findings"))
GOOD_STATUSES = {0, 1, 3}
"""Status 2 says that a command was used wrongly; 1 and 3 are answers of mxproof about a mail domain."""

LINK = re.compile(r"\]\(([^)\s]+)\)")
WHEEL = re.compile(r"mxproof-[^\s/`]*\.whl")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE_LIKE = re.compile(
    r"`((?:cert|dane|dnssec|domain|mx|port|ptr|smtp|starttls|sts|tls|tlsrpt)(?:-[a-z0-9]+)+)`"
)


def page_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page, made as GitHub makes them."""
    headings = HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", some([*sorted(RUN_PAGES[1:]), RUN_PAGES[0]], len(RUN_PAGES)), ids=page_name)
def test_the_commands_of_a_page_do_what_it_says(path: Path, tmp_path: Path) -> None:
    for ran in run(commands(path.read_text(encoding="utf-8")), tmp_path):
        last = simple_commands(ran.shown.text)[-1][0]
        assert ran.status in (GOOD_STATUSES if last == "mxproof" else {0}), ran
        assert "Traceback" not in ran.output, ran
        if ran.shown.output is not None:
            assert ran.output == filled(ran.shown.output, ran.output), ran.shown.text


@pytest.mark.parametrize("path", sorted(RUN_PAGES), ids=page_name)
def test_the_commands_of_a_page_could_be_given(path: Path) -> None:
    shown = commands(path.read_text(encoding="utf-8"))
    assert [(one.text, fault) for one in shown for fault in faults(one.text)] == []


@pytest.mark.parametrize("path", LOOKED_AT, ids=page_name)
def test_mxproof_knows_the_options_it_is_given(path: Path) -> None:
    markdown = path.read_text(encoding="utf-8")
    given = [(one.text, True) for one in commands(markdown)]
    given += [(text, False) for text in inline_commands(markdown)]
    found = [
        (text, misuse)
        for text, whole in given
        for words in simple_commands(text)
        if "mxproof" in words
        for misuse in misuses(words[words.index("mxproof") + 1 :], whole=whole)
    ]
    assert found == []


@pytest.mark.parametrize("path", LOOKED_AT, ids=page_name)
def test_a_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if not link.startswith(("https://", "mailto:")):
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("path", LOOKED_AT, ids=page_name)
def test_what_looks_like_a_finding_is_one(path: Path) -> None:
    known = {*Code, *Reason, *scenarios(), *ResultType, *Security, *Level, *(sender.id for sender in SENDERS)}
    known |= {rule for sender in SENDERS for reading in sender.readings for rule in reading.policy_forgiven}
    assert set(CODE_LIKE.findall(path.read_text(encoding="utf-8"))) - known == set()


def test_a_wheel_is_named_in_a_way_that_holds_for_every_version() -> None:
    versions = (__version__, f"{__version__.partition('.dev')[0]}.1")
    named = {
        (page_name(path), name) for path in PAGES for name in WHEEL.findall(path.read_text(encoding="utf-8"))
    }
    assert named
    found = {
        name: [fnmatch(f"mxproof-{one}-py3-none-any.whl", name) for one in versions] for _, name in named
    }
    assert [(page, name) for page, name in named if not all(found[name])] == []


def test_the_index_leads_to_every_page() -> None:
    linked = {
        (DOCS / link).resolve() for link in LINK.findall((DOCS / "index.md").read_text(encoding="utf-8"))
    }
    pages = {path for part in ("guides", "concepts", "reference") for path in (DOCS / part).iterdir()}
    assert {page_name(path) for path in pages - linked} == set()


def test_the_changelog_begins_with_what_is_unreleased_and_the_last_release() -> None:
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", head) for head in heads[1:])
    last = heads[1].partition(" ")[0]
    assert __version__ == last or (".dev" in __version__ and __version__.partition(".dev")[0] != last)


def test_the_picture_needs_nothing_outside_itself() -> None:
    text = (DOCS / "images" / "incident.svg").read_text(encoding="utf-8")
    elements = {element.tag.rpartition("}")[2] for element in ET.fromstring(text).iter()}
    assert elements == {"svg", "title", "style", "rect", "g", "text"}
    assert re.findall(r"(?:href|src|url|@import|https?:)[^ ]*", text) == ['http://www.w3.org/2000/svg"']


def test_a_command_that_needs_more_than_this_machine_is_not_run() -> None:
    assert not is_run("mxproof check example.com")
    assert not is_run("ssh mx1 mxproof collect example.com | mxproof replay -")
    assert not is_run("mxproof replay yourdomain.json")
    assert not is_run("mxproof lab run incident")
    assert is_run("mxproof check example.com --lab incident | head -n 1")
    assert is_run("cat > world.toml <<'END'\ntitle = 'mxproof check'\nEND")


@pytest.mark.parametrize(
    "text",
    [
        "mxprof check example.com --lab incident",
        "mxproof chek example.com",
        "mxproof check example.com --labs incident",
        "mxproof check example.com --lab accident",
        "mxproof check example.com --format yaml",
        "mxproof check example.com --timeout 0",
        "mxproof collect example.com example.net",
        "mxproof check exa..mple",
        "mxproof finding mx-aliases",
        "ssh mx1 mxproof collect --sve x example.com | mxproof replay -",
        "make tests",
    ],
)
def test_a_wrong_command_is_noticed(text: str) -> None:
    assert len(faults(text)) == 1


def test_a_line_that_is_no_longer_printed_gives_way_to_the_one_that_is() -> None:
    assert refreshed("All 14 deliver.\n", "All 15 deliver.\n") == "All 15 deliver.\n"
    assert refreshed("a\n8 of 14\n...\nz\n", "a\n8 of 15\nb\nz\n") == "a\n8 of 15\n...\nz\n"
    assert refreshed("a\n...\nd 14\n", "a\nb\nc\nd 15\n") == "a\n...\nd 15\n"
    assert refreshed("a\n...\n", "a\nb\n") == "a\n...\n"
    assert refreshed("a\nb\n", "a\nc\nb\n") == "a\nc\nb\n"


def test_what_a_page_shows_may_leave_lines_out() -> None:
    assert filled("a\n...\nd\n", "a\nb\nc\nd\n") == "a\nb\nc\nd\n"
    assert filled("a\n...\n", "b\n") == "a\n...\n"
    assert filled("a\nd\n", "a\nb\nd\n") == "a\nd\n"

"""A release: refused unless everything agrees, and the same wheel and source archive whenever they are built."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from keeping import ROOT
from release import RefusalError, main, notes, version
from support_long import EXHAUSTIVE

CHANGELOG = """\
# Changelog

What an operator notices.

## Unreleased

## 1.1.0 (2026-02-01)

- Second.

### How to upgrade

Stop it first.

## 1.0.0 (2026-01-01)

- First.

## 0.9.0 (unreleased)

- Never.

## 0.8.0 (2025-01-01)
"""
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "mxproof"
requires-python = ">=3.11"
dynamic = ["version"]

[tool.hatch.version]
path = "src/mxproof/__init__.py"

[tool.hatch.build.targets.wheel]
packages = ["src/mxproof"]
"""
SOURCE = '"""A program."""\n\n__version__ = "1.1.0"\n'
WHEEL = "mxproof-1.1.0-py3-none-any.whl"
SOURCES = "mxproof-1.1.0.tar.gz"


def git(root: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *who, *words), cwd=root, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with one commit."""
    (tmp_path / "src" / "mxproof").mkdir(parents=True)
    (tmp_path / "src" / "mxproof" / "__init__.py").write_text(SOURCE)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / ".gitignore").write_text("dist/\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Begin")
    return tmp_path


@EXHAUSTIVE
def test_a_release_is_a_wheel_a_source_archive_and_their_notes(project: Path) -> None:
    assert main(["release"], project) == 0
    made = project / "dist"
    assert {path.name for path in made.iterdir()} == {WHEEL, SOURCES, "NOTES-1.1.0.md"}
    assert (made / "NOTES-1.1.0.md").read_text() == notes(CHANGELOG, "1.1.0")


@EXHAUSTIVE
def test_the_same_commit_gives_the_same_wheel_and_source_archive(project: Path) -> None:
    source = project / "src" / "mxproof" / "__init__.py"
    built = []
    for second in (1_000_000_000, 1_500_000_000):
        os.utime(source, (second, second))
        assert main(["wheel"], project) == 0
        built.append([(project / "dist" / name).read_bytes() for name in (WHEEL, SOURCES)])
    assert built[0] == built[1]


@EXHAUSTIVE
def test_wheel_and_source_archive_carry_guides_man_pages_and_contrib_and_one_makes_the_other(
    tmp_path: Path,
) -> None:
    """Built of the work tree: the first two as `make wheel` does, the third of nothing but the source archive."""
    wheel, sources = build(ROOT, tmp_path / "first", "wheel"), build(ROOT, tmp_path / "first", "sdist")
    wanted = {
        file.relative_to(ROOT)
        for folder in ("docs/guides", "docs/concepts", "docs/reference", "docs/man", "contrib")
        for file in (ROOT / folder).rglob("*")
        if file.is_file()
    }
    with tarfile.open(sources) as archive:
        archive.extractall(tmp_path / "sources", filter="data")
    (unpacked,) = (tmp_path / "sources").iterdir()
    assert [file for file in wanted if not (unpacked / file).is_file()] == []
    with ZipFile(wheel) as archive_of_wheel:
        carried = {name.partition(".data/data/share/")[2] for name in archive_of_wheel.namelist()}
    assert {place_of(file) for file in wanted} - carried == set()
    again = build(unpacked, tmp_path / "second", "wheel")
    assert again.read_bytes() == wheel.read_bytes()


def place_of(file: Path) -> str:
    """Return where a file of the project lies below `share` once the wheel is installed."""
    top, *rest = file.parts
    if top == "contrib":
        return "/".join(("mxproof", top, *rest))
    return "/".join(rest if rest[0] == "man" else ("doc", "mxproof", *rest))


def build(root: Path, folder: Path, target: str) -> Path:
    """Build what is in `root`, every file dated alike, into `folder`."""
    command = (sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder))
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1500000000"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


@pytest.mark.parametrize(
    ("file", "text", "committed"),
    [
        ("new.txt", "not in the commit", False),
        ("CHANGELOG.md", CHANGELOG + "\n- More.\n", False),
        ("src/mxproof/__init__.py", SOURCE.replace("1.1.0", "1.2.0.dev0"), True),
        ("src/mxproof/__init__.py", SOURCE.replace("1.1.0", "0.9.0"), True),
        ("src/mxproof/__init__.py", SOURCE.replace("1.1.0", "0.8.0"), True),
        ("src/mxproof/__init__.py", '"""No version."""\n', True),
    ],
    ids=["a new file", "a changed file", "no heading", "no date", "nothing said", "no version"],
)
def test_a_release_is_refused_and_nothing_is_built(
    project: Path, file: str, text: str, committed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / file).write_text(text)
    if committed:
        git(project, "commit", "-qam", "Change")
    assert main(["release"], project) == 1
    assert capsys.readouterr().err
    assert not (project / "dist").exists()


@pytest.mark.parametrize("words", [[], ["publish"], ["wheel", "release"]])
def test_other_words_are_refused(words: list[str], project: Path) -> None:
    assert main(words, project) == 1
    assert not (project / "dist").exists()


def test_the_notes_are_the_section_of_the_version() -> None:
    assert notes(CHANGELOG, "1.1.0") == "- Second.\n\n### How to upgrade\n\nStop it first.\n"
    assert notes(CHANGELOG, "1.0.0") == "- First.\n"


def test_a_version_that_begins_like_another_is_another() -> None:
    with pytest.raises(RefusalError):
        notes(CHANGELOG, "1.1")


def test_this_project_states_its_version_where_it_is_looked_for() -> None:
    assert version((ROOT / "src" / "mxproof" / "__init__.py").read_text(encoding="utf-8"))

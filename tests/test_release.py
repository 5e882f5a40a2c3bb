"""A release: refused unless everything agrees, and the same wheel whenever it is built."""

import os
import subprocess
from pathlib import Path

import pytest

from keeping import ROOT
from release import RefusalError, main, notes, version

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


def test_a_release_is_a_wheel_and_its_notes(project: Path) -> None:
    assert main(["release"], project) == 0
    made = project / "dist"
    assert {path.name for path in made.iterdir()} == {WHEEL, "NOTES-1.1.0.md"}
    assert (made / "NOTES-1.1.0.md").read_text() == notes(CHANGELOG, "1.1.0")


def test_the_same_commit_gives_the_same_wheel(project: Path) -> None:
    source = project / "src" / "mxproof" / "__init__.py"
    wheels = []
    for second in (1_000_000_000, 1_500_000_000):
        os.utime(source, (second, second))
        assert main(["wheel"], project) == 0
        wheels.append((project / "dist" / WHEEL).read_bytes())
    assert wheels[0] == wheels[1]


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

"""Build what a release consists of: a wheel and a source archive that anyone can build again byte for byte, and their notes.

`python tools/release.py wheel` builds both of the last commit into dist/. `python tools/release.py release` also
writes dist/NOTES-VERSION.md, the section of CHANGELOG.md, and refuses unless that commit is what lies in the work tree
and the changelog has a dated section for its version.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from keeping import ROOT

VERSION_FILE = Path("src") / "mxproof" / "__init__.py"
CHANGELOG = Path("CHANGELOG.md")
DIST = Path("dist")
USAGE = "usage: python tools/release.py wheel|release"

_TARGETS = ("--target", "wheel", "--target", "sdist")
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_RELEASED = re.compile(r"(\S+) \(\d{4}-\d\d-\d\d\)")


class RefusalError(Exception):
    """Why there is no release; the message says what to do."""


def main(words: list[str], root: Path = ROOT) -> int:
    """Do what the command line says; return the exit status."""
    try:
        match words:
            case ["wheel"]:
                wheel(root)
            case ["release"]:
                release(root)
            case _:
                raise RefusalError(USAGE)
    except (RefusalError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def release(root: Path) -> None:
    """Build wheel and source archive, and write the notes; raises RefusalError where this is no state to release."""
    changed = _git(root, "status", "--porcelain")
    if changed:
        raise RefusalError(f"the work tree is not clean; commit or remove first:\n{changed}")
    number = version((root / VERSION_FILE).read_text(encoding="utf-8"))
    text = notes((root / CHANGELOG).read_text(encoding="utf-8"), number)
    wheel(root)
    path = root / DIST / f"NOTES-{number}.md"
    path.write_text(text, encoding="utf-8")
    print(path.relative_to(root))


def version(source: str) -> str:
    """Return the version that a source file states."""
    found = _VERSION.search(source)
    if found is None:
        raise RefusalError(f'{VERSION_FILE}: a line such as __version__ = "0.1.0" was expected')
    return found[1]


def notes(changelog: str, number: str) -> str:
    """Return the section of a version without its heading; one that has no date is not released."""
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        released = _RELEASED.fullmatch(heading)
        if released is not None and released[1] == number:
            if not body.strip():
                raise RefusalError(f"{CHANGELOG}: the section of {number} says nothing")
            return body.strip() + "\n"
    raise RefusalError(f"{CHANGELOG}: no heading '## {number} (YYYY-MM-DD)', the version in {VERSION_FILE}")


def wheel(root: Path) -> None:
    """Build wheel and source archive, every file in them dated as the last commit, so that they are the same whenever they are built."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": _git(root, "log", "-1", "--format=%ct").strip()}
    command = (sys.executable, "-m", "hatchling", "build", "--directory", str(DIST), *_TARGETS)
    subprocess.run(command, cwd=root, env=environment, check=True)


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(("git", *words), cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

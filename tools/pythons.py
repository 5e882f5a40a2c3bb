"""Run the tests with every Python beside this one: `tools/pythons.py`, or `tools/pythons.py newest` for a short form.

An interpreter is looked for on the PATH and among those of pyenv, the newest patch release of each minor version that mxproof
is for. Each gets an environment of its own from the lock file, in `.venvs/`, which is made anew when the lock file changes.
The short form runs the rooms in which versions differ, with the newest interpreter alone.

The exit status is 1 where a test has failed with any of them, and 0 where there is none to try, which is said.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = ROOT / ".venvs"
MINOR_MIN, MINOR_MAX = 11, 14
ROOMS_THAT_DIFFER = ("tests/store", "tests/serve")
"""Rooms that hold connections, sockets and processes: what differed between versions was found there."""
_MADE_FROM = (ROOT / "requirements.lock", ROOT / "pyproject.toml")
_ASK = "import sys; print(*sys.version_info[:3])"


def interpreters(home: Path, search: str | None = None) -> dict[int, Path]:
    """Return the interpreters beside this one by their minor versions, the oldest first.

    `home` is the folder in which pyenv has its versions, `search` a PATH, by itself that of the environment.
    """
    found: dict[int, tuple[int, Path]] = {}
    for path in _candidates(home, search):
        version = _version(path)
        if version is None:
            continue
        minor, patch = version
        if minor != sys.version_info.minor and MINOR_MIN <= minor <= MINOR_MAX:
            found[minor] = max(found.get(minor, (patch, path)), (patch, path), key=lambda one: one[0])
    return {minor: found[minor][1] for minor in sorted(found)}


def main(arguments: Sequence[str]) -> int:
    """Run the tests with all of them, or in short with the newest; return the exit status."""
    short = arguments[:1] == ["newest"]
    found = interpreters(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")))
    if not found:
        print(f"== no Python 3.{MINOR_MIN} to 3.{MINOR_MAX} beside {sys.version.split()[0]}; nothing is run")
        return 0
    tried = dict([max(found.items())]) if short else found
    failed = [minor for minor, path in tried.items() if not _passes(minor, path, short=short)]
    print(f"== with {_names(tried)}; failed: {_names(failed) or 'none'}")
    return 1 if failed else 0


def _candidates(home: Path, search: str | None) -> Iterator[Path]:
    for minor in range(MINOR_MIN, MINOR_MAX + 1):
        on_path = shutil.which(f"python3.{minor}", path=search)
        if on_path:
            yield Path(on_path)
        yield from sorted(home.glob(f"versions/3.{minor}.*/bin/python3.{minor}"))


def _version(path: Path) -> tuple[int, int] | None:
    """Return the minor version and the patch release, or None where it does not run: pyenv has a name for what it has not."""
    done = subprocess.run(
        [str(path), "-c", _ASK], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        return None
    _, minor, patch = map(int, done.stdout.split())
    return minor, patch


def _passes(minor: int, path: Path, *, short: bool) -> bool:
    began = monotonic()
    python = _environment(minor, path)
    rooms = ROOMS_THAT_DIFFER if short else ()
    print(f"== Python 3.{minor}: {' '.join(rooms) or 'all tests'}", flush=True)
    tests = [str(python), str(ROOT / "tools" / "side_by_side.py"), "--all", *rooms]
    done = subprocess.run(tests, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    print(f"== Python 3.{minor} took {monotonic() - began:.0f} s", flush=True)
    return done.returncode == os.EX_OK


def _environment(minor: int, path: Path) -> Path:
    """Return the interpreter of the environment from the lock file, which is made where it is missing or made from another."""
    folder = ENVIRONMENTS / f"3.{minor}"
    python, mark = folder / "bin" / "python", folder / ".ready"
    made_from = hashlib.sha256(b"".join(one.read_bytes() for one in _MADE_FROM)).hexdigest()
    if mark.exists() and mark.read_text(encoding="utf-8") == made_from:
        return python
    subprocess.run([str(path), "-m", "venv", "--clear", str(folder)], check=True)
    # Compiled is what the tests load: all of it would take half a minute.
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*install, "--require-hashes", "-r", str(_MADE_FROM[0])], check=True)
    subprocess.run([*install, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], check=True)
    mark.write_text(made_from, encoding="utf-8")
    return python


def _names(minors: Sequence[int] | dict[int, Path]) -> str:
    return ", ".join(f"3.{minor}" for minor in minors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The interpreter that daemons run on where a package of the system installs them: its own, not the one that runs the bench.

Who builds Python by hand mostly leaves out what makes it fast (`--enable-optimizations`, `--with-lto`), which no package of
Debian does. A daemon spends a third to a half of its time there, so its figures are those of another program without it. Where
the system has no Python that mxproof is for, the bench runs daemons on its own, and says which that is.
"""

import os
import subprocess
from functools import cache
from pathlib import Path

from bench.timing import python

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = Path("/usr/bin/python3")
MINOR_MIN = 11
_ASK = "import platform; print(platform.python_version())"


@cache
def packaged_python() -> str:
    """Return the interpreter of an environment of the system's Python with what is packed with it, made where it is missing."""
    if not _is_for_us(SYSTEMS):
        return python()
    lock = ROOT / "requirements-package.lock"
    libraries, ours = ("--require-hashes", "-r", str(lock)), ("--no-deps", "--editable", str(ROOT))
    return str(environment("packaged", libraries, ours, since=lock.stat().st_mtime))


def environment(name: str, *installs: tuple[str, ...], base: str = "", since: float = 0.0) -> Path:
    """Return the interpreter of an environment with what pip is told to install, made where there is none whole, or an older one.

    It is one of `base`; without that of the system's Python, or, where that is not for mxproof, of the one that runs this. It is
    whole with its mark: who ends the making of one begins anew. Raises CalledProcessError where it cannot be made.
    """
    base = base or (str(SYSTEMS) if _is_for_us(SYSTEMS) else python())
    folder = ROOT / f".venv-peer-{name}-{version(base)}"
    interpreter, mark = folder / "bin" / "python", folder / ".ready"
    if mark.exists() and mark.stat().st_mtime >= since:
        return interpreter
    # Debian keeps what puts pip into an environment in a package of its own.
    subprocess.run([base, "-m", "venv", "--clear", "--without-pip", str(folder)], check=True)
    for words in installs:
        _install(interpreter, *words)
    mark.touch()
    return interpreter


def _install(interpreter: Path, *words: str) -> None:
    """Have pip of the environment that runs this install into another one."""
    quiet = ("--quiet", "--disable-pip-version-check")
    subprocess.run(
        [python(), "-m", "pip", "--python", str(interpreter), "install", *quiet, *words], check=True
    )


def version(interpreter: str | Path) -> str:
    """Return which release of Python an interpreter is, as `3.11.2`; raises OSError or CalledProcessError where it does not run."""
    return subprocess.run(
        [str(interpreter), "-c", _ASK], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout.strip()


@cache
def _is_for_us(interpreter: Path) -> bool:
    if not os.access(interpreter, os.X_OK):
        return False
    major, minor, *_ = version(interpreter).split(".")
    return (int(major), int(minor)) >= (3, MINOR_MIN)

"""An installation without the extras: every command is there, those that need none work, and the others say what to install."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mxproof.cli.extras import EXTRAS, missing
from support_cli import PATIENCE_S
from support_long import EXHAUSTIVE, some

ROOT = Path(__file__).resolve().parents[2]
OPTIONAL = {"uvloop"}
"""What the program does without where it is not there."""
IMPORTED = {"argon2-cffi": "argon2"}

_WITHOUT = f"""
import sys

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {sorted({*EXTRAS, *OPTIONAL})!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Without())
import click
from mxproof.cli.main import main
from mxproof.cli.program import COMMANDS, program
"""
_LOADED = "[program.get_command(click.Context(program), name) for name in COMMANDS]"


def _without_extras(code: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT + code],
        env={"PYTHONPATH": str(ROOT / "src"), "HOME": str(folder), "XDG_STATE_HOME": str(folder)},
        capture_output=True,
        check=False,
        timeout=PATIENCE_S,
    )


def test_every_package_of_an_extra_is_known_by_it() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    brought = {
        IMPORTED.get(name, name): extra
        for extra, packages in extras.items()
        for package in packages
        if (name := re.split(r"[\[>;=]", package)[0]) not in OPTIONAL
    }
    assert brought.items() - EXTRAS.items() == set()
    assert set(EXTRAS.values()) <= set(extras)


@EXHAUSTIVE
def test_every_command_is_there_without_the_extras(tmp_path: Path) -> None:
    got = _without_extras(_LOADED, tmp_path)
    assert (got.returncode, got.stderr) == (0, b"")


@EXHAUSTIVE
def test_past_logs_are_read_without_the_extras(tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text(
        "2026-03-01T10:00:00+00:00 mx1 postfix/smtpd[9]: 4AB34F12C9: client=mx.example.net[198.51.100.7]\n"
    )
    got = _without_extras(f"sys.exit(main(['watch', 'silence', {str(log)!r}]))", tmp_path)
    assert (got.returncode, got.stderr) == (0, b"")


@pytest.mark.parametrize(
    "arguments",
    some(
        [
            ("watch", "status"),
            ("watch", "user", "list"),
            ("tlsrpt", "status"),
            ("publish", "status"),
            ("publish", "resume"),
            ("publish", "follow"),
        ],
        3,
    ),
    ids=" ".join,
)
def test_a_command_that_needs_an_extra_names_it(arguments: tuple[str, ...], tmp_path: Path) -> None:
    got = _without_extras(f"sys.exit(main({list(arguments)!r}))", tmp_path)
    assert (got.returncode, got.stdout) == (2, b"")
    assert got.stderr.decode() == "mxproof: sqlalchemy is not installed; install mxproof[serve]\n"


def test_a_package_that_no_extra_brings_is_a_fault_of_the_program() -> None:
    assert missing(ImportError("cannot import name")) is None
    assert missing(ModuleNotFoundError(name="mxproof.no_such_module")) is None

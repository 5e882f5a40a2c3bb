"""The wheel as people without a package take it: by uv and by pipx, both in their newest release."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from keeping import ROOT
from mxproof import __version__

UV = (sys.executable, "-m", "uv", "tool")
DONE_WITHIN_S = 600
VERSION = f"mxproof {__version__}\n"
EXTRA = "serve"

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of the work tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=DONE_WITHIN_S)
    (made,) = folder.glob("*.whl")
    return made


def told(folder: Path, *command: str) -> str:
    """Return what a command prints that keeps everything of its own in `folder`."""
    own = {
        "UV_TOOL_DIR": "tools",
        "UV_TOOL_BIN_DIR": "bin",
        "PIPX_HOME": "pipx",
        "PIPX_BIN_DIR": "bin",
        "PIPX_MAN_DIR": "man",
    }
    around = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    around |= {name: str(folder / value) for name, value in own.items()}
    done = subprocess.run(
        command,
        cwd=folder,
        env=around,
        capture_output=True,
        text=True,
        timeout=DONE_WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def as_written(page: str, program: str, wheel: Path) -> tuple[str, ...]:
    """Return a command that gives the one of a page that begins with this program, in the folder of the wheel."""
    (line,) = re.findall(rf"`({program} [^`]+)`", (ROOT / page).read_text(encoding="utf-8"))
    called = f'uv() {{ "$PYTHON" -m uv "$@"; }}; pipx() {{ uv tool run --quiet pipx "$@"; }}; cd "$FOLDER"; {line} "$@"'
    return ("env", f"PYTHON={sys.executable}", f"FOLDER={wheel.parent}", "sh", "-ec", called, "written")


def test_uv_installs_the_wheel_as_a_tool_with_an_extra_as_the_readme_says(
    wheel: Path, tmp_path: Path
) -> None:
    told(tmp_path, *as_written("README.md", "uv tool install", wheel), "--quiet")
    program = str(tmp_path / "bin" / "mxproof")
    assert told(tmp_path, program, "--version") == VERSION
    assert "listen = " in told(tmp_path, program, "policyd", "--print-config")


def test_pipx_runs_the_wheel_without_installing_it(wheel: Path, tmp_path: Path) -> None:
    pipx = as_written("docs/guides/port-25-blocked.md", "pipx run", wheel)
    assert told(tmp_path, *pipx, "--version") == VERSION
    assert not (tmp_path / "bin" / "mxproof").exists()


def test_pipx_installs_the_wheel_with_an_extra_and_its_manual_pages(wheel: Path, tmp_path: Path) -> None:
    told(tmp_path, *UV, "run", "--quiet", "pipx", "install", f"{wheel}[{EXTRA}]")
    program = str(tmp_path / "bin" / "mxproof")
    assert "listen = " in told(tmp_path, program, "policyd", "--print-config")
    assert (tmp_path / "man" / "man1" / "mxproof-check.1").exists()

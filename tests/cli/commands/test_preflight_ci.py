"""The workflows of contrib/ci: their shell is run as it stands, with the program, and leaves a comment and a status."""

import subprocess
import sys
from itertools import takewhile
from os import environ
from pathlib import Path
from shlex import quote
from textwrap import dedent

import pytest

from support_cli import ENVIRONMENT, mxproof
from support_long import some, some_rows

CI = Path(__file__).resolve().parents[3] / "contrib" / "ci"
SOUND = "mxi1 A 192.0.2.25\nmxi2 A 198.51.100.25\n"
POLICY = "version: STSv1\nmode: enforce\nmx: {mx}\nmax_age: 604800\n"


def script(name: str) -> str:
    """Return the shell that runs the preflight: of a literal block, or of a list of commands as YAML has them."""
    lines = (CI / name).read_text(encoding="utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if "mxproof preflight" in line)
    if name.startswith("github"):
        start = max(place for place in range(first) if lines[place].endswith("|"))
        return dedent("\n".join(_deeper(lines[start + 1 :], lines[start])))
    items = _deeper(lines[lines.index("  script:") + 1 :], "  script:")
    shell: list[str] = []
    for place, item in enumerate(items):
        if item.startswith("    - ") and item[6:] in {">", "|"}:
            block = [one.removeprefix("      ") for one in _deeper(items[place + 1 :], "    - ")]
            shell.append((" " if item[6:] == ">" else "\n").join(block))
        elif item.startswith("    - "):
            shell.append(item[6:])
    return "\n".join(one for one in shell if not one.startswith("pip "))


def _deeper(lines: list[str], than: str) -> list[str]:
    """Return the lines up to the first that is no deeper."""
    depth = len(than) - len(than.lstrip())
    return list(takewhile(lambda one: not one.strip() or len(one) - len(one.lstrip()) > depth, lines))


@pytest.mark.parametrize("name", some(["github-preflight.yml", "gitlab-preflight.yml"], 2))
@pytest.mark.parametrize(
    ("zone", "mx", "status", "says"),
    some_rows(
        [
            (SOUND, "mx9.example.com", 1, "mx9.example.com"),
            (SOUND, "*.example.com", 0, "example.com"),
            ("a A 1.2.3\n", "*.example.com", 2, "a A 1.2.3"),
        ],
        3,
    ),
    ids=["harmful", "sound", "typo"],
)
def test_its_shell_leaves_a_comment_whatever_becomes_of_the_change(
    tmp_path: Path, name: str, zone: str, mx: str, status: int, says: str
) -> None:
    (tmp_path / "saved.json").write_bytes(mxproof("collect", "example.com", "--lab", "incident").stdout)
    for folder in ("dns", "mta-sts", "bin"):
        (tmp_path / folder).mkdir()
    (tmp_path / "dns" / "db.example.com").write_text(zone)
    (tmp_path / "mta-sts" / "mta-sts.txt").write_text(POLICY.format(mx=mx))
    program = tmp_path / "bin" / "mxproof"
    program.write_text(f'#!/bin/sh\nexec {quote(sys.executable)} -m mxproof "$@" --current saved.json\n')
    program.chmod(0o755)
    path = f"{tmp_path / 'bin'}:{environ['PATH']}"
    got = subprocess.run(
        ["bash", "-e", "-c", script(name)],
        cwd=tmp_path,
        env={**environ, **ENVIRONMENT, "PATH": path, "DOMAIN": "example.com"},
        capture_output=True,
        check=False,
    )
    assert got.returncode == status, got
    assert says in (tmp_path / "comment.md").read_text(encoding="utf-8")

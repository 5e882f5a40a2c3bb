"""The guides: what a `console` block shows is what the command says."""

import re
import shlex
from pathlib import Path

import pytest

from support_cli import mxproof

GUIDES = Path(__file__).resolve().parent.parent / "docs" / "guides"
_BLOCK = re.compile(r"^```console\n\$ (mxproof [^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks() -> list[tuple[str, str, str]]:
    return [
        (guide.name, command, output)
        for guide in sorted(GUIDES.glob("*.md"))
        for command, output in _BLOCK.findall(guide.read_text(encoding="utf-8"))
    ]


def test_there_are_blocks() -> None:
    assert _blocks()


@pytest.mark.parametrize(("guide", "command", "want"), _blocks(), ids=lambda text: text[:40])
def test_a_block_shows_what_the_command_says(guide: str, command: str, want: str) -> None:
    assert mxproof(*shlex.split(command)[1:]).stdout.decode() == want, guide

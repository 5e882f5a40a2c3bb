"""What the exit status means is said in the same words in the help, the README and the guide."""

import re
from pathlib import Path

import click

from mxproof.cli.program import program

ROOT = Path(__file__).resolve().parents[2]


def test_help_readme_and_guide_agree_on_what_each_status_means() -> None:
    said = re.sub(
        r"\s+", " ", program.get_help(click.Context(program, **program.context_settings))
    ).partition("Exit status: ")[2]
    meanings = re.findall(r"\d (.+?)[;.]", said)
    texts = [
        re.sub(r"\s+", " ", (ROOT / page).read_text())
        for page in ("README.md", "docs/guides/check-a-domain.md")
    ]
    assert len(meanings) == 4
    assert [(page, one) for page, text in enumerate(texts) for one in meanings if one not in text] == []

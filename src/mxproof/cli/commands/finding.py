"""`mxproof finding`: the page of a finding, or the list of all."""

import sys
from difflib import get_close_matches

import click

from mxproof.cli.completing import finding_codes
from mxproof.cli.exit import DONE, RunError
from mxproof.cli.options.output import OutputOptions, paper_of
from mxproof.cli.streams import print_stdout
from mxproof.judge.catalogue import CATALOGUE
from mxproof.judge.codes import Code
from mxproof.render.markdown.finding_page import page
from mxproof.render.text.from_markdown import text_from_markdown
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import SEVERITY_TONES, listed

_EPILOG = """\b
Examples:
  mxproof finding
  mxproof finding mx-alias
"""
_GAP = 2


@click.command(epilog=_EPILOG)
@click.argument("code", required=False, shell_complete=finding_codes)
def finding(code: str | None) -> int:
    """Say what the finding CODE means, why it matters, who bounces for it and how to mend it.

    Without CODE, list all findings. Off a terminal the page is Markdown.
    """
    sheet = paper_of(OutputOptions())
    if code is None:
        print_stdout(_list(sheet))
        return DONE
    markdown = page(_code(code))
    print_stdout(
        text_from_markdown(markdown, sheet) if sys.stdout is not None and sys.stdout.isatty() else markdown
    )
    return DONE


def _code(text: str) -> Code:
    known = [str(code) for code in CATALOGUE]
    code = text.strip().lower()
    if code in known:
        return Code(code)
    near = get_close_matches(code, known)
    hint = f"perhaps {listed(near)}" if near else "`mxproof finding` lists all"
    raise RunError(f"finding {text!r}: there is none of this code; {hint}")


def _list(sheet: Paper) -> str:
    code_width = max(len(code) for code in CATALOGUE) + _GAP
    severity_width = max(len(entry.severity) for entry in CATALOGUE.values()) + _GAP
    lines: list[str] = []
    for code, entry in CATALOGUE.items():
        severity = Label(code_width, entry.severity, SEVERITY_TONES[entry.severity])
        lines += sheet.hung(entry.title, code_width + severity_width, Label(0, code, Tone.STRONG), severity)
    return "\n".join(lines) + "\n"

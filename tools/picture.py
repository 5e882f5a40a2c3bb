"""Draw docs/images/incident.svg: what `mxproof check example.com --lab incident` says on a terminal with colour.

The lab is really run and the report really judged; only the first half is drawn, which holds no time of day. The
picture brings its own background, so that it reads the same on a light page and on a dark one, and asks for nothing
outside itself: no script, no font file, no link. Each run of one colour is given its exact width, so that columns stay
columns in any fixed-width font.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import msgspec

from keeping import ROOT, keep
from mxproof.cli.evidence_source import observe
from mxproof.cli.judged import judged
from mxproof.cli.options.asking import AskingOptions
from mxproof.formats.names import parse_domain
from mxproof.render.text.paper import WIDTH_DEFAULT, Paper, Tone
from mxproof.render.text.report import first_half

PICTURE = ROOT / "docs" / "images" / "incident.svg"
DOMAIN = "example.com"
SCENARIO = "incident"
COMMAND = f"mxproof check {DOMAIN} --lab {SCENARIO}"

CELL_WIDTH = 8.4
LINE_HEIGHT = 18
FONT_SIZE = 14
MARGIN = 20

STYLE = """\
text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d8dee6; white-space: pre }
.good { fill: #7ee08a } .bad { fill: #ff8a84; font-weight: bold } .doubtful { fill: #f2c55c }
.unknown { fill: #6cd3e6 } .strong { fill: #ffffff; font-weight: bold } .faint { fill: #9aa5b1 }"""

_PAINTED = re.compile(r"\x1b\[([0-9;]+)m(.*?)\x1b\[0m")
_CLASSES = {tone.value: tone.name.lower() for tone in Tone}


class Run(msgspec.Struct, frozen=True):
    """Characters of one colour in one line, from a column on."""

    column: int
    text: str
    tone: str


def files() -> dict[Path, str]:
    """Return the picture by its path."""
    observed = observe(parse_domain(DOMAIN), AskingOptions(lab=SCENARIO))
    report = judged(observed.evidence, now=observed.evidence.observed_at(), memories=observed.memories)
    paper = Paper(colour=True, unicode=True)
    prompt = f"{paper.painted('$', Tone.FAINT)} {paper.painted(COMMAND, Tone.STRONG)}"
    return {PICTURE: svg([prompt, *first_half(report, paper).splitlines()])}


def svg(lines: list[str]) -> str:
    """Return a picture of lines that hold the colours of a terminal (ECMA-48 section 8.3.117)."""
    width = round(WIDTH_DEFAULT * CELL_WIDTH + 2 * MARGIN)
    height = len(lines) * LINE_HEIGHT + 2 * MARGIN
    drawn = "\n".join(_drawn(line, number) for number, line in enumerate(lines, 1) if line)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>{COMMAND}</title>
<style>
{STYLE}
</style>
<rect width="{width}" height="{height}" rx="10" fill="#1b2129"/>
<g font-size="{FONT_SIZE}">
{drawn}
</g>
</svg>
"""


def _drawn(line: str, number: int) -> str:
    y = MARGIN + number * LINE_HEIGHT - (LINE_HEIGHT - FONT_SIZE)
    return "".join(_text(run, y) for run in _runs(line))


def _text(run: Run, y: int) -> str:
    x = round(MARGIN + run.column * CELL_WIDTH, 1)
    width = round(len(run.text) * CELL_WIDTH, 1)
    tone = f' class="{run.tone}"' if run.tone else ""
    return f'<text x="{x}" y="{y}" textLength="{width}"{tone}>{escape(run.text, quote=False)}</text>'


def _runs(line: str) -> Iterator[Run]:
    """Yield the runs of a line, without the spaces around them."""
    column = last = 0
    for painted in _PAINTED.finditer(line):
        plain = line[last : painted.start()]
        yield from _words(plain, column, "")
        yield from _words(painted.group(2), column + len(plain), _CLASSES[painted.group(1)])
        column += len(plain) + len(painted.group(2))
        last = painted.end()
    yield from _words(line[last:], column, "")


def _words(text: str, column: int, tone: str) -> Iterator[Run]:
    """Yield the stretches of text between gaps of two spaces or more."""
    for stretch in re.finditer(r"\S+(?: \S+)*", text):
        yield Run(column + stretch.start(), stretch.group(), tone)


if __name__ == "__main__":
    raise SystemExit(keep(files(), "picture.py"))

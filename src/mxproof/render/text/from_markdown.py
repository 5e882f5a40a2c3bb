"""Markdown laid out for a terminal: paragraphs wrapped, headings told apart, tables and code as they are."""

import re

from mxproof.render.text.paper import Paper, Tone

_LEAD = re.compile(r"(?:> |- |\d+\. )?")
_LINK = re.compile(r"\[([^][]*)\]\(([^()]*)\)")
_FENCE = "```"


def text_from_markdown(markdown: str, paper: Paper) -> str:
    """Return Markdown as text that fits the paper, but for tables and code, which are not broken."""
    lines: list[str] = []
    in_code = False
    for line in markdown.splitlines():
        if line.startswith(_FENCE):
            in_code = not in_code
        elif in_code:
            lines.append(f"    {paper.clean(line)}")
        elif line.startswith("|"):
            lines.append(paper.clean(line))
        elif line.startswith("#"):
            lines += [paper.painted(part, Tone.STRONG) for part in paper.wrapped(line.lstrip("# "))]
        else:
            lead = _LEAD.match(line)
            lines += paper.wrapped(
                _LINK.sub(r"\1 (\2)", line), hang=len(lead.group()) if lead is not None else 0
            ) or [""]
    return "\n".join(lines) + "\n"

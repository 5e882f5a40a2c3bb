"""The end of a check in which a sender does not deliver: one way out, and the command that shows the rest."""

from mxproof.remedy.measure import Measure
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.plan import DEEDS

_COLUMN = 12
_INDENT = 2


def way_out(found: Measure | None, command: str, paper: Paper) -> str:
    """Return the section; it ends with a line break."""
    lines: list[str] = []
    front = Label(0, "Way out", Tone.STRONG)
    if found is not None:
        at = f", at {found.about}" if found.about else ""
        lines += paper.hung(f"{DEEDS[found.kind]}{at}", _COLUMN, front)
    lines += paper.hung(f"`{command}`", _COLUMN, Label(_INDENT, "all") if lines else front)
    return "\n".join(lines) + "\n"

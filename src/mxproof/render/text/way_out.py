"""The end of a check in which a sender does not deliver: one way out, and the command that shows the rest."""

from mxproof.remedy.measure import Measure
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.plan import DEEDS

_COLUMN = 12


def way_out(found: Measure | None, command: str, paper: Paper) -> str:
    """Return the section; it ends with a line break."""
    rows = [f"`{command}`"]
    if found is not None:
        at = f", at {found.about}" if found.about else ""
        rows.insert(0, f"{DEEDS[found.kind]}{at}; all ways and their order:")
    lines: list[str] = []
    for words in rows:
        lines += paper.hung(words, _COLUMN, *(() if lines else (Label(0, "Way out", Tone.STRONG),)))
    return "\n".join(lines) + "\n"

"""The end of a check in which a sender does not deliver: one way out, and the command that shows the rest."""

from mxproof.remedy.one_way import SingleWay
from mxproof.render.text.deed_words import title
from mxproof.render.text.paper import Label, Paper, Tone

_COLUMN = 12


def way_out(found: SingleWay | None, command: str, paper: Paper, *, is_told: bool = False) -> str:
    """Return the section; it ends with a line break. Where the way out `is_told` above it is not told again."""
    rows = [f"`{command}`"]
    if is_told:
        rows = [f"the fix above, or another: `{command}`"]
    elif found is not None:
        rows.insert(0, f"{title((found.deed,), found.measure.changes)}; all ways and their order:")
    lines = [""]
    for words in rows:
        lines += paper.hung(words, _COLUMN, *(() if lines[1:] else (Label(0, "Way out", Tone.STRONG),)))
    return "\n".join(lines) + "\n"

"""The end of a check in which a sender does not deliver: one way out, and the command that shows the rest."""

from mxproof.remedy.one_way import SingleWay
from mxproof.render.text.deed_words import title
from mxproof.render.text.paper import Label, Paper

_COLUMN = 12
_INDENT = 2


def way_out(found: SingleWay | None, command: str, paper: Paper) -> str:
    """Return the section; it ends with a line break."""
    lines = [paper.heading("Way out")]
    if found is not None:
        said = title((found.deed,), found.measure.changes)
        lines += paper.hung(said, _COLUMN, Label(_INDENT, "one"))
    lines += paper.hung(f"`{command}`", _COLUMN, Label(_INDENT, "all"))
    return "\n".join(lines) + "\n"

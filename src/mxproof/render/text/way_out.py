"""The end of a check in which a sender does not deliver: one way out, and the command that shows the rest."""

from typing import TYPE_CHECKING

from mxproof.render.text.paper import Label, Paper, Tone

if TYPE_CHECKING:  # where a fix suffices no way is looked for
    from mxproof.remedy.one_way import FirstWay

_COLUMN = 12


def way_out(found: "FirstWay | None", command: str, paper: Paper) -> str:
    """Return the section; it ends with a line break. None: the way out is the fix that is told above."""
    rows = (f"the fix above, or another: `{command}`",) if found is None else (_way(found), f"`{command}`")
    lines: list[str] = [""]
    for words in rows:
        lines += paper.hung(words, _COLUMN, *(() if lines[1:] else (Label(0, "Way out", Tone.STRONG),)))
    return "\n".join(lines) + "\n"


def _way(found: "FirstWay") -> str:
    """Return what to do, or what the command is for where no kind of change is enough."""
    if found.deeds:
        from mxproof.render.text.deed_words import title  # noqa: PLC0415 - as above

        changes = tuple(change for one in found.measures for change in one.changes)
        return f"{title(found.deeds, changes)}."
    if found.is_sought:
        return "No one kind of change has all senders deliver; what several do:"
    return "Nothing that was seen leads out; what stands against each sender:"

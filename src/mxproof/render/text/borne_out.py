"""Who acts on a fix, and what it was judged to come to."""

from mxproof.judge.report import WordedFinding
from mxproof.render.text.paper import Label, Paper


def borne_out(finding: WordedFinding, column: int, paper: Paper, indent: int) -> list[str]:
    """Return who has to act for the steps of a finding, and what every sender was judged to do once they are taken."""
    if not finding.steps:
        return []
    lines = paper.hung(finding.who, column, Label(indent, "who acts")) if finding.who else []
    words = finding.verified.words if finding.verified is not None else ""
    return [*lines, *(paper.hung(words, column, Label(indent, "verified")) if words else [])]

"""Which other kind a bounce is of: the one that its words name, or else its status codes."""

from functools import cache

from mxproof.explain.knowledge.other_kinds import OTHER_KINDS, OtherKind
from mxproof.explain.match.template import Folded, Template, find, template


@cache
def _entries() -> tuple[tuple[str, Template, OtherKind], ...]:
    """Return every template behind the literal that a text must have to match it, kind by kind."""
    return tuple((one.needle, one, kind) for kind in OTHER_KINDS for one in map(template, kind.texts))


def told_by_text(texts: tuple[Folded, ...]) -> OtherKind | None:
    """Return the kind that one of the texts names, the first text first."""
    for examined in texts:
        near = [(one, kind) for needle, one, kind in _entries() if needle in examined.lowered]
        for one, kind in near:
            if find(one, examined) is not None:
                return kind
    return None


def told_by_status(statuses: tuple[str, ...]) -> OtherKind | None:
    """Return the kind that an enhanced status code of class 4 or 5 names."""
    for status in statuses:
        rest = status.partition(".")[2]
        for kind in OTHER_KINDS:
            if rest in kind.statuses:
                return kind
    return None

"""What kind of day it is: as usual, a holiday on which working people write as on a Sunday, or one on which little comes at all.

All senders have a vote, weighed by what came of them against what would come on each kind of day; none counts for much, for it may
be the one that has fallen silent. Whoever is judged has no vote.
"""

from collections.abc import Sequence
from math import exp, log

import msgspec


class DayKind(msgspec.Struct, frozen=True):
    """`free`: how far it is a Sunday; `scale`: the share of mail that comes; `prior`: how many days are so."""

    free: float
    scale: float
    prior: float


USUAL = DayKind(0.0, 1.0, 0.93)
KINDS = (
    USUAL,
    DayKind(0.0, 0.5, 0.01),
    DayKind(0.0, 0.2, 0.001),
    DayKind(0.5, 1.0, 0.01),
    DayKind(1.0, 1.0, 0.025),
    DayKind(1.0, 0.5, 0.005),
)
_VOTE_MAX = 6.0
_DISPERSION = 1.3
_GOOD_AND_BAD = 0.1
"""The variance of good and bad days, as a share of the square of what is expected."""
_LEAST = 1e-3


class Voter(msgspec.Struct, frozen=True):
    """What is asked of one sender: the mail expected today as usual and on a free day, what has come, and both of the day before."""

    usual: float
    free: float
    came: float
    usual_before: float
    came_before: float


def votes(voter: Voter) -> tuple[float, ...]:
    """Return what one sender says for each of `KINDS`, as logarithms against the usual day.

    Days with little mail follow one another, so yesterday has half a vote on them.
    """
    usual = voter.usual + _LEAST
    found = []
    for kind in KINDS:
        expected = kind.scale * ((1 - kind.free) * voter.usual + kind.free * voter.free) + _LEAST
        vote = voter.came * log(expected / usual) - (expected - usual)
        doubt = _DISPERSION + _GOOD_AND_BAD * usual
        if kind.scale < 1.0:
            vote += (voter.came_before * log(kind.scale) + (1 - kind.scale) * voter.usual_before) / 2
            doubt += _GOOD_AND_BAD * voter.usual_before / 2
        found.append(max(-_VOTE_MAX, min(_VOTE_MAX, vote / doubt)))
    return tuple(found)


def probabilities(total: Sequence[float], own: Sequence[float]) -> list[tuple[float, DayKind]]:
    """Return how likely each kind of day is: from the sum of all votes, `own` left out; either may be empty, for none."""
    total = total or (0.0,) * len(KINDS)
    own = own or (0.0,) * len(KINDS)
    weights = [
        kind.prior * exp(min(all_ - mine, 500.0)) for kind, all_, mine in zip(KINDS, total, own, strict=True)
    ]
    whole = sum(weights)
    return [(weight / whole, kind) for weight, kind in zip(weights, KINDS, strict=True)]

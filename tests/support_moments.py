"""What senders do at moments of a rehearsal, made up: each as into the good world but for what a test says of it."""

import functools

import msgspec

from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.timeline import CacheState, Moment
from support_world import collect
from support_worlds import GOOD


@functools.cache
def deliveries() -> dict[str, Delivery]:
    """Return what each sender does with mail into the good world, by its id."""
    return {one.id: one for one in Judge(collect(GOOD), GOOD.at, (), SENDERS).after(()).deliveries}


def does(sender: str, outcome: Verdict = Verdict.DELIVERS, **changes: object) -> Delivery:
    """Return a sender that does something else."""
    return msgspec.structs.replace(deliveries()[sender], outcome=outcome, **changes)


def moment(from_s: int, *states: tuple[Delivery, ...]) -> Moment:
    """Return a moment with what all senders do in each of its states."""
    return Moment(from_s, tuple(CacheState((), one) for one in states))

"""A preflight made by hand: what some changes do to one sender and another, and who fares worse."""

from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.change import Change, Ipv4Value, Publish
from mxproof.remedy.plan import Pause, PlannedStep, Rehearsal
from mxproof.remedy.preflight import PlannedSender, Preflight, Worsening
from support_certificates import NOW

CHANGE = Publish("mx.example.com", Ipv4Value("192.0.2.1"))


def planned_sender(
    outcome: Verdict, id_: str = "a", *, because: tuple[str, ...] = (), decides: bool = True
) -> PlannedSender:
    """Return what a sender does in a state; its name is its id in capitals."""
    return PlannedSender(id_, id_.upper(), outcome, Security.NONE, because, None, decides)


def worsening(
    outcome: Verdict,
    id_: str = "a",
    *,
    from_s: int = 0,
    until_s: int | None = None,
    because: tuple[str, ...] = (),
    bounce: str | None = None,
) -> Worsening:
    """Return that a sender comes to fare worse, until caches hold no old records where it ends."""
    until = Pause.NONE if until_s is None else Pause.TTL
    return Worsening(id_, id_.upper(), outcome, from_s, until_s, until, because, bounce)


def preflight_of(
    before: tuple[PlannedSender, ...] = (),
    after: tuple[PlannedSender, ...] = (),
    *,
    worse: tuple[Worsening, ...] = (),
    order: tuple[PlannedStep, ...] = (),
    changes: tuple[Change, ...] = (CHANGE,),
) -> Preflight:
    """Return what one change, or others, does to senders, and the steps in which it may be made."""
    nothing = Rehearsal((0,), (), ())
    return Preflight(1, "example.com", NOW, changes, before, after, worse, (), nothing, order, (), ())

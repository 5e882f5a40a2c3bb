"""A preflight made by hand for tests of forms: what some changes do to one sender and another."""

from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.change import Ipv4Value, Publish
from mxproof.remedy.plan import Pause, Rehearsal
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
) -> Preflight:
    """Return what one change does to senders."""
    nothing = Rehearsal((0,), (), ())
    return Preflight(1, "example.com", NOW, (CHANGE,), before, after, worse, (), nothing, (), (), ())

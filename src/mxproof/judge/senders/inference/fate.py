"""What becomes of one mail that a settled sender has for a domain: taken by which MX host and how, or by none."""

import msgspec

from mxproof.judge.codes import Code
from mxproof.judge.senders.engine import Walk, walks
from mxproof.judge.senders.sni import name_in_sni
from mxproof.judge.senders.stance import HostAttempt
from mxproof.judge.senders.traits import JudgedName, Traits
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import LevelMemory, SenderMemory


class MailFate(msgspec.Struct, frozen=True, omit_defaults=True):
    """`host` is the MX host that took the mail, empty where none did; `encrypted` tells whether over TLS.

    `server_name` is what stood in SNI there, where the case is about that; `policy_got` tells of a mail that nobody took whether
    the policy was there by then, where the case is about that.
    """

    host: str = ""
    encrypted: bool = False
    server_name: str = ""
    policy_got: bool = False

    @property
    def is_taken(self) -> bool:
        """Tell whether the mail was delivered."""
        return bool(self.host)


NOT_TAKEN = MailFate()


def fate(
    domain: MailDomain,
    traits: Traits,
    memories: tuple[SenderMemory, ...] = (),
    *,
    names: bool = False,
    waits: bool = False,
) -> MailFate | None:
    """Return what becomes of a mail for `domain` from a sender of which nothing is open, None where that is unclear.

    What is in `memories` the sender is known to remember. With `names` the name in SNI is part of it, and with `waits` whether
    it got the policy.
    """
    found = {
        _of(domain, walk, names=names, waits=waits)
        for walk in _held(walks(domain, traits, memories), memories)
    }
    return found.pop() if len(found) == 1 else None if found else NOT_TAKEN


def _held(every: tuple[Walk, ...], memories: tuple[SenderMemory, ...]) -> tuple[Walk, ...]:
    """Return the walks of a sender that has not forgotten anything that it could remember."""
    if not memories:
        return every
    levels = {one.level for one in memories if isinstance(one, LevelMemory)}
    best = max(walk.stance.level for walk in every) if levels and every else None
    kept = [walk for walk in every if best is None or walk.stance.level == best]
    by_policy = [walk for walk in kept if Code.STS_MEMORY_OUTLIVES in walk.stance.case.because]
    return tuple(by_policy or kept)


def _of(domain: MailDomain, walk: Walk, *, names: bool, waits: bool) -> MailFate | None:
    for attempt in walk.attempts:
        match attempt.verdict:
            case Verdict.DELIVERS:
                return _taken(domain, walk, attempt, names=names)
            case Verdict.UNKNOWN:
                return None
            case _:
                continue
    return MailFate(policy_got=waits and walk.stance.case.policy is not None)


def _taken(domain: MailDomain, walk: Walk, attempt: HostAttempt, *, names: bool) -> MailFate:
    encrypted = attempt.security is not Security.NONE
    if not names or not encrypted:
        return MailFate(attempt.host.name, encrypted)
    silent = walk.stance.sni is JudgedName.NONE
    return MailFate(
        attempt.host.name, encrypted, "" if silent else name_in_sni(domain, attempt.host, walk.stance)
    )

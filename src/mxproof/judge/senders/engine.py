"""The one delivery engine: what a sender does with mail for a domain.

Each possibility that a model leaves open (`Stance`) is walked alone, MX hosts in order of preference and every
address of each. Where all stances agree the verdict is theirs. Where they differ it is `unknown` if the difference
lies in something that was not seen from here, and `at_risk` if it lies in the sender.
"""

from collections.abc import Sequence
from itertools import product

import msgspec

from mxproof.evidence import Outcome
from mxproof.formats.result_type import ResultType
from mxproof.formats.smtp import enhanced_status
from mxproof.judge.codes import Code
from mxproof.judge.report import Attempt, Bounce, Delivery
from mxproof.judge.senders.attempt import attempts
from mxproof.judge.senders.exchange import exchange_readings, fatal
from mxproof.judge.senders.policy_case import Sight, policy_cases
from mxproof.judge.senders.sni import name_in_sni
from mxproof.judge.senders.stance import HostAttempt, Stance
from mxproof.judge.senders.traits import Addresses, Traits
from mxproof.judge.senders.version import over_versions
from mxproof.judge.vocabulary import WEAKEST_FIRST, WORST_FIRST, Security, Verdict
from mxproof.mail.domain import Host, HostState, MailDomain
from mxproof.mail.memory import LevelMemory, SenderMemory, SessionLevel
from mxproof.mail.resolver import ResolverState
from mxproof.mail.transcript import last_reply

STANCES_MAX = 1024
"""More than there can be: two readings of each address of the policy host and each memory, twice two for the rest."""


# Until Python 3.12 each look-up of a member on its class costs as much as a call, and every sender makes hundreds.
_REFUSED, _DELIVERS, _AT_RISK, _UNKNOWN = Verdict.REFUSED, Verdict.DELIVERS, Verdict.AT_RISK, Verdict.UNKNOWN
_UNSEEN = Sight.NONE
_UNCONNECTED = Addresses.UNCONNECTED
_NO_LEVEL = (SessionLevel.PLAIN,)
_NOT_IN_TIME = (Code.STS_POLICY_SLOW, "the policy did not come in the time that the sender waits for it")


class Walk(msgspec.Struct, frozen=True):
    """All attempts of one stance, with what they come to."""

    stance: Stance
    attempts: tuple[HostAttempt, ...]
    verdict: Verdict


def deliver(domain: MailDomain, traits: Traits, memories: tuple[SenderMemory, ...] = ()) -> Delivery:
    """Return what the sender `traits` does with mail for `domain` at `domain.at`, holding `memories`.

    Where the name servers differ, it meets any of their versions.
    """
    alone = _delivered(domain, traits, memories)
    others = [(one, _delivered(one.domain, traits, memories)) for one in domain.otherwise]
    return over_versions(alone, others)


def _delivered(domain: MailDomain, traits: Traits, memories: tuple[SenderMemory, ...]) -> Delivery:
    nowhere = _nowhere(domain, traits)
    if nowhere is not None:
        return _lost(traits, *nowhere)
    return _told(domain, traits, [_walk(domain, stance) for stance in _stances(domain, traits, memories)])


def deliver_at(
    domain: MailDomain, traits: Traits, host: str, address: str, memories: tuple[SenderMemory, ...] = ()
) -> Delivery:
    """Return what the sender does at one address of one MX host, whatever it would do at the others.

    What holds for the domain as a whole, such as that DANE was chosen for all of its hosts, holds here, too.
    """
    nowhere = _nowhere(domain, traits)
    if nowhere is not None:
        return _lost(traits, *nowhere)
    stances = _stances(domain, traits, memories)
    return _told(domain, traits, [_walk_at(_walk(domain, stance), host, address) for stance in stances])


def walks(domain: MailDomain, traits: Traits, memories: tuple[SenderMemory, ...] = ()) -> tuple[Walk, ...]:
    """Return the walk of each possibility that the sender leaves open, with the attempts alone that decide.

    None where there is no host to try at all.
    """
    if _nowhere(domain, traits) is not None:
        return ()
    made = [_walk(domain, stance) for stance in _stances(domain, traits, memories)]
    return tuple(_deciding(domain, walk) for walk in made)


def _deciding(domain: MailDomain, walk: Walk) -> Walk:
    counted = (one for host in domain.hosts for one in _counted(host, walk.attempts, walk.stance.traits))
    return msgspec.structs.replace(walk, attempts=tuple(counted))


def _lost(traits: Traits, verdict: Verdict, code: Code) -> Delivery:
    return Delivery(traits.id, traits.name, verdict, traits.confidence, None, (code,), None, ())


def server_name(
    domain: MailDomain, traits: Traits, host: str, memories: tuple[SenderMemory, ...] = ()
) -> str:
    """Return what the sender puts in SNI at an MX host, the likeliest name where it is not known."""
    met = next(one for one in domain.hosts if one.name == host)
    return name_in_sni(domain, met, _stances(domain, traits, memories)[0])


def _walk_at(walk: Walk, host: str, address: str) -> Walk:
    """Return of a walk the attempts that concern one address; there is one at least."""
    here = tuple(one for one in walk.attempts if one.host.name == host and one.address in {None, address})
    return Walk(walk.stance, here, _verdict({one.verdict for one in here}))


def _told(domain: MailDomain, traits: Traits, walks: list[Walk]) -> Delivery:
    """Return what the walks of all stances come to."""
    verdict, telling = _merged(walks), walks[0]
    merged = telling.attempts
    if len(walks) > 1:
        telling = min(walks, key=lambda walk: WORST_FIRST.index(walk.verdict))
        merged = tuple([_merged_attempt(walks, telling, place) for place in range(len(telling.attempts))])
    because = _because(walks) if verdict is not _DELIVERS or _troubled(merged) else ()
    return Delivery(
        id=traits.id,
        name=traits.name,
        outcome=verdict,
        confidence=traits.confidence,
        security=_known_security(walks, merged),
        because=because,
        bounce=_bounce(domain, traits, telling) if _may_bounce(telling) else None,
        attempts=tuple(map(_attempt, merged)),
    )


def _nowhere(domain: MailDomain, traits: Traits) -> tuple[Verdict, Code] | None:
    """Return the verdict where there is no host to try at all (RFC 5321 section 5.1, RFC 7505 section 3).

    A sender that uses DANE validates, so that a bogus answer stops it (RFC 7672 section 2.1.2); of another one it is
    not known whether its resolver validates.
    """
    if domain.mx.null:
        return _REFUSED, Code.MX_NULL
    if domain.mx.answer.outcome is Outcome.NXDOMAIN:
        return _REFUSED, Code.DOMAIN_MISSING
    if domain.mx.implicit and domain.hosts[0].state in {HostState.NO_ADDRESS, HostState.NXDOMAIN}:
        return _REFUSED, Code.MX_NO_ADDRESS
    if domain.mx.question in domain.bogus:
        return _REFUSED if traits.validates else _UNKNOWN, Code.DNSSEC_BOGUS
    if domain.resolver is not ResolverState.ANSWERS:
        return _UNKNOWN, Code.RESOLVER_UNANSWERED
    return None if domain.hosts else (_UNKNOWN, Code.MX_UNANSWERED)


def _stances(domain: MailDomain, traits: Traits, memories: tuple[SenderMemory, ...]) -> list[Stance]:
    """Return every stance of the sender that can make a difference for this domain."""
    sni = traits.sni if domain.has_alias else traits.sni[:1]
    precedences = traits.precedences if traits.dane and domain.may_have_tlsa else traits.precedences[:1]
    exchanges, levels = exchange_readings(domain, traits), _levels(traits, memories)
    possible = product(policy_cases(domain, traits, memories), sni, precedences, levels, exchanges)
    return [Stance(traits, *settled) for settled in possible][:STANCES_MAX]


def _levels(traits: Traits, memories: tuple[SenderMemory, ...]) -> tuple[SessionLevel, ...]:
    """Return the levels that the sender may insist on: none, or one that it remembers."""
    if not memories or not traits.remembers_level:
        return _NO_LEVEL
    held = [one.level for one in memories if isinstance(one, LevelMemory)]
    return tuple(dict.fromkeys((*_NO_LEVEL, *held)))


def _walk(domain: MailDomain, stance: Stance) -> Walk:
    spoilt = _NOT_IN_TIME if stance.case.deferred else fatal(domain, stance.exchanges)
    if spoilt is not None:
        code, detail = spoilt
        made = tuple(HostAttempt(host, None, host.name, _REFUSED, detail, code=code) for host in domain.hosts)
        return Walk(stance, made, _REFUSED)
    made = tuple([attempt for host in domain.hosts for attempt in attempts(domain, host, stance)])
    if stance.case.sight is _UNSEEN:
        made = tuple(_unreadable(attempt) for attempt in made)
    seen = {attempt.verdict for attempt in made}
    if len(seen) > 1:  # where all end alike it is the same which of them count
        seen = {attempt.verdict for host in domain.hosts for attempt in _counted(host, made, stance.traits)}
    return Walk(stance, made, _verdict(seen))


def _counted(host: Host, made: tuple[HostAttempt, ...], traits: Traits) -> list[HostAttempt]:
    """Return the attempts at one host that decide: an address that takes no connection does not beside one that does.

    The client tries the addresses of a host in turn (RFC 5321 section 5.1; observed of all that were run).
    """
    here = [attempt for attempt in made if attempt.host is host]
    connected = [attempt for attempt in here if attempt.connected]
    if not connected:
        return here
    if traits.addresses is _UNCONNECTED:
        first = [attempt for attempt in connected if ":" in (attempt.address or "")]
        if first and all(attempt.verdict is _REFUSED for attempt in first):
            return first
    return [attempt for attempt in here if attempt.connected or attempt.verdict is not _REFUSED]


def _unreadable(attempt: HostAttempt) -> HostAttempt:
    """Turn an attempt that needs a policy not seen from here into an unknown one; what fails anyway still fails."""
    if attempt.verdict is not _DELIVERS:
        return attempt
    detail = "which policy is in force could not be found out from here"
    return msgspec.structs.replace(attempt, verdict=_UNKNOWN, detail=detail, security=None)


def _verdict(seen: set[Verdict]) -> Verdict:
    """Sum up attempts: one that delivers beside one that does not puts mail at risk; silence does not."""
    if _DELIVERS in seen:
        return _AT_RISK if seen & {_REFUSED, _AT_RISK} else _DELIVERS
    if _AT_RISK in seen:
        return _AT_RISK
    return _UNKNOWN if _UNKNOWN in seen else _REFUSED


def _merged(walks: list[Walk]) -> Verdict:
    verdicts = {walk.verdict for walk in walks}
    if len(verdicts) == 1:
        return walks[0].verdict
    seen = {walk.verdict for walk in walks if walk.stance.case.sight is Sight.WHOLE}
    return _AT_RISK if len(seen - {_UNKNOWN}) > 1 else _UNKNOWN


def _merged_attempt(walks: list[Walk], telling: Walk, place: int) -> HostAttempt:
    """Return an attempt of the telling walk, its verdict softened where another stance ends otherwise there."""
    attempt = telling.attempts[place]
    verdicts = {attempt.verdict}
    unseen = telling.stance.case.sight is not Sight.WHOLE
    for walk in walks:
        for other in walk.attempts:
            if other.host.name == attempt.host.name and (
                attempt.address is None or other.address in {None, attempt.address}
            ):
                verdicts.add(other.verdict)
                unseen = unseen or (
                    other.verdict is not attempt.verdict and walk.stance.case.sight is not Sight.WHOLE
                )
    if len(verdicts) == 1:
        return attempt
    return msgspec.structs.replace(attempt, verdict=_UNKNOWN if unseen else _AT_RISK)


def _troubled(attempts: Sequence[HostAttempt]) -> bool:
    return any(attempt.verdict is not _DELIVERS for attempt in attempts)


def _because(walks: list[Walk]) -> tuple[Code, ...]:
    """Return the codes behind every walk that does not simply deliver, in the order they were met."""
    found: dict[Code, None] = {}
    for walk in walks:
        if walk.verdict is not _DELIVERS:
            found.update(dict.fromkeys(walk.stance.case.because))
        for attempt in walk.attempts:
            if attempt.verdict is not _DELIVERS and attempt.code is not None:
                found[attempt.code] = None
    return tuple(found)


def _known_security(walks: Sequence[Walk], merged: Sequence[HostAttempt]) -> Security | None:
    """Return how mail is protected for all that is known: of a sender that may not wait for the policy, as without it."""
    told = _security(merged)
    if told is None:
        return None
    given_up = [walk for walk in walks if Code.STS_POLICY_SLOW in walk.stance.case.because]
    without = [one for walk in given_up if (one := _security(walk.attempts)) is not None]
    return min((told, *without), key=WEAKEST_FIRST.index)


def _security(attempts: Sequence[HostAttempt]) -> Security | None:
    """Return how the session that takes the mail first is protected, None where none does."""
    return next((attempt.security for attempt in attempts if attempt.verdict is _DELIVERS), None)


def _may_bounce(walk: Walk) -> bool:
    """Tell whether mail may come back: no place takes it for sure."""
    if walk.verdict is not _AT_RISK:
        return walk.verdict is _REFUSED
    return all(attempt.verdict is not _DELIVERS for attempt in walk.attempts)


def _bounce(domain: MailDomain, traits: Traits, walk: Walk) -> Bounce | None:
    """Return what the sender writes: it has words for the last place it tried.

    A host outside the policy is not tried at all, so that its words come only where there was nothing to try.
    """
    tried = [attempt for attempt in walk.attempts if attempt.result_type is not ResultType.MX_MISMATCH]
    for attempt in reversed(tried or walk.attempts):
        kind = attempt.result_type
        text = traits.bounce_text(kind, attempt.insists, attempt.code) if kind is not None else None
        if text is not None:
            words = _words(domain, attempt)
            transient, final = (one.format(**words) if one else None for one in (text.transient, text.final))
            return Bounce(transient, final, traits.retry_s if transient is not None else 0)
    return Bounce(None, None, traits.retry_s) if traits.retry_s is not None else None


def _words(domain: MailDomain, attempt: HostAttempt) -> dict[str, str]:
    """Return what is filled into the words of a bounce."""
    endpoint = next((one for one in attempt.host.endpoints if one.address == attempt.address), None)
    reply = last_reply(endpoint.sessions[0].transcript) if endpoint is not None else b""
    return {
        "domain": domain.name,
        "mx": attempt.host.name,
        "name": attempt.judged_name,
        "address": attempt.address or "",
        "reply": reply.decode("ascii", "backslashreplace"),
        "status": _status(reply),
    }


def _status(reply: bytes) -> str:
    """Return the enhanced status code of a reply, the general one of its class where it has none (RFC 3463)."""
    if not reply[:3].isdigit():
        return ""
    return enhanced_status(int(reply[:3]), reply[4:]) or f"{int(reply[:1])}.0.0"


def _attempt(attempt: HostAttempt) -> Attempt:
    return Attempt(
        mx=attempt.host.name,
        preference=attempt.host.preference,
        address=attempt.address,
        judged_name=attempt.judged_name,
        result_type=attempt.result_type,
        outcome=attempt.verdict,
        detail=attempt.detail,
    )

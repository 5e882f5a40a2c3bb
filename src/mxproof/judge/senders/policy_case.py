"""Which policy a sender goes by: the live one, one it still holds, or none (RFC 8461 sections 3.3 and 5.1).

The answer is a list of cases. Several cases mean that one cannot know which holds, for one of two reasons that a
verdict must not mix up: the sender's behaviour is open (its reading of a faulty text, its cache), or we could not
see something (`unseen`), which the sender may see well.
"""

import msgspec

from mxproof.evidence import Outcome
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.codes import Code
from mxproof.judge.senders.traits import Refresh, Traits
from mxproof.mail.domain import FetchState, HostState, MailDomain, PolicyReading, RecordState
from mxproof.mail.memory import Memory


class PolicyCase(msgspec.Struct, frozen=True):
    """One policy that a sender may go by; `policy` None means that no policy is in force.

    `known` is False where the sender goes by a policy, or waits for one, that could not be read from here; `unseen` where the case rests on
    something that was not seen; `because` are finding codes that this case brings along.
    """

    policy: Policy | None
    known: bool = True
    unseen: bool = False
    because: tuple[Code, ...] = ()


NO_POLICY = PolicyCase(None)


def policy_cases(domain: MailDomain, traits: Traits, memories: tuple[Memory, ...]) -> tuple[PolicyCase, ...]:
    """Return every policy that the sender may go by, the likeliest first, without repetition."""
    if not traits.mta_sts:
        return (NO_POLICY,)
    found: list[PolicyCase] = []
    for reading in traits.readings:
        found.extend(_live(domain, traits, reading))
        found.extend(_remembered(domain, traits, memories, reading))
    return tuple(dict.fromkeys(found))


def in_force(policy: Policy | None, *, honours_testing: bool = True) -> Policy | None:
    """Return the policy if a sender acts on it at all; mode none never counts (RFC 8461 section 5)."""
    if policy is None or policy.mode is Mode.NONE:
        return None
    return None if policy.mode is Mode.TESTING and not honours_testing else policy


def _live(domain: MailDomain, traits: Traits, reading: PolicyReading) -> list[PolicyCase]:
    """Return what a sender with an empty cache goes by."""
    record = domain.record
    if record.state is RecordState.UNKNOWN:
        # Whether a sender sees a record is open; the policy may still be readable.
        unseen = [msgspec.structs.replace(case, unseen=True) for case in _fetched(domain, reading)]
        because = (Code.STS_RECORD_UNANSWERED,)
        return [PolicyCase(None, known=not traits.waits_for_record, unseen=True, because=because), *unseen]
    if record.state is RecordState.SEVERAL or record.read(reading) is None:
        return [NO_POLICY]
    return _fetched(domain, reading)


def _fetched(domain: MailDomain, reading: PolicyReading) -> list[PolicyCase]:
    host = domain.policy_host
    if host.state is HostState.UNKNOWN:
        return [PolicyCase(None, known=False, unseen=True, because=(Code.STS_POLICY_HOST_UNANSWERED,))]
    if not host.fetches:
        return [NO_POLICY]
    found: list[PolicyCase] = []
    for fetch in host.fetches:
        if fetch.state is FetchState.UNKNOWN:
            if _no_route(fetch.answer.outcome):
                continue
            found.append(PolicyCase(None, known=False, unseen=True, because=(Code.STS_POLICY_TIMEOUT,)))
        else:
            found.append(PolicyCase(fetch.read(reading)))
    return found or [PolicyCase(None, known=False, unseen=True, because=(Code.STS_POLICY_TIMEOUT,))]


def _no_route(outcome: Outcome) -> bool:
    """Tell whether an address could not be tried from here for want of a route, so that others must speak for it."""
    return outcome in {Outcome.UNREACHABLE, Outcome.UNASKED}


def _remembered(
    domain: MailDomain, traits: Traits, memories: tuple[Memory, ...], reading: PolicyReading
) -> list[PolicyCase]:
    return [
        PolicyCase(policy, because=(Code.STS_MEMORY_OUTLIVES,))
        for memory in memories
        if (policy := memory.policy(reading)) is not None
        and memory.fetched_at <= domain.at < memory.ends_at(reading)
        and not _superseded(domain, traits, memory, reading)
    ]


def _superseded(domain: MailDomain, traits: Traits, memory: Memory, reading: PolicyReading) -> bool:
    """Tell whether the sender is sure to replace what it holds before it delivers.

    That needs a new id in a readable record, a fetch that succeeds, and a sender known to look
    (RFC 8461 sections 3.1 and 3.3). The absence of a record never evicts a policy.
    """
    record = domain.record.read(reading) if domain.record.state is RecordState.ONE else None
    if record is None or memory.id is None or record.id == memory.id:
        return False
    fetched = [fetch.read(reading) for fetch in domain.policy_host.fetches]
    return traits.refresh is Refresh.BY_ID and bool(fetched) and all(policy is not None for policy in fetched)

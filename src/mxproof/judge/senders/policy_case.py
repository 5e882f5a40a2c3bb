"""Which policy a sender goes by: the live one, one it still holds, or none (RFC 8461 sections 3.3 and 5.1).

The answer is a list of cases. Several cases mean that one cannot know which holds, for one of two reasons that a
verdict must not mix up: the sender's behaviour is open (its reading of a faulty text, its cache), or we could not
see something (`Sight`), which the sender may see well.
"""

from enum import Enum
from functools import lru_cache

import msgspec

from mxproof.evidence import Outcome
from mxproof.formats.mtasts import POLICY_BYTES_MAX, Mode, Policy, PolicyReading, read_records
from mxproof.judge.codes import Code
from mxproof.judge.senders.library import trusts
from mxproof.judge.senders.problem import names_host
from mxproof.judge.senders.traits import OFTEN_S, WAITED_S_LEAST, GivenUp, Refresh, Traits
from mxproof.mail.domain import HostState, MailDomain, PolicyFetch, RecordState
from mxproof.mail.fetch_state import FetchState
from mxproof.mail.memory import Memory, SenderMemory


class Sight(Enum):
    """How much of what a case rests on was seen from here."""

    WHOLE = "whole"
    PARTLY = "partly"
    """Something was not seen, and the policy that the sender then goes by is known."""
    NONE = "none"
    """The sender goes by a policy, or waits for one, that could not be read from here."""


class PolicyCase(msgspec.Struct, frozen=True):
    """One policy that a sender may go by; `policy` None means that no policy is in force.

    `because` are finding codes that this case brings along, `fault` the one about a text that not everybody reads.
    `deferred`: the sender gave up waiting for the policy, and keeps the mail.
    """

    policy: Policy | None
    sight: Sight = Sight.WHOLE
    because: tuple[Code, ...] = ()
    fault: Code | None = None
    deferred: bool = False


IDS_CACHED_MAX = 256
_BY_ID_ALONE = frozenset({Refresh.BY_ID_ALONE, Refresh.FROM_HALF_LIFE})
_BY_ID = frozenset({Refresh.BY_ID, Refresh.BY_ID_ALONE})
_DEAD = frozenset({FetchState.UNCONNECTED, FetchState.WITHHELD})
_UNCONNECTED = _DEAD | {FetchState.UNKNOWN}
NO_POLICY = PolicyCase(None)


# Until Python 3.12 each look-up of a member on its class costs as much as a call, and every sender makes hundreds.
_MODE_NONE, _TESTING = Mode.NONE, Mode.TESTING
_EACH_TIME = Refresh.EACH_TIME
_DEFERRED = GivenUp.DEFERRED
_RECORD_UNKNOWN = RecordState.UNKNOWN
_HOST_UNKNOWN = HostState.UNKNOWN
_OVERSIZE = FetchState.OVERSIZE


def policy_cases(
    domain: MailDomain, traits: Traits, memories: tuple[SenderMemory, ...]
) -> tuple[PolicyCase, ...]:
    """Return every policy that the sender may go by, the likeliest first, without repetition."""
    if not traits.mta_sts:
        return (NO_POLICY,)
    found: list[PolicyCase] = []
    holds = traits.refresh is not _EACH_TIME
    held = [memory for memory in memories if holds and isinstance(memory, Memory)]
    for reading in traits.readings:
        found.extend(_live(domain, traits, reading))
        if held:
            found.extend(_remembered(domain, traits, held, reading))
    return tuple(found) if len(found) == 1 else tuple(dict.fromkeys(found))


def in_force(policy: Policy | None, *, honours_testing: bool = True) -> Policy | None:
    """Return the policy if a sender acts on it at all; mode none never counts (RFC 8461 section 5)."""
    if policy is None or policy.mode is _MODE_NONE:
        return None
    return None if policy.mode is _TESTING and not honours_testing else policy


def _live(domain: MailDomain, traits: Traits, reading: PolicyReading) -> list[PolicyCase]:
    """Return what a sender with an empty cache goes by."""
    record = domain.record
    if record.state is _RECORD_UNKNOWN:
        # Whether a sender sees a record is open; the policy may still be readable.
        unseen = [_at_most_partly(case) for case in _fetched(domain, traits, reading)]
        because = (Code.STS_RECORD_UNANSWERED,)
        return [PolicyCase(None, Sight.NONE if traits.waits_for_record else Sight.PARTLY, because), *unseen]
    if record.read(reading) is None:
        return [NO_POLICY]
    return _fetched(domain, traits, reading)


def _at_most_partly(case: PolicyCase) -> PolicyCase:
    """Return the case as one that rests on something which was not seen."""
    return msgspec.structs.replace(case, sight=Sight.PARTLY) if case.sight is Sight.WHOLE else case


def taken(fetch: PolicyFetch, traits: Traits, reading: PolicyReading) -> Policy | None:
    """Return the policy that the sender takes from one address of the policy host, None where it takes none."""
    chain = fetch.chain
    if chain is not None and chain.weakness and not traits.weak_key_at_policy_host:
        return None
    trusted = chain is None or trusts(chain, traits.library)
    return _believed(fetch, traits).read(reading) if trusted else None


def _believed(fetch: PolicyFetch, traits: Traits) -> PolicyFetch:
    """Return the fetch as it ends for a sender to which the common name of the certificate names the policy host."""
    chain = fetch.chain
    misnamed = fetch.state is FetchState.CERTIFICATE and chain is not None and chain.trust.fault is None
    if not misnamed or chain is None or chain.leaf is None or fetch.behind is None:
        return fetch
    lenient = msgspec.structs.replace(traits, common_name=True)
    if not traits.common_name_at_policy_host or not names_host(chain.leaf, fetch.question.name, lenient):
        return fetch
    return msgspec.structs.replace(fetch, state=fetch.behind)


def _fetched(domain: MailDomain, traits: Traits, reading: PolicyReading) -> list[PolicyCase]:
    """Return what asking the policy host comes to; an address without a connection is passed over for another.

    observed: every sender that was run gets the policy of a host whose IPv6 address does not answer over IPv4; of
    the others RFC 5321 section 5.1 asks the same for mail.
    """
    host = domain.policy_host
    if host.state is _HOST_UNKNOWN:
        return [PolicyCase(None, Sight.NONE, (Code.STS_POLICY_HOST_UNANSWERED,))]
    if not host.fetches:
        return [NO_POLICY]
    connected = [fetch for fetch in host.fetches if fetch.state not in _UNCONNECTED]
    if connected:
        first, *others = [
            case for fetch in connected for case in _waited(fetch, traits, _read(fetch, traits, reading))
        ]
        return [first] if all(one == first for one in others) else _differing([first, *others])
    tried = [one for one in host.fetches if one.state in _DEAD or not _no_route(one.answer.outcome)]
    if tried and all(fetch.state in _DEAD for fetch in tried):
        return [NO_POLICY]
    unseen = PolicyCase(None, Sight.NONE, (Code.STS_POLICY_TIMEOUT,))
    refused = any(fetch.state in _DEAD for fetch in tried)
    return [NO_POLICY, unseen] if refused else [unseen]


def _waited(fetch: PolicyFetch, traits: Traits, case: PolicyCase) -> tuple[PolicyCase, ...]:
    """Return what the sender goes by that would go by `case`, given for how long it waits (RFC 8461 section 3.3).

    Where that is not known, a response that some do not wait for makes two of it.
    """
    in_time = _in_time(fetch, traits)
    deferred = traits.given_up is _DEFERRED
    if in_time or (case.policy is None and not deferred):
        return (case,)
    gone = PolicyCase(None, because=(Code.STS_POLICY_SLOW,), deferred=deferred)
    return (gone,) if in_time is False else (case, gone)


def _in_time(fetch: PolicyFetch, traits: Traits) -> bool | None:
    """Tell whether the response came in the time that the sender waits, None where that is not known."""
    elapsed_ms, wait_s = fetch.answer.elapsed_ms, traits.policy_wait_s
    if wait_s is not None:
        return elapsed_ms < 1000 * wait_s
    return True if elapsed_ms < 1000 * WAITED_S_LEAST else None


def _differing(cases: list[PolicyCase]) -> list[PolicyCase]:
    """Return the cases of several addresses; where each serves another policy, that is the first of the reasons."""
    demands = {(one.mode, one.max_age_s, one.mx) for case in cases if (one := case.policy) is not None}
    if len(demands) < 2:
        return cases
    return [msgspec.structs.replace(case, because=(Code.STS_POLICY_DIFFERS, *case.because)) for case in cases]


def _read(fetch: PolicyFetch, traits: Traits, reading: PolicyReading) -> PolicyCase:
    """Return the case of one response; where not everybody reads its text, that is among the reasons."""
    if fetch.state is _OVERSIZE and reading.bytes_read < POLICY_BYTES_MAX:
        return PolicyCase(
            None, Sight.NONE, (Code.STS_POLICY_OVERSIZE,)
        )  # it reads a beginning that was not kept
    policy, examined = taken(fetch, traits, reading), fetch.examination
    if policy is None or examined is None or (examined.strict and _demands_alike(policy, examined.strict)):
        return PolicyCase(policy)
    invalid = examined.strict is None and examined.lenient is None
    fault = Code.STS_POLICY_INVALID if invalid else Code.STS_POLICY_AMBIGUOUS
    return PolicyCase(policy, because=(fault,), fault=fault)


def _demands_alike(one: Policy, other: Policy) -> bool:
    return one is other or (one.mode, one.max_age_s, one.mx) == (other.mode, other.max_age_s, other.mx)


def _no_route(outcome: Outcome) -> bool:
    """Tell whether an address could not be tried from here for want of a route, so that others must speak for it."""
    return outcome in {Outcome.UNREACHABLE, Outcome.UNASKED}


def _remembered(
    domain: MailDomain, traits: Traits, memories: list[Memory], reading: PolicyReading
) -> list[PolicyCase]:
    return [
        PolicyCase(policy, because=(Code.STS_MEMORY_OUTLIVES,))
        for memory in memories
        if (policy := memory.policy(reading)) is not None
        and memory.fetched_at <= domain.at
        and _is_fetched_under(memory.id, reading)
        and (domain.at < memory.ends_at(reading) or _renewed(domain, traits, memory, reading))
        and not _superseded(domain, traits, memory, reading)
    ]


@lru_cache(maxsize=IDS_CACHED_MAX)
def _is_fetched_under(id_: str | None, reading: PolicyReading) -> bool:
    """Tell whether whoever reads so fetches a policy where the record shows this id; None where it is not known."""
    if id_ is None:
        return True
    record = b"v=STSv1; id=%b;" % id_.encode("latin-1", "replace")
    return read_records((record,), reading) is not None


def _renewed(domain: MailDomain, traits: Traits, memory: Memory, reading: PolicyReading) -> bool:
    """Tell whether the sender renews what it holds for no other reason than that the id is the same."""
    record = domain.record.read(reading)
    by_id_alone = traits.refresh in _BY_ID_ALONE
    return by_id_alone and record is not None and memory.id is not None and record.id == memory.id


def _superseded(domain: MailDomain, traits: Traits, memory: Memory, reading: PolicyReading) -> bool:
    """Tell whether the sender is sure to replace what it holds before it delivers.

    That needs a readable record, for most senders with a new id, a fetch that succeeds, and a sender known to look
    (RFC 8461 sections 3.1 and 3.3). The absence of a record never evicts a policy.
    """
    record = domain.record.read(reading)
    if record is None or not _looks(domain, traits, memory, reading, record.id):
        return False
    connected = [fetch for fetch in domain.policy_host.fetches if fetch.state not in _DEAD]
    return bool(connected) and all(
        taken(fetch, traits, reading) is not None and _in_time(fetch, traits) for fetch in connected
    )


def _looks(domain: MailDomain, traits: Traits, memory: Memory, reading: PolicyReading, live_id: str) -> bool:
    """Tell whether the sender is sure to ask for the policy although it still holds one."""
    held_s = (domain.at - memory.fetched_at).total_seconds()
    if traits.refresh is Refresh.OFTEN:
        return held_s >= OFTEN_S
    if memory.id is None or memory.id == live_id:
        return False
    if traits.refresh is Refresh.FROM_HALF_LIFE:
        return 2 * held_s >= (memory.ends_at(reading) - memory.fetched_at).total_seconds()
    return traits.refresh in _BY_ID

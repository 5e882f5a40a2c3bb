"""The policies that senders may still hold of a domain that is looked at now and then: those that were seen served, and when last.

| a look sees | what follows |
|---|---|
| a policy that is announced | it is held from now on, as long as its max_age says (RFC 8461 section 3.2) |
| another policy, or none | whoever fetched the earlier one holds it until then |
| no record | nobody fetches, whatever the policy host serves; what is held is held on (RFC 8461 sections 3.1 and 5.1) |

A policy that demands what is served now, under whichever id, is no memory beside it: whoever holds it goes by what anybody gets today.
"""

from collections.abc import Sequence

import msgspec

from mxproof.formats.mtasts import LENIENT, Mode
from mxproof.mail.domain import MailDomain, RecordState
from mxproof.mail.memory import Memory

SERVED_POLICIES_MAX = 8


def memories_of(domain: MailDomain) -> tuple[Memory, ...]:
    """Return what a sender that fetched the policy when `domain` was looked at holds from then on."""
    record = domain.record
    if record.lenient is None and record.state is not RecordState.UNKNOWN:
        return ()
    bodies = dict.fromkeys(
        fetch.body for fetch in domain.policy_host.fetches if fetch.read(LENIENT) is not None
    )
    id_ = record.lenient.id if record.lenient is not None else None
    return tuple(Memory(body, domain.at, id_) for body in bodies)


def held_beside(served: Sequence[Memory], domain: MailDomain) -> tuple[Memory, ...]:
    """Return what senders may hold that is other than what `domain` shows; `served` is what was seen before."""
    now = {_demands(one) for one in memories_of(domain)}
    return tuple(one for one in _lasting(served, domain) if _demands(one) not in now)


def seen_served(served: Sequence[Memory], domain: MailDomain) -> tuple[Memory, ...]:
    """Return what was seen served until now, the latest last, SERVED_POLICIES_MAX at most; `served` is what was seen before."""
    now = [_by_its_id(one, served) for one in memories_of(domain)]
    return (*(one for one in _lasting(served, domain) if not _is_among(one, now)), *now)[
        -SERVED_POLICIES_MAX:
    ]


def _lasting(served: Sequence[Memory], domain: MailDomain) -> list[Memory]:
    """Return those that are not over; what a clock that was ahead has seen was seen by now at the latest."""
    by_now = (msgspec.structs.replace(one, fetched_at=min(one.fetched_at, domain.at)) for one in served)
    return [one for one in by_now if one.ends_at(LENIENT) > domain.at]


def _demands(one: Memory) -> tuple[Mode, frozenset[str]] | None:
    policy = one.policy(LENIENT)
    return None if policy is None else (policy.mode, frozenset(map(str, policy.mx)))


def _is_among(one: Memory, several: Sequence[Memory]) -> bool:
    """Tell whether one of several is the same policy under the same id, as far as ids are known."""
    return any(one.body == other.body and other.id in (one.id, None) for other in several)


def _by_its_id(one: Memory, served: Sequence[Memory]) -> Memory:
    """Return the memory under the id that the same policy had last, where the record of today was not seen."""
    if one.id is not None:
        return one
    known = [other.id for other in served if other.body == one.body]
    return msgspec.structs.replace(one, id=known[-1]) if known else one

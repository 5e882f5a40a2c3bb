"""The MTA-STS policy that a sender went by, as its report quotes it, held against what is served now and was before.

| standing | when |
|---|---|
| served | each address of the policy host serves it |
| served-in-part | some addresses serve it and others do not: two hosts serve two policies |
| earlier | it was served before, and is not now: the sender holds it until `until` at the latest |
| not-served | nobody was seen serving it: an older policy that was not seen here, or another host serves another file |
| withdrawn | it is quoted, and no policy is served now |
| unreadable | no sender could make a policy of the text |
| unstated | the report quotes none |
| unknown | what is served now could not be seen |

The text of a report has no line ends and may have its fields in another order, so that policies are compared by what they
demand.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from mxproof.explain.tlsrpt.quoted_policy import quoted_policy
from mxproof.formats.mtasts import LENIENT, Policy
from mxproof.formats.tlsrpt.report import ReportedPolicy
from mxproof.mail.domain import MailDomain
from mxproof.mail.fetch_state import FetchState
from mxproof.mail.memory import Memory, SenderMemory


class PolicyStanding(StrEnum):
    """How the policy of a row stands to what is served; the table above says when."""

    SERVED = "served"
    SERVED_IN_PART = "served-in-part"
    EARLIER = "earlier"
    NOT_SERVED = "not-served"
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"
    UNSTATED = "unstated"
    UNKNOWN = "unknown"


class PolicyThen(msgspec.Struct, frozen=True):
    """The policy of a row, and how it stands; `until` is when the last sender drops it, None for one that is served."""

    standing: PolicyStanding
    policy: Policy | None = None
    until: datetime | None = None


OLDER = frozenset({PolicyStanding.EARLIER, PolicyStanding.NOT_SERVED, PolicyStanding.WITHDRAWN})
"""Standings of a policy that a sender goes by though it is not served now."""


def policy_then(
    row: ReportedPolicy, domain: MailDomain, memories: Iterable[SenderMemory], end: datetime | None
) -> PolicyThen:
    """Return how the policy of a row stands to what `domain` serves; `end` is that of the report."""
    if not row.strings:
        return PolicyThen(PolicyStanding.UNSTATED)
    policy = quoted_policy(row)
    if policy is None:
        return PolicyThen(PolicyStanding.UNREADABLE)
    fetches = domain.policy_host.fetches
    served = [fetch.read(LENIENT) for fetch in fetches if fetch.state is not FetchState.UNKNOWN]
    same = [one is not None and demands_alike(one, policy) for one in served]
    if any(same):
        standing = PolicyStanding.SERVED if all(same) else PolicyStanding.SERVED_IN_PART
        return PolicyThen(standing, policy)
    if fetches and not served:
        return PolicyThen(PolicyStanding.UNKNOWN, policy)
    held = [one for one in memories if isinstance(one, Memory) and _is_of(one, policy)]
    if held:
        return PolicyThen(PolicyStanding.EARLIER, policy, max(one.ends_at(LENIENT) for one in held))
    until = end + timedelta(seconds=policy.max_age_s) if end is not None else None
    withdrawn = all(one is None for one in served)
    return PolicyThen(PolicyStanding.WITHDRAWN if withdrawn else PolicyStanding.NOT_SERVED, policy, until)


def demands_alike(one: Policy, other: Policy) -> bool:
    """Tell whether two policies demand the same, whatever the order of their fields and patterns."""
    return (one.mode, one.max_age_s, set(one.mx)) == (other.mode, other.max_age_s, set(other.mx))


def _is_of(memory: Memory, policy: Policy) -> bool:
    held = memory.policy(LENIENT)
    return held is not None and demands_alike(held, policy)

"""Policies that senders still hold from earlier; not one of `CHECKS`, since what is remembered is no fact of the domain."""

from collections.abc import Iterator
from math import ceil

from mxproof.formats.mtasts import Mode
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.change import Awaited, Wait
from mxproof.mail.domain import MailDomain, PolicyReading
from mxproof.mail.memory import Memory


def check(domain: MailDomain, memories: tuple[Memory, ...]) -> Iterator[Finding]:
    """Yield the enforced policies that are still in force for whoever holds them (RFC 8461 section 5.1)."""
    for memory in memories:
        policy, until = memory.policy(PolicyReading.LENIENT), memory.ends_at(PolicyReading.LENIENT)
        if policy is None or policy.mode is not Mode.ENFORCE or until <= domain.at:
            continue
        words: dict[str, Value] = {
            "domain": domain.name,
            "fetched": memory.fetched_at,
            "until": until,
            "patterns": policy.mx,
        }
        wait = Wait(domain.name, Awaited.MAX_AGE, ceil((until - domain.at).total_seconds()), until)
        yield Finding(
            Code.STS_MEMORY_OUTLIVES, domain.policy_host.name, words, (domain.record.question,), (wait,)
        )

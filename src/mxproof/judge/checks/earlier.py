"""What became of the policy since it was seen earlier; in no set of checks, since what was served then is no fact of today.

An earlier policy is what a sender remembers that fetched it: its text, its id and when that was. So the policy of earlier
evidence is told as such a memory, and a text without a change of its id shows in what senders that hold it do.
"""

from collections.abc import Iterator

from mxproof.formats.mtasts import LENIENT, Mode, Policy
from mxproof.judge.checks.mending import announced, announcement
from mxproof.judge.checks.seen import served_policies
from mxproof.judge.checks.sts_text import TESTING_LONG, dated
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.change import Change
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import Memory, SenderMemory


def check(domain: MailDomain, memories: tuple[SenderMemory, ...]) -> Iterator[Finding]:
    """Compare text and id of the policy with the newest that is remembered (RFC 8461 sections 3.1, 3.2 and 5)."""
    record = domain.record.strict
    now = served_policies(domain)
    earlier = [one for one in memories if isinstance(one, Memory) and one.fetched_at < domain.at]
    if record is None or not now or not earlier:
        return
    last = max(earlier, key=lambda one: one.fetched_at)
    then = [
        policy
        for one in earlier
        if one.fetched_at == last.fetched_at and (policy := one.policy(LENIENT)) is not None
    ]
    if not then:
        return
    same = any(_demands_alike(one, other) for one in now for other in then)
    words: dict[str, Value] = {
        "id": record.id,
        "before": then[0],
        "policy": now[0],
        "fetched": last.fetched_at,
    }
    if last.id == record.id and not same:
        changes = announced(domain)
        yield _finding(domain, Code.STS_ID_UNCHANGED, {**words, "record": announcement(domain)}, changes)
    elif last.id not in {None, record.id} and same:
        yield _finding(domain, Code.STS_POLICY_UNCHANGED, words)
    first = min(one.fetched_at for one in earlier)
    by_id = dated(record.id)
    told = by_id is not None and domain.at - by_id > TESTING_LONG
    testing = {
        policy.mode for policy in (*now, *(one.policy(LENIENT) for one in earlier)) if policy is not None
    }
    if testing == {Mode.TESTING} and domain.at - first > TESTING_LONG and not told:
        yield _finding(domain, Code.STS_TESTING_LONG, {"since": first, "id": record.id})


def _demands_alike(one: Policy, other: Policy) -> bool:
    return (one.mode, one.max_age_s, {*one.mx}) == (other.mode, other.max_age_s, {*other.mx})


def _finding(
    domain: MailDomain, code: Code, words: dict[str, Value], changes: tuple[Change, ...] = ()
) -> Finding:
    questions = (domain.record.question, *(fetch.question for fetch in domain.policy_host.fetches))
    return Finding(code, domain.policy_host.name, {"domain": domain.name, **words}, questions, changes)

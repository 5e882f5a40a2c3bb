"""The DNS answers behind the decisions of late, so that looking again asks only for what has expired.

Of one destination its DNS answers are held, without their wire: a policy is remembered elsewhere, and is fetched anew or
not at all. Whoever was asked for longest ago leaves first.
"""

from collections import OrderedDict
from functools import cache

import msgspec

from mxproof.evidence import Answer, DnsData, Evidence, Kind, MxRecord, Question
from mxproof.evidence.question import CONNECTION_KINDS
from mxproof.judge.decision import Decision
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.survey.reading import POLICY_LABEL

EVIDENCE_HELD_MAX = 10_000
"""Destinations: a KiB each, with DANE one more for each question."""


Ruled = tuple[Protection, Reason]


class HeldEvidence:
    """Evidence by destination, each with what it was decided on: another daemon may have decided on other evidence."""

    def __init__(self, held_max: int = EVIDENCE_HELD_MAX) -> None:
        self._held_max = held_max
        self._held: OrderedDict[str, tuple[Evidence, Ruled]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def find(self, key: str, decision: Decision | None) -> Evidence | None:
        """Return the evidence, expired or not, on which it was decided so."""
        found = self._held.get(key)
        if found is None or decision is None or found[1] is not _ruled(decision.protection, decision.reason):
            return None
        self._held.move_to_end(key)
        return found[0]

    def keep(self, key: str, evidence: Evidence, decision: Decision) -> None:
        """Keep what a later look may go by."""
        self.keep_renewed(key, trimmed(evidence), decision)

    def keep_renewed(self, key: str, evidence: Evidence, decision: Decision) -> None:
        """Keep evidence that was held already and has some answers anew, these without their wire."""
        self._held[key] = (evidence, _ruled(decision.protection, decision.reason))
        self._held.move_to_end(key)
        if len(self._held) > self._held_max:
            self._held.popitem(last=False)

    def forget(self, key: str) -> None:
        """Forget what is held of one destination."""
        self._held.pop(key, None)

    def clear(self) -> None:
        """Forget everything: it was asked in another way than would be now."""
        self._held.clear()


@cache
def _ruled(protection: Protection, reason: Reason) -> Ruled:
    """Return one value for all destinations that are ruled alike."""
    return protection, reason


def trimmed(evidence: Evidence) -> Evidence:
    """Return the DNS answers without their wire, and without those about a policy host that is no MX host too."""
    policy_host = f"{POLICY_LABEL}.{evidence.domain}"
    if _names(evidence.answer(Question(Kind.MX, evidence.domain)), policy_host):
        policy_host = ""
    kept = [
        (question, without_wire(answer))
        for question, answer in evidence.answers.items()
        if question.kind not in CONNECTION_KINDS and question.name != policy_host
    ]
    return Evidence(evidence.domain).with_answers(kept)


def is_same(one: Answer, other: Answer) -> bool:
    """Tell whether two answers lead to the same decision: they differ in age, TTL and the order of records at most."""
    first, second = one.data, other.data
    if one.outcome is not other.outcome or type(first) is not type(second):
        return False
    if not isinstance(first, DnsData) or not isinstance(second, DnsData):
        return True
    return (
        first.secure is second.secure
        and (first.records == second.records or frozenset(first.records) == frozenset(second.records))
        and (first.chain == second.chain or _aliases(first) == _aliases(second))
    )


def _aliases(data: DnsData) -> list[tuple[str, str]]:
    return [(alias.name, alias.target) for alias in data.chain]


def _names(answer: Answer, host: str) -> bool:
    records = answer.data.records if isinstance(answer.data, DnsData) else ()
    return any(isinstance(one, MxRecord) and one.exchange == host for one in records)


def without_wire(answer: Answer) -> Answer:
    """Return an answer without the bytes that it was read from."""
    data = answer.data
    if not isinstance(data, DnsData) or not data.wire:
        return answer
    return msgspec.structs.replace(answer, data=msgspec.structs.replace(data, wire=b""))

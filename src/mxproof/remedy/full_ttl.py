"""Times to live as the name servers of a zone give them: those that a resolver shows have been counted down in its cache.

    with_full_ttls(evidence) -> Evidence

A resolver that shows twelve seconds says nothing of the cache that fetched the record a moment ago, and holds it for the
hour that the zone gives it (RFC 1034 section 3.6). Whoever waits for caches to forget has to wait for the whole time.
"""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import CONNECTION_KINDS, Alias, Answer, DnsData, Evidence, Kind, Question


def with_full_ttls(evidence: Evidence) -> Evidence:
    """Return the evidence with each answer of the resolver as long-lived as a name server has it; never shorter."""
    sets: dict[tuple[Kind, str], int] = {}
    aliases: dict[str, int] = {}
    for question, answer in evidence.answers.items():
        if not question.server or question.kind in CONNECTION_KINDS:
            continue
        if answer.ttl_s is not None:
            key = question.kind, question.name
            sets[key] = max(sets.get(key, 0), answer.ttl_s)
        for alias in _chain(answer):
            aliases[alias.name] = max(aliases.get(alias.name, 0), alias.ttl_s)
    raised = tuple(_raised(evidence, sets, aliases))
    return evidence.with_answers(raised) if raised else evidence


def _raised(
    evidence: Evidence, sets: dict[tuple[Kind, str], int], aliases: dict[str, int]
) -> Iterator[tuple[Question, Answer]]:
    for question, answer in evidence.answers.items():
        if question.server or question.kind in CONNECTION_KINDS or answer.ttl_s is None:
            continue
        chain = tuple(
            msgspec.structs.replace(one, ttl_s=max(one.ttl_s, aliases.get(one.name, 0)))
            for one in _chain(answer)
        )
        ttl_s = max(answer.ttl_s, sets.get((question.kind, question.name), 0))
        if isinstance(answer.data, DnsData) and (ttl_s, chain) != (answer.ttl_s, answer.data.chain):
            data = msgspec.structs.replace(answer.data, chain=chain)
            yield question, msgspec.structs.replace(answer, data=data, ttl_s=ttl_s)


def _chain(answer: Answer) -> tuple[Alias, ...]:
    return answer.data.chain if isinstance(answer.data, DnsData) else ()

"""Name servers that differ, while changes are made: who takes part in them, and what is left once all serve one version.

A server that is behind takes part in no change of its zone until it is set up anew (`Setting.CURRENT`): its answers stay
as they were, and whoever asks it goes on meeting the old records. Once it is set up, it says what the others say, as one
that did not answer does once it is set up to (`Setting.ANSWERING` at some addresses). Where
the resolver was told by one that was behind, the resolver's answers become those of the version that is left.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from mxproof.evidence import Answer, DnsData, Evidence, Question, once
from mxproof.judge.checks.served import behind
from mxproof.mail.change import Change, Configure, Service, Setting
from mxproof.survey.served import ZoneVersion, as_served, compared


def with_current_servers(changes: Iterable[Change], evidence: Evidence) -> Evidence:
    """Return the evidence once the name servers that `changes` set up serve what the others do."""
    for change in changes:
        match change:
            case Configure(Service.DNS, zone, addresses, Setting.CURRENT | Setting.ANSWERING) if addresses:
                evidence = _alike(evidence, zone, frozenset(addresses))
    return evidence


@once
def lagging(evidence: Evidence) -> frozenset[tuple[str, str]]:
    """Return the servers that take part in no change, as zone and address."""
    return frozenset(
        (zone.name, where.address)
        for zone in compared(evidence)
        if zone.versions and not zone.differs_by_design
        for version in behind(zone.versions)
        for where in version.servers
    )


def caught_up(evidence: Evidence, after: Evidence) -> dict[str, list[tuple[Question, Answer]]]:
    """Return by zone what servers said that were behind and are so no longer; caches may still hold it."""
    found: dict[str, list[tuple[Question, Answer]]] = {}
    for zone, address in sorted(lagging(evidence) - lagging(after)):
        found.setdefault(zone, []).extend(
            (one, answer)
            for one, answer in evidence.answers.items()
            if one.server == address and f".{one.name}".endswith(f".{zone}")
        )
    return found


def _alike(evidence: Evidence, zone: str, addresses: frozenset[str]) -> Evidence:
    """Return the evidence without what the servers at `addresses` said of the zone, seen as the one version left."""
    side_by_side = next((one for one in compared(evidence) if one.name == zone), None)
    answers = {
        question: answer
        for question, answer in evidence.answers.items()
        if question.server not in addresses or not f".{question.name}".endswith(f".{zone}")
    }
    left = [one for one in side_by_side.versions if _others(one, addresses)] if side_by_side else []
    if len(left) == 1:
        served = as_served(evidence, left[0]).answers
        answers |= _differing(evidence.answers, served)
        gone = [one for one in answers if not one.server and one not in served]
        for question in gone:
            del answers[question]
    return msgspec.structs.replace(evidence, answers=MappingProxyType(answers))


def _others(version: ZoneVersion, addresses: frozenset[str]) -> bool:
    return any(where.address not in addresses for where in version.servers)


def _differing(
    before: Mapping[Question, Answer], after: Mapping[Question, Answer]
) -> list[tuple[Question, Answer]]:
    """Return the answers in `after` that say something else, whatever their times to live."""
    return [(one, answer) for one, answer in after.items() if _said(answer) != _said(before[one])]


def _said(answer: Answer) -> object:
    data = answer.data
    said = (frozenset(data.records), data.chain) if isinstance(data, DnsData) else data
    return answer.outcome, said

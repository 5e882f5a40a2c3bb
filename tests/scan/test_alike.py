"""Domains that are alike: judged once, and to the letter what each would be by itself."""

from datetime import datetime, timedelta

import pytest

from mxproof.evidence import Evidence, Outcome, Vantage
from mxproof.judge.weighed import weighed
from mxproof.scan.alike import AlikeDomains, shape_of
from mxproof.scan.depth import ScanDepth, wanted
from mxproof.scan.rehearsal import CLASSES, WHOLE, MadeUp
from mxproof.scan.row import DomainRows, rows_of
from support_certificates import NOW
from support_scan import DOMAINS, VANTAGE, population

PEOPLE = MadeUp(WHOLE, CLASSES)
_STARTS = [sum(one.share for one in CLASSES[:place]) for place in range(len(CLASSES))]
PROVIDER_COUNT = 5


def _observed(number: int, at: datetime = NOW) -> Evidence:
    evidence = Evidence(f"d{number:06}.example", VANTAGE)
    while questions := tuple(wanted(evidence, ScanDepth.RECORDS)):
        evidence = evidence.with_answers((one, PEOPLE.answer(one, at)) for one in questions)
    return evidence


def _alone(evidence: Evidence) -> DomainRows:
    return rows_of(weighed(evidence, now=evidence.observed_at()), 7)


@pytest.mark.parametrize("place", range(len(CLASSES)), ids=[one.name for one in CLASSES])
def test_the_rows_of_a_domain_that_is_alike_are_its_own(place: int) -> None:
    first = _observed(_STARTS[place])
    second = _observed(_STARTS[place] + PROVIDER_COUNT, NOW + timedelta(hours=1))
    judged: list[str] = []

    def judge(evidence: Evidence) -> DomainRows:
        judged.append(evidence.domain)
        return _alone(evidence)

    alike = AlikeDomains(judge)
    assert alike.rows(first) == _alone(first)
    assert alike.rows(second) == _alone(second)
    assert judged == [first.domain]


def test_domains_of_different_classes_are_not_alike() -> None:
    shapes = [shape_of(_observed(start)) for start in _STARTS]
    assert None not in shapes
    published = [
        shape for shape, one in zip(shapes, CLASSES, strict=True) if one.texts or one.reports or one.signed
    ]
    assert len(set(published)) > 5


def test_who_has_servers_of_its_own_is_like_nobody() -> None:
    people = population()
    shapes = {domain: shape_of(_without_connections(people.evidence(domain))) for domain in DOMAINS}
    assert shapes["example.com"] is None
    assert shapes["one.example"] is not None


def _without_connections(evidence: Evidence) -> Evidence:
    return evidence.without([one for one in evidence.answers if one.at])


def test_who_was_connected_to_is_like_nobody() -> None:
    assert shape_of(population().evidence("one.example")) is None


def test_an_answer_that_ended_otherwise_makes_another_shape() -> None:
    evidence = _observed(_STARTS[-1])
    question, answer = next(
        (one, told) for one, told in evidence.answers.items() if told.outcome is Outcome.FOUND
    )
    changed = evidence.with_answers([(question, type(answer)(Outcome.TIMEOUT, answer.at))])
    assert shape_of(changed) != shape_of(evidence)


def test_a_vantage_that_does_not_validate_makes_another_shape() -> None:
    evidence = _observed(_STARTS[-1])
    assert shape_of(Evidence(evidence.domain, Vantage(), evidence.answers)) != shape_of(evidence)

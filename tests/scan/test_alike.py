"""Domains that are alike: judged once, and to the letter what each would be by itself."""

from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Answer,
    DnsData,
    DnsRecord,
    Evidence,
    Kind,
    MxRecord,
    Outcome,
    Question,
    TxtRecord,
    Vantage,
)
from mxproof.judge.weighed import weighed
from mxproof.scan.alike import SHAPES_HELD_MAX, AlikeDomains, leaders, shape_of
from mxproof.scan.depth import ScanDepth, wanted
from mxproof.scan.rehearsal import CLASSES, WHOLE, MadeUp
from mxproof.scan.row import DomainRows, rows_of
from mxproof.scan.sharing import is_own
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


def _found(record: DnsRecord) -> Answer:
    return Answer(Outcome.FOUND, NOW, DnsData("NOERROR", secure=False, records=(record,)))


def _of(answer: Answer, domain: str) -> Answer:
    """Return an answer with the name of a domain where an MX record has a place for it."""
    if not isinstance(answer.data, DnsData):
        return answer
    records = tuple(
        MxRecord(one.preference, one.exchange.format(domain=domain)) if isinstance(one, MxRecord) else one
        for one in answer.data.records
    )
    return msgspec.structs.replace(answer, data=msgspec.structs.replace(answer.data, records=records))


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


def _own(number: int, at: datetime = NOW) -> Evidence:
    """Return what is known of a domain of the population when its own questions are answered."""
    evidence = _observed(number, at)
    return evidence.without([one for one in evidence.answers if not is_own(one, evidence.domain)])


def test_who_has_the_same_mx_records_alone_is_led_by_the_first() -> None:
    mail_alone = _STARTS[-1]
    several = [_own(mail_alone + place) for place in (0, 1, PROVIDER_COUNT, PROVIDER_COUNT + 1)]
    assert leaders(several) == (0, 1, 0, 1)


@pytest.mark.parametrize("place", range(len(CLASSES)), ids=[one.name for one in CLASSES])
def test_who_is_led_wants_what_the_leader_wants(place: int) -> None:
    one, other = _own(_STARTS[place]), _own(_STARTS[place] + PROVIDER_COUNT, NOW + timedelta(hours=1))
    is_led = leaders([one, other]) == (0, 0)
    assert is_led == (not CLASSES[place].texts and not CLASSES[place].reports)
    if is_led:
        assert list(wanted(one, ScanDepth.PROBE)) == list(wanted(other, ScanDepth.PROBE))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("MX {domain}", Answer(Outcome.EMPTY, NOW, DnsData("NOERROR", secure=False))),
        ("MX {domain}", Answer(Outcome.TIMEOUT, NOW)),
        ("TXT _smtp._tls.{domain}", Answer(Outcome.SERVFAIL, NOW, DnsData("SERVFAIL", secure=False))),
        ("MX {domain}", _found(MxRecord(10, "mx.{domain}"))),
        ("MX {domain}", _found(MxRecord(10, "{domain}"))),
        ("A mta-sts.{domain}", _found(AddressRecord("203.0.113.80"))),
        ("TXT _smtp._tls.{domain}", _found(TxtRecord(b"v=TLSRPTv1; rua=mailto:tls@example.com"))),
    ],
    ids=["no MX records", "silence", "failure", "a host within", "the domain", "a policy host", "reports"],
)
def test_who_may_be_led_elsewhere_by_the_own_name_is_led_by_nobody(question: str, answer: Answer) -> None:
    several = []
    for number in (_STARTS[-1], _STARTS[-1] + PROVIDER_COUNT):
        evidence = _own(number)
        kind, _, name = question.format(domain=evidence.domain).partition(" ")
        asked = Question(Kind(kind), name)
        assert asked in evidence.answers
        several.append(evidence.with_answers([(asked, _of(answer, evidence.domain))]))
    assert leaders(several) == (0, 1)


def test_who_is_led_elsewhere_by_another_answer_has_another_leader() -> None:
    several = [_own(_STARTS[-1] + PROVIDER_COUNT * place) for place in range(3)]
    question, answer = next(row for row in several[1].answers.items() if row[0].kind is Kind.MX)
    assert isinstance(answer.data, DnsData)
    secure = msgspec.structs.replace(answer, data=msgspec.structs.replace(answer.data, secure=True))
    several[1] = several[1].with_answers([(question, secure)])
    assert leaders(several) == (0, 1, 0)


def _silent(number: int, domain: str = "a.example", detail: str = "") -> Evidence:
    """Return evidence whose shape is told apart by a number alone."""
    answer = Answer(Outcome.TIMEOUT, NOW, detail=detail or str(number))
    return Evidence(domain, VANTAGE, {Question(Kind.MX, domain): answer})


def test_of_many_shapes_that_which_was_met_longest_ago_is_judged_again() -> None:
    judged: list[Evidence] = []

    def judge(evidence: Evidence) -> DomainRows:
        judged.append(evidence)
        return DomainRows((evidence.domain, 7, evidence.observed_at()), (), ())

    alike = AlikeDomains(judge)
    several = [_silent(number) for number in range(SHAPES_HELD_MAX + 1)]
    for one in several[:-1]:
        alike.rows(one)
    alike.rows(several[0])
    assert judged == several[:-1]
    alike.rows(several[-1])
    alike.rows(several[0])
    alike.rows(several[-1])
    assert judged == several
    alike.rows(several[1])
    alike.rows(several[2])
    assert judged == [*several, several[1], several[2]]


@pytest.mark.parametrize(
    "other",
    [
        _silent(1, detail="another silence"),
        _silent(1, "b.a.example"),
        _silent(1, "a.example.org"),
        Evidence("a.example", Vantage(), _silent(1).answers),
    ],
    ids=["another silence", "a label more", "another top-level domain", "another vantage"],
)
def test_who_differs_in_anything_that_is_told_is_not_alike(other: Evidence) -> None:
    assert shape_of(other) != shape_of(_silent(1))
    assert shape_of(_silent(1, "b.example")) == shape_of(_silent(1))

"""What one domain may lead to, however much it publishes."""

from mxproof.evidence import AddressRecord, Answer, DnsData, Evidence, Kind, MxRecord, Outcome, Question
from mxproof.net.collect import QUESTIONS_MAX
from mxproof.scan.chunk import Gathered
from mxproof.scan.depth import ScanDepth, wanted
from support_certificates import NOW
from support_scan import VANTAGE

ADDRESSES_COUNT = 100


def answered(*records: MxRecord | AddressRecord) -> Answer:
    return Answer(Outcome.FOUND, NOW, DnsData("NOERROR", secure=False, records=records), ttl_s=60)


def test_a_domain_that_leads_to_thousands_of_servers_is_asked_about_no_more_than_in_a_check() -> None:
    hosts = [f"mx{number}.example" for number in range(20)]
    exchanges = answered(*(MxRecord(10, host) for host in hosts))
    evidence = Evidence("example.com", VANTAGE).with_answers([(Question(Kind.MX, "example.com"), exchanges)])
    answers = {
        Question(kind, host): answered(
            *(AddressRecord(f"{network}{place}{mark}{number}") for number in range(1, 1 + ADDRESSES_COUNT))
        )
        for kind, network, mark in ((Kind.A, "192.0.", "."), (Kind.AAAA, "2001:db8:", "::"))
        for place, host in enumerate(hosts)
    }
    known: tuple[Question, ...] = ()
    for _ in range(10):
        one = Gathered(evidence, known, is_open=True)
        new = one.follow(answers, ScanDepth.PROBE)
        if not new:
            break
        known = (*one.known, *new)
        answers |= {question: Answer(Outcome.TIMEOUT, NOW) for question in new}
    asked = [answer for answer in one.evidence.answers.values() if answer.outcome is not Outcome.UNASKED]
    assert len(asked) == QUESTIONS_MAX < len(one.evidence.answers)
    assert list(wanted(one.evidence, ScanDepth.PROBE)) == []
    later = Gathered(evidence, tuple(one.known), is_open=one.is_open)
    assert later.follow(answers, ScanDepth.PROBE) == ()
    assert later.evidence == one.evidence


MX, HOST = Question(Kind.MX, "example.com"), Question(Kind.A, "mx.example")


def test_a_domain_is_followed_as_far_as_answers_lead_and_closed_where_nothing_is_wanted() -> None:
    start = Evidence("example.com", VANTAGE)
    first = tuple(wanted(start, ScanDepth.RECORDS))
    one = Gathered(start, (), is_open=True)
    assert one.follow({}, ScanDepth.RECORDS) == first
    assert (tuple(one.known), one.is_open) == (first, True)
    answers = dict.fromkeys(first, Answer(Outcome.NXDOMAIN, NOW)) | {MX: answered(MxRecord(10, "mx.example"))}
    second = one.follow(answers, ScanDepth.RECORDS)
    assert HOST in second
    assert (tuple(one.known), one.is_open) == ((*first, *second), True)
    answers |= dict.fromkeys(second, Answer(Outcome.NXDOMAIN, NOW))
    again = Gathered(start, tuple(one.known), is_open=one.is_open)
    assert again.follow(answers, ScanDepth.RECORDS) == ()
    assert (tuple(again.known), again.is_open) == ((*first, *second), False)
    assert {**again.evidence.answers} == answers
    closed = Gathered(start, tuple(again.known), is_open=False)
    assert closed.follow(answers, ScanDepth.RECORDS) == ()
    assert (closed.evidence, closed.is_open) == (again.evidence, False)


def test_unheard_is_what_was_put_and_not_answered() -> None:
    outcomes = {Question(Kind.A, f"{outcome}.example"): Answer(outcome, NOW) for outcome in Outcome}
    evidence = Evidence("example.com", VANTAGE, outcomes)
    unheard = {outcomes[one].outcome for one in Gathered(evidence, (), is_open=False).unheard()}
    assert unheard == {*Outcome} - {
        Outcome.FOUND,
        Outcome.EMPTY,
        Outcome.NXDOMAIN,
        Outcome.BOGUS,
        Outcome.UNASKED,
    }

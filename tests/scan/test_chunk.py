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

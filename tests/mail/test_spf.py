"""SPF as receivers meet it: the record, what each evaluation comes to, and what was looked up on the way."""

import msgspec
import pytest

from mxproof.evidence import Answer, DnsData, Kind, Outcome, Question, Transport, TxtRecord
from mxproof.formats.spf import examine_spf
from mxproof.judge.codes import Code
from mxproof.mail.spf import HostEvaluation, Spf, VisitedRecord, spf_of
from mxproof.survey.spf_evaluation import SpfResult
from support_sending import SENDING, SPF_RECORD, SPF_WORLDS, spf
from support_world import ZoneWorld, collect

OWN = Question(Kind.TXT, "example.com")
INCLUDED = Question(Kind.TXT, "_spf.example.net")
RECORD = SPF_RECORD.encode()
INCLUDED_RECORD = b"v=spf1 ip4:203.0.113.0/24 -all"


def of(world: ZoneWorld) -> Spf:
    return spf_of(collect(world))


def test_the_only_record_is_read() -> None:
    found = of(SENDING)
    assert (found.name, found.question, found.answer.outcome) == ("example.com", OWN, Outcome.FOUND)
    assert (found.candidates, found.record) == ((RECORD,), examine_spf(RECORD))


def test_of_several_records_none_is_read() -> None:
    found = of(SPF_WORLDS[Code.SPF_MULTIPLE])
    assert found.candidates == (b"v=spf1 ip4:192.0.2.0/24 -all", b"v=spf1 mx -all")
    assert found.record is None
    assert found.visited == (VisitedRecord(OWN, None, texts=2, size_bytes=0, needed_tcp=False),)


def test_where_there_is_no_record_none_is_read() -> None:
    found = of(SPF_WORLDS[Code.SPF_MISSING])
    assert (found.candidates, found.record) == ((), None)
    assert found.visited == (VisitedRecord(OWN, None, texts=0, size_bytes=0, needed_tcp=False),)


def test_it_is_evaluated_for_a_stranger_of_each_family_each_host_and_each_greeting() -> None:
    found = of(SENDING)
    at = [
        ("mx1.example.com", "192.0.2.1"),
        ("mx1.example.com", "2001:db8::1"),
        ("mx2.example.com", "192.0.2.2"),
    ]
    assert [one.result for one in found.strangers] == [SpfResult.FAIL, SpfResult.FAIL]
    assert [(one.host, one.address) for one in found.hosts] == at
    assert isinstance(found.hosts[0], HostEvaluation)
    assert {one.evaluation.result for one in found.hosts} == {SpfResult.PASS}
    assert [(one.greeting.host, one.greeting.client.address) for one in found.greetings] == at


def test_the_texts_that_a_stranger_leads_to_are_visited_in_order_and_no_other_look_ups() -> None:
    found = of(SENDING)
    assert found.visited == (
        VisitedRecord(OWN, examine_spf(RECORD), texts=1, size_bytes=0, needed_tcp=False),
        VisitedRecord(INCLUDED, examine_spf(INCLUDED_RECORD), texts=1, size_bytes=0, needed_tcp=False),
    )


def test_a_text_that_two_records_lead_to_is_visited_once() -> None:
    found = of(spf("v=spf1 include:_spf.example.net include:_spf.example.net -all"))
    assert [one.question for one in found.visited] == [OWN, INCLUDED]


@pytest.mark.parametrize(("transport", "needed"), [(Transport.UDP, False), (Transport.TCP, True)])
def test_of_a_text_its_size_with_its_neighbours_and_its_transport_are_told(
    transport: Transport, *, needed: bool
) -> None:
    evidence = collect(SENDING)
    texts = (TxtRecord(INCLUDED_RECORD), TxtRecord(b"another text"))
    data = DnsData("NOERROR", secure=False, records=texts, transport=transport, wire=bytes(600))
    answer = Answer(Outcome.FOUND, SENDING.at, data)
    found = spf_of(msgspec.structs.replace(evidence, answers={**evidence.answers, INCLUDED: answer}))
    assert found.visited[1] == VisitedRecord(
        INCLUDED, examine_spf(INCLUDED_RECORD), texts=2, size_bytes=600, needed_tcp=needed
    )


def test_a_look_up_that_failed_is_told_with_what_each_server_says() -> None:
    found = of(SPF_WORLDS[Code.SPF_LOOKUP_FAILED])
    (failed,) = found.failures
    assert (failed.question, failed.answer.outcome) == (INCLUDED, Outcome.TIMEOUT)
    assert [(one.where.server, one.udp.outcome, one.tcp.outcome) for one in failed.served] == [
        ("ns.example.net", Outcome.TIMEOUT, Outcome.TIMEOUT)
    ]
    assert found.visited[1] == VisitedRecord(INCLUDED, None, texts=0, size_bytes=0, needed_tcp=False)
    assert of(SENDING).failures == ()


def test_a_look_up_that_failed_for_a_greeting_alone_is_told_as_well() -> None:
    found = of(SENDING.zone_with("mx2.example.com TXT !timeout"))
    assert [one.question for one in found.failures] == [Question(Kind.TXT, "mx2.example.com")]
    assert {one.result for one in found.strangers} == {SpfResult.FAIL}
    assert {one.evaluation.result for one in found.hosts} == {SpfResult.PASS}


def test_what_a_stranger_of_either_family_leads_to_is_visited() -> None:
    found = of(spf("v=spf1 include:%{v}.example.net include:_spf.example.net -all"))
    visited = [one.question.name for one in found.visited]
    assert visited[:2] == ["example.com", "in-addr.example.net"]
    assert "ip6.example.net" in visited
    assert len(visited) == len(set(visited))

"""What a destination is asked about again: what has expired, while the decision stands, and where it is made anew."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Answer, DnsData, Evidence, Kind, Outcome, Question
from mxproof.evidence.answer import AddressRecord, DnsRecord, TxtRecord
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection, Reason, Rules
from mxproof.mail.memory import Memory
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.pacing import Share
from mxproof.serve.policyd.answer_settings import AnswerSettings
from mxproof.serve.policyd.held_evidence import without_wire
from mxproof.serve.policyd.survey import (
    asked_again,
    is_about_mail_host,
    renewed,
    surveyed,
    to_ask_again,
    understood,
)
from support_clock import run

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
ASKING = Asking((Peer("127.0.0.1", 1),), trust_ad=True)
SETTINGS = AnswerSettings(ASKING, (), Rules(), grace_s=60.0, patience_s=2.0)
HOP, BRACKETED = NextHop("example.com"), NextHop("example.com", bracketed=True)
MX, RECORD = Question(Kind.MX, "example.com"), Question(Kind.TXT, "_mta-sts.example.com")
POLICY = Memory(b"version: STSv1\r\nmode: enforce\r\nmx: mx.example.com\r\nmax_age: 604800\r\n", NOW, "1")
DECIDED = Held(POLICY, None, Decision(Protection.STS, Reason.STS_ENFORCE, NOW))


def found(*records: DnsRecord, ttl_s: int = 300) -> Answer:
    data = DnsData("NOERROR", secure=True, records=records, wire=b"the bytes")
    return Answer(Outcome.FOUND, NOW, data, ttl_s=ttl_s)


def evidence_of(ident: str = "1") -> Evidence:
    """Return evidence whose MX records live for five minutes and whose record does for ten."""
    return Evidence("example.com").with_answers(
        [(MX, found()), (RECORD, found(TxtRecord(f"v=STSv1; id={ident};".encode()), ttl_s=600))]
    )


def again(held: Held, after_s: float = 0, evidence: Evidence | None = None, hop: NextHop = HOP) -> object:
    """Return what is asked again so long after."""
    return to_ask_again(hop, held, evidence or evidence_of(), NOW + timedelta(seconds=after_s))


def test_while_the_decision_stands_what_has_expired_is_asked_again() -> None:
    assert [again(DECIDED, after_s) for after_s in (0, 301, 601)] == [(), (MX,), (MX, RECORD)]


def test_of_a_destination_in_brackets_no_mx_is_asked_for() -> None:
    """What an administrator wrote is as good as an answer (RFC 8461 section 3.4)."""
    assert again(DECIDED, 601, hop=BRACKETED) == (RECORD,)


@pytest.mark.parametrize(
    "decision",
    [
        None,
        Decision(Protection.UNDECIDED, Reason.STS_UNANSWERED, NOW),
        Decision(Protection.STS, Reason.STS_ENFORCE, NOW, kept=True),
    ],
    ids=["none", "undecided", "kept while DNS did not answer"],
)
def test_a_makeshift_is_decided_anew(decision: Decision | None) -> None:
    assert again(msgspec.structs.replace(DECIDED, decision=decision)) is None


def test_a_policy_that_has_ended_and_one_of_another_id_are_fetched_anew() -> None:
    """RFC 8461 sections 3.1 and 3.3."""
    assert again(DECIDED, evidence=evidence_of("2")) is None
    ended = msgspec.structs.replace(DECIDED, policy=msgspec.structs.replace(POLICY, fetched_at=NOW - WEEK))
    shunned = msgspec.structs.replace(ended, failure=Failure(NOW, ResultType.STS_WEBPKI_INVALID, "", "1"))
    assert again(shunned) is None


def test_where_no_policy_is_held_a_decision_stands_as_long_as_no_record_calls_for_one() -> None:
    without = Held(None, None, Decision(Protection.DEFAULT, Reason.STS_ABSENT, NOW))
    assert again(without, evidence=Evidence("example.com")) == ()
    assert again(without) is None


def test_evidence_of_another_port_is_judged_as_for_port_25() -> None:
    at_port = {Question(Kind.TLSA, f"_{port}._tcp.mx.example.com"): found() for port in (25, 26, 587)}
    evidence = Evidence("example.com").with_answers(
        (question, answer) for question, answer in at_port.items() if not question.name.startswith("_25.")
    )
    assert set(understood(evidence, NextHop("example.com", port=587), SETTINGS).answers) == set(at_port)
    assert set(understood(evidence, NextHop("example.com", port=26), SETTINGS).answers) == set(at_port)
    at_25 = evidence.with_answers(at_port.items())
    assert understood(at_25, HOP, SETTINGS).answers == at_25.answers


class Answering(Asker):
    """An asker that knows some answers, and says nothing else; `asked` are the questions."""

    def __init__(self, answers: Mapping[Question, Answer]) -> None:
        super().__init__(ASKING)
        self.answers = answers
        self.asked: list[Question] = []

    async def ask(self, question: Question, _: Share, begun: object = None) -> Answer:
        """Answer at once."""
        self.asked.append(question)
        return self.answers.get(question, Answer(Outcome.EMPTY, NOW, DnsData("NOERROR", secure=True)))


HOST = AddressRecord("192.0.2.25")


@pytest.mark.parametrize(
    ("answers", "same"),
    [
        ({MX: found(), RECORD: found()}, True),
        ({MX: found(), RECORD: found(HOST)}, False),
        ({MX: found(HOST), RECORD: found(HOST)}, False),
        ({MX: found()}, True),
        ({MX: found(HOST)}, False),
    ],
    ids=["none differs", "one differs", "both differ", "the only one is the same", "the only one differs"],
)
def test_it_is_told_whether_all_answers_are_the_same_as_before(
    answers: Mapping[Question, Answer], *, same: bool
) -> None:
    held = Evidence("example.com").with_answers([(MX, found()), (RECORD, found())])
    asker = Answering(answers)
    evidence, is_same = run(asked_again(held, tuple(answers), asker), patience_s=0)
    assert (is_same, asker.asked) == (same, list(answers))
    for question, answer in answers.items():
        assert evidence.answers[question] == without_wire(answer)


def test_of_what_is_known_nothing_is_asked_again() -> None:
    asker = Answering({})
    evidence = run(surveyed(HOP, Held(), SETTINGS, NOW, asker), patience_s=0)
    host = [Question(kind, "example.com") for kind in (Kind.A, Kind.AAAA)]
    assert asker.asked == [MX, RECORD, *host]
    later = Answering({})
    known = evidence.without([RECORD])
    run(surveyed(HOP, Held(), SETTINGS, NOW, later, known), patience_s=0)
    assert later.asked == [RECORD]


def test_a_destination_in_brackets_is_its_own_mail_exchanger() -> None:
    asker = Answering({})
    evidence = run(surveyed(BRACKETED, Held(), SETTINGS, NOW, asker), patience_s=0)
    assert MX not in asker.asked
    assert evidence.answers[MX].detail == "the destination is in brackets: no MX look-up"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(Kind.A, "mx.example.com"), True),
        (Question(Kind.AAAA, "mx.example.com"), True),
        (Question(Kind.TLSA, "_25._tcp.mx.example.com"), True),
        (Question(Kind.MX, "example.com"), False),
        (Question(Kind.A, "mta-sts.example.com"), False),
        (Question(Kind.MX, "mta-sts.example.com"), False),
    ],
    ids=str,
)
def test_addresses_and_tlsa_records_of_mail_hosts_are_likely_to_be_wanted_by_many(
    question: Question, *, expected: bool
) -> None:
    assert is_about_mail_host(question) is expected


def test_a_decision_that_is_renewed_is_of_now() -> None:
    later = renewed(DECIDED, NOW + DAY)
    assert DECIDED.decision is not None
    assert later == msgspec.structs.replace(
        DECIDED, decision=msgspec.structs.replace(DECIDED.decision, at=NOW + DAY)
    )

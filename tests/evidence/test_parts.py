"""Evidence in parts: what is put together again judges as before, and what stays the same is kept once."""

from datetime import timedelta
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given

from mxproof.evidence import (
    Answer,
    Der,
    DnsData,
    Evidence,
    Kind,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
    TlsData,
    Vantage,
)
from mxproof.evidence.parts import Frame, digests_in, parts_of, whole
from mxproof.judge.judging import report_on
from support_evidence import OBSERVED_AT, evidences, small_evidence
from support_scenarios import seen


def _headers_alone(evidence: Evidence) -> Evidence:
    """Return evidence as it is kept in parts: of raw messages the header and the length, without the ID."""
    return evidence.with_answers(
        (
            question,
            msgspec.structs.replace(
                answer,
                data=msgspec.structs.replace(
                    answer.data,
                    wire=(b"\0\0" + answer.data.wire[2:12])[: len(answer.data.wire)].ljust(
                        len(answer.data.wire), b"\0"
                    ),
                ),
            ),
        )
        for question, answer in evidence.answers.items()
        if isinstance(answer.data, DnsData) and answer.data.wire
    )


@given(evidences())
def test_what_is_taken_apart_is_put_together_again(evidence: Evidence) -> None:
    taken = parts_of(evidence)
    assert digests_in(taken.frame) == set(taken.parts)
    assert whole(taken.frame, taken.parts) == _headers_alone(evidence)


@pytest.mark.parametrize("scenario", ["incident", "dnssec-bogus", "ns-stale-mx", "tlsa-wrong", "spf-void"])
def test_it_judges_as_before(scenario: str) -> None:
    evidence = seen(scenario).evidence
    taken = parts_of(evidence)
    again = whole(taken.frame, taken.parts)
    now = evidence.observed_at()
    assert report_on(again, now=now) == report_on(evidence, now=now)


def test_the_same_answered_later_has_no_new_part() -> None:
    evidence = small_evidence()
    later = evidence.with_answers(
        (
            question,
            msgspec.structs.replace(
                answer,
                at=answer.at + timedelta(hours=1),
                elapsed_ms=answer.elapsed_ms + 1,
                ttl_s=17,
                data=msgspec.structs.replace(answer.data, wire=b"\x17\x18" + answer.data.wire[2:])
                if isinstance(answer.data, DnsData) and answer.data.wire
                else answer.data,
            ),
        )
        for question, answer in evidence.answers.items()
    )
    assert parts_of(later).parts == parts_of(evidence).parts
    assert parts_of(later).frame != parts_of(evidence).frame


def test_a_part_that_is_missing_is_named() -> None:
    taken = parts_of(small_evidence())
    missing, *_ = taken.parts
    with pytest.raises(KeyError) as caught:
        whole(taken.frame, {digest: part for digest, part in taken.parts.items() if digest != missing})
    assert caught.value.args == (missing,)


def test_moments_are_counted_from_the_first_answer() -> None:
    rows = sorted(small_evidence().answers.items(), key=lambda row: row[0])
    later = (3, 0, 1, 2)
    evidence = Evidence("example.com").with_answers(
        (question, msgspec.structs.replace(answer, at=answer.at + timedelta(seconds=seconds)))
        for (question, answer), seconds in zip(rows, later, strict=True)
    )
    frame = msgspec.msgpack.decode(parts_of(evidence).frame, type=Frame)
    assert frame.began_at == rows[0][1].at
    assert [moment.after_us for moment in frame.moments] == [seconds * 1_000_000 for seconds in later]


def test_a_part_is_known_by_sixteen_bytes_in_every_store() -> None:
    """With more or fewer nothing that was kept before would be found again."""
    assert {len(one) for one in parts_of(small_evidence()).parts} == {16}


CHAINS = tuple(Der(name) for name in (b"first", b"second", b"third"))
SMTP = Question(Kind.SMTP, "mx.example.com", "192.0.2.25")
POLICY = Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80")
MX = Question(Kind.MX, "example.com")


def _of_moments() -> Evidence:
    """Return evidence in which no two answers have a moment, a time to live, a number of attempts or a certificate in common."""
    tls = [TlsData("TLSv1.3", "", (one,)) for one in CHAINS[:2]]
    later = timedelta(seconds=1, microseconds=7)
    return Evidence("example.com", Vantage(anchors=(CHAINS[2],), host="here")).with_answers(
        [
            (
                SMTP,
                Answer(
                    Outcome.CLOSED,
                    OBSERVED_AT + later,
                    SmtpData(SmtpStage.SECURED, tls=tls[0]),
                    None,
                    5,
                    2,
                    "cut",
                ),
            ),
            (
                POLICY,
                Answer(Outcome.FOUND, OBSERVED_AT, PolicyData(200, tls=tls[1]), 0, 6, 3, "", shared=True),
            ),
            (MX, Answer(Outcome.EMPTY, OBSERVED_AT + 2 * later, None, 60, 7)),
        ]
    )


def test_what_is_an_answers_own_comes_back_as_it_was() -> None:
    evidence = _of_moments()
    taken = parts_of(evidence)
    again = whole(taken.frame, taken.parts)
    assert {question: again.answer(question) for question in (SMTP, POLICY, MX)} == dict(evidence.answers)
    assert again == evidence


def test_a_frame_names_every_certificate_of_its_answers_and_of_the_vantage() -> None:
    """What no frame names is thrown away."""
    taken = parts_of(_of_moments())
    frame = msgspec.msgpack.decode(taken.frame, type=Frame)
    certificates = {sha256(bytes(one)).digest()[:16] for one in CHAINS}
    assert set(frame.certificates) == certificates
    answers = {one.part for one in frame.moments}
    assert (len(answers), answers & certificates) == (3, set())
    assert digests_in(taken.frame) == answers | certificates


def test_parts_that_two_frames_share_put_each_of_them_together() -> None:
    """A store keeps the parts of all in one place."""
    first = _of_moments()
    answer = first.answer(SMTP)
    second = first.with_answers([(SMTP, msgspec.structs.replace(answer, detail="other"))])
    taken = [parts_of(one) for one in (first, second)]
    store = {**taken[0].parts, **taken[1].parts}
    assert len(store) == len(taken[0].parts) + 1
    assert [whole(one.frame, store) for one in taken] == [first, second]


def test_the_id_of_a_message_is_no_part_of_it_and_its_flags_and_its_length_are() -> None:
    def part(wire: bytes) -> frozenset[bytes]:
        data = DnsData("NOERROR", secure=False, wire=wire)
        evidence = Evidence("example.com").with_answers([(MX, Answer(Outcome.FOUND, OBSERVED_AT, data))])
        return frozenset(parts_of(evidence).parts)

    body = b"\x84\0" + bytes(8) + b"question and answer"
    assert part(b"\1\2" + body) == part(b"\3\4" + body) == part(b"\3\4" + body[:10] + b"QUESTION and ANSWER")
    assert part(b"\1\2" + body) != part(b"\1\2" + body + b"x")
    assert part(b"\1\2" + body) != part(b"\1\2\x80" + body[1:])

"""Evidence in parts: what is put together again judges as before, and what stays the same is kept once."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given

from mxproof.evidence import DnsData, Evidence
from mxproof.evidence.parts import Frame, digests_in, parts_of, whole
from mxproof.judge.judging import report_on
from support_evidence import evidences, small_evidence
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

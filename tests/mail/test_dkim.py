"""The DKIM keys of a domain: what stands under each selector that was named, or that is in common use."""

import msgspec
import pytest

from mxproof.evidence import DnsData, Kind, NameRecord, Outcome, Question
from mxproof.formats.dkim import examine_key
from mxproof.judge.codes import Code
from mxproof.mail.dkim import Dkim, KeyRecord, dkim_of
from support_sending import DKIM_WORLDS, KEY_1024, KEY_2048, KEY_NAME, SELECTOR, SENDING
from support_world import collect

ASKED = Question(Kind.TXT, KEY_NAME)
TEXT = f"v=DKIM1; k=rsa; p={KEY_2048}".encode()


def of(code: Code) -> Dkim:
    return dkim_of(collect(DKIM_WORLDS[code]))


def test_the_only_record_under_a_selector_that_was_named_is_read() -> None:
    evidence = collect(SENDING)
    key = KeyRecord(SELECTOR, ASKED, evidence.answer(ASKED), (TEXT,), examine_key(TEXT))
    assert dkim_of(evidence) == Dkim(named=True, keys=(key,))


def test_a_selector_of_several_labels_is_told_whole() -> None:
    world = SENDING.but(selectors=("a.b",))
    assert [one.selector for one in dkim_of(collect(world)).keys] == ["a.b"]


def test_of_several_records_none_is_read_and_they_stand_in_order() -> None:
    (found,) = of(Code.DKIM_KEY_MULTIPLE).keys
    texts = (f"v=DKIM1; p={KEY_1024}".encode(), f"v=DKIM1; p={KEY_2048}".encode())
    assert (found.texts, found.key) == (tuple(sorted(texts)), None)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(Code.DKIM_KEY_MISSING, Outcome.NXDOMAIN), (Code.DKIM_UNANSWERED, Outcome.SERVFAIL)],
)
def test_where_there_is_no_record_none_is_read(code: Code, outcome: Outcome) -> None:
    (found,) = of(code).keys
    assert (found.answer.outcome, found.texts, found.key) == (outcome, (), None)


def test_the_records_of_an_answer_that_failed_and_those_that_are_no_texts_are_passed_over() -> None:
    evidence = collect(SENDING)
    good = evidence.answer(ASKED)
    assert isinstance(good.data, DnsData)
    named = msgspec.structs.replace(good.data, records=(NameRecord("example.net"), *good.data.records))
    (found,) = dkim_of(evidence.with_answers([(ASKED, msgspec.structs.replace(good, data=named))])).keys
    assert found.texts == (TEXT,)
    cut = msgspec.structs.replace(good, outcome=Outcome.TRUNCATED)
    (lost,) = dkim_of(evidence.with_answers([(ASKED, cut)])).keys
    assert (lost.texts, lost.key) == ((), None)


def test_without_selectors_the_names_in_common_use_are_asked_for() -> None:
    found = of(Code.DKIM_NOT_FOUND)
    assert not found.named
    assert len(found.keys) > 1
    assert {one.answer.outcome for one in found.keys} == {Outcome.NXDOMAIN}

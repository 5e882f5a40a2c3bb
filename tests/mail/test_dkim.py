"""The DKIM keys of a domain: what stands under each selector that was asked for, and which of it is a key."""

import msgspec
import pytest

from mxproof.evidence import DnsData, Evidence, Kind, OtherRecord, Outcome, Question, TxtRecord, Vantage
from mxproof.formats.dkim import examine_key
from mxproof.mail.dkim import KeyRecord, dkim_of
from mxproof.survey.dkim import COMMON_SELECTORS
from support_answers import Said, told
from support_dkim import record

NAMED = Vantage(selectors=("s1",))
ASKED = Question(Kind.TXT, "s1._domainkey.example.com")


def seen(said: Said) -> Evidence:
    return told({ASKED: said}, vantage=NAMED)


def only(said: Said) -> KeyRecord:
    (one,) = dkim_of(seen(said)).keys
    return one


def test_the_only_record_under_a_selector_is_its_key() -> None:
    evidence = seen((TxtRecord(record()),))
    (one,) = dkim_of(evidence).keys
    assert (one.selector, one.question, one.answer) == ("s1", ASKED, evidence.answer(ASKED))
    assert (one.texts, one.key) == ((record(),), examine_key(record()))


def test_of_several_records_none_is_the_key() -> None:
    two = only((TxtRecord(b"b"), TxtRecord(b"a")))
    assert (two.texts, two.key) == ((b"a", b"b"), None)


def test_what_is_no_text_is_no_record_of_a_key() -> None:
    one = only((OtherRecord("1 2 3"), TxtRecord(record())))
    assert one.texts == (record(),)
    assert one.key is not None


@pytest.mark.parametrize("outcome", [Outcome.BOGUS, Outcome.TRUNCATED, Outcome.MALFORMED])
def test_the_records_of_an_answer_that_failed_do_not_count(outcome: Outcome) -> None:
    data = DnsData("NOERROR", secure=False, records=(TxtRecord(record()),))
    found = seen(data)
    failed = msgspec.structs.replace(found.answer(ASKED), outcome=outcome)
    (one,) = dkim_of(found.with_answers([(ASKED, failed)])).keys
    assert (one.answer.outcome, one.texts, one.key) == (outcome, (), None)


def test_without_an_answer_there_is_no_key() -> None:
    absent = only(Outcome.NXDOMAIN)
    assert (absent.answer.outcome, absent.texts, absent.key) == (Outcome.NXDOMAIN, (), None)


def test_selectors_are_named_or_those_in_common_use() -> None:
    assert dkim_of(seen(Outcome.EMPTY)).named
    common = dkim_of(told({}))
    assert not common.named
    assert tuple(one.selector for one in common.keys) == COMMON_SELECTORS

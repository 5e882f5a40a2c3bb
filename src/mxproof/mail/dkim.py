"""The DKIM keys of a domain: those of the selectors that were named, or those found under names in common use."""

import msgspec

from mxproof.evidence import Answer, DnsData, Evidence, Outcome, Question, TxtRecord
from mxproof.formats.dkim import KEY_LABEL, DkimKey, examine_key
from mxproof.survey import dkim


class KeyRecord(msgspec.Struct, frozen=True):
    """What stands under one selector; `key` is the only record as read, None where there is none or there are several."""

    selector: str
    question: Question
    answer: Answer
    texts: tuple[bytes, ...]
    key: DkimKey | None


class Dkim(msgspec.Struct, frozen=True):
    """The keys that were asked for; `named` where the selectors were."""

    named: bool
    keys: tuple[KeyRecord, ...]


def dkim_of(evidence: Evidence) -> Dkim:
    """Return what the evidence shows of the keys of its domain."""
    keys = tuple(_key(evidence, question) for question in dkim.needed(evidence))
    return Dkim(bool(evidence.vantage.selectors), keys)


def _key(evidence: Evidence, question: Question) -> KeyRecord:
    answer = evidence.answer(question)
    found = answer.outcome is Outcome.FOUND and isinstance(answer.data, DnsData)
    records = answer.data.records if found and isinstance(answer.data, DnsData) else ()
    texts = tuple(sorted(one.text for one in records if isinstance(one, TxtRecord)))
    selector = question.name.partition(f".{KEY_LABEL}.")[0]
    return KeyRecord(selector, question, answer, texts, examine_key(texts[0]) if len(texts) == 1 else None)

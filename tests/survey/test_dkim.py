"""Which DKIM keys are asked for."""

import msgspec

from mxproof.evidence import Evidence, Kind, Question, Vantage
from mxproof.survey.dkim import COMMON_SELECTORS, SELECTORS_MAX, needed, wanted


def test_the_selectors_that_were_named_are_asked_and_no_others() -> None:
    evidence = Evidence("example.com", Vantage(selectors=("s1", "x.y")))
    assert wanted(evidence) == (
        Question(Kind.TXT, "s1._domainkey.example.com"),
        Question(Kind.TXT, "x.y._domainkey.example.com"),
    )


def test_without_any_those_in_common_use_are_asked() -> None:
    assert [one.name.partition(".")[0] for one in needed(Evidence("example.com"))] == list(COMMON_SELECTORS)


def test_a_file_cannot_have_more_asked_than_the_limit_and_nothing_that_is_no_name() -> None:
    evidence = Evidence("example.com", Vantage(selectors=tuple(f"s{place}" for place in range(99))))
    assert len(needed(evidence)) == SELECTORS_MAX
    odd = msgspec.structs.replace(evidence, vantage=Vantage(selectors=("a b", "*", "")))
    assert needed(odd) == ()

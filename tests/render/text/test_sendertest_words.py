"""The words of a sender test: what was done, what a mechanism comes to, what became of a case, and how a model differs."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec
import pytest

from mxproof.judge.senders.inference.case import POSTING_CASE, REPORTING_CASE, Proper, Topic
from mxproof.judge.senders.inference.conclusion import (
    SENDERTEST_REPORT_VERSION,
    Became,
    Conduct,
    Honoured,
    SenderTestReport,
    SenderTlsReport,
    ToldBounce,
    ToldCase,
    ToldDifference,
    ToldMechanism,
)
from mxproof.judge.senders.inference.inferring import Agreement
from mxproof.judge.senders.inference.possible import POSSIBLE
from mxproof.judge.senders.inference.setting import ServerSetting
from mxproof.judge.vocabulary import Verdict
from mxproof.render.text.sendertest_words import (
    AGREEMENT_WORDS,
    BECAME_WORDS,
    CONDUCT_TONES,
    HONOURED_TONES,
    HONOURED_WORDS,
    PROPER_WORDS,
    TOPIC_WORDS,
    TRAIT_WORDS,
    became_words,
    bounce_words,
    case_words,
    difference_words,
    headline,
    mechanism_words,
    of_conduct,
    report_words,
    setting_title,
    wants_reports,
)

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
CASE = ToldCase(
    "cert-name",
    Topic.MTA_STS,
    "another name",
    Proper.REFUSE,
    Became.ENCRYPTED,
    Conduct.LAX,
    "mx.example.net",
    "TLSv1.3",
    1,
)
REPORTED = SenderTlsReport("Example Inc.", "cert-name", "a.example.net", "sts", 3, 2, ())


def case(**changes: Any) -> ToldCase:  # noqa: ANN401 - the fields have many types
    return msgspec.structs.replace(CASE, **changes)


def report(*cases: ToldCase, **changes: Any) -> SenderTestReport:  # noqa: ANN401 - as above
    made = SenderTestReport(SENDERTEST_REPORT_VERSION, "test", "r1", AT, AT, (), cases, (), (), (), ())
    return msgspec.structs.replace(made, **changes)


@pytest.mark.parametrize(
    ("words", "every"),
    [
        (AGREEMENT_WORDS, Agreement),
        (BECAME_WORDS, Became),
        (CONDUCT_TONES, Conduct),
        (HONOURED_TONES, Honoured),
        (HONOURED_WORDS, Honoured),
        (PROPER_WORDS, Proper),
        (TOPIC_WORDS, Topic),
    ],
)
def test_there_is_a_word_or_a_tone_for_each(words: dict[StrEnum, str], every: type[StrEnum]) -> None:
    assert list(words) == list(every)


def test_every_trait_has_words_of_its_own() -> None:
    assert TRAIT_WORDS.keys() == POSSIBLE.keys()
    assert len(set(TRAIT_WORDS.values())) == len(TRAIT_WORDS)


def test_what_is_lax_is_worse_than_what_is_strict() -> None:
    assert (CONDUCT_TONES[Conduct.LAX], CONDUCT_TONES[Conduct.STRICT]) == (Verdict.REFUSED, Verdict.AT_RISK)
    assert (HONOURED_TONES[Honoured.NO], HONOURED_TONES[Honoured.YES]) == (Verdict.REFUSED, Verdict.DELIVERS)


@pytest.mark.parametrize(
    ("cases", "sent"),
    [
        ((CASE, CASE), "all 2 cases were"),
        ((CASE, CASE, case(became=Became.UNSENT)), "2 of 3 cases were"),
        ((CASE, case(became=Became.UNSENT)), "1 of 2 cases was"),
    ],
)
def test_the_headline_says_how_many_cases_were_sent_to(cases: tuple[ToldCase, ...], sent: str) -> None:
    assert headline(report(*cases)) == f"Sender test r1 of 2026-11-20 12:00:00 UTC: {sent} sent to."


def test_the_headline_warns_of_what_was_not_seen() -> None:
    lost = {"turned away": 7, "not noted": 2}
    assert headline(report(CASE, CASE, lost=lost)) == (
        "Sender test r1 of 2026-11-20 12:00:00 UTC: all 2 cases were sent to. "
        "Not everything was seen (7 turned away, 2 not noted): what a case shows may be wrong."
    )


@pytest.mark.parametrize(
    ("honoured", "lax", "words"),
    [
        (Honoured.YES, 0, "no case was delivered to that it forbids."),
        (Honoured.PARTLY, 1, "1 of the cases that it forbids was delivered to."),
        (Honoured.PARTLY, 2, "2 of the cases that it forbids were delivered to."),
        (Honoured.NO, 2, "mail went out whatever it asked for."),
        (Honoured.UNKNOWN, 0, "too few cases were sent to."),
    ],
)
def test_a_mechanism_is_told_by_what_it_forbids(honoured: Honoured, lax: int, words: str) -> None:
    assert mechanism_words(ToldMechanism(Topic.MTA_STS, honoured, ("cert-name",) * lax, ())) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "delivered over TLS (TLSv1.3)"),
        ({"policy_waited_ms": 4020}, "delivered over TLS (TLSv1.3, waited 4.0 s for the policy)"),
        ({"became": Became.HELD, "tls": ""}, "not delivered"),
        (
            {"became": Became.CLEAR_TEXT, "tls": "", "policy_waited_ms": 60_000},
            "delivered in clear text (waited 60.0 s for the policy)",
        ),
        ({"became": Became.UNSENT, "tls": ""}, "not sent"),
    ],
)
def test_a_case_says_what_became_of_the_mail_over_which_tls_and_how_long_was_waited(
    changes: dict[str, Any], words: str
) -> None:
    assert became_words(case(**changes)) == words
    assert case_words(case(**changes)) == f"another name: {words}"


@pytest.mark.parametrize(
    ("model", "said"),
    [(("no",), "no"), (("a", "b", "c"), "a, b and c"), (("a", "b", "c", "d"), "nothing certain")],
)
def test_a_difference_has_what_was_seen_and_what_the_model_says(model: tuple[str, ...], said: str) -> None:
    assert difference_words(ToldDifference("dane", Agreement.DIFFERENT, ("yes",), model)) == (
        f"different: has DANE: seen yes, the model says {said}"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Example Inc.: cert-name, policy sts: 3 sessions went well, 2 failed"),
        (
            {"organization": "", "result_types": ("validation-failure", "sts-policy-invalid"), "success": 1},
            "somebody: cert-name, policy sts: 1 session went well, 2 failed (validation-failure and sts-policy-invalid)",
        ),
        (
            {"case": "", "success": 0},
            "Example Inc.: a.example.net, which is none of a case, policy sts: 0 sessions went well, 2 failed",
        ),
    ],
)
def test_a_tls_report_says_of_which_case_it_is_and_what_it_counts(
    changes: dict[str, Any], words: str
) -> None:
    assert report_words(msgspec.structs.replace(REPORTED, **changes)) == words


def test_a_bounce_is_said_as_far_as_it_says_something() -> None:
    assert bounce_words(ToldBounce("cert-name", "failed", "4.7.5", "not verified")) == (
        "cert-name: failed 4.7.5 not verified"
    )
    assert bounce_words(ToldBounce("cert-name", "failed", "", "")) == "cert-name: failed"


@pytest.mark.parametrize("wanting", [REPORTING_CASE, POSTING_CASE])
def test_reports_are_wanted_once_mail_was_sent_to_a_case_that_asks_for_them(wanting: str) -> None:
    assert wants_reports(report(CASE, case(case=wanting)))
    assert wants_reports(report(case(case=wanting, became=Became.HELD)))
    assert not wants_reports(report(CASE, case(case=wanting, became=Became.UNSENT)))
    assert not wants_reports(report(CASE))


def test_a_setting_is_named_by_the_server_and_what_it_is_for() -> None:
    assert setting_title(ServerSetting("Postfix", Topic.MTA_STS, "a shell")) == "Postfix, MTA-STS"


def test_cases_of_one_conduct_are_told_apart_in_their_order() -> None:
    strict, lax = case(conduct=Conduct.STRICT), case(case="other")
    assert of_conduct(report(CASE, strict, lax), Conduct.LAX) == (CASE, lax)

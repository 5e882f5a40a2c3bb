"""What the models bounce with, explained: one table of words, and what is known of a sender is what its model does."""

from datetime import UTC, datetime

import pytest

from mxproof.evidence import Evidence, Vantage
from mxproof.explain.causes import CATALOGUE
from mxproof.explain.engine import explain
from mxproof.explain.knowledge import CHAPTERS
from mxproof.explain.knowledge.rule import Side
from mxproof.formats.result_type import ResultType
from mxproof.judge.judging import report_on
from mxproof.judge.senders import bounces
from mxproof.judge.senders.table import SENDERS
from mxproof.judge.senders.traits import BounceText, Traits
from mxproof.lab.making import made
from mxproof.lab.scenario import load, scenarios
from mxproof.mail.trust import with_anchors
from mxproof.survey.inbound import wanted
from mxproof.world.answer import observed

NOW = datetime(2026, 11, 26, tzinfo=UTC)
NAMES = {
    "domain": "example.com",
    "mx": "mx1.example.com",
    "name": "mx1.example.com",
    "address": "192.0.2.1",
    "status": "4.7.0",
    "reply": "454 4.7.0 TLS not available due to local problem",
}
CERTIFICATE = {
    ResultType.CERTIFICATE_HOST_MISMATCH,
    ResultType.CERTIFICATE_EXPIRED,
    ResultType.CERTIFICATE_NOT_TRUSTED,
    ResultType.VALIDATION_FAILURE,
    ResultType.TLSA_INVALID,
}
"""Words that say no more than that the certificate did not do stand for each of these."""
GENERAL = {
    "cert_not_verified",
    "cert_invalid",
    "mtasts_cert_invalid",
    "mtasts_cert_or_validation",
    "dane_generic",
}
SAYS_LESS = {
    "expired_connect_or_tls": "Microsoft gives up in the same words for whatever kept it from a session",
    "sender_config": "Postfix says no more of a policy daemon that does not decide, whatever the daemon saw",
}
WORDS_SAY_LESS = {
    "invalid security level (PLAIN) for STS policy": "chasquid comes again in clear text wherever TLS did not come about"
}
TABLES = {"microsoft": bounces.MICROSOFT, "postfix": bounces.POSTFIX_MXPROOF, "chasquid": bounces.CHASQUID}
UNMODELLED = {
    ("postfix", "dane_required_unsigned"): "the operator demands dane-only, which no model does",
    ("postfix", "dane_required_no_tlsa"): "as above",
    (
        "chasquid",
        "mtasts_mx_mismatch",
    ): "its bounce quotes the last host only, and names the skipped ones in its log",
}
WORDS = [
    (traits, text, words)
    for traits in SENDERS
    for text in traits.bounces
    for words in dict.fromkeys(filter(None, (text.transient, text.final)))
]


def _is_told(words: str, result_type: ResultType | None) -> bool:
    for claim in explain(words.encode()).causes:
        told = CATALOGUE[claim.code].result_type
        is_general = claim.code in GENERAL and result_type in CERTIFICATE
        if told is result_type or is_general or claim.code in SAYS_LESS or words in WORDS_SAY_LESS:
            return True
    return False


@pytest.mark.parametrize(
    ("traits", "text", "words"), WORDS, ids=[f"{one.id}-{text.result_type}" for one, text, _ in WORDS]
)
def test_the_words_of_a_model_are_explained_by_what_it_refuses_for(
    traits: Traits, text: BounceText, words: str
) -> None:
    assert (_is_told(words.format_map(NAMES), text.result_type), traits.id) == (True, traits.id)


def test_every_bounce_of_every_scenario_is_explained_by_what_the_model_refused_for() -> None:
    missed = []
    for scenario in scenarios():
        lab = made(load(scenario), NOW)
        start = Evidence(load(scenario).domain, Vantage(validating=True, simulated=scenario, families=(4, 6)))
        evidence = with_anchors(observed(lab.world, start, wanted, NOW), [lab.authority.root_der()])
        memories = () if lab.memory is None else (lab.memory,)
        for sender in report_on(evidence, now=NOW, memories=memories).senders:
            types = {one.result_type for one in sender.attempts if one.result_type is not None}
            said = (sender.bounce.transient, sender.bounce.final) if sender.bounce is not None else ()
            missed += [
                (scenario, sender.id, words)
                for words in dict.fromkeys(filter(None, said))
                if not any(_is_told(words, one) for one in types)
            ]
    assert missed == []


def test_what_is_known_of_a_sender_with_a_whole_table_is_what_its_model_does() -> None:
    missing = {
        (chapter.system, rule.cause)
        for chapter in CHAPTERS
        if chapter.side is Side.SENDER and chapter.system in TABLES
        for rule in chapter.rules
        if (told := CATALOGUE[rule.cause].result_type) is not None
        and told not in {text.result_type for text in TABLES[chapter.system]}
    }
    assert missing == set(UNMODELLED)

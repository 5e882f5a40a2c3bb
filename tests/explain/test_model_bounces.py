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
from mxproof.judge.report import Delivery
from mxproof.judge.senders import bounces
from mxproof.judge.senders.table import SENDERS
from mxproof.judge.senders.traits import BounceText, Traits
from mxproof.lab.making import made
from mxproof.lab.scenario import load, scenarios
from mxproof.mail.trust import with_anchors
from mxproof.survey.inbound import wanted
from mxproof.world.answer import observed
from support_long import EXHAUSTIVE
from support_result_types import LIBRARIES, MODELS, NO_SOURCE, NOT_MODELLED, TOLD_BY_ANOTHER

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
    "connect_or_tls": "Microsoft has one sentence for whatever kept it from a session",
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


def _types(sender: Delivery) -> set[ResultType]:
    return {one.result_type for one in sender.attempts if one.result_type is not None}


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


@pytest.fixture(scope="module")
def verdicts() -> list[tuple[str, Delivery]]:
    """Return what every model does in every scenario."""
    found = []
    for scenario in scenarios():
        lab = made(load(scenario), NOW)
        start = Evidence(load(scenario).domain, Vantage(validating=True, simulated=scenario, families=(4, 6)))
        evidence = with_anchors(observed(lab.world, start, wanted, NOW), [lab.authority.root_der()])
        memories = () if lab.memory is None else (lab.memory,)
        found += [(scenario, one) for one in report_on(evidence, now=NOW, memories=memories).senders]
    return found


@EXHAUSTIVE
def test_every_bounce_of_every_scenario_is_explained_by_what_the_model_refused_for(
    verdicts: list[tuple[str, Delivery]],
) -> None:
    missed = []
    for scenario, sender in verdicts:
        said = (sender.bounce.transient, sender.bounce.final) if sender.bounce is not None else ()
        missed += [
            (scenario, sender.id, words)
            for words in dict.fromkeys(filter(None, said))
            if not any(_is_told(words, one) for one in _types(sender))
        ]
    assert missed == []


@EXHAUSTIVE
def test_one_table_has_for_all_result_types_what_is_known_of_a_sender_and_what_its_models_do(
    verdicts: list[tuple[str, Delivery]],
) -> None:
    not_modelled, unsaid = set(), set()
    for system, models in MODELS.items():
        known = {
            told
            for chapter in CHAPTERS
            if chapter.side is Side.SENDER and chapter.system == system
            for rule in chapter.rules
            if (told := CATALOGUE[rule.cause].result_type) is not None
        }
        done = {told for _, sender in verdicts if sender.id in models for told in _types(sender)}
        not_modelled |= {(system, one) for one in known - done}
        libraries = LIBRARIES.get(system, {})
        unsaid |= {
            (system, one) for one in done - known if one not in libraries or not _is_told(libraries[one], one)
        }
    assert (not_modelled, unsaid) == (set(NOT_MODELLED), set(NO_SOURCE))


def test_every_modelled_sender_is_in_the_table_and_every_result_type_has_a_cause() -> None:
    modelled = {one.id for one in SENDERS} - {one for models in MODELS.values() for one in models}
    assert modelled == {"rfc8461", "opportunistic"}
    told = {one.result_type for one in CATALOGUE.values()}
    assert set(ResultType) - told == set(TOLD_BY_ANOTHER)
    assert set(TOLD_BY_ANOTHER.values()) <= told


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

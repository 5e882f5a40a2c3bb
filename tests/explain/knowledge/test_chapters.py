"""The knowledge: every rule has its sample, keeps off what is like it, and leads to a cause with words."""

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.knowledge import CHAPTERS, TLS_REPORTS
from mxproof.explain.knowledge.status import STATUS_CAUSES, author_of, status_cause
from mxproof.explain.knowledge.systems import NAMES
from mxproof.explain.match.claiming import stated, stated_in_report
from mxproof.explain.match.template import GAP_CHARACTERS_MAX, find, folded, template
from mxproof.formats.bounce.reply import flattened
from mxproof.judge.vocabulary import Confidence

RULES = [(chapter, rule) for chapter in (*CHAPTERS, TLS_REPORTS) for rule in chapter.rules]
RULES_MIN = 300
COUNTER_SAMPLES_MIN = 2
# One text can name two causes that stand for the same thing in different depth; these are told together.
TOLD_TOGETHER: dict[tuple[str | None, str], set[str]] = {
    ("google", "connect_timeout"): {"connect_timeout"},
    ("microsoft", "starttls_missing"): {"starttls_missing", "connect_or_tls"},
    ("amazonses", "connect_failure"): {"connect_failure", "queue_expired"},
    ("amazonses", "connect_timeout"): {"connect_timeout", "queue_expired"},
    ("amazonses", "dns_temp"): {"dns_temp", "queue_expired"},
    ("microsoft", "connect_refused_expired"): {"connect_refused_expired", "connect_refused"},
}
HOLE_CHARACTERS_MAX = 2000


def test_the_knowledge_is_there() -> None:
    assert len(RULES) >= RULES_MIN


def test_the_sample_of_a_rule_states_its_cause_and_no_other() -> None:
    for chapter, rule in RULES:
        judge = stated_in_report if chapter is TLS_REPORTS else stated
        got = {one.cause for one in judge(flattened(rule.sample))}
        assert got == TOLD_TOGETHER.get((chapter.system, rule.cause), {rule.cause}), rule.sample


def test_what_is_like_a_rule_is_not_taken_for_it() -> None:
    for chapter, rule in RULES:
        assert len(set(rule.unlike) - {rule.sample}) >= COUNTER_SAMPLES_MIN, (chapter.system, rule.sample)
        for line in rule.unlike:
            examined = folded(flattened(line))
            taken = [text for text in rule.texts if find(template(text), examined)]
            assert taken == [], (chapter.system, line)


def test_a_rule_has_a_cause_and_a_source() -> None:
    for chapter, rule in RULES:
        place = (chapter.system, rule.sample)
        assert rule.cause in CATALOGUE, place
        assert len(rule.source) > len("RFC 1"), place
        assert "memory" not in rule.source, place
        assert rule.confidence is not Confidence.GUESS or rule.lead, place


def test_every_text_of_a_rule_is_matched_by_what_it_spells() -> None:
    values = {
        "host": "mx.example.com",
        "domain": "example.com",
        "address": "192.0.2.1",
        "number": "25",
        "word": "mx",
    }
    values["gap"] = "some words "
    for chapter, rule in RULES:
        for text in rule.texts:
            spelled = f"a {text.format_map(values)} z"
            assert find(template(text), folded(spelled)) is not None, (chapter.system, text)


def test_no_two_rules_of_a_side_have_the_same_text() -> None:
    texts = [text for _, rule in RULES for text in rule.texts]
    assert sorted(text for text in set(texts) if texts.count(text) > 1) == []


def test_the_holes_of_a_template_are_bounded_together() -> None:
    for one in (template(text) for _, rule in RULES for text in rule.texts):
        gaps = sum(GAP_CHARACTERS_MAX if hole == "gap" else 255 for hole, _ in one.rest)
        assert gaps <= HOLE_CHARACTERS_MAX, one.source


def test_status_codes_lead_to_causes() -> None:
    assert set(STATUS_CAUSES.values()) <= set(CATALOGUE)
    assert (status_cause("4.4.316"), status_cause("5.4.316")) == (
        "connect_refused",
        "connect_refused_expired",
    )
    assert (author_of("4.7.324"), author_of("4.7.25")) == ("microsoft", "")
    assert status_cause("4.7.25") == status_cause("5.7.25") == "ptr_missing"
    assert status_cause("2.7.25") is None
    assert status_cause("5.1.1") is None


def test_the_words_of_a_rule_leave_only_suspects_that_differ() -> None:
    for _, rule in RULES:
        assert len(set(rule.suspects)) == len(rule.suspects)
        assert rule.suspects != CATALOGUE[rule.cause].suspects, (rule.cause, rule.sample)


def test_the_author_of_a_chapter_is_a_system() -> None:
    shared = {"filter", "regional", "milter"}
    assert {chapter.system for chapter in CHAPTERS if chapter.system} - set(NAMES) <= shared


def test_every_cause_of_the_catalogue_can_be_found() -> None:
    by_header = {"compauth", "dkim_body_hash", "dkim_signature", "spf_permerror", "dkim_key_dns"}
    by_rule = {rule.cause for _, rule in RULES}
    assert set(CATALOGUE) - by_rule - set(STATUS_CAUSES.values()) - by_header == set()

"""Every form of output holds its rules: for every scenario of the lab, and for worlds that try to break out of it."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.evidence import Evidence, Vantage
from mxproof.evidence.codec import decode
from mxproof.explain.engine import diagnosed
from mxproof.explain.wording import explanation
from mxproof.judge.checked import Checked
from mxproof.judge.conclusion import Conclusion, concluded
from mxproof.judge.differing import difference, seen
from mxproof.judge.vocabulary import Severity
from mxproof.lab.making import made
from mxproof.lab.scenario import load, scenarios
from mxproof.mail.trust import with_anchors
from mxproof.remedy.plan import Plan
from mxproof.remedy.planning import plan_for
from mxproof.render import junit
from mxproof.render.html import difference as html_difference
from mxproof.render.html import explanation as html_explanation
from mxproof.render.html import plan as html_plan
from mxproof.render.markdown import difference as markdown_difference
from mxproof.render.markdown import explanation as markdown_explanation
from mxproof.render.text import difference as text_difference
from mxproof.render.text import plan as text_plan
from mxproof.render.text.explanation import explain_text
from mxproof.render.text.paper import Paper
from mxproof.survey.inbound import wanted
from mxproof.world.answer import observed
from support_evidence import answers
from support_forms import checked, hold_every_form, hold_html, hold_markdown, steers_nobody
from support_long import examples, some
from support_poison import POISONS, poisoned, poisoned_world
from support_world import ZoneWorld, collect

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
INCIDENT = Path(__file__).parent.parent / "cases" / "incident.evidence.json"
GOOD = collect(ZoneWorld())
QUESTIONS = sorted(GOOD.answers)
EXAMPLES = 8
"""Parsing a page by the rules of HTML takes a tenth of a second."""


@cache
def played(scenario: str) -> Checked:
    """Return what a check finds in a scenario, as its world answers without sockets."""
    world = made(load(scenario), NOW)
    start = Evidence(load(scenario).domain, Vantage(validating=True, simulated=scenario))
    evidence = observed(world.world, start, wanted, NOW)
    memories = () if world.memory is None else (world.memory,)
    return checked(with_anchors(evidence, (world.authority.root_der(),)), memories)


@cache
def planned() -> Plan:
    """Return the plan for the founding incident."""
    return plan_for(decode(INCIDENT.read_bytes()), now=NOW)


@pytest.mark.parametrize("scenario", some(scenarios(), 24))
def test_every_scenario_is_said_in_every_form(scenario: str) -> None:
    hold_every_form([played(scenario)], Severity.WARNING)


def test_several_are_said_together() -> None:
    together = []
    for name in ("fixed", "incident", "one-mx-down", "mx-servfail", "null-mx"):
        one = played(name)
        together.append(
            msgspec.structs.replace(one, report=msgspec.structs.replace(one.report, domain=f"{name}.example"))
        )
    hold_every_form(together)


def test_nothing_at_all_is_said_in_every_form() -> None:
    hold_every_form([])
    hold_every_form([checked(Evidence("example.com"))])


@pytest.mark.parametrize("poison", some(POISONS, 8))
def test_no_word_of_a_world_becomes_more_than_a_word(poison: str) -> None:
    hold_every_form([checked(poisoned_world(poison))], Severity.NOTICE)


@pytest.mark.parametrize("poison", some(POISONS, 8))
def test_no_word_of_a_difference_becomes_more_than_a_word(poison: str) -> None:
    found = difference(seen(GOOD), seen(poisoned_world(poison)))
    hold_html("".join(html_difference.document([found])))
    hold_markdown("".join(markdown_difference.document([found])))
    text = "".join(text_difference.document([found], Paper(unicode=True)))
    steers_nobody(text)


@pytest.mark.parametrize("poison", some(POISONS, 8))
def test_no_word_of_a_plan_becomes_more_than_a_word(poison: str) -> None:
    found = poisoned(planned(), poison)
    hold_html("".join(html_plan.document(found)))
    steers_nobody(text_plan.text(found, Paper(unicode=True)))


@pytest.mark.parametrize("poison", some(POISONS, 8))
def test_no_word_of_a_bounce_becomes_more_than_a_word(poison: str) -> None:
    bounce = f"451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation {poison}"
    found = explanation(f"{poison}.eml", diagnosed(bounce.encode("utf-8", "replace")))
    hold_html("".join(html_explanation.document([found])))
    hold_markdown("".join(markdown_explanation.document([found])))
    steers_nobody(explain_text(found, Paper(unicode=True)))


@pytest.mark.parametrize("poison", some(POISONS, 8))
def test_no_word_of_a_report_becomes_more_than_a_word(poison: str) -> None:
    spoilt = poisoned(played("incident"), poison)
    renamed = msgspec.structs.replace(
        spoilt, report=msgspec.structs.replace(spoilt.report, domain="example.net")
    )
    hold_every_form([spoilt, renamed])


@settings(max_examples=examples(EXAMPLES))
@given(st.sampled_from(POISONS), st.text(max_size=20))
def test_no_text_at_all_becomes_more_than_a_text(poison: str, text: str) -> None:
    hold_every_form([poisoned(played("cert-expired"), poison[:80] + text)])


@st.composite
def disturbed(draw: st.DrawFn) -> Evidence:
    """Generate the evidence of a good world with other answers to some of its questions."""
    chosen = draw(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=6, unique=True))
    return GOOD.with_answers([(question, draw(answers(question.kind))) for question in chosen])


@settings(max_examples=examples(EXAMPLES))
@given(disturbed())
def test_whatever_is_answered_is_said_in_every_form(evidence: Evidence) -> None:
    hold_every_form([checked(evidence)])


@pytest.mark.parametrize("fail_on", [Severity.ERROR, Severity.WARNING, Severity.NOTICE])
@pytest.mark.parametrize("scenario", ["plain", "incident", "one-mx-down", "cert-expires-soon", "mx-servfail"])
def test_a_suite_fails_where_the_exit_status_does(scenario: str, fail_on: Severity) -> None:
    one = played(scenario)
    text = "".join(junit.document([one], fail_on))
    failed = {"failure": "<failure" in text, "error": "<error" in text}
    match concluded(one.report, fail_on):
        case Conclusion.GOOD:
            assert failed == {"failure": False, "error": False}
        case Conclusion.UNKNOWN:
            assert failed == {"failure": False, "error": True}
        case Conclusion.PROBLEM:
            assert failed["failure"]

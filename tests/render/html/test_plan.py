"""The page of a plan: whole for a browser and for a screen reader, and nothing from outside is markup in it."""

from functools import cache
from xml.etree.ElementTree import Element

import html5lib
import pytest

from mxproof.remedy.plan import Plan
from mxproof.remedy.planning import plan_for
from mxproof.render.html.plan import document
from support_scenarios import seen

SCENARIOS = ("incident", "fixed", "old-policy-cached", "no-such-domain", "ns-stale-mx", "cert-expired")
_HTML = "{http://www.w3.org/1999/xhtml}"
_SVG = "{http://www.w3.org/2000/svg}"


@cache
def planned(scenario: str) -> Plan:
    evidence, memories, at = seen(scenario)
    return plan_for(evidence, now=at, memories=memories)


def parsed(plan: Plan) -> Element:
    tree: Element = html5lib.HTMLParser(strict=True).parse("".join(document(plan)))
    return tree


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_page_is_html_without_an_error(scenario: str) -> None:
    tree = parsed(planned(scenario))
    assert tree.find(f".//{_HTML}h1") is not None


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_drawing_says_in_words_what_it_shows_and_has_a_table_beside_it(scenario: str) -> None:
    tree = parsed(planned(scenario))
    for figure in tree.iter(f"{_HTML}figure"):
        drawing = figure.find(f"{_SVG}svg")
        if drawing is None:
            continue
        named = drawing.get("aria-labelledby", "").split()
        held = {one.get("id"): one.text for one in drawing if one.tag in {f"{_SVG}title", f"{_SVG}desc"}}
        assert set(named) == held.keys()
        assert all(held.values())
        assert figure.find(f".//{_HTML}table") is not None


@pytest.mark.parametrize(
    ("scenario", "verdict"),
    [
        ("incident", "delivers"),
        ("fixed", "delivers"),
        ("null-mx", "refused"),
        ("port-25-blocked", "unknown"),
    ],
)
def test_the_headline_has_the_colour_of_what_was_found(scenario: str, verdict: str) -> None:
    plan = planned(scenario)
    said = parsed(plan).find(f".//{_HTML}p[@class='verdict {verdict}']")
    assert said is not None
    assert plan.is_unknown == (verdict == "unknown")


def test_the_table_names_every_sender_that_decides() -> None:
    plan = planned("incident")
    deciding = {one.id for one in plan.before} - set(plan.undecided)
    tables = list(parsed(plan).iter(f"{_HTML}table"))
    assert tables
    for table in tables:
        named = {
            name
            for head in table.iter(f"{_HTML}th")
            if head.get("scope") == "row"
            for name in "".join(head.itertext()).split(", ")
        }
        assert named == deciding


def test_no_id_stands_twice() -> None:
    ids = [one.get("id") for one in parsed(planned("incident")).iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_senders_with_the_same_in_their_way_are_told_together() -> None:
    plan = planned("no-such-domain")
    (section,) = [
        one for one in parsed(plan).iter(f"{_HTML}section") if one.find("*[@id='against']") is not None
    ]
    assert len(plan.impossible) > 1
    assert len(list(section.iter(f"{_HTML}li"))) == len({one.because for one in plan.impossible})

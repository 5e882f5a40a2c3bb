"""The matrix: each MX host at each address against each sender, so that one bad address of many stands out."""

from itertools import groupby

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Verdict
from mxproof.render.html.parts import section, table
from mxproof.render.markup import Content, Element, element
from mxproof.render.places import Place, cells_of, places_of
from mxproof.render.text.matrix import NO_ADDRESS, NOT_TRIED
from mxproof.render.text.senders import by_urgency
from mxproof.render.text.words import VERDICT_MARKS, VERDICT_WORDS

_UNTRIED_MARK = "·"


def matrix_section(senders: tuple[Delivery, ...], level: int, prefix: str) -> Element | None:
    """Return the section, None where no sender tried any host."""
    counted = by_urgency(senders)
    places = places_of(counted)
    if not places:
        return None
    columns = [cells_of(sender, places) for sender in counted]
    heads: list[Content] = ["MX host", "Address"]
    heads += [element("span", element("span", sender.id), class_="up") for sender in counted]
    rows = []
    for (preference, mx), group in groupby(enumerate(places), key=lambda one: one[1][:2]):
        members = list(group)
        for number, (place, where) in enumerate(members):
            span = str(len(members)) if len(members) > 1 else None
            host = element("th", f"{preference} {mx}", scope="rowgroup" if span else "row", rowspan=span)
            cells = [_cell(column[place]) for column in columns]
            rows.append(element("tr", host if number == 0 else None, _address(where), *cells))
    return section(
        level, "MX hosts", f"{prefix}hosts", _legend(), table("MX hosts and senders", heads, rows, "matrix")
    )


def _address(place: Place) -> Element:
    return element("th", place[2] or NO_ADDRESS, scope="row", class_="address")


def _cell(verdict: Verdict | None) -> Element:
    if verdict is None:
        return _marked(_UNTRIED_MARK, NOT_TRIED, "faint")
    return _marked(VERDICT_MARKS[verdict], VERDICT_WORDS[verdict], str(verdict))


def _marked(mark: str, word: str, tone: str) -> Element:
    sign = element("span", mark, aria_hidden="true", class_=f"mark {tone}", title=word)
    return element("td", sign, element("span", word, class_="unseen"))


def _legend() -> Element:
    words = [f"{VERDICT_MARKS[verdict]} {word}" for verdict, word in VERDICT_WORDS.items()]
    return element(
        "p", ", ".join([*words, f"{_UNTRIED_MARK} {NOT_TRIED}"]), class_="faint", aria_hidden="true"
    )

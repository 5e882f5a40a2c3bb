"""The time line: what was asked, when it was put, and how long its answer took."""

from datetime import timedelta

from mxproof.evidence import ANSWERED
from mxproof.evidence.timing import Timed
from mxproof.judge.checked import Checked
from mxproof.render.html.parts import section, table
from mxproof.render.markup import Content, Element, element


def timeline_section(checked: Checked, level: int, prefix: str) -> Element | None:
    """Return the section, None where nothing was asked."""
    if not checked.timeline:
        return None
    began = min(one.began for one in checked.timeline)
    whole_ms = max(round(checked.seconds * 1000), 1)
    rows = (_row(one, (one.began - began) / timedelta(milliseconds=1), whole_ms) for one in checked.timeline)
    words = (
        f"{len(checked.timeline)} questions in {checked.seconds:.2f} s, each put as soon as it was wanted."
    )
    heads: list[Content] = ["Question", "Answer", _number("th", "After", "after"), _number("th", "Took")]
    heads.append(element("span", "Time line", class_="unseen"))
    return section(
        level,
        "Time line",
        f"{prefix}timeline",
        element("p", words),
        table("What was asked, and how long it took", heads, rows, "asked"),
    )


def _row(one: Timed, after_ms: float, whole_ms: int) -> Element:
    left, width = 100 * after_ms / whole_ms, 100 * one.elapsed_ms / whole_ms
    bar = element("span", class_="bar", style=f"margin-left:{left:.1f}%;width:{width:.1f}%")
    return element(
        "tr",
        element("th", str(one.question), scope="row", class_="question"),
        element("td", str(one.outcome), class_=None if one.outcome in ANSWERED else "doubtful"),
        _number("td", f"{after_ms / 1000:.3f} s", "after"),
        _number("td", f"{one.elapsed_ms} ms"),
        element("td", element("span", bar, class_="track", aria_hidden="true")),
    )


def _number(tag: str, text: str, class_: str = "") -> Element:
    return element(tag, text, class_=f"number {class_}".rstrip(), scope="col" if tag == "th" else None)

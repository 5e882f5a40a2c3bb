"""A plan as one page that needs nothing outside itself: each way out with its steps, and both orders side by side."""

from collections.abc import Iterator

from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Change
from mxproof.remedy.plan import Plan, PlannedStep, WayOut
from mxproof.render.html.frame import framed
from mxproof.render.html.lanes import lanes
from mxproof.render.html.parts import facts, heading, prose, section
from mxproof.render.markup import Content, Element, element, html
from mxproof.render.text.change import change_lines
from mxproof.render.text.deed_words import title
from mxproof.render.text.plan import PAUSES, costs, not_seen, obstacles, span, supposed, when
from mxproof.render.text.words import VERDICT_WORDS, listed

_LEGEND = "✔ delivers, ▲ at risk, ✘ refuses, ? unknown; ▼ marks the steps."


def document(plan: Plan) -> Iterator[str]:
    """Yield the page."""
    title = f"{plan.domain}: {_headline(plan)}"
    article = element("article", heading(1, f"Plan for {plan.domain}"), *plan_content(plan))
    yield from framed(title, [html(article)], f"mxproof, judged at {plan.judged_at:%Y-%m-%d %H:%M} UTC")


def _headline(plan: Plan) -> str:
    if plan.reached:
        return "nothing to do"
    if plan.target is not None:
        return _headline_of_target(plan)
    count = len(plan.ways)
    if not count:
        return "unknown" if plan.is_unknown else "no way found"
    return f"{count} way{'' if count == 1 else 's'} out"


def _tone(plan: Plan) -> Verdict:
    """Return the verdict in whose colours the headline stands."""
    led = any(way.is_safe for way in plan.ways) if plan.target is not None else bool(plan.ways)
    if plan.reached or led:
        return Verdict.DELIVERS
    return Verdict.UNKNOWN if plan.is_unknown else Verdict.REFUSED


def _headline_of_target(plan: Plan) -> str:
    if any(way.is_safe for way in plan.ways):
        return "a safe order to what is planned"
    return "no safe order to what is planned" if plan.ways else "what is planned loses mail, or is not known"


def plan_content(plan: Plan) -> Iterator[Element]:
    """Yield what is said of a plan, under the heading of its page."""
    decides = frozenset(one.id for one in plan.before) - frozenset(plan.undecided)
    said = element("strong", _headline(plan).capitalize())
    whence = "After each of them" if len(plan.ways) > 1 else "After it"
    after = f"{whence} all {len(decides)} modelled senders do what is wanted of them."
    yield element("p", said, element("span", after if plan.ways else ""), class_=f"verdict {_tone(plan)}")
    yield from _now(plan, decides)
    for number, way in enumerate(plan.ways, 1):
        yield _way(number, way, decides)
    if plan.impossible:
        against: list[Content] = [element("li", *prose(f"{whom}: {said}")) for whom, said in obstacles(plan)]
        if unseen := not_seen(plan):
            against.append(element("li", *prose(f"not seen: {listed(unseen)}")))
        yield section(2, "What stands against it", "against", element("ul", *against))


def _now(plan: Plan, decides: frozenset[str]) -> Iterator[Element]:
    rows: list[tuple[str, tuple[Content, ...]]] = []
    for verdict, word in VERDICT_WORDS.items():
        ids = [one.id for one in plan.before if one.id in decides and one.outcome is verdict]
        rows.append((word, (listed(ids),)))
    listing = facts(rows)
    if listing is not None:
        yield section(2, "What senders do now", "now", listing)


def _way(number: int, way: WayOut, decides: frozenset[str]) -> Element:
    rows: tuple[tuple[str, tuple[Content, ...]], ...] = (
        ("Cost", (listed(costs(way.cost)),)),
        ("Mail", (when(way),)),
    )
    orders: list[Element] = [lanes(way.rehearsal, decides, "In the order of the plan", f"way{number}-plan")]
    if way.naive.suffering:
        naive = "Naively: records first, the policy last, without a wait"
        orders.append(lanes(way.naive, decides, naive, f"way{number}-naive"))
    return section(
        2,
        f"{number}. {title(way.deeds, way.changes)}",
        f"way{number}",
        facts(rows),
        element("ol", *(_step(one) for one in way.steps)) if way.steps else _changes(way.changes),
        element("p", _LEGEND, class_="faint"),
        element("div", *orders, class_="orders"),
        _supposed(way),
    )


def _changes(changes: tuple[Change, ...]) -> Element:
    lines = (element("li", element("code", line)) for line in change_lines(changes))
    return element("ul", *lines, class_="changes")


def _step(step: PlannedStep) -> Element:
    wait_s = step.wait_until_s - step.at_s
    wait = element("p", f"Wait {span(wait_s)} {PAUSES[step.because]}.") if wait_s > 0 else None
    return element("li", _changes(step.changes), wait)


def _supposed(way: WayOut) -> Element | None:
    if not way.assumed:
        return None
    lines = dict.fromkeys(f"{supposed(one)} {one.subject}" for one in way.assumed)
    summary = element("summary", "What is supposed")
    return element("details", summary, element("ul", *(element("li", line) for line in lines)))

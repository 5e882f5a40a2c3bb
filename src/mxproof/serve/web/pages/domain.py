"""One domain: what its newest check came to, what changed when, how the last days went, and the report in full."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from mxproof.judge.checked import Checked
from mxproof.render.html.parts import facts, heading, section
from mxproof.render.html.report import answer, both_spellings, contents, report_sections, verdict_banner
from mxproof.render.markup import Content, Element, element
from mxproof.serve.web.pages.arranging import domain_actions
from mxproof.serve.web.pages.events import TROUBLE, ShownNews, when
from mxproof.serve.web.pages.silence import LogSeen, drawn
from mxproof.serve.web.pages.sparkline import in_words, sparkline
from mxproof.serve.web.pages.timeline import Happened, happened
from mxproof.store.journal.watch_overview import DayVerdicts
from mxproof.store.journal.watched import KeptCheck, WatchedState

SENDERS_BESIDE_MAX = 6


class DomainSeen(msgspec.Struct, frozen=True):
    """What is shown of a domain: how it stands, its report, None where its evidence is kept no longer, and its history.

    `days` are the worst verdicts of the days from `since` to `until`, counted from 1970. `form_token` is what the forms of an
    administrator hold, empty for others.
    """

    state: WatchedState
    checked: Checked | None
    happened: Sequence[Happened]
    logs: Sequence[LogSeen]
    checks: Sequence[KeptCheck]
    days: DayVerdicts
    since: int
    until: int
    form_token: str = ""


def domain_content(seen: DomainSeen, now: datetime) -> list[Content]:
    """Return the main part of the page."""
    state = seen.state
    title = heading(1, both_spellings(state.domain), "report")
    if state.newest is None:
        words = (
            "Not checked yet, and paused."
            if state.paused_by is not None
            else "Not checked yet. The first check is due "
        )
        due: list[Content] = [] if state.paused_by is not None else [when(state.due_at), "."]
        return [title, element("p", words, *due), _actions(seen, now)]
    reported = [] if seen.checked is None else report_sections(seen.checked, 2, "")
    sections = [_days(seen), _happened(seen), *_silence(seen, now), *reported, _checks(seen.checks)]
    return [
        title,
        *_verdict(seen, state.newest),
        _standing(state, state.newest, now),
        _actions(seen, now),
        contents(sections, state.domain),
        *sections,
        element(
            "p", element("a", "These changes as a feed", href=f"/domains/{state.domain}/feed"), class_="faint"
        ),
    ]


def _happened(seen: DomainSeen) -> Element:
    domain = seen.state.domain
    more = element(
        "p",
        element("a", "The whole time line", href=f"/domains/{domain}/timeline"),
        ", ",
        element("a", "all TLS reports", href=f"/domains/{domain}/reports"),
        class_="faint",
    )
    return section(2, "What happened when", "changes", happened(seen.happened, "Nothing happened yet."), more)


def _silence(seen: DomainSeen, now: datetime) -> list[Element]:
    """Return who writes when, where a log is followed, a few senders of each."""
    followed = [one for one in seen.logs if one.senders]
    if not followed:
        return []
    drawings = [part for one in followed for part in drawn(one, now, SENDERS_BESIDE_MAX)]
    more = element("p", element("a", "All senders that are watched", href="/silence"), class_="faint")
    return [section(2, "Who usually writes when", "silence", *drawings, more)]


def _actions(seen: DomainSeen, now: datetime) -> Element | None:
    if not seen.form_token:
        return None
    open_alarms = (
        one.acknowledged_by is None and one.news.weight in TROUBLE
        for one in seen.happened
        if isinstance(one, ShownNews)
    )
    return domain_actions(seen.state, now, seen.form_token, has_alarms=any(open_alarms))


def _verdict(seen: DomainSeen, newest: KeptCheck) -> list[Content]:
    if seen.checked is not None:
        return answer(seen.checked, "")
    words = "The evidence of this check is kept no longer, so that there is no report."
    return [verdict_banner(newest.outcome, newest.headline), element("p", words, class_="faint")]


def _standing(state: WatchedState, newest: KeptCheck, now: datetime) -> Element | None:
    held = state.held
    blind = held.blindness
    due: Content = when(state.due_at) if state.due_at > now else "now"
    if state.paused_by is not None:
        due = f"none, it was paused by {state.paused_by}"
    return facts(
        (
            ("Seen", [element("a", when(newest.observed_at), href=f"/checks/{newest.number}")]),
            ("Next check", [due]),
            ("Holds", ["not yet: it was seen once, and is looked at again soon"] if held.candidates else []),
            ("Less is seen since", [when(blind.since)] if blind is not None and blind.is_told else []),
        )
    )


def _days(seen: DomainSeen) -> Element:
    drawing = element(
        "figure",
        sparkline(seen.days, seen.since, seen.until),
        element("figcaption", in_words(seen.days, seen.since, seen.until), aria_hidden="true"),
        class_="strip",
    )
    return section(2, f"The last {seen.until - seen.since + 1} days", "days", drawing)


def _checks(checks: Sequence[KeptCheck]) -> Element:
    return section(2, "Latest checks", "checks", element("ul", *map(_check, checks), class_="latest"))


def _check(check: KeptCheck) -> Element:
    link = element("a", when(check.observed_at), href=f"/checks/{check.number}")
    return element("li", link, " ", check.headline)

"""What an administrator arranges on the pages: domains, times of maintenance, a check now, and care for an alarm."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from mxproof.render.html.parts import heading, section, table
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.words import duration, listed
from mxproof.serve.web.pages.events import when
from mxproof.serve.web.pages.frame import hidden
from mxproof.store.journal.arranging import ArrangedDomain, KeptMaintenance
from mxproof.store.journal.watched import WatchedState

INTERVAL_MINUTES: Final = 60
INTERVAL_MINUTES_MAX: Final = 10_080
WHY_CHARACTERS_MAX: Final = 200
_MOMENT: Final = "%Y-%m-%dT%H:%M"


class SetMaintenance(msgspec.Struct, frozen=True):
    """A time of maintenance in the configuration."""

    domains: tuple[str, ...]
    begins: datetime
    ends: datetime


class Arrangements(msgspec.Struct, frozen=True):
    """What is arranged on the pages, and what the forms hold."""

    domains: Sequence[ArrangedDomain]
    maintenance: Sequence[KeptMaintenance]
    form_token: str


def domains_section(arranged: Arrangements) -> Element:
    """Return the domains of the pages, and the form that adds one."""
    words = (
        "Those of the configuration file are read-only here. A domain that is added here is watched beside them, "
        "and belongs to the file as soon as that names it."
    )
    add = element(
        "form",
        hidden("form", arranged.form_token),
        _labelled("Domain", "domain", "text", autocomplete="off", autocapitalize="none", spellcheck="false"),
        _labelled(
            "Minutes between checks",
            "minutes",
            "number",
            value=str(INTERVAL_MINUTES),
            min=str(1),
            max=str(INTERVAL_MINUTES_MAX),
        ),
        element("button", "Watch it", type="submit"),
        method="post",
        action="/domains",
        class_="search",
    )
    rows = (_domain_row(one, arranged.form_token) for one in arranged.domains)
    heads = ("Domain", "Checked", "Added", "Change")
    listing = table("Domains added here", heads, rows) if arranged.domains else None
    return section(2, "Domains added here", "domains", element("p", words), listing, add)


def _domain_row(one: ArrangedDomain, form_token: str) -> Element:
    every = duration(round(one.interval_s))
    said = f"every {every}" if one.paused_by is None else f"paused by {one.paused_by}"
    return element(
        "tr",
        element("th", element("a", one.domain, href=f"/domains/{one.domain}"), scope="row"),
        element("td", said),
        element("td", when(one.added_at), " by ", one.added_by),
        element("td", *_changing(one.domain, form_token, is_paused=one.paused_by is not None)),
    )


def _changing(domain: str, form_token: str, *, is_paused: bool) -> list[Content]:
    words, path = ("Go on", "resume") if is_paused else ("Pause", "pause")
    return [
        _button(f"/domains/{domain}/{path}", words, form_token, of=domain),
        element(
            "a", "Remove", element("span", f" {domain}", class_="unseen"), href=f"/domains/{domain}/remove"
        ),
    ]


def domain_actions(state: WatchedState, now: datetime, form_token: str, *, has_alarms: bool) -> Element:
    """Return what an administrator does with one domain, on its page."""
    actions: list[Content] = []
    if state.paused_by is None:
        busy = state.leased_until is not None and state.leased_until > now
        actions.append(
            element("span", "It is being checked.", class_="faint")
            if busy
            else _button(f"/domains/{state.domain}/check", "Check now", form_token)
        )
    if has_alarms:
        actions.append(_button(f"/domains/{state.domain}/acknowledge", "I take care of it", form_token))
    if state.added_by is not None:
        actions += _changing(state.domain, form_token, is_paused=state.paused_by is not None)
        whose = None
    else:
        whose = element(
            "p", "It stands in the configuration file, and is paused or removed there.", class_="faint"
        )
    return element("div", element("div", *actions, class_="actions"), whose)


def removing_content(domain: str, form_token: str) -> list[Content]:
    """Return the page that asks once more."""
    words = "It is not checked any more. What was seen of it is kept as long as of any other, and is there again when it is added again."
    return [
        heading(1, f"Watch {domain} no more?"),
        element("p", words),
        element(
            "div",
            _button(f"/domains/{domain}/remove", "Watch it no more", form_token),
            element("a", "Back", href=f"/domains/{domain}"),
            class_="actions",
        ),
    ]


def maintenance_section(
    arranged: Arrangements, of_file: Sequence[SetMaintenance], now: datetime, domain: str = ""
) -> Element:
    """Return the times in which trouble is expected, and the form that adds one."""
    words = "While trouble is expected, nobody is told of it before the time is over, and only if it still matters then."
    rows = [_maintenance_row(one, arranged.form_token) for one in arranged.maintenance]
    rows += [
        element(
            "tr",
            element("th", _whom(one.domains), scope="row"),
            element("td", when(one.begins), " to ", when(one.ends)),
            element("td", "in the configuration file"),
            element("td"),
        )
        for one in of_file
        if one.ends > now
    ]
    add = element(
        "form",
        hidden("form", arranged.form_token),
        _labelled("Begins (UTC)", "begins", "datetime-local", value=now.strftime(_MOMENT)),
        _labelled("Ends (UTC)", "ends", "datetime-local"),
        _labelled("Domains, none for all", "domains", "text", is_needed=False, value=domain or None),
        _labelled("What is done then", "why", "text", is_needed=False, maxlength=str(WHY_CHARACTERS_MAX)),
        element("button", "Expect trouble", type="submit"),
        method="post",
        action="/maintenance",
        class_="search",
    )
    listing = table("Times of maintenance", ("Of", "From, to", "Why", "Change"), rows) if rows else None
    return section(2, "Maintenance", "maintenance", element("p", words), listing, add)


def _maintenance_row(one: KeptMaintenance, form_token: str) -> Element:
    button = _button(f"/maintenance/{one.number}/end", "End it", form_token, of=f"of {_whom(one.domains)}")
    why = f"{one.why}, " if one.why else ""
    return element(
        "tr",
        element("th", _whom(one.domains), scope="row"),
        element("td", when(one.begins), " to ", when(one.ends)),
        element("td", f"{why}by {one.added_by}"),
        element("td", button),
    )


def _whom(domains: Sequence[str]) -> str:
    return listed(list(domains)) if domains else "all domains"


def _button(action: str, words: str, form_token: str, of: str = "") -> Element:
    """Return a form of one button; `of` is what tells it from others alike, for whoever does not see where it stands."""
    unseen = element("span", f" {of}", class_="unseen") if of else None
    return element(
        "form",
        hidden("form", form_token),
        element("button", words, unseen, type="submit", class_="plain"),
        method="post",
        action=action,
    )


def _labelled(label: str, name: str, kind: str, *, is_needed: bool = True, **more: str | None) -> Element:
    return element(
        "p",
        element("label", label, for_=f"new-{name}"),
        element("input", type=kind, name=name, id=f"new-{name}", required="" if is_needed else None, **more),
        class_="field",
    )

"""What is set up: which domains how often, who is told of news, and, for an administrator, who may look."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from mxproof.judge.news import LOUDEST_FIRST, Weight
from mxproof.render.html.parts import facts, heading, prose, section, table
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.words import duration
from mxproof.serve.web.pages.arranging import (
    Arrangements,
    SetMaintenance,
    domains_section,
    maintenance_section,
)
from mxproof.serve.web.pages.events import when
from mxproof.serve.web.pages.frame import hidden
from mxproof.store.journal.account import AccessToken, Account


class ToldChannel(msgspec.Struct, frozen=True):
    """Somebody who is told: from which weight on, None for digests alone, and by which command or other way."""

    name: str
    least: Weight | None
    way: str


class SetUp(msgspec.Struct, frozen=True):
    """How the watch is set up, as of its last start or reload."""

    intervals_s: Sequence[float]
    channels: Sequence[ToldChannel]
    evidence_days: int
    daily_days: int
    history_days: int
    maintenance: Sequence[SetMaintenance] = ()


class Admitted(msgspec.Struct, frozen=True):
    """Who may look, as an administrator sees it, and what the forms of the page hold."""

    accounts: Sequence[Account]
    tokens: Sequence[AccessToken]
    form_token: str
    arranged: Arrangements


class Tried(msgspec.Struct, frozen=True):
    """An alert that was tried, and why it failed, empty where it did not."""

    channel: str
    failure: str


def setup_content(
    setup: SetUp, admitted: Admitted | None, now: datetime, tried: Tried | None = None
) -> list[Content]:
    """Return the main part of the page; `admitted` is None for whoever is no administrator."""
    words = "What is watched and who is told is read from the configuration file; `systemctl reload mxproof-watch` takes over what changed there."
    return [
        heading(1, "Settings"),
        _tried(tried),
        element("p", *prose(words)),
        section(2, "What is watched", "watched", _watched(setup)),
        section(2, "Who is told", "told", _channels(setup.channels, admitted)),
        *([] if admitted is None else _arranged(setup, admitted, now)),
        *([] if admitted is None else _who(admitted)),
    ]


def _arranged(setup: SetUp, admitted: Admitted, now: datetime) -> list[Content]:
    return [
        domains_section(admitted.arranged),
        maintenance_section(admitted.arranged, setup.maintenance, now),
    ]


def _tried(tried: Tried | None) -> Element | None:
    if tried is None:
        return None
    if tried.failure:
        return element("p", f"{tried.channel}: {tried.failure}", class_="said-back bad", role="alert")
    return element(
        "p", f"{tried.channel} was told, and says that it went well.", class_="said-back good", role="status"
    )


def _watched(setup: SetUp) -> Element | None:
    intervals = Counter(setup.intervals_s)
    said = [
        f"{count} {'domain' if count == 1 else 'domains'} every {duration(round(interval_s))}"
        for interval_s, count in sorted(intervals.items())
    ]
    return facts(
        (
            ("Checked", [", ".join(said) or "nothing"]),
            (
                "Evidence is kept",
                [f"of every check {setup.evidence_days} days, of one a day {setup.daily_days} days"],
            ),
            ("Verdicts and news are kept", [f"{setup.history_days} days"]),
        )
    )


def _channels(channels: Sequence[ToldChannel], admitted: Admitted | None) -> Element:
    if not channels:
        words = "Nobody is told of news. Name them under `[[alert]]` in the configuration."
        return element("p", *prose(words))
    heads = ["Alert", "Told of"] + ([] if admitted is None else ["By", "Try it"])
    rows = []
    for one in channels:
        cells = [element("th", one.name, scope="row"), element("td", _least(one.least))]
        if admitted is not None:
            button = element("button", f"Tell {one.name}", type="submit", class_="plain")
            form = element(
                "form",
                hidden("form", admitted.form_token),
                hidden("channel", one.name),
                button,
                method="post",
                action="/settings/try",
            )
            cells += [element("td", element("code", one.way)), element("td", form)]
        rows.append(element("tr", *cells))
    return table("Who is told of news", heads, rows)


def _least(weight: Weight | None) -> str:
    if weight is None:
        return "digests alone"
    return weight if weight is LOUDEST_FIRST[0] else f"{weight} and louder"


def _who(admitted: Admitted) -> list[Content]:
    accounts = (
        element(
            "tr",
            element("th", one.name, scope="row"),
            element("td", str(one.role)),
            element("td", when(one.added_at)),
        )
        for one in admitted.accounts
    )
    tokens = (
        element(
            "tr",
            element("th", one.name, scope="row"),
            element("td", str(one.opens)),
            element("td", when(one.added_at)),
        )
        for one in admitted.tokens
    )
    commands = "`mxproof watch user` and `mxproof watch token` add and remove them."
    return [
        section(
            2,
            "Who may look",
            "accounts",
            element("p", *prose(commands)),
            table("Accounts", ("Account", "Role", "Since"), accounts) if admitted.accounts else None,
            table("Tokens", ("Token", "Opens", "Since"), tokens) if admitted.tokens else None,
        )
    ]

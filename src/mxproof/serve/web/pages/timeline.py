"""One time line of a domain: what checks saw change, failures that senders report, silences, and what was published, the newest first.

Reports of one sender that tell of the same causes, with no more than REPORT_GAP between them, are one event: most senders
report each day until a fault is mended.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from mxproof.render.html.parts import heading, section
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.silence import silence_words
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.serve.web.pages.events import ShownNews, news_event, when
from mxproof.serve.web.pages.publication import publication_event
from mxproof.serve.web.pages.reported import causes_said
from mxproof.store.journal.kept_reports import ReportedFailure, ReportLine
from mxproof.store.journal.publication import Publication

REPORT_GAP: Final = timedelta(days=3)
EVENTS_PAGE_MAX: Final = 50

_WHOM: Final = {AlarmKind.EVERYTHING: "everybody", AlarmKind.REPORTS: "all who send TLS reports"}


class ReportRun(msgspec.Struct, frozen=True):
    """Reports of one sender that tell of the same failures, the newest first."""

    reports: tuple[ReportLine, ...]

    @property
    def newest(self) -> ReportLine:
        """The one that says how it stood last."""
        return self.reports[0]

    @property
    def begin(self) -> datetime:
        """From when on sessions failed."""
        first = self.reports[-1]
        return first.begin or first.at

    def failures(self) -> list[ReportedFailure]:
        """Return the failures of all of them."""
        return [failure for one in self.reports for failure in one.failures]


Happened = ShownNews | ReportRun | Alarm | Publication


def happened_at(one: Happened) -> datetime:
    """Return where an event stands in the line of time."""
    match one:
        case ShownNews():
            return one.news.at
        case ReportRun():
            return one.begin
        case Alarm():
            return one.alarmed_at
        case Publication():
            return one.begun_at


def timeline(
    news: Sequence[ShownNews],
    reports: Sequence[ReportLine],
    alarms: Sequence[Alarm],
    published: Sequence[Publication],
) -> list[Happened]:
    """Return all that happened, the newest first; an alarm that is news already stands there as these."""
    told = [one.news.silence.alarm for one in news if one.news.silence is not None]
    untold = (one for one in alarms if one not in told)
    every: list[Happened] = [*news, *runs_of(reports), *untold, *published]
    return sorted(every, key=happened_at, reverse=True)


def runs_of(reports: Sequence[ReportLine]) -> list[ReportRun]:
    """Return reports, the newest of which is first, as runs of one sender and its causes."""
    runs: dict[tuple[object, ...], list[list[ReportLine]]] = {}
    for one in reports:
        key = (one.reporter, frozenset((failure.cause, failure.result_type) for failure in one.failures))
        told = runs.setdefault(key, [])
        if told and (told[-1][-1].begin or told[-1][-1].at) - one.at <= REPORT_GAP:
            told[-1].append(one)
        else:
            told.append([one])
    return [ReportRun(tuple(run)) for told in runs.values() for run in told]


def happened(several: Sequence[Happened], words: str) -> Element:
    """Return the list, or `words` where there is nothing in it."""
    if not several:
        return element("p", words, class_="faint")
    return element("ol", *map(_event, several), class_="events")


def timeline_content(
    domain: str, several: Sequence[Happened], older: datetime | None, since: datetime
) -> list[Content]:
    """Return the main part of the page; `older` is where the page before goes on, None where all is shown since `since`."""
    link: Content = None
    if older is not None:
        path = f"/domains/{domain}/timeline?until={int(older.timestamp())}"
        link = element(
            "nav", element("a", "What was before", href=path), class_="pager", aria_label="Older events"
        )
    return [
        heading(1, f"Time line of {domain}"),
        element("p", element("a", f"{domain} now", href=f"/domains/{domain}"), class_="faint"),
        section(2, "What happened when", "events", happened(several, "Nothing happened.")),
        element("p", "From ", when(since), " on.", class_="faint") if older is None else link,
    ]


def _event(one: Happened) -> Element:
    match one:
        case ShownNews():
            return news_event(one, names_domain=False)
        case ReportRun():
            return _reported(one)
        case Alarm():
            return _silent(one)
        case Publication():
            return publication_event(one)


def _reported(run: ReportRun) -> Element:
    newest = run.newest
    count = sum(one.sessions.failure for one in run.reports)
    several = "" if len(run.reports) == 1 else f", in {len(run.reports)} reports"
    least = "at least " if any(one.sessions.at_least for one in run.reports) else ""
    mark = element("span", "✉ ", aria_hidden="true")
    link = element("a", "The newest of these" if several else "The report", href=f"/reports/{newest.number}")
    return element(
        "li",
        element(
            "h3", element("span", mark, "TLS report: ", class_="word"), when(run.begin), f" {newest.reporter}"
        ),
        element(
            "p",
            _sentence(f"{least}{count} {'session' if count == 1 else 'sessions'} failed"),
            " until ",
            when(newest.at),
            f"{several}.",
        ),
        *causes_said(run.failures()),
        element("p", link, class_="faint"),
        class_="event reported",
    )


def _silent(alarm: Alarm) -> Element:
    mark = element("span", "… ", aria_hidden="true")
    whom = _WHOM.get(alarm.kind, alarm.sender)
    return element(
        "li",
        element("h3", element("span", mark, "silence: ", class_="word"), when(alarm.alarmed_at), f" {whom}"),
        element("p", f"{_sentence(silence_words(alarm, alarm.silent_since))}."),
        element("p", element("a", "Who usually writes when", href="/silence"), class_="faint"),
        class_="event silence",
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]

"""The time line: all kinds of events in one order, and reports of one fault as one event."""

from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.explain.tlsrpt.sessions import Sessions
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.judge.news import silence_news
from mxproof.judge.silence import Silence
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.serve.web.pages.events import ShownNews
from mxproof.serve.web.pages.timeline import REPORT_GAP, happened_at, runs_of, timeline
from mxproof.store.journal.kept_reports import ReportedFailure, ReportLine
from mxproof.store.journal.publication import Publication, PublicationKind, PublicationState

DAY = timedelta(days=1)
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
MISMATCH, EXPIRED = ("mtasts_mx_mismatch", "mtasts_cert_invalid")


def line(day: float, cause: str = MISMATCH, reporter: str = "Microsoft") -> ReportLine:
    begin = BEGAN + day * DAY
    return ReportLine(
        number=round(day * 10),
        submitter="microsoft.com",
        organization=reporter,
        report_id="1",
        begin=begin,
        end=begin + DAY,
        received_at=begin + DAY,
        authenticated=Authenticated.VERIFIED,
        domains=("example.com",),
        sessions=Sessions(1, 2),
        failures=(ReportedFailure(cause, "validation-failure", 2),),
    )


def test_reports_of_one_fault_are_one_event_that_stands_where_it_began() -> None:
    (run,) = runs_of([line(4), line(3), line(1)])
    assert (run.begin, run.newest.number, len(run.reports)) == (BEGAN + DAY, 40, 3)
    assert sum(one.count for one in run.failures()) == 6


def test_another_cause_or_sender_or_a_pause_begins_another_event() -> None:
    assert len(runs_of([line(2), line(1, EXPIRED)])) == 2
    assert len(runs_of([line(2), line(1, reporter="Google")])) == 2
    pause = REPORT_GAP / DAY
    assert len(runs_of([line(2 + pause), line(1)])) == 1
    assert len(runs_of([line(2.1 + pause), line(1)])) == 2


def test_a_run_goes_on_from_report_to_report_and_an_earlier_one_stays_an_event_of_its_own() -> None:
    runs = runs_of([line(one) for one in (30, 27, 24, 21, 10, 9, 1)])
    assert [[one.number for one in run.reports] for run in runs] == [[300, 270, 240, 210], [100, 90], [10]]
    assert [run.newest.number for run in runs] == [300, 100, 10]
    assert [run.begin for run in runs] == [BEGAN + day * DAY for day in (21, 9, 1)]


def test_an_alarm_that_is_news_already_stands_there_alone() -> None:
    alarms = [
        Alarm(AlarmKind.SENDER, "Microsoft", BEGAN + day * DAY, BEGAN + day * DAY, 9.0, 0.001)
        for day in (1, 2, 3)
    ]
    news = silence_news("example.com", Silence(alarms[1]), BEGAN + 2 * DAY, None)
    told = ShownNews(1, None, news, None)
    assert timeline([told], [], alarms, []) == [alarms[2], told, alarms[0]]


def test_what_alternates_with_another_cause_is_still_one_event_each() -> None:
    runs = runs_of([line(4), line(3, EXPIRED), line(2), line(1, EXPIRED)])
    assert sorted(len(run.reports) for run in runs) == [2, 2]


def test_a_report_of_no_known_time_counts_from_when_it_came() -> None:
    unknown = msgspec.structs.replace(line(2), begin=None, end=None)
    (run,) = runs_of([unknown])
    assert happened_at(run) == unknown.received_at


def test_the_newest_event_is_first_whatever_its_kind() -> None:
    at = BEGAN + 1.5 * DAY
    alarm = Alarm(AlarmKind.SENDER, "Microsoft", at, at, 9.0, 0.001)
    begun = BEGAN + 1.2 * DAY
    published = Publication(1, "a", PublicationKind.APPLY, b"", b"", "", PublicationState.OPEN, begun, None)
    found = timeline([], [line(2), line(1, EXPIRED)], [alarm], [published])
    assert [happened_at(one) for one in found] == [BEGAN + 2 * DAY, at, begun, BEGAN + DAY]

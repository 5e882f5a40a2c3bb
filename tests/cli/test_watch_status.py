"""How the domains stand that are watched: which are told, in which form, and with which status."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.watch_status import _exit_status, shown
from mxproof.judge.difference import Course
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.watch_status import WatchStatus
from mxproof.serve.watch.config import WatchConfig
from mxproof.serve.watch.settings import WatchSettings, watch_settings
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import News, WatchedDomain
from support_new_store import new_store
from support_watch import claim, finished

AT = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
JSON = OutputOptions(format="json")


def standing(outcome: Verdict | None) -> WatchStatus:
    return WatchStatus(1, "example.com", outcome, None, None, AT, True, None, {}, ())


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([], UNKNOWN),
        ([Verdict.DELIVERS], DONE),
        ([Verdict.DELIVERS, Verdict.UNKNOWN], UNKNOWN),
        ([Verdict.DELIVERS, None], UNKNOWN),
        ([Verdict.UNKNOWN, Verdict.REFUSED], PROBLEM),
        ([None, Verdict.AT_RISK], PROBLEM),
    ],
)
def test_the_status_is_that_of_the_domain_that_stands_worst(
    outcomes: list[Verdict | None], status: int
) -> None:
    assert _exit_status([standing(one) for one in outcomes]) == status


def settings_in(folder: Path, *domains: str) -> WatchSettings:
    """Return the settings of a watch whose store has these domains, none of them checked."""
    url = f"sqlite:{folder}/journal.db"
    new_store(folder)
    journal = Journal(url)
    WatchJournal(journal).set_watched([WatchedDomain(one, 60.0) for one in domains], AT)
    journal.close()
    config = WatchConfig()
    return watch_settings(
        msgspec.structs.replace(config, store=msgspec.structs.replace(config.store, url=url))
    )


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines = capsys.readouterr().out.splitlines()
    return [msgspec.json.decode(line, type=WatchStatus).domain for line in lines]


def test_all_are_told_or_those_that_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_in(tmp_path, "a.example", "b.example", "c.example")
    assert shown((), JSON, settings) == UNKNOWN
    assert told(capsys) == ["a.example", "b.example", "c.example"]
    assert shown(("b.example",), JSON, settings) == UNKNOWN
    assert told(capsys) == ["b.example"]


def test_text_is_for_a_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown((), OutputOptions(width=80), settings_in(tmp_path, "a.example")) == UNKNOWN
    assert capsys.readouterr().out == "not checked   a.example  due now\n\nNo news yet.\n"


def test_where_no_domain_is_watched_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_in(tmp_path)
    assert shown((), OutputOptions(), settings) == UNKNOWN
    assert capsys.readouterr().out == "No domain is watched.\n"
    assert shown((), JSON, settings) == UNKNOWN
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("exmaple.com", "exmaple.com: is not watched; perhaps example.com"),
        (
            "other.test",
            "other.test: is not watched; name it in the configuration of `mxproof watch serve`",
        ),
    ],
)
def test_a_domain_that_is_not_watched_is_named_with_the_next_best(
    tmp_path: Path, domain: str, said: str
) -> None:
    settings = settings_in(tmp_path, "example.com", "mail.example.net")
    with pytest.raises(RunError) as raised:
        shown(("example.com", domain), JSON, settings)
    assert (raised.value.status, str(raised.value)) == (UNKNOWN, said)


def test_where_nothing_is_kept_yet_no_store_is_made(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (tmp_path / "journal.db").unlink()
    with pytest.raises(RunError) as raised:
        shown((), JSON, settings)
    assert (raised.value.status, str(raised.value)) == (
        UNKNOWN,
        f"{tmp_path}/journal.db: nothing is kept there yet; `mxproof watch serve` keeps checks",
    )
    assert list(tmp_path.iterdir()) == []


def test_of_a_domain_the_twenty_latest_news_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_in(tmp_path, "example.com")
    journal = Journal(settings.store)
    watch = WatchJournal(journal)
    kind, course, weight = TurnKind.CHANGED, Course.WORSE, Weight.ALARM
    for hour in range(1, 22):
        at = AT + timedelta(hours=hour)
        news = DomainNews(1, "example.com", kind, weight, course, at, at, "refused", (), (), False, None)
        (claimed,) = claim(watch, at)
        watch.finish(
            claimed, finished(at, news=News(kind, at, course, weight, msgspec.json.encode(news))), at
        )
    journal.close()
    shown((), JSON, settings)
    (one,) = capsys.readouterr().out.splitlines()
    found = msgspec.json.decode(one, type=WatchStatus).news
    assert [one.since for one in found] == [AT + timedelta(hours=hour) for hour in range(21, 1, -1)]

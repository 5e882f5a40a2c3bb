"""Channels as the configuration names them: by which way, what is held back, and that mail alone is warned of."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.judge.news import Weight
from mxproof.serve.watch.channel import Channel, DigestTime, channels_of, mail_only
from mxproof.serve.watch.config import AlertOptions
from mxproof.serve.watch.hours import Maintenance, parse_quiet_hours

NIGHT = datetime(2026, 3, 4, 23, tzinfo=UTC)
MORNING = datetime(2026, 3, 5, 7, tzinfo=UTC)
MAIL = AlertOptions(name="mail", url="mailtos://somebody:secret@mail.example.net?to=me@example.com")
CHAT = AlertOptions(name="chat", url="ntfys://ntfy.example.org/topic")
PAGER = AlertOptions(name="pager", command=("/usr/local/bin/page-me",))


def channel(**how: object) -> Channel:
    (made,) = channels_of((AlertOptions(name="pager", command=("/bin/true",), **how),))  # type: ignore[arg-type]  # as written
    return made


def test_in_quiet_hours_an_alarm_is_told_and_a_warning_waits() -> None:
    quiet = channel(quiet=("22:00-07:00",))
    held = {one: quiet.held_until("example.com", one, NIGHT, (), UTC) for one in Weight}
    assert held == {Weight.ALARM: None, Weight.WARNING: MORNING, Weight.GOOD: MORNING, Weight.NOTE: MORNING}


def test_where_nothing_is_told_despite_quiet_hours_an_alarm_waits_too() -> None:
    quiet = channel(quiet=("22:00-07:00",), despite_quiet="nothing")
    assert quiet.held_until("example.com", Weight.ALARM, NIGHT, (), UTC) == MORNING


def test_in_maintenance_an_alarm_waits_for_the_end() -> None:
    works = Maintenance(frozenset(), NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=1))
    assert channel().held_until("example.com", Weight.ALARM, NIGHT, (works,), UTC) == works.ends


def test_one_that_is_told_later_waits_for_whoever_is_told_first() -> None:
    later = channel(after_minutes=30)
    assert later.held_until("example.com", Weight.ALARM, NIGHT, (), UTC) == NIGHT + timedelta(minutes=30)


def test_one_that_has_digests_only_is_told_of_nothing_else() -> None:
    assert not any(channel(least="nothing", digest="daily").wants(one) for one in Weight)


@pytest.mark.parametrize(
    ("alert", "key"),
    [
        (AlertOptions(name="a"), "command"),
        (AlertOptions(name="a", command=("/bin/true",), url="ntfy://x"), "command"),
        (AlertOptions(name="a", url="somewhere"), "URL 1"),
        (AlertOptions(name="a", url_file="/missing"), "alert.url_file"),
        (AlertOptions(name="a", command=("/bin/true",), quiet=("at night",)), "alert.quiet"),
        (AlertOptions(name="a", command=("/bin/true",), digest="daily", digest_at="7"), "alert.digest_at"),
    ],
)
def test_a_mistake_names_its_key(alert: AlertOptions, key: str) -> None:
    with pytest.raises(ConfigError, match=key):
        list(channels_of((alert,)))


def test_a_wrong_url_is_not_repeated_as_it_may_hold_a_password() -> None:
    with pytest.raises(ConfigError) as caught:
        list(channels_of((AlertOptions(name="a", url="user:secret@mail.example.net"),)))
    assert "secret" not in str(caught.value)


def test_urls_are_read_from_a_file_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "urls"
    file.write_text("# the chat\nntfys://ntfy.example.org/one\n\n mailto:me@example.com \n", encoding="utf-8")
    (made,) = channels_of((AlertOptions(name="a", url_file=str(file)),))
    assert made.urls == ("ntfys://ntfy.example.org/one", "mailto:me@example.com")


@pytest.mark.parametrize(
    ("alerts", "watched", "warned"),
    [
        ((), [], False),
        ((MAIL,), [], True),
        ((MAIL, CHAT), [], False),
        ((MAIL, PAGER), [], False),
        ((CHAT,), ["example.com"], False),
    ],
)
def test_alarms_that_go_by_mail_alone_are_warned_of(
    alerts: tuple[AlertOptions, ...], watched: list[str], warned: bool
) -> None:
    assert bool(mail_only(channels_of(alerts), watched)) == warned


def test_the_warning_names_the_watched_domain_that_they_go_to() -> None:
    assert "example.com" in mail_only(channels_of((MAIL,)), ["other.example", "example.com"])
    assert "example.com" not in mail_only(channels_of((MAIL,)), ["other.example"])


def test_of_each_no_more_than_thirty_two_alerts_and_urls_are_told(tmp_path: Path) -> None:
    def named(alerts: int) -> tuple[AlertOptions, ...]:
        return tuple(AlertOptions(name=f"a{number}", command=("/bin/true",)) for number in range(alerts))

    def listed(urls: int) -> tuple[AlertOptions, ...]:
        file = tmp_path / "urls"
        file.write_text("ntfys://ntfy.example.org/topic\n" * urls, encoding="utf-8")
        return (AlertOptions(name="a", url_file=str(file)),)

    assert len(list(channels_of(named(32)))) == 32
    assert [len(one.urls) for one in channels_of(listed(32))] == [32]
    for many in (named(33), listed(33)):
        with pytest.raises(ConfigError, match=r"33 .*where at most 32"):
            list(channels_of(many))


def test_a_channel_is_as_its_section_says() -> None:
    said = AlertOptions(
        name="chat",
        url="ntfys://ntfy.example.org/topic",
        least="note",
        timeout_s=7.0,
        quiet=("22:00-07:00", "sat 00:00-24:00"),
        despite_quiet="warning",
        after_minutes=5,
        digest="weekly",
        digest_at="06:30",
    )
    assert list(channels_of((said,))) == [
        Channel(
            "chat",
            (),
            Weight.NOTE,
            7.0,
            urls=("ntfys://ntfy.example.org/topic",),
            quiet=(parse_quiet_hours("22:00-07:00"), parse_quiet_hours("sat 00:00-24:00")),
            despite_quiet=Weight.WARNING,
            after_s=300.0,
            digest=DigestTime(time(6, 30), is_weekly=True),
        )
    ]


def test_who_is_told_later_is_held_by_the_hours_and_the_maintenance_of_that_time() -> None:
    later = channel(after_minutes=30, quiet=("22:15-23:10",))
    begins = NIGHT - timedelta(minutes=20)
    assert later.held_until("example.com", Weight.NOTE, begins, (), UTC) == begins + timedelta(minutes=30)
    earlier = NIGHT - timedelta(minutes=60)
    quiet_ends = NIGHT + timedelta(minutes=10)
    assert later.held_until("example.com", Weight.NOTE, earlier, (), UTC) == quiet_ends
    works = Maintenance(frozenset({"example.com"}), NIGHT, NIGHT + timedelta(hours=2))
    assert later.held_until("example.com", Weight.ALARM, begins, (works,), UTC) == works.ends


def test_the_next_digest_is_of_a_day_or_of_a_monday() -> None:
    morning = datetime(2026, 3, 5, 7, tzinfo=UTC)
    daily, weekly = (DigestTime(time(7), is_weekly=one) for one in (False, True))
    assert (daily.next(NIGHT, UTC), daily.next(morning, UTC)) == (morning, morning + timedelta(days=1))
    assert weekly.next(NIGHT, UTC) == datetime(2026, 3, 9, 7, tzinfo=UTC)

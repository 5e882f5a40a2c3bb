"""The configuration of the watch: each domain once, and mistakes that name their key."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mxproof.formats import ConfigError
from mxproof.judge.news import Weight
from mxproof.serve.watch.channel import Channel
from mxproof.serve.watch.config import AlertOptions, AskOptions, DomainGroup, MaintenanceOptions, WatchConfig
from mxproof.serve.watch.hours import Maintenance
from mxproof.serve.watch.settings import read_watch_settings, watch_settings
from mxproof.store.journal.watched import WatchedDomain, WatchRetention

ASK = AskOptions(resolvers=("192.0.2.53",))


def test_a_domain_that_is_named_twice_has_the_shorter_interval() -> None:
    config = WatchConfig(
        domains=("Example.COM.", "b\u00fccher.example"),
        ask=ASK,
        domain=(DomainGroup(names=("example.com",), interval_minutes=5),),
    )
    assert watch_settings(config).domains == (
        WatchedDomain("example.com", 300.0),
        WatchedDomain("xn--bcher-kva.example", 3600.0),
    )


@pytest.mark.parametrize(("said", "meant"), [("yes", True), ("no", False), ("find-out", None)])
def test_whether_the_resolver_is_believed_is_said_or_found_out(
    tmp_path: Path, said: str, meant: bool | None
) -> None:
    file = tmp_path / "watch.toml"
    file.write_text(f'[ask]\nresolvers = ["192.0.2.53"]\ntrust_ad = "{said}"\n', encoding="utf-8")
    _, settings = read_watch_settings(file)
    assert settings.asking.trust_ad is meant


def test_servers_are_asked_over_both_families_unless_ipv6_is_switched_off() -> None:
    both, one = (
        watch_settings(WatchConfig(ask=AskOptions(resolvers=ASK.resolvers, ipv6=ipv6)))
        for ipv6 in (True, False)
    )
    assert (both.asking.families, one.asking.families) == ((4, 6), (4,))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('domains = ["ex ample"]', "domains"),
        ("interval_minutes = 0", "interval_minutes"),
        ('[ask]\nresolvers = ["nobody"]', "ask.resolvers"),
        ('[ask]\nca_file = "/missing.pem"', "ask.ca_file"),
        ('[ask]\ntrust_ad = "perhaps"', "ask.trust_ad"),
        ('[ask]\nconnect_to = ["192.0.2.1:25"]', "ask.connect_to"),
        ('[[alert]]\nname = "pager"\ncommand = []', "alert.command"),
        ('[[alert]]\nname = "pager"\ncommand = ["page-me"]', "alert.command"),
        ('[[alert]]\nname = "a b"\ncommand = ["/bin/true"]', "name"),
        (2 * '[[alert]]\nname = "pager"\ncommand = ["/bin/true"]\n', "alert.name"),
        ('[[domain]]\nnames = ["-"]', "domain.names"),
        ("every = 3", "every"),
        ('[web]\nlisten = "127.0.0.1:8466"', "web.listen"),
        ("[web]\nport = 8466", "web.port"),
        ('[web.proxy]\nheaders = "X-User"', "web.proxy.headers"),
        ("[web.proxy]\naddresses = [1]", "web.proxy.addresses[0]"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "watch.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_watch_settings(file)
    assert str(file) in str(caught.value)
    assert key in str(caught.value)


@pytest.mark.parametrize(
    ("least", "told"),
    [
        (Weight.ALARM, {Weight.ALARM}),
        (Weight.WARNING, {Weight.ALARM, Weight.WARNING}),
        (Weight.NOTE, set(Weight)),
    ],
)
def test_a_channel_is_told_of_what_is_as_loud_or_louder(least: Weight, told: set[Weight]) -> None:
    channel = Channel("pager", ("/bin/true",), least, 1.0)
    assert {weight for weight in Weight if channel.wants(weight)} == told


def test_an_alert_is_told_of_warnings_unless_it_says_otherwise() -> None:
    alert = AlertOptions(name="pager", command=("/bin/true",))
    (channel,) = watch_settings(WatchConfig(ask=ASK, alert=(alert,))).channels
    assert channel.least is Weight.WARNING


@pytest.mark.parametrize(
    ("first", "others"),
    [(60, (5, 20)), (60, (20, 5)), (5, (20, 60))],
    ids=["the second", "the last", "the first"],
)
def test_of_a_domain_that_is_named_more_than_once_the_shortest_interval_counts(
    first: int, others: tuple[int, ...]
) -> None:
    groups = tuple(DomainGroup(names=("example.com",), interval_minutes=one) for one in others)
    config = WatchConfig(domains=("example.com",), interval_minutes=first, ask=ASK, domain=groups)
    assert watch_settings(config).domains == (WatchedDomain("example.com", 300.0),)


def test_maintenance_without_a_zone_is_meant_in_that_of_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "watch.toml"
    file.write_text(
        'time_zone = "Asia/Kolkata"\njobs = 3\nlog = "debug"\n'
        '[ask]\nresolvers = ["192.0.2.53"]\ntimeout_s = 7.0\n'
        "[store]\nevidence_days = 3\ndaily_days = 40\nhistory_days = 500\n"
        "[[maintenance]]\nbegins = 2026-03-01T05:30:00\nends = 2026-03-01T01:00:00Z\n"
        'domains = ["Example.com"]\n',
        encoding="utf-8",
    )
    _, settings = read_watch_settings(file)
    begins = datetime(2026, 3, 1, tzinfo=UTC)
    window = Maintenance(frozenset({"example.com"}), begins, begins + timedelta(hours=1))
    assert settings.maintenance == (window,)
    assert settings.zone == ZoneInfo("Asia/Kolkata")
    assert settings.retention == WatchRetention(3, 40, 500)
    assert (settings.jobs, settings.log, settings.asking.timeout_s) == (3, "debug", 7.0)


def test_maintenance_ends_after_it_begins_whatever_the_zones() -> None:
    begins = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for ends in (begins, begins.astimezone(timezone(timedelta(hours=5)))):
        config = WatchConfig(ask=ASK, maintenance=(MaintenanceOptions(begins=begins, ends=ends),))
        with pytest.raises(ConfigError, match=r"\Amaintenance: it ends at "):
            watch_settings(config)

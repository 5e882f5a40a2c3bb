"""The configuration of the watch: each domain once, and mistakes that name their key."""

from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.judge.news import Weight
from mxproof.serve.watch.channel import Channel
from mxproof.serve.watch.config import AlertOptions, AskOptions, DomainGroup, WatchConfig
from mxproof.serve.watch.settings import read_watch_settings, watch_settings
from mxproof.store.journal.watched import WatchedDomain

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

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer
from mxproof.serve.daemon.config import print_config
from mxproof.serve.policyd.config import Config, Override, StoreOptions
from mxproof.serve.policyd.settings import Settings, read_settings, settings


def read(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "policyd.toml"
    path.write_text(text)
    return read_settings(path)[1]


def test_what_is_printed_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "policyd.toml"
    path.write_bytes(print_config(Config()))
    assert read_settings(path) == read_settings(None) == (Config(), settings(Config()))
    until = datetime(2027, 1, 1, tzinfo=UTC)
    rules = (Override(domain="a.example", policy="may", reason='"quoted"\\\n', until=until),) * 1
    other = Config(listen=("unix:/a b",), override=rules, store=StoreOptions(url="sqlite:/ä"), log="debug")
    path.write_bytes(print_config(other))
    assert read_settings(path) == (other, settings(other))


def test_what_nobody_wrote_has_a_default() -> None:
    assert settings(Config()).listen == (Peer("127.0.0.1", 8461),)
    assert settings(Config()).asking.resolvers == (Peer("127.0.0.1", 53),)


RULE = '[[override]]\ndomain = "{}"\npolicy = "{}"\nreason = "{}"\nuntil = {}\n'


def test_an_override_has_its_reply(tmp_path: Path) -> None:
    text = RULE.format("Example.com", "secure match=a.example", "why", "2027-01-01T00:00:00Z")
    text += RULE.format("[smart.example]:587", "default", "why", "2027-01-01T00:00:00Z")
    found = read(tmp_path, text).overrides
    assert {key: one.reply.text for key, one in found.items()} == {
        "example.com": "secure match=a.example",
        "[smart.example]:587": "",
    }


@pytest.mark.parametrize(
    "text",
    [
        "listen = 7",
        "unknown = 1",
        "[dns]\nresolver = '127.0.0.1'",
        "[dns]\nresolvers = []",
        "[dns]\nresolvers = ['localhost']",
        "[answers]\ngrace_s = 0",
        "[answers]\ndomains_max = 0",
        "log = 'loud'",
        "[unix]\nmode = 'rw'",
        "[admin]\ncontrol = 'inet:127.0.0.1:1'",
        "[https]\nconnect_to = ['here']",
        "not toml at all",
        RULE.format("example.com", "sceure", "why", "2027-01-01T00:00:00Z"),
        RULE.format("example.com", "may match=x.example", "why", "2027-01-01T00:00:00Z"),
        RULE.format("example.com", "may", "", "2027-01-01T00:00:00Z"),
        RULE.format("example.com", "may", "why", "2027-01-01T00:00:00"),
        RULE.format(".example.com", "may", "why", "2027-01-01T00:00:00Z"),
        RULE.format("a.example", "may", "why", "2027-01-01T00:00:00Z") * 2,
    ],
)
def test_every_mistake_is_named_with_its_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"policyd\.toml"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "begins", "holds"),
    [
        ("lisen = 1", "lisen: ", "listen"),
        ("[dns]\nresolver = '127.0.0.1'", "dns.resolver: ", "resolvers"),
        (
            RULE.format("a.example", "may", "why", "2027-01-01T00:00:00Z") + "end = 1",
            "override[0].end: ",
            "until",
        ),
        ("log = 'INFO'", "log: ", "info"),
        ("[https]\nfamilies = [5]", "https.families[0]: ", "4 or 6"),
        ("[https]\nfamilies = []", "https.families: ", "length"),
        ("[answers]\ngrace_s = '60'", "answers.grace_s: ", "float"),
        ("listen = 'inet:127.0.0.1:1'", "listen: ", "array"),
        ("listen = ['inet:127.0.0.1:1', 'inet:127.0.0.1:1']", "listen: ", "twice"),
        ("listen = ['inet:127.0.0.1:99999']", "listen: ", "99999"),
        ("[dns]\nresolvers = ['localhost']", "dns.resolvers: ", "localhost"),
        ("[https]\nconnect_to = ['here']", "https.connect_to: ", "here"),
        ("[admin]\nhttp = '127.0.0.1:1'", "admin.http: ", "inet:"),
        ("[admin]\ncontrol = 'here'", "admin.control: ", "unix:"),
    ],
)
def test_a_mistake_begins_with_its_key(tmp_path: Path, text: str, begins: str, holds: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    said = str(caught.value).removeprefix(f"{tmp_path}/policyd.toml: ")
    assert (said[: len(begins)], holds in said) == (begins, True), said

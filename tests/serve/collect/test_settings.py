"""The configuration of what collects from Postfix: mistakes name their key."""

from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, USAGE
from mxproof.formats.errors import ConfigError
from mxproof.net.asking import Asking, Peer
from mxproof.serve.collect.config import (
    CollectConfig,
    CollectDnsOptions,
    CollectOptions,
    CollectStoreOptions,
    ProbeOptions,
)
from mxproof.serve.collect.settings import collect_settings
from mxproof.serve.daemon.config import AdminOptions, UnixPath
from support_cli import mxproof


def test_the_defaults_are_right() -> None:
    assert collect_settings(CollectConfig()).listen == UnixPath("/run/mxproof-collect/tlsrpt")


@pytest.mark.parametrize("listen", ["inet:127.0.0.1:1", "unix:relative", "/run/tlsrpt", ""])
def test_a_socket_is_a_file(listen: str) -> None:
    with pytest.raises(ConfigError, match=r"^collect\.listen: "):
        collect_settings(CollectConfig(collect=CollectOptions(listen=listen)))


@pytest.mark.parametrize(
    ("dns", "probe", "want"),
    [
        (("192.0.2.1",), (), "192.0.2.1"),
        (("192.0.2.1",), ("192.0.2.2",), "192.0.2.2"),
        ((), ("192.0.2.2",), "192.0.2.2"),
    ],
)
def test_probes_ask_the_resolvers_of_the_whole_unless_they_have_their_own(
    dns: tuple[str, ...], probe: tuple[str, ...], want: str
) -> None:
    config = CollectConfig(
        collect=CollectOptions(testing=True),
        dns=CollectDnsOptions(resolvers=dns),
        probe=ProbeOptions(resolvers=probe),
    )
    probing = collect_settings(config).probing
    assert probing is not None
    assert probing.resolvers == (Peer(want, 53),)


@pytest.mark.parametrize("table", ["dns", "probe"])
def test_a_resolver_that_is_no_address_is_named_by_its_key(table: str) -> None:
    given = {"dns": CollectDnsOptions(resolvers=("none",)), "probe": ProbeOptions(resolvers=("none",))}
    config = msgspec.structs.replace(
        CollectConfig(collect=CollectOptions(testing=True)), **{table: given[table]}
    )
    with pytest.raises(ConfigError, match=rf"^{table}\.resolvers: "):
        collect_settings(config)


def test_the_command_line_checks_and_prints_it(tmp_path: Path) -> None:
    file = tmp_path / "collect.toml"
    file.write_text(f'[store]\nurl = "sqlite:{tmp_path}/journal.db"\n')
    checked = mxproof("tlsrpt", "collectd", "--config", str(file), "--check-config")
    assert (checked.returncode, checked.stdout) == (DONE, b"")
    printed = mxproof("tlsrpt", "collectd", "--config", str(file), "--print-config")
    assert b"domains_max = 100000" in printed.stdout
    again = tmp_path / "again.toml"
    again.write_bytes(printed.stdout)
    assert mxproof("tlsrpt", "collectd", "--config", str(again), "--print-config").stdout == printed.stdout


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[collect]\nlisten = 1\n", "collect.listen"),
        ("[collect]\nkeep_days = 1\n", "collect.keep_days"),
        ("[colect]\n", "colect"),
        ('[store]\nurl = "mysql://x"\n', "mysql"),
    ],
)
def test_a_mistake_is_wrong_usage_and_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "collect.toml"
    file.write_text(text)
    got = mxproof("tlsrpt", "collectd", "--config", str(file), "--check-config")
    assert got.returncode == USAGE
    assert named in got.stderr.decode()


def test_each_value_is_the_one_that_is_configured() -> None:
    config = CollectConfig(
        collect=CollectOptions(listen="unix:/run/other/tlsrpt", domains_max=7, keep_days=9, testing=True),
        probe=ProbeOptions(resolvers=("192.0.2.1",), ca_file="/etc/roots.pem"),
        store=CollectStoreOptions(url="sqlite:/var/other.db"),
        dns=CollectDnsOptions(resolvers=("192.0.2.2",)),
        admin=AdminOptions(http="inet:127.0.0.1:8467", control="unix:/run/other/control"),
        log="debug",
    )
    settings = collect_settings(config)
    assert (settings.listen, settings.domains_max, settings.keep_days) == (
        UnixPath("/run/other/tlsrpt"),
        7,
        9,
    )
    assert (settings.store, settings.log, settings.send) == ("sqlite:/var/other.db", "debug", None)
    assert (settings.http, settings.control) == (
        Peer("127.0.0.1", 8467),
        UnixPath("/run/other/control"),
    )
    assert settings.probing == Asking((Peer("192.0.2.1", 53),))
    assert settings.roots == Path("/etc/roots.pem")


def test_what_is_said_of_probes_has_none_made_where_none_are_wanted() -> None:
    config = CollectConfig(probe=ProbeOptions(resolvers=("192.0.2.1",)))
    assert collect_settings(config).probing is None

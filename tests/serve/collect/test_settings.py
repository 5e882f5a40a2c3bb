"""The configuration of what collects from Postfix: mistakes name their key."""

from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, USAGE
from mxproof.formats.errors import ConfigError
from mxproof.serve.collect.config import CollectConfig, CollectOptions
from mxproof.serve.collect.settings import collect_settings
from mxproof.serve.daemon.config import UnixPath
from support_cli import mxproof


def test_the_defaults_are_right() -> None:
    assert collect_settings(CollectConfig()).listen == UnixPath("/run/mxproof-collect/tlsrpt")


@pytest.mark.parametrize("listen", ["inet:127.0.0.1:1", "unix:relative", "/run/tlsrpt", ""])
def test_a_socket_is_a_file(listen: str) -> None:
    with pytest.raises(ConfigError, match=r"^collect\.listen: "):
        collect_settings(CollectConfig(collect=CollectOptions(listen=listen)))


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

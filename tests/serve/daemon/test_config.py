"""Listeners, and files of a struct that stands for the configuration of any daemon."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer
from mxproof.serve.daemon.config import (
    CONFIG_BYTES_MAX,
    AdminOptions,
    UnixPath,
    control_listener,
    listener,
    page_listener,
    print_config,
    read_config,
)


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...] = ("a",)


class One(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    until: datetime


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    rate_s: float = 1.5
    many: tuple[One, ...] = ()
    inner: Inner = Inner()
    last: int = 3


@pytest.mark.parametrize(
    "table",
    [
        Table(),
        Table(
            many=(One('"quoted"\\\n', datetime(2027, 1, 1, tzinfo=UTC)),) * 2, inner=Inner(("ä b",)), last=0
        ),
    ],
)
def test_what_is_printed_reads_back(tmp_path: Path, table: Table) -> None:
    path = tmp_path / "daemon.toml"
    path.write_bytes(print_config(table))
    assert read_config(path, Table) == table
    assert read_config(None, Table) == Table()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"lost = 7", "lost: "),
        (b"[inner]\nwords = [1]", r"inner\.words\[0\]: "),
        (b"last = 'x'", "last: "),
        (b"name = '\xff'", "UTF-8"),
        (b"#" * (CONFIG_BYTES_MAX + 1), "MiB"),
        (b"no toml", ""),
    ],
)
def test_a_mistake_is_named_with_its_file_and_its_key(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "daemon.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=rf"daemon\.toml: .*{says}"):
        read_config(path, Table)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        read_config(tmp_path / "none.toml", Table)


def test_listeners_of_both_kinds() -> None:
    assert listener("inet:127.0.0.1:8461") == Peer("127.0.0.1", 8461)
    assert listener("inet:[::1]:8461") == Peer("::1", 8461)
    assert listener("unix:/run/mxproof/policyd") == UnixPath("/run/mxproof/policyd")


def test_listeners_apart_are_there_where_they_are_wanted() -> None:
    assert (page_listener(AdminOptions()), control_listener(AdminOptions())) == (None, None)
    both = AdminOptions(http="inet:127.0.0.1:1", control="unix:/run/c")
    assert (page_listener(both), control_listener(both)) == (Peer("127.0.0.1", 1), UnixPath("/run/c"))


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:8461",
        "inet:8461",
        "inet:localhost:8461",
        "unix:relative",
        "unix:",
        "tcp:127.0.0.1:1",
        "unix:/" + "x" * 107,
    ],
)
def test_other_listeners_are_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        listener(text)

"""What the configuration names is opened, and nothing is made, written or left open."""

import socket
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from mxproof.formats import ConfigError
from mxproof.serve.daemon.config import AdminOptions, UnixOptions
from mxproof.serve.policyd.config import Config, StoreOptions
from mxproof.serve.policyd.settings import settings
from mxproof.serve.policyd.trial import tried
from mxproof.store.destinations.sqlite import sqlite_store
from support_policyd import Site, config_for, play, site
from support_store import destination


def doubts(folder: Path, *, validating: bool = True, silent: bool = False, **changes: object) -> list[str]:
    """Return what is doubted of a configuration with `changes`, in front of a resolver."""

    async def scene() -> list[str]:
        async with site("direct") as one:
            one.dns.validating, one.dns.silent = validating, silent
            return await tried(settings(changed(one)))

    def changed(one: Site) -> Config:
        return msgspec.structs.replace(config_for(one, folder), **changes)

    return play(scene())


def test_where_all_is_there_nothing_is_doubted_and_nothing_is_made(tmp_path: Path) -> None:
    assert doubts(tmp_path) == []
    assert {path.name for path in tmp_path.iterdir()} == {"ca.pem"}


def test_a_store_is_read(tmp_path: Path) -> None:
    with closing(sqlite_store(tmp_path / "state.db")) as store:
        store.write([destination()])
    assert doubts(tmp_path) == []
    (tmp_path / "state.db").write_bytes(b"no database" * 1000)
    (doubt,) = doubts(tmp_path)
    assert doubt.startswith("store.url: ")


def test_folders_that_are_not_there_are_named_by_key(tmp_path: Path) -> None:
    config = Config(listen=(f"unix:{tmp_path}/no/socket",))
    found = doubts(tmp_path, listen=config.listen)
    assert [doubt.partition(":")[0] for doubt in found] == ["listen"]


@pytest.mark.parametrize(
    ("admin", "store", "key"),
    [
        (AdminOptions(http="unix:/nowhere/at/http"), StoreOptions(), "admin.http"),
        (AdminOptions(control="unix:/nowhere/at/control"), StoreOptions(), "admin.control"),
        (AdminOptions(), StoreOptions(url="sqlite:/nowhere/at/state.db"), "store.url"),
    ],
)
def test_every_file_is_looked_for_where_it_is_to_be(
    tmp_path: Path, admin: AdminOptions, store: StoreOptions, key: str
) -> None:
    (doubt,) = doubts(tmp_path, admin=admin, store=store)
    assert (doubt.partition(":")[0], "/nowhere/at" in doubt) == (key, True)


@pytest.mark.parametrize("key", ["owner", "group"])
def test_an_owner_that_nobody_is_stops_the_start(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match=rf"^unix\.{key}: "):
        doubts(tmp_path, unix=UnixOptions(**{key: "nobody-has-this-name"}))


def test_all_that_is_amiss_is_told_at_once(tmp_path: Path) -> None:
    found = doubts(
        tmp_path,
        silent=True,
        listen=("unix:/nowhere/at/socket",),
        store=StoreOptions(url="sqlite:/nowhere/at/state.db"),
    )
    assert [doubt.partition(":")[0] for doubt in found] == ["listen", "store.url", "dns.resolvers"]


def test_a_resolver_that_says_nothing_or_does_not_validate_is_named(tmp_path: Path) -> None:
    (silent,) = doubts(tmp_path, silent=True)
    (lax,) = doubts(tmp_path, validating=False)
    assert (silent.partition(":")[0], lax.partition(":")[0]) == ("dns.resolvers", "dns.trust_ad")


def test_an_address_that_is_taken_may_be_the_daemons_own(tmp_path: Path) -> None:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        (doubt,) = doubts(tmp_path, listen=(f"inet:127.0.0.1:{one.getsockname()[1]}",))
    assert "taken" in doubt


def test_an_address_of_another_machine_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="listen: 192"):
        doubts(tmp_path, listen=("inet:192.0.2.99:8461",))


def test_a_file_in_the_place_of_a_socket_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "socketmap").write_text("here")
    with pytest.raises(ConfigError, match="listen: "):
        doubts(tmp_path)

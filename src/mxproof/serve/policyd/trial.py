"""Open what the configuration names, without harm: nothing is listened on, made or written."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer
from mxproof.serve.daemon.config import Listener, UnixPath
from mxproof.serve.daemon.listening import owners
from mxproof.serve.policyd.answer_settings import examined_settings
from mxproof.serve.policyd.settings import Settings
from mxproof.serve.policyd.store import StoreKind, store_at
from mxproof.store.destinations.destination import StoreError


async def tried(settings: Settings) -> list[str]:
    """Return what is amiss here and now and stops no start; raises ConfigError with what would.

    It is tried by the user who runs this, who may have other rights than the daemon.
    """
    owners(settings.unix)
    doubts = [doubt for key, one in _listeners(settings) if (doubt := _listener(key, one)) is not None]
    doubts += _store(settings)
    _, seen = await examined_settings(settings)
    if seen.silent:
        doubts.append(f"dns.resolvers: {seen.because}")
    elif settings.trust_ad and not seen.is_validating:
        doubts.append(f"dns.trust_ad: {seen.because}")
    return doubts


def _listeners(settings: Settings) -> Iterator[tuple[str, Listener]]:
    yield from (("listen", one) for one in settings.listen)
    if settings.http is not None:
        yield "admin.http", settings.http
    if settings.control is not None:
        yield "admin.control", settings.control


def _listener(key: str, one: Listener) -> str | None:
    return _unix(key, Path(one.path)) if isinstance(one, UnixPath) else _inet(key, one)


def _inet(key: str, peer: Peer) -> str | None:
    """Take the address for a moment; raises ConfigError where it cannot be had at all."""
    family = socket.AF_INET6 if peer.family == 6 else socket.AF_INET
    try:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(peer)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"{key}: {peer} is taken, by the daemon if it runs"
        raise ConfigError(f"{key}: {peer}: cannot listen there: {error.strerror}") from None
    return None


def _unix(key: str, path: Path) -> str | None:
    if path.exists() and not path.is_socket():
        raise ConfigError(f"{key}: {path}: a file that is no socket stands there")
    return None if (lack := _folder(path)) is None else f"{key}: {lack}"


def _folder(path: Path) -> str | None:
    """Return what keeps a file from being made at `path`."""
    if not path.parent.is_dir():
        return f"{path}: there is no folder {path.parent}; a unit of systemd makes its own when it starts"
    return None if os.access(path.parent, os.W_OK) else f"{path}: this user cannot write to {path.parent}"


def _store(settings: Settings) -> list[str]:
    """Read from the store where there is one; a daemon starts without it, and says that it is down."""
    kind, where = settings.store
    store = store_at(settings.store)
    if store is None:
        return []
    if kind is StoreKind.SQLITE:
        path = Path(where)
        if not path.exists():
            lack = _folder(path)
            return [] if lack is None else [f"store.url: {lack}"]
        if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
            return [f"store.url: {path}: this user cannot write to it, or to its folder"]
    try:
        with closing(store):
            store.load(1)
    except StoreError as error:
        return [f"store.url: {error}"]
    return []

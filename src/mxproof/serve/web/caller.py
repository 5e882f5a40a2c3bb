"""Who asks, as far as the connection and a proxy tell, and whether what is answered can be read on the way.

| the connection | is |
|---|---|
| TLS of our own | encrypted |
| from the proxy that is named, or from this machine, with a public_url of https | encrypted by the proxy |
| plain, from this machine, to a name of this machine | read by nobody else |
| anything else | refused, with words |
"""

import ipaddress
from http import HTTPStatus

import msgspec
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.web.settings import LOCAL_NAMES, UNIX_PEER, WebSettings


class Caller(msgspec.Struct, frozen=True):
    """Where a request comes from: the address of the client, whether a browser sees TLS, and the origin that it sees."""

    address: str
    is_encrypted: bool
    origin: str
    is_by_proxy: bool


class RefusedCaller(msgspec.Struct, frozen=True):
    """Why a request is not answered."""

    status: HTTPStatus
    words: str


def caller_of(connection: HTTPConnection, settings: WebSettings) -> Caller | RefusedCaller:
    """Return who asks, or why that is not answered."""
    peer = UNIX_PEER if connection.client is None or not connection.client.host else connection.client.host
    is_proxy = _is_proxy(peer, settings)
    host = connection.headers.get("host", "").lower()
    public = settings.public
    is_encrypted = connection.scope["scheme"] == "https"
    if not is_encrypted and public is not None and public.scheme == "https":
        is_encrypted = is_proxy or _is_loopback(peer)
    if not is_encrypted and not (_is_loopback(peer) and _name_of(host) in LOCAL_NAMES):
        if _is_loopback(peer):
            return _misdirected(host, _local(settings))
        return RefusedCaller(
            HTTPStatus.FORBIDDEN,
            "These pages are not sent without encryption: whoever is on the way could read the login and use it. "
            "Have them served with a certificate of their own (web.certificate and web.key), or behind a proxy that speaks TLS "
            "(web.public_url, and where it connects from in web.proxy.addresses).",
        )
    if is_encrypted and public is not None and host != public.host:
        return _misdirected(host, str(public))
    scheme = "https" if is_encrypted else "http"
    address = _forwarded(connection.headers, peer) if is_proxy else peer
    return Caller(address, is_encrypted, f"{scheme}://{host}", is_proxy)


def _local(settings: WebSettings) -> str:
    """Return what a browser on this machine types."""
    port = "" if isinstance(settings.listen, UnixPath) else f":{settings.listen.port}"
    return f"http://localhost{port}"


def _misdirected(host: str, meant: str) -> RefusedCaller:
    words = f"Nothing is served under the name {host!r}; these pages are at {meant}."
    return RefusedCaller(HTTPStatus.MISDIRECTED_REQUEST, words)


def _is_proxy(peer: str, settings: WebSettings) -> bool:
    try:
        return settings.proxy.is_peer(peer)
    except ValueError:
        return False


def _is_loopback(peer: str) -> bool:
    try:
        return peer == UNIX_PEER or ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    """Return the name in a Host header, without its port and the brackets of IPv6."""
    name, colon, port = host.rpartition(":")
    bare = name if colon and port.isdigit() else host
    return bare.removeprefix("[").removesuffix("]")


def _forwarded(headers: Headers, peer: str) -> str:
    """Return the client that the proxy names: the last of them, which it wrote itself, be it on a line of its own."""
    named = ",".join(headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(named))
    except ValueError:
        return peer

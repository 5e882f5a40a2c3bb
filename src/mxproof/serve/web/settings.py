"""What the tables of the pages say, read once."""

import ipaddress
import re
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from mxproof.formats import ConfigError
from mxproof.serve.daemon.config import Listener, UnixPath, about, is_loopback, listener
from mxproof.serve.web.config import GuestOptions, ProxyOptions, WebOptions
from mxproof.store.journal.guest_bounds import GuestBounds

UNIX_PEER: Final = "unix"
"""How whoever connects to the socket file is named."""

LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1")
"""What this machine is called from itself."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class Origin(msgspec.Struct, frozen=True):
    """What people type to get here: the scheme, and the host with its port where that is not the usual one."""

    scheme: str
    host: str

    def __str__(self) -> str:
        """Return it as a browser writes it."""
        return f"{self.scheme}://{self.host}"


class TrustedProxy(msgspec.Struct, frozen=True):
    """The proxy that is believed: where it connects from, and the header in which it names who is logged in."""

    networks: tuple[Network, ...] = ()
    is_unix: bool = False
    header: str = ""
    admins: frozenset[str] = frozenset()

    def is_peer(self, peer: str) -> bool:
        """Tell whether a connection from `peer` is the proxy's."""
        if peer == UNIX_PEER:
            return self.is_unix
        address = ipaddress.ip_address(peer)
        return any(address in one for one in self.networks)


class Guests(msgspec.Struct, frozen=True):
    """What guests may do: how many checks each may ask for in an hour, and what bounds those of all."""

    checks_an_hour: int
    bounds: GuestBounds


class WebSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that goes by; the certificate is in the file with its key's."""

    listen: Listener
    certificate: tuple[Path, Path] | None = None
    public: Origin | None = None
    proxy: TrustedProxy = TrustedProxy()
    guests: Guests | None = None


def web_settings(web: WebOptions) -> WebSettings | None:
    """Return what the table says, None where no pages are wanted; raises ConfigError that names the key."""
    if not web.listen:
        if web != WebOptions():
            raise ConfigError("web.listen: empty, so that the rest of the table says nothing")
        return None
    with about("web.listen"):
        listen = listener(web.listen)
    if bool(web.certificate) != bool(web.key):
        missing = "key" if web.certificate else "certificate"
        raise ConfigError(f"web.{missing}: empty; a certificate and its key are named together")
    with about("web.public_url"):
        public = _origin(web.public_url) if web.public_url else None
    if isinstance(listen, UnixPath) and public is None:
        raise ConfigError(
            "web.public_url: empty; at a socket file only this tells under which name people come"
        )
    proxy = _proxy(web.proxy)
    if not web.certificate and not is_loopback(listen) and public is None:
        raise ConfigError(
            f"web.listen: {listen} can be reached from other machines, and nothing encrypts: name a certificate and its "
            "key, or the public_url of a proxy that speaks TLS"
        )
    return WebSettings(
        listen=listen,
        certificate=(Path(web.certificate), Path(web.key)) if web.certificate else None,
        public=public,
        proxy=proxy,
        guests=_guests(web.guests),
    )


def tls_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """Return how TLS is spoken with a certificate; raises ConfigError where it cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    renew_certificate(context, certificate)
    return context


def renew_certificate(context: ssl.SSLContext, certificate: tuple[Path, Path]) -> None:
    """Show what is in the files now to whoever connects from now on; raises ConfigError where that cannot be used."""
    chain, key = certificate
    for name, path in (("certificate", chain), ("key", key)):
        try:
            path.open("rb").close()
        except OSError as error:
            raise ConfigError(f"web.{name}: {path}: cannot be read ({error.strerror})") from None
    try:
        context.load_cert_chain(chain, key, password=_no_password)
    except (ssl.SSLError, ValueError, OSError):
        raise ConfigError(
            f"web.certificate: {chain} and {key}: a certificate in PEM and its key without a password were expected"
        ) from None


def _no_password() -> str:
    """Stand in for the question on the terminal, which nobody would answer."""
    return ""


def _origin(url: str) -> Origin:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("https", "http") or not parts.hostname or not bare:
        raise ConfigError(f"{url!r}: https://HOST or https://HOST:PORT was expected, without a path")
    if parts.scheme == "http" and parts.hostname not in LOCAL_NAMES:
        raise ConfigError(f"{url!r}: https was expected; only {', '.join(LOCAL_NAMES)} are answered without")
    usual = {"https": 443, "http": 80}[parts.scheme]
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Origin(parts.scheme, name if port in (None, usual) else f"{name}:{port}")


def _guests(guests: GuestOptions) -> Guests | None:
    if not guests.check:
        return None
    bounds = GuestBounds(guests.waiting_max, guests.checks_an_hour_in_all, timedelta(days=guests.kept_days))
    return Guests(guests.checks_an_hour, bounds)


def _proxy(proxy: ProxyOptions) -> TrustedProxy:
    networks = []
    for text in proxy.addresses:
        if text != UNIX_PEER:
            try:
                networks.append(ipaddress.ip_network(text))
            except ValueError:
                raise ConfigError(
                    f"web.proxy.addresses: {text!r}: an address, a network or {UNIX_PEER} was expected"
                ) from None
    if proxy.header and not _HEADER_NAME.match(proxy.header):
        raise ConfigError(f"web.proxy.header: {proxy.header!r}: the name of a header was expected")
    if proxy.header and not proxy.addresses:
        raise ConfigError(
            "web.proxy.addresses: empty; anybody could send the header that says who is logged in"
        )
    if proxy.admins and not proxy.header:
        raise ConfigError("web.proxy.admins: without web.proxy.header nobody is named by the proxy")
    is_unix = UNIX_PEER in proxy.addresses
    return TrustedProxy(tuple(networks), is_unix, proxy.header.lower(), frozenset(proxy.admins))

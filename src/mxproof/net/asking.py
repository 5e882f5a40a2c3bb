"""How to ask: through which resolvers, over which families, for how long, and under what name."""

import ipaddress
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from mxproof.formats import ConfigError

ENDPOINT_TIMEOUT_S = 10.0
COMPARING_TIMEOUT_S = 3.0
"""How long one name server may take where the servers are only compared: nobody's mail waits for what it says, and on
many networks none of them can be reached."""
DOMAIN_TIMEOUT_S = 60.0
RESOLVERS_MAX = 3
"""As many as the C library reads (resolv.conf(5), MAXNS)."""
RESOLV_CONF = Path("/etc/resolv.conf")
RESOLV_CONF_BYTES_MAX = 64 * 1024
TRUST_AD = "trust-ad"
PEERS_CACHED_MAX = 256

DNS_PORT = 53
SMTP_PORT = 25
HTTPS_PORT = 443


class Peer(NamedTuple):
    """An address in canonical text and a port; equal to the plain pair."""

    address: str
    port: int

    def __str__(self) -> str:
        """Write the peer as options take it: `192.0.2.1:25`, `[2001:db8::1]:25`."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    @property
    def family(self) -> int:
        """Return 4 or 6; canonical text tells by its colons."""
        return 6 if ":" in self.address else 4

    @property
    def is_loopback(self) -> bool:
        """Tell whether the peer is on this machine."""
        return _is_loopback(self.address)


Detours = Mapping[tuple[str, int], tuple[str, int]]
_NO_DETOURS: Detours = MappingProxyType({})


class Asking(msgspec.Struct, frozen=True):
    """All that the network code needs to know beside the question.

    `connect_to` leads a connection meant for one peer to another, and leaves all names as they are; `families` are
    `4` and `6`; `allow_private` has servers asked at addresses that are not public; `timeout_s` bounds each question in
    total, `dns_timeout_s` those of DNS where it is another time, `server_timeout_s` those to one name server by itself where
    that is less, `domain_timeout_s` all of them; `trust_ad` says
    whether the resolvers' AD bit may be believed, `None` has it found out, and then `trusted` are resolvers that this
    machine is set up to trust; `helo_name` is empty for an address literal; `contact` says in HTTP requests whom to write to about them;
    `simulated` names the lab scenario and `roots` the trust anchors, both only to be written down.
    """

    resolvers: tuple[Peer, ...]
    connect_to: Detours = _NO_DETOURS
    families: tuple[int, ...] = (4, 6)
    timeout_s: float = ENDPOINT_TIMEOUT_S
    domain_timeout_s: float = DOMAIN_TIMEOUT_S
    dns_timeout_s: float | None = None
    server_timeout_s: float | None = None
    trust_ad: bool | None = None
    trusted: tuple[Peer, ...] = ()
    helo_name: str = ""
    contact: str = ""
    allow_private: bool = False
    simulated: str = ""
    roots: str = ""

    def look_up_s(self, server: str = "") -> float:
        """Return how long a question of DNS may take in all, to the resolvers or to one `server`."""
        whole = self.timeout_s if self.dns_timeout_s is None else self.dns_timeout_s
        limit = self.server_timeout_s if server else None
        return whole if limit is None else min(whole, limit)

    def way_to(self, peer: Peer) -> Peer:
        """Return the peer to connect to in order to reach `peer`."""
        instead = self.connect_to.get(peer)
        return peer if instead is None else Peer(*instead)


def system_resolvers(path: Path = RESOLV_CONF) -> tuple[Peer, ...]:
    """Return the resolvers this machine is set up with.

    Raises ConfigError where there are none; a guess that some resolver runs on loopback would only turn a missing
    set-up into puzzling timeouts.
    """
    try:
        lines = _lines(path)
    except OSError as error:
        raise ConfigError(f"no resolver: {path} cannot be read ({error.strerror}); name one") from None
    peers = _name_servers(lines)
    if not peers:
        raise ConfigError(f"no resolver: {path} has no `nameserver` line with an address; name one")
    return peers


def trusted_resolvers(path: Path = RESOLV_CONF, amended: str | None = None) -> tuple[Peer, ...]:
    """Return the resolvers whose AD bit this machine is set up to believe: all of them, with the option `trust-ad`.

    That is the rule of the C library since glibc 2.31, and what senders on this machine go by; the environment variable
    RES_OPTIONS, or `amended` in its place, adds options (resolv.conf(5)).
    """
    if amended is None:
        amended = os.environ.get("RES_OPTIONS", "")
    try:
        lines = _lines(path)
    except OSError:
        return ()
    options = [option for line in lines if line[0] == "options" for option in line[1:]]
    return _name_servers(lines) if TRUST_AD in {*options, *amended.split()} else ()


def _lines(path: Path) -> list[list[str]]:
    """Return the words of each line that has any, and is no comment."""
    with path.open(encoding="utf-8", errors="replace") as file:
        lines = file.read(RESOLV_CONF_BYTES_MAX).splitlines()
    return [line.split() for line in lines if line.strip() and line[0] not in "#;"]


def _name_servers(lines: list[list[str]]) -> tuple[Peer, ...]:
    addresses = [line[1] for line in lines if len(line) > 1 and line[0] == "nameserver"]
    peers = [Peer(_address(address), DNS_PORT) for address in addresses if _is_address(address)]
    return tuple(dict.fromkeys(peers))[:RESOLVERS_MAX]


def parse_peer(text: str, default_port: int | None = None) -> Peer:
    """Return the peer written as `192.0.2.1:25`, `[2001:db8::1]:25` or, with `default_port`, a bare address.

    Raises ConfigError for anything else; names are not looked up.
    """
    bare = text.strip()
    if default_port is not None and _is_address(bare.removeprefix("[").removesuffix("]")):
        return Peer(_address(bare.removeprefix("[").removesuffix("]")), default_port)
    host, colon, port = bare.rpartition(":")
    if host.startswith("[") and host.endswith("]") and ":" in host:
        host = host[1:-1]
    elif ":" in host:
        colon = ""
    if not (colon and _is_address(host) and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        wanted = "ADDRESS:PORT" if default_port is None else "ADDRESS or ADDRESS:PORT"
        raise ConfigError(f"{text!r} is not {wanted}, such as 192.0.2.1:25 or [2001:db8::1]:25")
    return Peer(_address(host), int(port))


def parse_connect_to(text: str) -> tuple[Peer, Peer]:
    """Return the pair written as `[2001:db8::1]:25=127.0.0.1:2525`: the peer meant, the peer to connect to.

    Raises ConfigError for anything else.
    """
    meant, equals, instead = text.partition("=")
    if not equals:
        raise ConfigError(f"{text!r} is not ADDRESS:PORT=ADDRESS:PORT, such as 192.0.2.1:25=127.0.0.1:2525")
    return parse_peer(meant), parse_peer(instead)


@lru_cache(maxsize=PEERS_CACHED_MAX)
def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _address(text: str) -> str:
    return str(ipaddress.ip_address(text))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True

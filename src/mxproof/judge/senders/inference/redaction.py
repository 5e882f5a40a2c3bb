"""A sender test to be passed on: what it shows stays, and who was watched can no longer be told from it.

| taken out | what stays |
|---|---|
| addresses of whoever asked, fetched and connected | their network: 24 bits of IPv4, 48 of IPv6 |
| host names of the sender, in its greeting and in the domain of its address | the last two labels, or the whole where that is wanted |
| local parts | nothing |
| who made a TLS report | what it says of the set |
| who made a bounce | what it says of the set; of every other address and host name in it as much as above |
| what stands in the headers | the names of the fields, in their order |
| of what the domains of the set are seen as, what `mxproof.evidence.redaction` says | |

What is inferred from it is what was inferred before.
"""

import ipaddress
import re
from collections.abc import Mapping

import msgspec

from mxproof.evidence.redaction import redacted
from mxproof.formats.redaction import Redaction
from mxproof.judge.senders.inference.observation import SeenBounce, SeenConnection, SenderTest

_BITS = {4: 24, 6: 48}
_LABELS_KEPT = 2
_PLACE = "x"
_IPV4 = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\w|\.[0-9])", re.ASCII)
_IPV6 = re.compile(r"(?<![\w.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?!\w)", re.ASCII | re.IGNORECASE)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_FIELD = re.compile(r"^([!-9;-~]+):", re.MULTILINE)


class Removed(msgspec.Struct, frozen=True):
    """How much was taken out: addresses that were shortened, host names, and headers."""

    addresses: int
    hosts: int
    headers: int


def passed_on(test: SenderTest, *, hosts_kept: bool = False) -> tuple[SenderTest, Removed]:
    """Return the run as it may be passed on, and how much was taken out; with `hosts_kept` host names stay."""
    clients = {one.client for one in test.queries} | {one.client for one in test.fetches}
    clients |= {one.client for one in test.connections} | {one.client for one in test.reports}
    clients |= {one.client for one in test.bounces}
    hosts = {host for one in test.connections for host in _hosts(one)}
    hosts |= {one.reporting_mta for one in test.bounces}
    shown = {host: host if hosts_kept else _shortened(host) for host in hosts}
    words = _Words(test, shown, hosts_kept=hosts_kept)
    replaced = msgspec.structs.replace
    after = replaced(
        test,
        evidence=redacted(test.evidence),
        later=None if test.later is None else redacted(test.later),
        queries=tuple(replaced(one, client=_network(one.client)) for one in test.queries),
        fetches=tuple(replaced(one, client=_network(one.client)) for one in test.fetches),
        connections=tuple(_connection(one, shown) for one in test.connections),
        reports=tuple(
            replaced(one, client=_network(one.client), organization=_PLACE) for one in test.reports
        ),
        bounces=tuple(_bounce(one, shown, words) for one in test.bounces),
    )
    return after, Removed(
        len(clients),
        sum(host != told for host, told in shown.items()),
        sum(bool(one.headers) for one in test.connections),
    )


def _bounce(bounce: SeenBounce, shown: Mapping[str, str], words: "_Words") -> SeenBounce:
    local_parts = Redaction()
    return msgspec.structs.replace(
        bounce,
        client=_network(bounce.client),
        reporting_mta=shown[bounce.reporting_mta],
        recipients=tuple(
            msgspec.structs.replace(
                one,
                recipient=_without_local_part(one.recipient),
                remote_mta=words.without_sender(one.remote_mta),
                diagnostic=local_parts.text(words.without_sender(one.diagnostic)),
            )
            for one in bounce.recipients
        ),
    )


class _Words:
    """What is taken out of words in which anything may stand: every address and every host name that is not of the set.

    `shown` are host names that are known to be the sender's, and what stands in place of each.
    """

    def __init__(self, test: SenderTest, shown: Mapping[str, str], *, hosts_kept: bool) -> None:
        self._domains = frozenset(one.domain for one in test.cases)
        self._shown = {host.lower(): told for host, told in shown.items()}
        self._hosts_kept = hosts_kept

    def without_sender(self, text: str) -> str:
        """Return `text` with addresses and host names shortened."""
        return _HOST.sub(self._host, _IPV6.sub(_address, _IPV4.sub(_address, text)))

    def _host(self, found: re.Match[str]) -> str:
        name = found.group()
        labels = name.lower().split(".")
        if any(".".join(labels[place:]) in self._domains for place in range(len(labels))):
            return name
        known = self._shown.get(name.lower())
        if known is not None:
            return known
        # one label is a word, and what ends in digits the number of a status or of a version
        return name if self._hosts_kept or len(labels) == 1 or labels[-1].isdigit() else _shortened(name)


def _address(found: re.Match[str]) -> str:
    text = found.group()
    bare = text.rstrip(":") or text
    told = _network(bare)
    return text if told == _PLACE else told + text[len(bare) :]  # a time of day has colons, too


def _without_local_part(address: str) -> str:
    return f"{_PLACE}@{address.rpartition('@')[2]}"


def _network(client: str) -> str:
    """Return the first address of the network of a client."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return _PLACE
    return str(ipaddress.ip_network((address, _BITS[address.version]), strict=False).network_address)


def _hosts(connection: SeenConnection) -> tuple[str, ...]:
    return connection.greeting.partition(" ")[2], connection.sender.rpartition("@")[2]


def _shortened(host: str) -> str:
    labels = host.split(".")
    if host.startswith("[") or len(labels) <= _LABELS_KEPT or labels[-1].isdigit():
        return host if len(labels) == _LABELS_KEPT and not host.startswith("[") else _PLACE if host else ""
    return ".".join((_PLACE, *labels[-_LABELS_KEPT:]))


def _connection(connection: SeenConnection, shown: dict[str, str]) -> SeenConnection:
    verb, space, greeted = connection.greeting.partition(" ")
    local, at, domain = connection.sender.rpartition("@")
    headers = connection.headers
    return msgspec.structs.replace(
        connection,
        client=_network(connection.client),
        greeting=f"{verb}{space}{shown[greeted]}",
        sender=f"{_PLACE if local else ''}{at}{shown[domain]}",
        recipients=tuple(map(_without_local_part, connection.recipients)),
        headers=None if headers is None else "".join(f"{name}:\n" for name in _FIELD.findall(headers)),
    )

"""Run a lab in this process and a plain blocking client beside it in a thread."""

import asyncio
import http.client
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import dns.message
import dns.query

from mxproof.lab.running import RunningLab, running
from mxproof.lab.scenario import Scenario, load, parse
from mxproof.lab.serving import Endpoint

T = TypeVar("T")

CLIENT_S_MAX = 3.0
SOUND = """
title = "A sound domain"
story = "One server, one policy."
[expect]
text = "Everyone delivers."
[[zone]]
name = "example.com"
records = '''
@         MX    10 mx1
mx1       A     192.0.2.25
mta-sts   A     203.0.113.80
_mta-sts  TXT   "v=STSv1; id=1;"
'''
"""


class Fetched(NamedTuple):
    """A whole HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes


def world(tables: str, keys: str = "") -> Scenario:
    """Return the world of a sound zone with `tables` behind it and top-level `keys` before it."""
    return parse((keys + SOUND + tables).encode(), "test")


def in_lab(
    subject: Scenario | str, client: Callable[[RunningLab], T], log: Callable[[str], None] = print
) -> T:
    """Return what `client` returns, called in a thread while the world, or the scenario of that name, runs."""

    async def run() -> T:
        one = load(subject) if isinstance(subject, str) else subject
        async with running(one, now=datetime.now(UTC), log=log) as lab:
            return await asyncio.to_thread(client, lab)

    return asyncio.run(run())


def ask(
    lab: RunningLab, name: str, kind: str, *, tcp: bool = False, timeout_s: float = CLIENT_S_MAX
) -> dns.message.Message:
    """Return the resolver's response, asked for with the DO bit."""
    query = dns.message.make_query(name, kind, want_dnssec=True)
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, lab.resolver[0], port=lab.resolver[1], timeout=timeout_s)


def trusting(lab: RunningLab) -> ssl.SSLContext:
    """Return a client context that trusts the lab's authority alone."""
    return ssl.create_default_context(cadata=lab.ca_pem.decode())


def careless() -> ssl.SSLContext:
    """Return a client context that verifies nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def get(
    lab: RunningLab,
    address: str = "203.0.113.80",
    name: str = "mta-sts.example.com",
    path: str = "/.well-known/mta-sts.txt",
    context: ssl.SSLContext | None = None,
) -> Fetched:
    """Return the response of the policy host at `address`."""
    raw = socket.create_connection(lab.connect_to[(address, 443)], timeout=CLIENT_S_MAX)
    with raw, (context or trusting(lab)).wrap_socket(raw, server_hostname=name) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        with closing(http.client.HTTPResponse(connection)) as response:
            response.begin()
            return Fetched(response.status, dict(response.getheaders()), response.read())


def mail(lab: RunningLab, address: str = "192.0.2.25", port: int = 25) -> smtplib.SMTP:
    """Return an SMTP client that has read the greeting of the server at `address`."""
    host, real_port = reach(lab, address, port)
    return smtplib.SMTP(host, real_port, local_hostname="client.example.net", timeout=CLIENT_S_MAX)


def start_tls(client: smtplib.SMTP, name: str, context: ssl.SSLContext) -> None:
    """Secure `client`, verifying the certificate for `name`."""
    client._host = name  # type: ignore[attr-defined]  # smtplib takes the name from the address dialled
    client.starttls(context=context)


def reach(lab: RunningLab, address: str, port: int) -> Endpoint:
    """Return where `address` and `port` really listen."""
    return lab.connect_to[(address, port)]

"""The policy host for tests: run in this loop, its files in a folder, and asked as senders ask."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from mxproof.lab.ca import Issued
from mxproof.serve.daemon.config import AdminOptions
from mxproof.serve.publish.config import CertificateOptions, LimitOptions, PublishConfig
from mxproof.serve.publish.daemon import PublishDaemon
from mxproof.serve.publish.settings import PublishSettings, publish_settings
from support_pem import authorities, issued, key_pem, pem

WITHIN_S = 60
DOMAIN, OTHER = "example.com", "example.net"
PATH = "/.well-known/mta-sts.txt"


def policy_text(domain: str, mode: str = "testing") -> bytes:
    """Return a policy as an editor has it, with bare LF."""
    return f"version: STSv1\nmode: {mode}\nmx: mx1.{domain}\nmax_age: 86400\n".encode()


def served_text(domain: str, mode: str = "testing") -> bytes:
    """Return the policy as it is served."""
    return policy_text(domain, mode).replace(b"\n", b"\r\n")


@lru_cache(maxsize=16)
def certificate(domain: str) -> Issued:
    """Return a certificate for the policy host of a domain, the same each time."""
    return issued(f"mta-sts.{domain}")


def put_policy(folder: Path, domain: str, text: bytes) -> None:
    """Swap the file of a policy whole."""
    _put(folder / "policies" / f"{domain}.txt", text)


def put_certificate(folder: Path, domain: str, one: Issued) -> None:
    """Swap chain and key of a policy host."""
    _put(folder / "certificates" / f"mta-sts.{domain}.key", key_pem(one))
    _put(folder / "certificates" / f"mta-sts.{domain}.pem", pem(one))


def put_key(folder: Path, domain: str, one: Issued) -> None:
    """Swap the key alone, as between the two steps of a renewal."""
    _put(folder / "certificates" / f"mta-sts.{domain}.key", key_pem(one))


def _put(path: Path, text: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(text)
    new.replace(path)


def hosting(folder: Path, *domains: str) -> None:
    """Put down policy and certificate of each domain."""
    for domain in domains or (DOMAIN,):
        put_policy(folder, domain, policy_text(domain))
        put_certificate(folder, domain, certificate(domain))


def config_in(
    folder: Path, limits: LimitOptions | None = None, default_domain: str = "", *, access_log: bool = False
) -> PublishConfig:
    """Return the configuration of a policy host that listens in `folder`."""
    return PublishConfig(
        listen=(f"unix:{folder}/https",),
        folder=str(folder / "policies"),
        access_log=access_log,
        certificate=CertificateOptions(
            chain=f"{folder}/certificates/{{host}}.pem",
            key=f"{folder}/certificates/{{host}}.key",
            default_domain=default_domain,
        ),
        limits=LimitOptions(handshake_s=60.0, request_s=60.0) if limits is None else limits,
        admin=AdminOptions(http=f"unix:{folder}/http", control=f"unix:{folder}/control"),
    )


@asynccontextmanager
async def policy_host(
    config: PublishConfig, read: Callable[[], PublishSettings] | None = None
) -> AsyncIterator[PublishDaemon]:
    """Run a policy host in this loop; a reload reads the same configuration, and its policies anew."""
    made = PublishDaemon(publish_settings(config), read or (lambda: publish_settings(config)))
    serving = asyncio.create_task(made.run())
    ready = asyncio.create_task(made.life.ready.wait())
    await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        ready.cancel()
        await serving
    try:
        yield made
    finally:
        made.life.stop.set()
        async with asyncio.timeout(WITHIN_S):
            await serving


class Got(NamedTuple):
    """A response; names of `fields` are in lower case."""

    status: int
    fields: dict[str, str]
    body: bytes


class Client:
    """A sender with one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(
        self, host: str = f"mta-sts.{DOMAIN}", path: str = PATH, method: str = "GET", more: str = ""
    ) -> Got:
        """Ask once and return the response."""
        self.writer.write(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n".encode())
        return await self.got(with_body=method != "HEAD")

    async def got(self, *, with_body: bool = True) -> Got:
        """Return the next response."""
        async with asyncio.timeout(WITHIN_S):
            first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
            fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await self.reader.readexactly(int(fields["content-length"])) if with_body else b""
        return Got(int(first.split()[1]), fields, body)

    async def ended(self) -> bytes:
        """Return what still comes until the server ends the connection."""
        async with asyncio.timeout(WITHIN_S):
            try:
                return await self.reader.read()
            except OSError:
                return b""

    def leaf(self) -> bytes:
        """Return the certificate that was shown, in DER."""
        found: bytes = self.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return found


@asynccontextmanager
async def client(
    folder: Path, domain: str = DOMAIN, context: ssl.SSLContext | None = None
) -> AsyncIterator[Client]:
    """Connect as a sender does that fetches the policy of `domain`."""
    async with asyncio.timeout(WITHIN_S):
        reader, writer = await asyncio.open_unix_connection(
            str(folder / "https"), ssl=context or trusting(), server_hostname=f"mta-sts.{domain}"
        )
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def stranger(folder: Path) -> AsyncIterator[Client]:
    """Connect without TLS."""
    reader, writer = await asyncio.open_unix_connection(str(folder / "https"))
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


async def page(folder: Path, path: str) -> tuple[int, str]:
    """Return status and text of a page for who monitors."""
    reader, writer = await asyncio.open_unix_connection(str(folder / "http"))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    async with asyncio.timeout(WITHIN_S):
        head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    return int(head.split()[1]), body


@lru_cache(maxsize=1)
def trusting() -> ssl.SSLContext:
    """Return what a sender verifies with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authorities()[0].root_pem().decode())
    return context


def series(text: str, name: str) -> float:
    """Return the value of one series of the metrics."""
    (value,) = (
        line.rpartition(" ")[2]
        for line in text.splitlines()
        if line.rpartition(" ")[0] == f"mxproof_publish_{name}"
    )
    return float(value)


def touch_later(path: Path) -> None:
    """Make a file seem written at another time, as one that was swapped for the same."""
    one = path.stat()
    os.utime(path, ns=(one.st_atime_ns, one.st_mtime_ns + 1))

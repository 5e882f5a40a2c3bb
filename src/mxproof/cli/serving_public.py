"""`mxproof sendertest serve` with `--zone`: the set on a public host, for the zone that is delegated to it."""

import asyncio
import ipaddress
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mxproof.cli.exit import DONE, RunError
from mxproof.cli.left_root import ENDINGS, Account, given_up, written_into
from mxproof.cli.serving_public_metrics import PublicCounts
from mxproof.cli.streams import print_stderr, write_stdout
from mxproof.formats.errors import ConfigError
from mxproof.judge.senders.inference.observation import write_test
from mxproof.lab.sendertest.public_folder import (
    RECIPIENTS_AGAIN_FILE,
    RECIPIENTS_FILE,
    RUN_LASTS,
    LeasedRun,
    forgotten,
    leased,
    shared_certificates,
    zone_key,
)
from mxproof.lab.sendertest.public_run import Issuer, PublicRun, PublicSite, public_run
from mxproof.lab.sendertest.public_serving import PublicServing, public_opened, public_serving
from mxproof.lab.sendertest.serving import Opened
from mxproof.lab.signed_zone import ZoneSigner
from mxproof.net.asking import Peer
from mxproof.net.roots import roots_from, system_roots
from mxproof.serve.daemon.config import UnixOptions, UnixPath, listener
from mxproof.serve.daemon.listening import opened
from mxproof.serve.daemon.pages import Pages, PageServer

SITE_ADDRESSES_MAX = 64
RUNS_AT_ONCE_MAX = 20
WRITTEN_EVERY_S = 60.0
CA_FILE = "ca.pem"
OBSERVED_FILE = "observed.json"
_TOKEN_BYTES = 5


class PublicSetup(msgspec.Struct, frozen=True):
    """What the command line says of a public set; `http` is where monitoring asks."""

    folder: Path
    zone: str
    addresses: tuple[str, ...]
    certificates: Path | None
    roots: Path | None
    challenges: str
    runs: int
    http: Peer | None = None


def addresses_of(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses that are named one by one or as networks; raises ConfigError for what is neither, or too much."""
    found: dict[str, None] = {}
    for text in texts:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ConfigError(
                f"address {text!r}: neither an address nor a network such as 198.51.100.0/28"
            ) from None
        for address, _ in zip(network, range(SITE_ADDRESSES_MAX + 1), strict=False):
            found[str(address)] = None
    if len(found) > SITE_ADDRESSES_MAX:
        raise ConfigError(f"addresses: more than {SITE_ADDRESSES_MAX}; the set needs no more than 19")
    return tuple(found)


def monitoring_at(text: str) -> Peer:
    """Return where monitoring asks, written as `inet:127.0.0.1:9469`; raises ConfigError for anything else."""
    found = listener(text)
    if isinstance(found, UnixPath):
        raise ConfigError(f"{text!r}: inet:ADDRESS:PORT was expected")
    return found


@asynccontextmanager
async def pages_at(asked: socket.socket | None, pages: Pages) -> AsyncIterator[None]:
    """Serve the pages for monitoring until the block is left, where there is a socket for them."""
    if asked is None:
        yield
        return
    server = await asyncio.start_server(PageServer(pages), sock=asked)
    try:
        yield
    finally:
        server.close()


def site_of(setup: PublicSetup) -> PublicSite:
    """Return where the set stands; raises ConfigError for certificates that cannot be read."""
    if setup.certificates is None:
        return PublicSite(setup.zone, setup.addresses, challenges=setup.challenges)
    roots = system_roots() if setup.roots is None else roots_from(setup.roots)
    hosts = shared_certificates(setup.certificates, setup.zone)
    return PublicSite(setup.zone, setup.addresses, hosts, roots, setup.challenges)


async def serve_public(setup: PublicSetup, account: Account | None) -> int:
    """Serve the runs until a signal, or until they are over, and write what was seen in each every minute."""
    folder, now = setup.folder, _now()
    site = site_of(setup)
    if not site.setups:
        raise RunError("no case is left for these addresses")
    issuer = Issuer(site, now)
    with ExitStack() as held_open:
        sockets = _opened(site)
        held_open.callback(sockets.close)
        asked = None if setup.http is None else held_open.enter_context(opened(setup.http, UnixOptions()))
        _ready(folder, now)
        signer = ZoneSigner(zone_key(folder), _now)
        runs = _begun(site, issuer, leased(folder, setup.certificates, site.zone, setup.runs, now), now)
        held = _put_down(folder, issuer, runs, account)
        given_up(account)
        serving = PublicServing(
            site, runs, {name: one.run.watching(_now, _teller(name)) for name, one in runs.items()}, _now, {}
        )
        await _serve(serving, sockets, signer, RunWriter(serving, held, folder), asked)
    return DONE


def _ready(folder: Path, now: datetime) -> None:
    """Make the folder if it is not there, and remove from it what is kept no longer."""
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        for name in forgotten(folder, now):
            print_stderr(f"{folder / name}: removed, its time is over")
    except OSError as error:
        raise RunError(f"{folder}: {error.strerror or error}") from None


async def _serve(
    serving: PublicServing,
    sockets: Opened,
    signer: ZoneSigner,
    writer: "RunWriter",
    asked: socket.socket | None,
) -> None:
    folder = writer.folder
    ended = asyncio.Event()
    for number in ENDINGS:
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    over = asyncio.get_running_loop().time() + RUN_LASTS.total_seconds()
    async with public_serving(serving, sockets, signer), pages_at(asked, writer.counts.page):
        write_stdout(_directions(serving, signer, folder).encode())
        while not ended.is_set() and asyncio.get_running_loop().time() < over:
            try:
                async with asyncio.timeout(WRITTEN_EVERY_S):
                    await ended.wait()
            except TimeoutError:
                writer.write_some()
    writer.write(last=True)
    for name, watching in serving.watching.items():
        seen = f"{len(watching.connections)} connections, {len(watching.fetches)} fetches of policies"
        print_stderr(f"{folder / name / OBSERVED_FILE}: {seen}")
    for kind, count in serving.unknown.items():
        print_stderr(f"{count} {kind} that belonged to no run")


class RunWriter:
    """Writes what was seen in each run, where it is more than before."""

    def __init__(self, serving: PublicServing, held: Mapping[str, int], folder: Path) -> None:
        self._serving, self._held, self.folder = serving, held, folder
        self.counts = PublicCounts(serving.watching.values(), serving.unknown, serving.now() + RUN_LASTS)
        self._written: dict[str, tuple[int, int, int]] = {}

    def write_some(self) -> None:
        """Write the file of every run of which more was seen; what cannot be written is told, and tried again later."""
        try:
            self.write()
        except RunError as error:
            self.counts.unwritten(str(error))
            print_stderr(f"{error}; it is tried again in a minute")
        else:
            self.counts.written(self._serving.now())

    def write(self, *, last: bool = False) -> None:
        """Write the file of every run of which more was seen, and `last` of every one; raises RunError where that fails."""
        for name, watching in self._serving.watching.items():
            seen = (len(watching.queries), len(watching.fetches), len(watching.connections))
            if last or self._written.get(name, (0, 0, 0)) != seen:
                test = self._serving.runs[name].run.seen(watching)
                written_into(self._held[name], OBSERVED_FILE, write_test(test))
                self._written[name] = seen


def _opened(site: PublicSite) -> Opened:
    import errno  # noqa: PLC0415 - where something goes wrong

    try:
        return public_opened(site)
    except OSError as error:
        hints = {
            errno.EADDRNOTAVAIL: "not all of them are addresses of this machine",
            errno.EACCES: "ports below 1024 are opened by root: run it with sudo, it gives the rights of root up",
            errno.EADDRINUSE: "another program listens on port 25, 53 or 443 there",
        }
        hint = hints.get(error.errno or 0, error.strerror or str(error))
        raise RunError(f"{site.addresses[0]} to {site.addresses[-1]} cannot be opened: {hint}") from None


def _begun(
    site: PublicSite, issuer: Issuer, names: Sequence[LeasedRun], now: datetime
) -> dict[str, PublicRun]:
    return {
        one.name: PublicRun(
            public_run(site, issuer, one.name, now, one.certificate),
            secrets.token_hex(_TOKEN_BYTES),
            site.zone,
        )
        for one in names
    }


def _put_down(
    folder: Path, issuer: Issuer, runs: Mapping[str, PublicRun], account: Account | None
) -> dict[str, int]:
    """Write what whoever tests needs, and return the folder of each run, open, by its name."""
    held = {}
    try:
        (folder / CA_FILE).write_bytes(issuer.authority.root_pem())
        for name, one in runs.items():
            place = folder / name
            place.mkdir(mode=0o755)
            for file, each in (
                (RECIPIENTS_FILE, one.run.recipients(one.token)),
                (RECIPIENTS_AGAIN_FILE, one.run.recipients_again(one.token)),
            ):
                (place / file).write_text("".join(f"{to}\n" for to in each), encoding="utf-8")
            if account is not None:
                os.chown(place, *account)
            held[name] = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise RunError(f"{folder}: {error.strerror or error}") from None
    return held


def _directions(serving: PublicServing, signer: ZoneSigner, folder: Path) -> str:
    site = serving.site
    label = site.zone.partition(".")[0]
    (ds,) = signer.ds(site.zone)
    kind = "AAAA" if ":" in site.addresses[0] else "A"
    cases = {name: len(one.run.cases) for name, one in serving.runs.items()}
    trust = "" if site.hosts else f"Whoever tests has to trust {folder / CA_FILE}.\n"
    lines = "".join(
        f"  run {name}: {cases[name]} domains, one mail to each of {folder / name / RECIPIENTS_FILE}\n"
        f"    eleven minutes later a second one to each of {folder / name / RECIPIENTS_AGAIN_FILE}\n"
        f"    mxproof sendertest report {folder / name / OBSERVED_FILE}\n"
        for name in cases
    )
    return (
        f"{site.zone}: {len(cases)} {'run' if len(cases) == 1 else 'runs'}, served until a signal or for {RUN_LASTS.days} days.\n\n"
        f"The zone above has to say:\n\n"
        f"  {label} NS ns.{label}\n  ns.{label} {kind} {site.addresses[0]}\n  {label} DS {ds}\n\n"
        f"{trust}{lines}"
    )


def _teller(run: str) -> Callable[[str], None]:
    return lambda line: print_stderr(f"{run}: {line}")


def _now() -> datetime:
    return datetime.now(UTC)

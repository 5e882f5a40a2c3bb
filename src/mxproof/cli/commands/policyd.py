"""`mxproof policyd`: the TLS policy server for Postfix, and what an operator asks of it."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import DONE, PROBLEM, RunError
from mxproof.cli.streams import print_stderr, write_stdout
from mxproof.evidence import Evidence
from mxproof.formats import ConfigError
from mxproof.formats.postfix.next_hop import NextHop, next_hop
from mxproof.formats.postfix.socketmap import Request, Status
from mxproof.judge.decision import Held, decide
from mxproof.mail.assemble import assemble
from mxproof.serve.daemon.config import print_config
from mxproof.serve.policyd.config import Config
from mxproof.serve.policyd.reply import Dialect
from mxproof.serve.policyd.settings import Settings, read_settings, settings
from mxproof.serve.policyd.store import StoreKind, store_at
from mxproof.store.destinations.destination import Destination, Store, StoreError

DESTINATIONS_LISTED_MAX = 1_000_000

_EPILOG = """\b
Examples:
  mxproof policyd --config /etc/mxproof/policyd.toml
  mxproof policyd --listen inet:127.0.0.1:8461 --trust-ad
  mxproof policyd --config /etc/mxproof/policyd.toml query example.com
"""


@click.group(invoke_without_command=True, epilog=_EPILOG)
@click.option(
    "--config", "path", type=click.Path(path_type=Path), metavar="FILE", help="Read this TOML file."
)
@click.option(
    "--listen", multiple=True, metavar="ADDR", help="inet:ADDRESS:PORT or unix:/PATH; may be repeated."
)
@click.option("--resolver", multiple=True, metavar="ADDR[:PORT]", help="Ask this resolver; may be repeated.")
@click.option("--trust-ad", is_flag=True, help="The resolver validates DNSSEC and the way to it is safe.")
@click.option("--store", metavar="URL", help="memory:, sqlite:/PATH, postgresql://... or redis://...")
@click.option("--print-config", "printing", is_flag=True, help="Print the whole configuration and exit.")
@click.option(
    "--check-config", "checking", is_flag=True, help="Say whether the configuration is right and exit."
)
@click.pass_context
def policyd(
    context: click.Context,
    path: Path | None,
    listen: tuple[str, ...],
    resolver: tuple[str, ...],
    trust_ad: bool,
    store: str | None,
    printing: bool,
    checking: bool,
) -> int:
    """Answer Postfix over socketmap: how to protect mail for a domain, DANE first, MTA-STS second.

    Without a command it serves until SIGTERM; SIGHUP reads the configuration again.
    """

    def read() -> tuple[Config, Settings]:
        written, found = read_settings(path)
        given = _given(written, listen, resolver, store, trust_ad=trust_ad)
        return given, found if given == written else settings(given)

    try:
        config, context.obj = read()
        if context.invoked_subcommand is not None:
            return DONE
        if printing:
            write_stdout(print_config(config))
        elif checking:
            _check_around(context.obj)
            print_stderr(f"{path or 'the defaults'}: right")
        else:
            from mxproof.serve.policyd.daemon import serve  # noqa: PLC0415 - the other commands need it not

            serve(context.obj, lambda: read()[1])
    except ConfigError as error:
        raise RunError(str(error)) from None
    return DONE


def _check_around(found: Settings) -> None:
    """Raise ConfigError where what the configuration names is not there; say which overrides are over."""
    from mxproof.net.roots import roots_from  # noqa: PLC0415 - loads what reading certificates needs
    from mxproof.serve.daemon.listening import owners  # noqa: PLC0415 - not on every system

    if found.ca_file is not None:
        roots_from(found.ca_file)
    owners(found.unix)
    store_at(found.store)
    now = datetime.now(UTC)
    for name, override in found.overrides.items():
        if override.until <= now:
            print_stderr(f"override {name}: over since {override.until.isoformat()}, so it does nothing")


def _given(
    config: Config, listen: tuple[str, ...], resolver: tuple[str, ...], store: str | None, *, trust_ad: bool
) -> Config:
    """Return the configuration with what the command line says instead."""
    dns = msgspec.structs.replace(
        config.dns, resolvers=resolver or config.dns.resolvers, trust_ad=trust_ad or config.dns.trust_ad
    )
    storage = config.store if store is None else msgspec.structs.replace(config.store, url=store)
    return msgspec.structs.replace(config, listen=listen or config.listen, dns=dns, store=storage)


@policyd.command(epilog="Example: mxproof policyd --config FILE query example.com")
@click.argument("destination")
@click.pass_obj
def query(found: Settings, destination: str) -> int:
    """Say everything that leads to the answer for DESTINATION: what is held, what is asked, what Postfix is told.

    It asks anew and changes nothing, neither in the store nor in a running daemon.
    """
    from mxproof.net.asker import Asker  # noqa: PLC0415 - loads what asking needs
    from mxproof.serve.policyd.answer_settings import examined_settings  # noqa: PLC0415 - loads what asking needs
    from mxproof.serve.policyd.answers import surveyed  # noqa: PLC0415
    from mxproof.serve.policyd.query_text import explained  # noqa: PLC0415

    hop = _hop(destination)
    try:
        before = _stored(found, hop)
        for_answers, because = asyncio.run(examined_settings(found))
        print_stderr(because)
        now = datetime.now(UTC)

        async def asked() -> Evidence:
            with Asker(for_answers.asking) as asker:
                return await surveyed(hop, before, for_answers, now, asker)

        evidence = asyncio.run(asked())
        after = decide(assemble(evidence, now), before, found.rules)
    except (ConfigError, StoreError) as error:
        raise RunError(str(error)) from None
    override = found.overrides.get(str(hop))
    write_stdout(explained(hop, before, after, evidence, found.rules, override, now).encode())
    return DONE


@policyd.command("list", epilog="Example: mxproof policyd --config FILE list")
@click.pass_obj
def list_destinations(found: Settings) -> int:
    """Print a line for every destination in the store."""
    from mxproof.serve.policyd.query_text import listed  # noqa: PLC0415

    write_stdout("".join(listed(_destinations(found))).encode())
    return DONE


@policyd.command(epilog="Example: mxproof policyd --config FILE export > /etc/postfix/tls_policy")
@click.option(
    "--map",
    "dialect",
    type=click.Choice([*map(str, Dialect)]),
    default=str(Dialect.CLASSIC),
    help="For which Postfix.",
)
@click.pass_obj
def export(found: Settings, dialect: str) -> int:
    """Print a Postfix table (texthash) that answers as the daemon would now, overrides too, for a day without it."""
    from mxproof.serve.policyd.query_text import exported  # noqa: PLC0415

    lines = exported(_destinations(found), found.overrides, Dialect(dialect), datetime.now(UTC))
    write_stdout("".join(lines).encode())
    return DONE


@policyd.command(epilog="Example: mxproof policyd --config FILE purge example.com")
@click.argument("destination")
@click.pass_obj
def purge(found: Settings, destination: str) -> int:
    """Have the running daemon forget DESTINATION, its policy too; needs admin.control."""
    from mxproof.serve.daemon.control import tell  # noqa: PLC0415

    hop = _hop(destination)
    try:
        if found.control is None:
            raise ConfigError("admin.control is not set, so a running daemon cannot be told")
        answer = tell(found.control.path, Request("purge", str(hop)))
    except ConfigError as error:
        raise RunError(str(error)) from None
    if answer.status is not Status.OK:
        raise RunError(answer.text, status=PROBLEM)
    print_stderr(answer.text)
    return DONE


def _hop(destination: str) -> NextHop:
    hop = next_hop(destination)
    if hop is None:
        raise RunError(f"{destination!r}: a domain, or a host in brackets, was expected")
    return hop


def _stored(found: Settings, hop: NextHop) -> Held:
    store = _store(found)
    if store is None:
        return Held()
    with closing(store):
        destination = store.read(str(hop))
    return Held() if destination is None else destination.held


def _destinations(found: Settings) -> Sequence[Destination]:
    try:
        store = _store(found)
        if store is None:
            return ()
        with closing(store):
            return store.load(DESTINATIONS_LISTED_MAX)
    except (ConfigError, StoreError) as error:
        raise RunError(str(error)) from None


def _store(found: Settings) -> Store | None:
    """Return the store where there is something in it to read; a file is not made by looking for it."""
    kind, where = found.store
    if kind is StoreKind.MEMORY:
        print_stderr("store.url is memory: so only the daemon itself knows what it holds")
        return None
    if kind is StoreKind.SQLITE and not Path(where).exists():
        print_stderr(
            f"{where}: there is no such file, so nothing is stored; a daemon makes it when it starts"
        )
        return None
    return store_at(found.store)

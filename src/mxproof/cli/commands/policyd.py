"""`mxproof policyd`: the TLS policy server for Postfix, and what an operator asks of it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec
from click.shell_completion import CompletionItem

from mxproof.cli.completing import offered
from mxproof.cli.exit import DONE, PROBLEM, RunError
from mxproof.cli.options.number import Number
from mxproof.cli.options.packaged import packaged_config
from mxproof.cli.streams import print_stderr, write_stdout
from mxproof.formats import ConfigError
from mxproof.formats.mtasts import Mode
from mxproof.formats.postfix.next_hop import NextHop, next_hop
from mxproof.formats.postfix.socketmap import Request, Status
from mxproof.judge.decision import Held, decide
from mxproof.judge.senders.protection import Protection
from mxproof.mail.assemble import assemble
from mxproof.render.json import encode_line
from mxproof.serve.daemon.config import print_config
from mxproof.serve.policyd.config import Config
from mxproof.serve.policyd.reply import Dialect
from mxproof.serve.policyd.settings import Settings, read_settings, settings
from mxproof.serve.policyd.store import StoreKind, store_at
from mxproof.store.destinations.destination import Destination, Store, StoreError

DESTINATIONS_LISTED_MAX = 1_000_000
DESTINATIONS_OFFERED_MAX = 10_000
QUERIES_AT_ONCE = 16
CONFIG_ENVIRONMENT = "MXPROOF_POLICYD_CONFIG"
PACKAGED_CONFIG = Path("/etc/mxproof/policyd.toml")
"""Where a package puts the configuration, read where no other is named."""
ENDS_WITHIN_DAYS_MAX = 366

_EPILOG = """\b
Examples:
  mxproof policyd
  mxproof policyd --config /dev/null --listen inet:127.0.0.1:8461 --trust-ad
  mxproof policyd query example.com
"""
_LIST_EPILOG = """\b
Examples:
  mxproof policyd list
  mxproof policyd list '*.example.com' --mode enforce
  mxproof policyd list --failing --ends-within 2 --format json
"""
_QUERY_EPILOG = """\b
Examples:
  mxproof policyd query example.com
  mxproof policyd query --format json example.com example.net
"""

_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for a reader, or one JSON object a line for a program.",
)


@click.group(invoke_without_command=True, epilog=_EPILOG)
@click.option(
    "--config",
    "given_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar=CONFIG_ENVIRONMENT,
    show_envvar=True,
    help=f"Read this TOML file  [default: {PACKAGED_CONFIG} where it is there; /dev/null for none]",
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
    given_path: Path | None,
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
    path = given_path or packaged_config(PACKAGED_CONFIG)

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


def _stored_names(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Offer the destinations in the store, by the configuration that the command line has named so far."""
    daemon = context.parent.params if context.parent is not None else {}
    try:
        place = read_settings(daemon.get("given_path") or packaged_config(PACKAGED_CONFIG))[1].store
        if place.kind is StoreKind.SQLITE and not Path(place.where).exists():
            return []
        store = store_at(place)
        if store is None:
            return []
        with closing(store):
            return offered(((one.key, "") for one in store.load(DESTINATIONS_OFFERED_MAX)), begun)
    except (ConfigError, StoreError, OSError):
        return []


def _check_around(found: Settings) -> None:
    """Raise ConfigError where what the configuration names is not there; say what is amiss and stops no start."""
    from mxproof.serve.policyd.trial import tried  # noqa: PLC0415 - loads what asking needs

    for doubt in asyncio.run(tried(found)):
        print_stderr(doubt)
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


@policyd.command(epilog=_QUERY_EPILOG)
@click.argument("destination", nargs=-1, required=True, shell_complete=_stored_names)
@_format_option
@click.pass_obj
def query(found: Settings, destination: tuple[str, ...], form: str) -> int:
    """Say everything that leads to the answer for each DESTINATION: what is held, what is asked, what Postfix is told.

    It asks anew and changes nothing, neither in the store nor in a running daemon.
    """
    from mxproof.net.asker import Asker  # noqa: PLC0415 - loads what asking needs
    from mxproof.serve.policyd.answer_settings import examined_settings  # noqa: PLC0415 - loads what asking needs
    from mxproof.serve.policyd.query import QueryResult, query_result  # noqa: PLC0415
    from mxproof.serve.policyd.query_text import explained  # noqa: PLC0415
    from mxproof.serve.policyd.state import state_lines, told_state  # noqa: PLC0415
    from mxproof.serve.policyd.survey import surveyed, understood  # noqa: PLC0415

    hops = [_hop(one) for one in dict.fromkeys(destination)]
    try:
        stored = _stored(found, hops)
        for_answers, seen = asyncio.run(examined_settings(found))
        print_stderr(f"dane={seen.belief}: {seen.because}")
        state = told_state(found.control)
        now = datetime.now(UTC) if state is None else state.now

        async def asked(hop: NextHop, asker: Asker, turn: asyncio.Semaphore) -> QueryResult:
            before = stored[hop]
            async with turn:
                evidence = understood(await surveyed(hop, before, for_answers, now, asker), hop, for_answers)
            after = decide(assemble(evidence, now), before, found.rules)
            override = found.overrides.get(str(hop))
            return query_result(hop, before, after, evidence, found.rules, override, now)

        async def told() -> None:
            turn = asyncio.Semaphore(QUERIES_AT_ONCE)
            with Asker(for_answers.asking) as asker:
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(asked(hop, asker, turn)) for hop in hops]
                    for place, task in enumerate(tasks):
                        result = await task
                        gap = "\n" if place else ""
                        text = encode_line(result) if form == "json" else (gap + explained(result)).encode()
                        write_stdout(text)

        asyncio.run(told())
    except (ConfigError, StoreError) as error:
        raise RunError(str(error)) from None
    if form == "text":
        write_stdout(state_lines(state).encode())
    return DONE


@policyd.command("list", epilog=_LIST_EPILOG)
@click.argument("pattern", nargs=-1, shell_complete=_stored_names)
@click.option(
    "--mode",
    type=click.Choice([*map(str, Mode)]),
    multiple=True,
    help="With a policy in this mode; may be repeated.",
)
@click.option(
    "--protection",
    type=click.Choice([*map(str, Protection)]),
    multiple=True,
    help="With this decision; may be repeated.",
)
@click.option("--failing", is_flag=True, help="Whose policy could not be fetched the last time.")
@click.option(
    "--ends-within",
    type=Number(0, ENDS_WITHIN_DAYS_MAX, "days"),
    metavar="DAYS",
    help="Whose policy ends within so many days, or has ended.",
)
@_format_option
@click.pass_obj
def list_destinations(
    found: Settings,
    pattern: tuple[str, ...],
    mode: tuple[str, ...],
    protection: tuple[str, ...],
    failing: bool,
    ends_within: int | None,
    form: str,
) -> int:
    """Print a line for every destination in the store, or for those that a PATTERN and the options fit."""
    from mxproof.serve.policyd.query import ListFilter, wanted_destinations  # noqa: PLC0415
    from mxproof.serve.policyd.query_text import listed  # noqa: PLC0415

    wanted = ListFilter(
        patterns=pattern,
        modes=tuple(map(Mode, mode)),
        protections=tuple(map(Protection, protection)),
        failing=failing,
        ends_within=None if ends_within is None else timedelta(days=ends_within),
    )
    rows = wanted_destinations(_destinations(found), wanted, datetime.now(UTC))
    write_stdout(b"".join(map(encode_line, rows)) if form == "json" else "".join(listed(rows)).encode())
    return DONE


@policyd.command(epilog="Example: mxproof policyd export > /etc/postfix/tls_policy")
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

    known = {one.key: one for one in _destinations(found)} | {one.key: one for one in _unwritten(found)}
    lines = exported(known.values(), found.overrides, Dialect(dialect), datetime.now(UTC))
    write_stdout("".join(lines).encode())
    return DONE


@policyd.command(epilog="Example: mxproof policyd purge example.com")
@click.argument("destination", shell_complete=_stored_names)
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


def _stored(found: Settings, hops: Sequence[NextHop]) -> Mapping[NextHop, Held]:
    """Return what is stored of each."""
    store = _store(found)
    if store is None:
        return {hop: Held() for hop in hops}
    with closing(store):
        kept = {hop: store.read(str(hop)) for hop in hops}
    return {hop: Held() if one is None else one.held for hop, one in kept.items()}


def _destinations(found: Settings) -> Sequence[Destination]:
    try:
        store = _store(found)
        if store is None:
            return ()
        with closing(store):
            return store.load(DESTINATIONS_LISTED_MAX)
    except (ConfigError, StoreError) as error:
        raise RunError(str(error)) from None


def _unwritten(found: Settings) -> Sequence[Destination]:
    """Return what a running daemon knows and could not write; say where that cannot be found out."""
    from mxproof.serve.policyd.state import told_state, told_unwritten  # noqa: PLC0415

    if found.control is None:
        print_stderr(
            "admin.control is not set: what a running daemon could not write to its store is left out"
        )
        return ()
    state = told_state(found.control)
    if state is None or not state.unwritten:
        return ()  # no daemon runs, or its store has all
    try:
        return told_unwritten(found.control)
    except ConfigError as error:
        print_stderr(f"{state.unwritten} destinations that the daemon could not write are left out: {error}")
        return ()


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

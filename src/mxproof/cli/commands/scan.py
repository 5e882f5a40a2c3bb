"""`mxproof scan`: the check for many domains, kept in a folder of parts that is asked afterwards."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from mxproof.cli.commands.scan_results import diff, export, query, show, summary
from mxproof.cli.exit import DONE, INTERRUPTED, PROBLEM, RunError
from mxproof.cli.options.number import Number
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.options.scan import ScanAskingOptions, scan_asking_options, scan_folder
from mxproof.cli.options.scan_engine import EngineOptions, scan_engine_options
from mxproof.cli.scan_about import about_scan
from mxproof.cli.scan_progress import ScanProgress
from mxproof.cli.scan_world import Around, asked_world
from mxproof.cli.sink import put_text
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.render.text.rows import rows_text
from mxproof.scan.continuing import continuing_command
from mxproof.scan.depth import ScanDepth
from mxproof.scan.domain_list import DomainList, RefusedLine, read_lines
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import MANIFEST_FILE, ScanManifest, read_manifest, write_manifest
from mxproof.scan.network import Asked, over_network
from mxproof.scan.rehearsal import (
    REHEARSAL,
    REHEARSED_DOMAINS_MAX,
    WHOLE,
    begin_rehearsal,
    planted,
    rehearsed,
)

_EPILOG = """\b
Examples:
  mxproof scan run scan-2026-11 --file domains.txt
  mxproof scan run scan-2026-11
  mxproof scan query scan-2026-11 adoption
"""
_RUN_EPILOG = """\b
Examples:
  mxproof scan run scan-2026-11 --file domains.txt --resolver 127.0.0.1
  mxproof scan run scan-2026-11
  mxproof scan run probed --file interesting.txt --depth probe --contact https://example.com/scan
  zcat zone.gz | mxproof scan run scan-2026-11 --file -
"""
_JUDGE_EPILOG = """\b
Examples:
  mxproof scan judge scan-2026-11
"""
_REHEARSE_EPILOG = """\b
Examples:
  mxproof scan rehearse made-up --domains 10000 --depth policy
"""
REFUSED_TOLD_MAX = 10


@click.group(epilog=_EPILOG, no_args_is_help=False)
def scan() -> None:
    """Check a list of domains that is too long for `mxproof check`, and ask what was found as tables."""


_depth = click.option(
    "--depth",
    type=click.Choice([one.value for one in ScanDepth]),
    default=None,
    help="DNS alone, the policies too, or the mail servers as well  [default: records]",
)


@scan.command(epilog=_RUN_EPILOG)
@scan_folder
@click.option(
    "--file",
    "listed",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="LIST",
    help="The domains (- for stdin), one a line; # begins a comment. Only where the scan is begun.",
)
@_depth
@click.option(
    "--opt-out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="LIST",
    help="Domains that nobody is to be asked about, and all below them, one a line.",
)
@scan_engine_options
@scan_asking_options
def run(
    folder: Path,
    listed: Path | None,
    depth: str | None,
    opt_out: Path | None,
    engine: EngineOptions,
    asking: ScanAskingOptions,
) -> int:
    """Ask about all domains of a list and keep what was found in FOLDER, or go on with the scan that is in it.

    What many domains share, such as a mail server, is asked once. Ctrl-C, a crash or a full disk leave a scan that the same
    command goes on with: what is done is not done again, and each domain has its result once.

    Exit status: 0 every domain has its result; 1 the scan could not go on; 2 wrong usage; 3 this machine cannot ask; 130 it
    was interrupted.
    """
    engine.check(is_lab=asking.lab is not None)
    place = ScanFolder(folder)
    is_begun = (folder / MANIFEST_FILE).exists()
    if is_begun and (listed, depth, opt_out) != (None, None, None):
        raise click.UsageError(f"{folder}: a scan is in it, which has its list and depth; expected no other")
    if not is_begun and listed is None:
        raise click.UsageError(f"{folder}: no scan is in it; expected --file LIST to begin one")
    with about_scan(), place.worked_in():
        if is_begun and read_manifest(folder).is_finished:
            print_stderr(f"{folder}: the scan is finished; `mxproof scan query {folder} adoption` asks it")
            return DONE
        with asked_world(asking) as world:
            if listed is None:
                _gone_on(folder, asking, world)
            else:
                chosen = ScanDepth(depth) if depth is not None else ScanDepth.RECORDS
                _begun(place, listed, opt_out, chosen, asking, world)
            return _worked(place, engine)


def _begun(
    place: ScanFolder,
    listed: Path,
    opt_out: Path | None,
    depth: ScanDepth,
    options: ScanAskingOptions,
    world: Around,
) -> None:
    from mxproof.scan.beginning import ScanWay, begin, vantage_of  # noqa: PLC0415 - a scan that goes on needs it not
    from mxproof.scan.opt_out import opted_out  # noqa: PLC0415 - as above

    asking, roots = world
    vantage = vantage_of(asking)
    way = ScanWay(depth, options.settings(asking, trust_ad=vantage.validating), vantage, tuple(roots))
    with (
        _lines(listed) as lines,
        place.refused.open("w", encoding="utf-8", errors="backslashreplace") as rest,
    ):

        def refuse(line: RefusedLine) -> None:
            rest.write(f"{line}\n")
            if domains.refused <= REFUSED_TOLD_MAX:
                print_stderr(f"{_name(listed)}, {line}")

        domains = DomainList(lines, refuse)
        if opt_out is not None:
            with opt_out.open("rb") as file:
                domains.is_left_out = opted_out(read_lines(file), str(opt_out))
        manifest = begin(place, domains, way)
    if domains.refused > REFUSED_TOLD_MAX:
        print_stderr(f"{domains.refused} lines are no domain; all of them are in {place.refused}")
    print_stderr(_told(manifest))


def _told(manifest: ScanManifest) -> str:
    left = [
        f"{count:,} {words}"
        for count, words in ((manifest.repeated, "named before"), (manifest.withheld, "opted out"))
        if count
    ]
    rest = f" ({', '.join(left)})" if left else ""
    return f"{_domains(manifest)}{rest}, depth {manifest.depth}"


def _domains(manifest: ScanManifest) -> str:
    return "1 domain" if manifest.domains == 1 else f"{manifest.domains:,} domains"


def _gone_on(folder: Path, options: ScanAskingOptions, world: Around) -> None:
    """Take the ways that are named now: those of a lab are others every time, and a resolver may have gone for good.

    Where a lab alone is named, all else stays as it was begun.
    """
    manifest = read_manifest(folder)
    is_lab = bool(manifest.vantage.simulated)
    if manifest.vantage.simulated == REHEARSAL:
        raise click.UsageError(f"{folder}: a rehearsal is in it; expected `mxproof scan rehearse {folder}`")
    if is_lab != (options.lab is not None):
        wanted = f"--lab {manifest.vantage.simulated}" if is_lab else "no --lab"
        raise click.UsageError(f"{folder}: the scan was begun elsewhere; expected {wanted}")
    if is_lab or options != ScanAskingOptions():
        settings = options.settings(world[0], trust_ad=manifest.asking.trust_ad)
        if options == ScanAskingOptions(lab=options.lab):
            settings = msgspec.structs.replace(
                manifest.asking, resolvers=settings.resolvers, connect_to=settings.connect_to
            )
        write_manifest(folder, msgspec.structs.replace(manifest, asking=settings))


def _worked(place: ScanFolder, options: EngineOptions, asked: Asked = over_network) -> int:
    from mxproof.cli.scan_engine import engine_of  # noqa: PLC0415 - loads all that judges
    from mxproof.scan.running import scan as all_done  # noqa: PLC0415 - as above

    progress = ScanProgress(watched=_is_watched())
    try:
        with engine_of(options, place.path, asked) as engine:
            manifest = all_done(place, engine, progress.told)
    except KeyboardInterrupt:
        progress.end()
        again = continuing_command(place.path, read_manifest(place.path))
        print_stderr(f"interrupted; `{again}` goes on with it")
        return INTERRUPTED
    print_stderr(f"{place.path}: {_domains(manifest)}; `mxproof scan query {place.path} adoption` asks it")
    return DONE


@scan.command(epilog=_REHEARSE_EPILOG)
@scan_folder
@click.option(
    "--domains",
    type=Number(100, REHEARSED_DOMAINS_MAX, "domains"),
    default=WHOLE,
    show_default=True,
    metavar="NUMBER",
    help="How many domains are made up.",
)
@_depth
@scan_engine_options
def rehearse(folder: Path, domains: int, depth: str | None, engine: EngineOptions) -> int:
    """Scan a made-up population into FOLDER without asking anyone, and say how many of its domains are of which class.

    It answers by itself, so that what the queries find can be held against what is known, and a machine be tried before it
    asks the world. An interrupted rehearsal goes on when it is called again.

    Exit status: 0 it was scanned; 1 it could not be; 2 wrong usage; 130 it was interrupted.
    """
    engine.check()
    place = ScanFolder(folder)
    with about_scan(), place.worked_in():
        if not (folder / MANIFEST_FILE).exists():
            begin_rehearsal(place, domains, ScanDepth(depth) if depth is not None else ScanDepth.RECORDS)
        manifest = read_manifest(folder)
        if manifest.vantage.simulated != REHEARSAL:
            raise click.UsageError(f"{folder}: a scan of real domains is in it; expected a new folder")
        status = _worked(place, engine, rehearsed)
    if status == DONE:
        put_text(rows_text(("class", "domains"), list(planted(manifest.domains).items())), OutputOptions())
    return status


@scan.command(epilog=_JUDGE_EPILOG)
@scan_folder
@scan_engine_options
def judge(folder: Path, engine: EngineOptions) -> int:
    """Judge all that the scan in FOLDER has kept again, as this version judges, and ask nobody.

    Exit status: 0 it was judged; 1 it could not be; 2 wrong usage; 130 it was interrupted.
    """
    engine.check()
    place = ScanFolder(folder)
    with about_scan():
        read_manifest(folder)
        with place.worked_in():
            from mxproof.cli.scan_engine import engine_of  # noqa: PLC0415 - loads all that judges
            from mxproof.scan.running import rejudged  # noqa: PLC0415 - as above

            progress = ScanProgress(watched=_is_watched())
            try:
                with engine_of(engine, folder) as working:
                    manifest = rejudged(place, working, progress.told)
            except KeyboardInterrupt:
                progress.end()
                print_stderr(f"interrupted; `mxproof scan judge {folder}` judges all of it again")
                return INTERRUPTED
    print_stderr(f"{folder}: {_domains(manifest)}, judged by {manifest.judged_by}")
    return DONE


for one in (show, export, query, summary, diff):
    scan.add_command(one)


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _name(listed: Path) -> str:
    return "stdin" if str(listed) == STDIN else str(listed)


@contextmanager
def _lines(listed: Path) -> Iterator[Iterator[bytes]]:
    try:
        if str(listed) == STDIN:
            if sys.stdin is None:
                raise RunError("stdin is closed; a list of domains was expected there")
            yield read_lines(sys.stdin.buffer)
        else:
            with listed.open("rb") as file:
                yield read_lines(file)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise RunError(f"{listed}: cannot be read ({error.strerror})", PROBLEM) from None

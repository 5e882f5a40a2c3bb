"""`mxproof scan show`, `export`, `query`, `summary` and `diff`: what a scan has found, of one domain and of all."""

import shlex
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from mxproof.cli.completing import offered
from mxproof.cli.exit import DONE, RunError
from mxproof.cli.judged import judged
from mxproof.cli.options.asking import domain_argument
from mxproof.cli.options.file import output_file
from mxproof.cli.options.output import (
    REPORT_FORMATS,
    OutputOptions,
    brief_option,
    fail_on_option,
    output_options,
)
from mxproof.cli.options.scan import scan_folder
from mxproof.cli.report_output import Judged, check_brief, put_report, shows_fixes
from mxproof.cli.scan_about import about_scan
from mxproof.cli.scan_table import TABLE_FORMATS, put_found
from mxproof.cli.sink import put_document, put_text
from mxproof.cli.streams import print_stderr, write_stdout
from mxproof.cli.whole_file import write_whole
from mxproof.evidence import Evidence
from mxproof.evidence.codec import encode
from mxproof.formats.names import Domain
from mxproof.mail.assemble import assemble
from mxproof.render.text.rows import rows_text
from mxproof.render.text.words import moment
from mxproof.scan.queries import DIFFERENCES, QUERIES, WORSE, query_named
from mxproof.scan.unasked import as_asked

_SHOW_EPILOG = """\b
Examples:
  mxproof scan show scan-2026-11 example.com
"""
_EXPORT_EPILOG = """\b
Examples:
  mxproof scan export scan-2026-11 example.com --output example.com.json
  mxproof scan export scan-2026-11 example.com | mxproof plan --from -
"""
_QUERY_EPILOG = """\b
Examples:
  mxproof scan query scan-2026-11
  mxproof scan query scan-2026-11 adoption
  mxproof scan query scan-2026-11 unlisted-mx --format csv
  mxproof scan query scan-2026-11 --sql "SELECT domain FROM domains WHERE sts_mode = 'enforce' AND dane = 'all'"
"""
_DIFF_EPILOG = """\b
Examples:
  mxproof scan diff scan-2026-10 scan-2026-11
  mxproof scan diff scan-2026-10 scan-2026-11 --worse --format csv
"""
_SUMMARY_EPILOG = """\b
Examples:
  mxproof scan summary scan-2026-11 --output scan-2026-11.html
"""
_DOMAIN_SQL = "SELECT part FROM domains WHERE domain = ?"
_table_options = output_options(TABLE_FORMATS)


@click.command(epilog=_SHOW_EPILOG)
@scan_folder
@domain_argument
@output_options(REPORT_FORMATS)
@brief_option
@fail_on_option
def show(folder: Path, domain: Domain, output: OutputOptions, fail_on: str, brief: bool) -> int:
    """Say of one domain of the scan in FOLDER what `mxproof check` says.

    Exit status: 0 every sender delivers and no finding is an error; 1 a problem was found; 2 wrong usage; 3 nothing wrong was
    seen, and something needed is not known.
    """
    check_brief(output, verdicts_alone=brief)
    evidence = _evidence(folder, domain)
    now = evidence.observed_at()
    shown = shows_fixes(output, verdicts_alone=brief, are_many=False)
    report = as_asked(judged(evidence, now=now, shows_fixes=shown), assemble(evidence, now))
    plan = f"{shlex.join(['mxproof', 'scan', 'export', str(folder), domain.name])} | mxproof plan --from -"
    one = Judged(report, evidence, now, ())
    if (words := _not_asked(folder)) and output.format == "text":
        print_stderr(words)
    return put_report(one, output, fail_on, verdicts_alone=brief, plan_command=plan)


@click.command(epilog=_EXPORT_EPILOG)
@scan_folder
@domain_argument
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    callback=output_file,
    metavar="FILE",
    help="Write to FILE, whole or not at all  [default: stdout]",
)
def export(folder: Path, domain: Domain, output: Path | None) -> int:
    """Write what was observed of one domain of the scan in FOLDER, for `mxproof replay`, `plan` and all that take evidence.

    Exit status: 0 it was written; 1 the scan has no such domain; 2 wrong usage.
    """
    data = encode(_evidence(folder, domain))
    if output is None:
        write_stdout(data)
    else:
        write_whole(output, [data])
    return DONE


def _query_names(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    return offered(((one.name, one.meaning) for one in QUERIES), begun)


@click.command(epilog=_QUERY_EPILOG)
@scan_folder
@click.argument("name", required=False, metavar="[NAME]", shell_complete=_query_names)
@click.option(
    "--sql", metavar="SQL", help="A query of one's own over the views domains, findings and verdicts."
)
@_table_options
def query(folder: Path, name: str | None, sql: str | None, output: OutputOptions) -> int:
    """Ask the tables of the scan in FOLDER a question of the published studies, or one of your own in SQL (DuckDB).

    Without NAME the questions are listed. The tables are described in docs/reference/scan-tables.md.

    Exit status: 0 the answer was written; 1 there is none; 2 wrong usage.
    """
    if name is not None and sql is not None:
        raise click.UsageError("a NAME and --sql are two questions; expected one")
    if name is None and sql is None:
        put_text(rows_text(("name", "tells"), [(one.name, one.meaning) for one in QUERIES]), output)
        return DONE
    named = query_named(name) if name is not None else None
    if name is not None and named is None:
        known = ", ".join(one.name for one in QUERIES)
        raise click.UsageError(f"there is no query {name!r}; expected one of {known}")
    from mxproof.scan.duck import opened  # noqa: PLC0415 - the list of questions is shown without it

    with about_scan(), opened(folder) as tables:
        put_found(tables.ask(named.sql if named is not None else sql or ""), output)
    return DONE


@click.command(epilog=_DIFF_EPILOG)
@click.argument("earlier", type=click.Path(path_type=Path), metavar="EARLIER")
@click.argument("later", type=click.Path(path_type=Path), metavar="LATER")
@click.option("--worse", is_flag=True, help="List the domains to which mail arrived and does not any more.")
@_table_options
def diff(earlier: Path, later: Path, worse: bool, output: OutputOptions) -> int:
    """Count what has changed from the scan in EARLIER to the one in LATER.

    Exit status: 0 it was written; 1 one of them is no finished scan; 2 wrong usage.
    """
    if output.format != "text" and not worse:
        raise click.UsageError(f"--format {output.format} writes one table; expected --worse with it")
    from mxproof.scan.duck import opened  # noqa: PLC0415 - as above

    with about_scan(), opened(later, earlier) as tables:
        if worse:
            put_found(tables.ask(WORSE.sql), output)
            return DONE
        pieces = []
        for one in DIFFERENCES:
            found = tables.ask(one.sql)
            rows = list(found.rows)
            body = rows_text(found.columns, rows) if rows else ["no change\n"]
            pieces += [f"{one.meaning}\n", *(f"  {line}" for line in body), "\n"]
        put_text(pieces[:-1], output)
    return DONE


@click.command(epilog=_SUMMARY_EPILOG)
@scan_folder
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    callback=output_file,
    metavar="FILE",
    help="Write to FILE, whole or not at all  [default: stdout]",
)
def summary(folder: Path, output: Path | None) -> int:
    """Write the answers to all questions about the scan in FOLDER as one HTML page that needs nothing beside itself.

    Exit status: 0 it was written; 1 there is no finished scan; 2 wrong usage.
    """
    from mxproof.render.html.counted import CountedTable, counted_html  # noqa: PLC0415 - one form, where it is asked for
    from mxproof.scan.duck import opened  # noqa: PLC0415 - the list of questions is shown without it
    from mxproof.scan.manifest import read_manifest  # noqa: PLC0415 - as above

    with about_scan(), opened(folder) as scanned:
        manifest = read_manifest(folder)
        tables = []
        for one in QUERIES:
            found = scanned.ask(one.sql)
            tables.append(CountedTable(one.name, one.meaning, found.columns, tuple(found.rows)))
    until = moment(manifest.finished_at) if manifest.finished_at is not None else ""
    told = [
        ("domains", f"{manifest.domains:,}"),
        ("depth", manifest.depth.value),
        ("asked", f"{moment(manifest.created_at)} to {until}, by {manifest.software}"),
        ("judged by", manifest.judged_by),
        ("resolvers", ", ".join(manifest.vantage.resolvers)),
        (
            "made up",
            "a rehearsal or a lab: no real domain was asked about" if manifest.vantage.simulated else "",
        ),
    ]
    pieces = counted_html(f"Mail of {manifest.domains:,} domains", told, tables, "mxproof scan")
    put_document(pieces, OutputOptions(output=output))
    return DONE


def _not_asked(folder: Path) -> str:
    """Say whom the depth of a scan does not connect to, whose silence is none then; empty for the deepest."""
    from mxproof.scan.depth import ScanDepth  # noqa: PLC0415 - the list of questions is shown without it
    from mxproof.scan.manifest import read_manifest  # noqa: PLC0415 - as above

    match read_manifest(folder).depth:
        case ScanDepth.RECORDS:
            return "depth records: nobody connected to a policy host or a mail server; of their answers nothing is known"
        case ScanDepth.POLICY:
            return "depth policy: nobody connected to a mail server; of its answers nothing is known"
        case ScanDepth.PROBE:
            return ""


def _evidence(folder: Path, domain: Domain) -> Evidence:
    from mxproof.scan.duck import opened  # noqa: PLC0415 - the list of questions is shown without it
    from mxproof.scan.folder import ScanFolder  # noqa: PLC0415 - as above
    from mxproof.scan.keeping import kept_evidence  # noqa: PLC0415 - as above

    with about_scan():
        with opened(folder) as tables:
            parts = [row[0] for row in tables.ask(_DOMAIN_SQL, [domain.name]).rows]
        if not parts:
            raise RunError(f"{domain}: the scan in {folder} has no such domain", 1)
        return kept_evidence(ScanFolder(folder), int(str(parts[0])), domain.name)

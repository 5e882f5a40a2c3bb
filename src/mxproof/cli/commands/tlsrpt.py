"""`mxproof tlsrpt`: read TLS reports, keep them, say what they count and the cause behind each failure."""

from collections.abc import Callable
from pathlib import Path

import click

from mxproof.cli.commands.tlsrpt_sending import bounced, send, status
from mxproof.cli.completing import repair_codes
from mxproof.cli.exit import DONE, PIPE_OPTION, UNKNOWN, RunError
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_meant
from mxproof.cli.options.collect import CollectUse, collect_options
from mxproof.cli.options.journal import JournalUse, about_journal, journal_options
from mxproof.cli.options.mailbox import MailboxUse, is_mailbox, mailbox_options
from mxproof.cli.options.memory import MemoryOptions, memory_options
from mxproof.cli.options.output import TLS_REPORT_FORMATS, OutputOptions, output_options, paper_of
from mxproof.cli.pieces import PieceReading, pieces
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.cli.streams import print_stderr, print_stdout, write_stdout
from mxproof.formats.tlsrpt.found import REPORT_MESSAGE_BYTES_MAX
from mxproof.formats.tlsrpt.json_object import REPORT_BYTES_MAX

_EPILOG = """\b
Examples:
  mxproof tlsrpt read google.com!example.com!1751328000!1751414399.json.gz
  mxproof tlsrpt import --domain example.com Maildir/
  mxproof tlsrpt show example.com
"""
_READ_EPILOG = """\b
Examples:
  mxproof tlsrpt read report.eml
  mxproof tlsrpt read --check Maildir/
  mxproof tlsrpt read --evidence before.json --evidence now.json report.json.gz
  mxproof tlsrpt read --format json mail/*.eml | jq .policies
  mxproof tlsrpt read --format csv reports.mbox --output reports.csv
"""
_REPAIR_EPILOG = """\b
Examples:
  mxproof tlsrpt repair
  mxproof tlsrpt repair sessions-twice
"""
_IMPORT_EPILOG = """\b
Examples:
  mxproof tlsrpt import --domain example.com Maildir/
  mxproof tlsrpt import --any-domain --store sqlite:reports.db *.json.gz
  mxproof tlsrpt import --domain example.com --password-file pw imaps://tlsrpt@imap.example.com/INBOX
  mxproof tlsrpt import --pipe --config /etc/mxproof/tlsrpt.toml
"""
_RETRY_EPILOG = "Example: mxproof tlsrpt retry"
_RECEIVE_EPILOG = """\b
Examples:
  mxproof tlsrpt receive --config /etc/mxproof/tlsrpt.toml
  mxproof tlsrpt receive --print-config
"""
_COLLECTD_EPILOG = """\b
Examples:
  mxproof tlsrpt collectd --config /etc/mxproof/collect.toml
  mxproof tlsrpt collectd --print-config
"""
_SHOW_EPILOG = """\b
Examples:
  mxproof tlsrpt show
  mxproof tlsrpt show example.com --since 90
  mxproof tlsrpt show example.com --check
  mxproof tlsrpt show example.com --since 2026-03-01 --format json
"""
SINCE_DAYS_DEFAULT = 30
_READING = PieceReading(
    REPORT_BYTES_MAX,
    REPORT_MESSAGE_BYTES_MAX,
    "waiting for a TLS report or a message with one on stdin; Ctrl-D ends it",
    takes_text=False,
)


@click.group(epilog=_EPILOG, no_args_is_help=False)
def tlsrpt() -> None:
    """Read and keep TLS reports (RFC 8460): what senders say of mail to your domain, and why what failed did."""


def _held_against(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that say what reports are held against."""
    check = click.option(
        "--check", is_flag=True, help="Also check each domain with failures, and say whether it is so now."
    )
    evidence = click.option(
        "--evidence",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Hold the reports against evidence that a check saved; of several looks at a domain the newest is now.",
    )
    return check(evidence(command))


@tlsrpt.command(epilog=_READ_EPILOG)
@click.argument("inputs", nargs=-1, metavar="[PATH]...")
@_held_against
@output_options(TLS_REPORT_FORMATS)
@memory_options
@asking_options
def read(
    inputs: tuple[str, ...],
    check: bool,
    evidence: tuple[Path, ...],
    asking: AskingOptions,
    memory: MemoryOptions,
    output: OutputOptions,
) -> int:
    """Print TLS reports without keeping them: who reports, what was counted, and the cause of each failure.

    PATH is a report, packed or not, an archive of reports, a message, an mbox file or a Maildir folder; - or nothing
    reads stdin. With --format json each report is one line.

    Exit status: 0 reports were read and count no failure; 1 sessions failed; 2 wrong usage; 3 something could not be
    read, or no report was found. The options that say how to ask are for --check; --lab implies it.
    """
    from mxproof.cli.report_reading import ReportReading  # noqa: PLC0415 - loads what judging needs

    reading = ReportReading(inputs, _READING, check or asking.lab is not None, evidence, asking, memory)
    match output.format:
        case "json":
            from mxproof.render.json import encode_line  # noqa: PLC0415 - only where asked for

            put_bytes((encode_line(one) for one in reading.reports()), output)
        case "csv":
            from mxproof.render.tls_report_csv import document  # noqa: PLC0415 - only where asked for

            put_document(document(reading.reports()), output)
        case _:
            from mxproof.render.text.tls_report import tls_report_text  # noqa: PLC0415 - as above

            paper = paper_of(output)
            put_text((tls_report_text(one, paper) for one in reading.reports()), output)
    return reading.status()


_for_whom = (
    click.option(
        "--domain",
        "domains",
        multiple=True,
        metavar="DOMAIN",
        help="Take in reports about this domain; .example.com for all below it; may be repeated.",
    ),
    click.option("--any-domain", is_flag=True, help="Take in reports about whatever domain."),
    click.option(
        "--resolver",
        multiple=True,
        metavar="ADDR[:PORT]",
        help="Ask this resolver for the keys of senders; may be repeated  [default: those of the machine]",
    ),
)


def _taking_in(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that say for which domains, and who is asked for keys."""
    for option in reversed(_for_whom):
        command = option(command)
    return command


@tlsrpt.command("import", epilog=_IMPORT_EPILOG)
@click.argument("inputs", nargs=-1, metavar="[PATH]...")
@_taking_in
@click.option(
    PIPE_OPTION, is_flag=True, help="Be a pipe of Postfix: one message on stdin, exit statuses of sysexits.h."
)
@mailbox_options
@journal_options
def import_reports(
    inputs: tuple[str, ...],
    domains: tuple[str, ...],
    any_domain: bool,
    resolver: tuple[str, ...],
    pipe: bool,
    mailbox: MailboxUse,
    journal: JournalUse,
) -> int:
    """Keep TLS reports: of each whether it is from its sender, what it counts, and the cause of each failure.

    PATH is a report, packed or not, an archive of reports, a message, an mbox file or a Maildir folder; - or nothing
    reads stdin; imaps://USER@HOST/FOLDER is a folder of IMAP, of which the new messages are read. A report that is there already is not counted again, whichever way it came. What is refused is kept
    aside with the reason.

    Exit status: 0 all is kept; 1 the store cannot be used; 2 wrong usage; 3 something was refused or could not be
    read, or no report was found. With --pipe: 0 it is kept, or kept aside; 65 it is no TLS report; 75 try again later.
    """
    with about_journal():
        from mxproof.cli.report_import import Import, named  # noqa: PLC0415 - loads what keeping needs

    if pipe and inputs:
        raise RunError("--pipe reads stdin, and was given a PATH")
    found = named(journal.settings(domains=domains, any_domain=any_domain, resolver=resolver))
    folders = mailbox.folders(inputs, journal)
    paths = tuple(one for one in inputs if not is_mailbox(one))
    run = Import(found, "pipe" if pipe else "import")
    with about_journal():
        if pipe:
            return run.piped(pieces(inputs, _READING))
        try:
            if paths or not folders:
                run.run(pieces(paths, _READING))
            for folder in folders:
                run.read_folder(folder)
        except KeyboardInterrupt:
            print_stderr(f"interrupted; what is kept stays, at least: {run.summary().strip()}")
            raise
    run.warn()
    print_stdout(run.summary())
    return run.status()


@tlsrpt.command(epilog=_RETRY_EPILOG)
@_taking_in
@journal_options
def retry(domains: tuple[str, ...], any_domain: bool, resolver: tuple[str, ...], journal: JournalUse) -> int:
    """Read again what was refused and kept aside, after an update, or for more domains.

    Signatures that could not be verified, since DNS did not answer, are verified again; so they are with each import.

    Exit status: 0 all is kept now, or there was nothing; 1 the store cannot be used; 2 wrong usage; 3 something is
    still refused.
    """
    with about_journal():
        from mxproof.cli.report_import import Import, named  # noqa: PLC0415 - as above
        from mxproof.store.journal.arrival import Kept  # noqa: PLC0415 - as above

    run = Import(named(journal.settings(domains=domains, any_domain=any_domain, resolver=resolver)), "retry")
    with about_journal():
        run.retry()
    run.warn()
    print_stdout(run.summary())
    return UNKNOWN if run.counts[Kept.REFUSED] else DONE


@tlsrpt.command(epilog=_RECEIVE_EPILOG)
@click.option("--print-config", "printing", is_flag=True, help="Print the whole configuration and exit.")
@click.option(
    "--check-config", "checking", is_flag=True, help="Say whether the configuration is right and exit."
)
@journal_options
def receive(printing: bool, checking: bool, journal: JournalUse) -> int:
    """Take TLS reports in for good: by LMTP from a mail server, and by HTTPS POST from senders.

    Each is acknowledged once it is safe in the store. It serves until SIGTERM; SIGHUP reads the configuration again.
    """
    if printing:
        from mxproof.serve.daemon.config import print_config  # noqa: PLC0415 - the other commands need it not

        write_stdout(print_config(journal.config_given()))
        return DONE
    with about_journal():
        from mxproof.cli.report_import import named  # noqa: PLC0415 - loads what keeping needs

    found = named(journal.settings())
    if checking:
        with about_journal():
            from mxproof.store.journal.url import place_at  # noqa: PLC0415 - as above

            place_at(found.store)
        print_stderr("the configuration is right")
        return DONE
    with about_journal():
        from mxproof.serve.tlsrpt.daemon import serve_reports  # noqa: PLC0415 - as above

        serve_reports(found, journal.renewed)
    return DONE


@tlsrpt.command(epilog=_COLLECTD_EPILOG)
@click.option("--print-config", "printing", is_flag=True, help="Print the whole configuration and exit.")
@click.option(
    "--check-config", "checking", is_flag=True, help="Say whether the configuration is right and exit."
)
@collect_options
def collectd(printing: bool, checking: bool, collect: CollectUse) -> int:
    """Collect what Postfix met when it delivered, for the TLS reports that other domains ask for.

    Postfix 3.10 and later tells it through libtlsrpt (smtp_tlsrpt_enable, smtp_tlsrpt_socket_name). What is told is added up by
    UTC day in the store. It serves until SIGTERM; SIGHUP reads the configuration again.
    """
    if printing:
        from mxproof.serve.daemon.config import print_config  # noqa: PLC0415 - the other commands need it not

        write_stdout(print_config(collect.config_given()))
        return DONE
    with about_journal():
        from mxproof.serve.collect.daemon import serve_collect  # noqa: PLC0415 - loads a database

        found = collect.settings()
        if checking:
            from mxproof.store.journal.url import place_at  # noqa: PLC0415 - as above

            place_at(found.store)
            print_stderr("the configuration is right")
            return DONE
        serve_collect(found, collect.renewed)
    return DONE


tlsrpt.add_command(bounced)
tlsrpt.add_command(send)
tlsrpt.add_command(status)


@tlsrpt.command(epilog=_SHOW_EPILOG)
@click.argument("domain", required=False, metavar="[DOMAIN]")
@click.option(
    "--since",
    default=str(SINCE_DAYS_DEFAULT),
    show_default=True,
    metavar="WHEN",
    help="From this day on, 2026-03-01, or so many days up to today.",
)
@_held_against
@output_options(TLS_REPORT_FORMATS)
@journal_options
@memory_options
@asking_options
def show(
    domain: str | None,
    since: str,
    check: bool,
    evidence: tuple[Path, ...],
    asking: AskingOptions,
    memory: MemoryOptions,
    output: OutputOptions,
    journal: JournalUse,
) -> int:
    """Say what senders reported of DOMAIN, or of all: sessions, their trend, and the cause of each failure.

    Exit status: 0 no session failed; 1 some did, or the store cannot be used; 2 wrong usage; 3 no report of these
    days is there. The options that say how to ask are for --check; --lab implies it.
    """
    with about_journal():
        from mxproof.cli.report_show import Against, shown, status_of_period  # noqa: PLC0415 - loads a database

    name = domain_meant(domain).name if domain is not None else ""
    check = check or asking.lab is not None
    if not name and (check or evidence):
        raise RunError(
            "--check and --evidence are for one domain: name it, as in `mxproof tlsrpt show example.com --check`"
        )
    against = Against(evidence, asking if check else None, memory)
    with about_journal():
        told = shown(journal.settings().store, name, since, against)
    match output.format:
        case "json":
            from mxproof.render.json import encode  # noqa: PLC0415 - only where asked for

            put_bytes((encode(told),), output)
        case "csv":
            from mxproof.render.period_csv import document  # noqa: PLC0415 - as above

            put_document(document(told), output)
        case _:
            from mxproof.render.text.period import period_text  # noqa: PLC0415 - as above

            put_text((period_text(told, paper_of(output)),), output)
    return status_of_period(told)


@tlsrpt.command(epilog=_REPAIR_EPILOG)
@click.argument("wanted", required=False, metavar="[CODE]", shell_complete=repair_codes)
def repair(wanted: str | None) -> int:
    """Say what the repair CODE of a report means, and what was made of it; without CODE, list all repairs."""
    from mxproof.formats.tlsrpt.repair import Repair  # noqa: PLC0415 - the other commands need it not
    from mxproof.render.text.tls_report import repair_text, repairs_text  # noqa: PLC0415 - as above

    sheet = paper_of(OutputOptions())
    if wanted is None:
        print_stdout(repairs_text(sheet))
        return DONE
    known = [str(one) for one in Repair]
    code = wanted.strip().lower()
    if code not in known:
        from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

        near = get_close_matches(code, known, n=1)
        hint = f"perhaps {near[0]}" if near else "`mxproof tlsrpt repair` lists all"
        raise RunError(f"repair {wanted!r}: there is none of this code; {hint}")
    print_stdout(repair_text(Repair(code), sheet))
    return DONE

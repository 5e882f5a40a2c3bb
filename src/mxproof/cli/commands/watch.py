"""`mxproof watch`: hear of it when a sender that usually writes falls silent."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from click.shell_completion import CompletionItem

from mxproof.cli.commands.watch_access import token, user
from mxproof.cli.commands.watch_alert import alert
from mxproof.cli.commands.watch_backup import backup, restore
from mxproof.cli.completing import offered
from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError
from mxproof.cli.mail_logs import MailLogs
from mxproof.cli.options.alarm_mail import AlarmMailUse, alarm_mail_options
from mxproof.cli.options.asking import AskingOptions, asking_options, domain_meant
from mxproof.cli.options.journal import JournalUse, about_journal, journal_options
from mxproof.cli.options.number import Number
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.options.watch import WatchUse, watch_options
from mxproof.cli.sink import put_bytes, put_text
from mxproof.cli.streams import STDIN, print_stderr, write_stdout
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import Domain
from mxproof.render.json import encode_line
from mxproof.render.text.paper import Paper
from mxproof.render.text.silence import alarms_text, logs_text, senders_text
from mxproof.rhythm.alarm import Alarm
from mxproof.rhythm.detector import Detector, FalseAlarms
from mxproof.rhythm.notice import known_sender
from mxproof.rhythm.week import HOURS_A_DAY
from mxproof.serve.watch.channel import mail_only
from mxproof.serve.watch.settings import WatchSettings

_FORMATS: Final = ("text", "json")
_EPILOG = """\b
Examples:
  mxproof watch serve --config watch.toml
  mxproof watch status
  mxproof watch silence /var/log/mail.log*
"""
_SERVE_EPILOG = """\b
Examples:
  mxproof watch serve --config watch.toml
  mxproof watch serve --config watch.toml --check-config
"""
_STATUS_EPILOG = """\b
Examples:
  mxproof watch status
  mxproof watch status example.com
  mxproof watch status --format json | jq -r .domain
"""
_SILENCE_EPILOG = """\b
Examples:
  mxproof watch silence /var/log/mail.log*
  mxproof watch silence --false-alarms 0.3 /var/log/exim4/mainlog*
  journalctl -o export -u 'postfix*' | mxproof watch silence --format json
"""
_FOLLOW_EPILOG = """\b
Examples:
  mxproof watch follow /var/log/mail.log --domain yourdomain.example --command /usr/local/bin/ring
  mxproof watch follow /var/log/mail.log --history /var/log/mail.log.1 --once
  mxproof watch follow --journald --domain yourdomain.example --mail-to me@provider.example \\
      --mail-through smtps://me@smtp.provider.example --mail-password-file /etc/mxproof/mail-password
  mxproof watch follow /var/log/mail.log --domain yourdomain.example --alerts /etc/mxproof/watch.toml
"""
_HOURS_KNOWN_MAX = 200_000


@click.group(epilog=_EPILOG, no_args_is_help=False)
def watch() -> None:
    """Check domains on a schedule and say what changed, and hear of it when a sender that usually writes falls silent."""


def _zone(_: click.Context, __: click.Parameter, name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(
            f"{name!r}; the name of a time zone was expected, as Europe/Berlin"
        ) from None


def _domain(_: click.Context, __: click.Parameter, name: str | None) -> Domain | None:
    return None if name is None else domain_meant(name)


_false_alarms = click.option(
    "--false-alarms",
    type=Number(0.01, 50.0, "false alarms a year"),
    default=1.0,
    show_default=True,
    metavar="A_YEAR",
    help="How many false alarms a year are put up with, for all senders together; fewer take longer.",
)
_time_zone = click.option(
    "--time-zone",
    callback=_zone,
    metavar="NAME",
    help="Where the logs were written, for times without a zone and the hours of the week  [default: here]",
)


@watch.command(epilog=_SILENCE_EPILOG)
@click.argument("logs", nargs=-1, metavar="[LOG]...")
@_false_alarms
@_time_zone
@output_options(_FORMATS)
def silence(
    logs: tuple[str, ...], false_alarms: float, time_zone: tzinfo | None, output: OutputOptions
) -> int:
    """Read past logs of Postfix or Exim, and print the silences that would have rung, and when.

    LOG is a file, packed (gzip, bzip2, xz) or not, in any order; - or nothing reads stdin. Lines of syslog (RFC 3164, RFC 5424, ISO
    times), JSON lines and what journalctl exports are read. Only counts by hour are kept, no address and no subject.

    Exit status: 0 nothing would have rung; 1 something would; 2 wrong usage; 3 the logs tell of no mail.
    """
    if not logs and sys.stdin is not None and sys.stdin.isatty():
        print_stderr("waiting for a log on stdin; Ctrl-D ends it")
    read = MailLogs(time_zone, datetime.now(UTC))
    for one in logs or (STDIN,):
        read.read(one)
    read.told()
    if not read.mails:
        print_stderr(
            "no mail from outside was found in the logs; expected lines of Postfix's smtpd or of Exim"
        )
        return UNKNOWN
    detector = Detector(_hours_of_week(time_zone), FalseAlarms(false_alarms))
    alarms = list(detector.feed(read.arrivals()))
    alarms += detector.until(read.until_s or 0.0)
    if output.format == "json":
        put_bytes((encode_line(one) for one in alarms), output)
    else:
        put_text(_text(read, detector, alarms, false_alarms, time_zone, paper_of(output)), output)
    return PROBLEM if alarms else DONE


@watch.command(epilog=_FOLLOW_EPILOG)
@click.argument("log", required=False, type=click.Path(path_type=Path), metavar="[LOG]")
@click.option("--journald", is_flag=True, help="Follow the journal of this machine, and no file.")
@click.option(
    "--history",
    multiple=True,
    metavar="LOG",
    help="Learn from this older log where nothing is known yet; repeatable.",
)
@click.option(
    "--domain", callback=_domain, metavar="DOMAIN", help="Check this domain when a sender is silent."
)
@click.option(
    "--command",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Run this for each alarm: the notice on its stdin, who and since when in MXPROOF_*  [default: print the notice]",
)
@alarm_mail_options
@click.option(
    "--alerts",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Have the watch with this configuration (watch.toml) tell by its alerts; needs --domain.",
)
@click.option("--once", is_flag=True, help="Read what is new, tell of it and end.")
@_false_alarms
@_time_zone
@journal_options
@asking_options
def follow(
    log: Path | None,
    journald: bool,
    history: tuple[str, ...],
    domain: Domain | None,
    command: Path | None,
    mail: AlarmMailUse,
    alerts: Path | None,
    once: bool,
    false_alarms: float,
    time_zone: tzinfo | None,
    journal: JournalUse,
    asking: AskingOptions,
) -> int:
    """Follow the LOG of a mail server, through rotation and restarts, and ring when a usual sender falls silent.

    What is kept, in the store of TLS reports, are counts by hour of the week and the place in the log. An alarm comes with a
    check as the silent sender delivers, by --command, by mail, or by the alerts of `mxproof watch serve`; it is told until one of
    them succeeds. Mail has to go by a way that does not lead through the mail server that is watched.

    Exit status: 0 it was told to end; 1 the log or the store cannot be used; 2 wrong usage.
    """
    if (log is None) is not journald:
        raise click.UsageError("name one LOG, or --journald")
    if alerts is not None and domain is None:
        raise click.UsageError("--alerts needs --domain: alerts of the watch are about a domain")
    with about_journal():
        from mxproof.cli.following import Following, Ways  # noqa: PLC0415 - loads what keeping needs

        ways = Ways(command, mail.mail(), None if alerts is None else WatchUse(config=alerts).renewed)
        following = Following(
            log, journal.config_given().store.url, _hours_of_week(time_zone), false_alarms, time_zone, domain
        )
        ways.warn(domain, asking)
        following.begin(history)
        following.run(asking, ways, once=once)
    return DONE


@watch.command(epilog=_SERVE_EPILOG)
@click.option("--print-config", "printing", is_flag=True, help="Print the whole configuration and exit.")
@click.option(
    "--check-config", "checking", is_flag=True, help="Say whether the configuration is right and exit."
)
@click.option(
    "--pages-only", is_flag=True, help="Serve the pages alone; other processes on this store check."
)
@watch_options
def serve(printing: bool, checking: bool, pages_only: bool, watch: WatchUse) -> int:
    """Check domains on a schedule, for good, and tell of it when their mail fares otherwise.

    A change counts once it was seen twice; what could not be found out is never taken for one. It works until SIGTERM;
    SIGHUP reads the configuration again.
    """
    if printing:
        from mxproof.serve.daemon.config import print_config  # noqa: PLC0415 - only where asked for

        write_stdout(print_config(watch.config_given()))
        return DONE
    found = watch.settings()
    if pages_only and found.web is None:
        raise click.UsageError("--pages-only: the configuration says not where: web.listen")
    if checking:
        with about_journal():
            _check(found)
        domains = len(found.domains)
        print_stderr(f"the configuration is right: {domains} {'domain' if domains == 1 else 'domains'}")
        if said := mail_only(found.channels, (one.domain for one in found.domains)):
            print_stderr(said)
        return DONE
    with about_journal():
        from mxproof.serve.watch.daemon import serve_watch  # noqa: PLC0415 - loads what keeping needs

        serve_watch(found, watch.renewed, pages_only=pages_only)
    return DONE


def _check(settings: WatchSettings) -> None:
    """Look at what the daemon would meet only later; raises ConfigError."""
    from mxproof.serve.watch.apprising import unusable  # noqa: PLC0415 - only where asked for
    from mxproof.serve.web.settings import tls_context  # noqa: PLC0415 - as above
    from mxproof.store.journal.url import place_at  # noqa: PLC0415 - as above

    place_at(settings.store)
    if settings.web is not None and settings.web.certificate is not None:
        tls_context(settings.web.certificate)
    for one in settings.channels:
        for wrong in unusable(one.urls):
            raise ConfigError(f"alert {one.name!r}: {wrong}")


watch.add_command(user)
watch.add_command(token)


def _watched(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Offer the domains that stand in the configuration."""
    try:
        config = WatchUse(config=context.params.get("config")).config_given()
    except (RunError, OSError):
        return []
    named = [*config.domains, *(name for group in config.domain for name in group.names)]
    return offered(((name, "") for name in named), begun)


@watch.command(epilog=_STATUS_EPILOG)
@click.argument("domain", nargs=-1, metavar="[DOMAIN]...", shell_complete=_watched)
@output_options(_FORMATS)
@watch_options
def status(domain: tuple[str, ...], output: OutputOptions, watch: WatchUse) -> int:
    """Say how the domains stand that are watched: all, the worst first, or each DOMAIN with its latest news.

    Exit status: 0 every modelled sender delivers everywhere; 1 some refuse or may; 2 wrong usage; 3 something could not
    be found out, or was not checked yet.
    """
    with about_journal():
        from mxproof.cli.watch_status import shown  # noqa: PLC0415 - loads a database

        return shown(tuple(domain_meant(one).name for one in domain), output, watch.settings())


watch.add_command(alert)
watch.add_command(backup)
watch.add_command(restore)


def _text(
    read: MailLogs,
    detector: Detector,
    alarms: list[Alarm],
    false_alarms: float,
    zone: tzinfo | None,
    paper: Paper,
) -> Iterator[str]:
    known = [known_sender(one) for one in detector.watched]
    yield logs_text(read.mails, len(read.senders), len(known), paper)
    yield senders_text(known, false_alarms, paper)
    yield alarms_text(alarms, zone, paper)


def _hours_of_week(zone: tzinfo | None) -> Callable[[int], int]:
    """Return what gives the local hour of the week of an hour since 1970."""

    @lru_cache(_HOURS_KNOWN_MAX)
    def hour_of_week(hour: int) -> int:
        at = datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone)
        return at.weekday() * HOURS_A_DAY + at.hour

    return hour_of_week

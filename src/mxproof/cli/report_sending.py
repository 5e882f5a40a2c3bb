"""TLS reports sent from the command line: what is due now, or what would be sent, put down as files."""

import asyncio
import random
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mxproof.cli.exit import DONE, UNKNOWN, RunError
from mxproof.cli.streams import print_stdout
from mxproof.cli.whole_file import write_folder
from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.destination import MailDestination, report_destination
from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.formats.tlsrpt.record import examine_record
from mxproof.formats.tlsrpt.report_mail import packed_report, report_file_name
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.serve.collect.settings import CollectSettings
from mxproof.serve.sending.counts import SendCounts
from mxproof.serve.sending.mailing import signed_mail
from mxproof.serve.sending.making import MadeReport, made_reports, met_pages
from mxproof.serve.sending.settings import SendSettings
from mxproof.serve.sending.work import report_sender
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal
from mxproof.store.journal.outgoing import OutgoingState
from mxproof.store.journal.outgoing_journal import OutgoingJournal

REHEARSED_MAX = 50_000


def sending_of(settings: CollectSettings) -> SendSettings:
    """Return what says how reports are sent; raises RunError where nothing does."""
    if settings.send is None:
        raise RunError(
            "who reports are from is not set: name a mail address as `contact` under [send] in the configuration (--config)"
        )
    return settings.send


def send_now(settings: CollectSettings, *, early: bool) -> int:
    """Close days that are over, send what is due, and say what became of it."""
    sending, counts = sending_of(settings), SendCounts()

    async def once(journal: Journal) -> None:
        with report_sender(journal, sending, counts) as sender:
            await sender.step(early=early)

    with closing(Journal(settings.store)) as journal:
        asyncio.run(once(journal))
        next_at = OutgoingJournal(journal).next_due()
    print_stdout(_summary(counts, next_at))
    failed = counts.put_off or counts.done[OutgoingState.GIVEN_UP] or counts.unprintable
    return UNKNOWN if failed else DONE


def rehearse(settings: CollectSettings, folder: Path, now: datetime) -> int:
    """Write what would be sent of all days whose reports are not made, today so far too; nobody is asked and nothing noted."""
    sending = sending_of(settings)
    files: dict[str, bytes] = {}
    counts: Counter[str] = Counter()
    with closing(Journal(settings.store)) as journal:
        met = MetJournal(journal)
        for day in OutgoingJournal(journal).open_days((now + timedelta(days=1)).astimezone(UTC).date()):
            for page in met_pages(met, day):
                asked = {one.domain: one for one in page}
                for made in made_reports(page, sending, random.SystemRandom().random):
                    if counts["reports"] >= REHEARSED_MAX:
                        raise RunError(f"more than {REHEARSED_MAX} reports; nothing was written")
                    files |= _files(made, asked[made.domain], sending, now, counts)
    write_folder(folder, files)
    unprintable = f", {counts['unprintable']} could not be printed" if counts["unprintable"] else ""
    print_stdout(
        f"{counts['reports']} reports written to {folder}, {counts['mails']} of them as mail too{unprintable}\n"
    )
    return UNKNOWN if counts["unprintable"] or not counts["reports"] else DONE


def _files(
    made: MadeReport, met: MetDay, sending: SendSettings, now: datetime, counts: Counter[str]
) -> dict[str, bytes]:
    try:
        data = print_report(made.report)
    except FormatError:
        counts["unprintable"] += 1
        return {}
    name = report_file_name(made.report, made.domain).removesuffix(".gz")
    files = {name: data + b"\n"}
    counts["reports"] += 1
    recipient = _recipient(met)
    if recipient and sending.mail is not None:
        mail = signed_mail(made.report, made.domain, recipient, packed_report(data), sending, now)
        files[f"{name.removesuffix('.json')}.eml"] = mail
        counts["mails"] += 1
    return files


def _recipient(met: MetDay) -> str:
    """Return the first mailbox of the record that was met, empty for none."""
    found = examine_record(met.record.encode("ascii", "replace")).lenient
    wanted = map(report_destination, found.rua) if found is not None else ()
    return next((one.address for one in wanted if isinstance(one, MailDestination)), "")


def _summary(counts: SendCounts, next_at: datetime | None) -> str:
    made = f"made {counts.made} reports; " if counts.made else ""
    done = ", ".join(f"{count} {state}" for state, count in counts.done.items() if count) or "none sent"
    put_off = f"; {counts.put_off} put off (`mxproof tlsrpt status` says why)" if counts.put_off else ""
    later = f", the next is due at {next_at:%Y-%m-%d %H:%M} UTC" if next_at is not None else ""
    return f"{made}{done}{put_off}; {counts.waiting} wait{later}\n"

"""Whoever publishes further records of a domain, made of the configuration and of the options of asking; what became of it, in words."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from mxproof.cli.configured import configured
from mxproof.cli.exit import RunError
from mxproof.cli.looking import looking
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.publication import line_printer, open_journal, record_keeper
from mxproof.cli.publication_words import lag_lines, marked
from mxproof.cli.streams import print_stderr
from mxproof.evidence import Evidence, Question
from mxproof.mail.change import CaaValue
from mxproof.publish.mail_records import CaaPermission, WantedRecords, objections
from mxproof.publish.record_publication import RecordLooks, RecordPublication
from mxproof.publish.result import PublicationEnd
from mxproof.publish.told_records import ToldRecords
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.serve.publish.config import PublishConfig, RecordOptions
from mxproof.survey import caa
from mxproof.survey.served_records import ServedRecords

Publish = Callable[..., ToldRecords]
_CAA_LINE: Final = re.compile(
    r'(?P<flags>\d{1,3})\s+(?P<tag>[A-Za-z0-9]{1,15})\s+(?:"(?P<quoted>[^"\\]*)"|(?P<plain>\S+))'
)
_TONES: Final = {
    CaaPermission.GRANTED: ("✔", Tone.GOOD),
    CaaPermission.UNCLEAR: ("?", Tone.DOUBTFUL),
    CaaPermission.REFUSED: ("✘", Tone.BAD),
}


def wanted_records(options: RecordOptions) -> WantedRecords:
    """Return what every domain is to have; raises RunError for what is no record of its kind."""
    keys = []
    for line in options.dkim:
        selector, _, text = line.partition(" ")
        if not selector or not text.strip():
            raise RunError(
                f"records.dkim: {line!r}; the selector and, behind a space, the record was expected"
            )
        keys.append((selector.lower(), text.strip()))
    wanted = WantedRecords(tuple(map(_caa, options.caa)), options.spf, options.dmarc, tuple(keys))
    if wanted == WantedRecords():
        raise RunError(
            "records: none of caa, spf, dmarc and dkim is said, so that there is nothing to publish"
        )
    for objection in objections(wanted):
        raise RunError(objection)
    return wanted


def _caa(line: str) -> CaaValue:
    found = _CAA_LINE.fullmatch(line.strip())
    if found is None or int(found["flags"]) > 255:
        raise RunError(
            f"""records.caa: {line!r}; a record such as '0 issue "letsencrypt.org"' was expected"""
        )
    value = found["plain"] if found["quoted"] is None else found["quoted"]
    return CaaValue(int(found["flags"]), found["tag"].lower(), value)


@contextmanager
def publishing_records(
    config: PublishConfig, asking: AskingOptions, output: OutputOptions
) -> Iterator[Publish]:
    """Return what publishes them for a domain, alone at it; raises RunError where the configuration is wrong."""
    with configured():
        keeper = record_keeper(config.records, line_printer(output))
    with open_journal(config) as journal, _looks(asking) as looks:
        made = RecordPublication(
            keeper,
            looks,
            directory=config.acme.directory,
            ttl_s=config.records.ttl_s,
            patience_s=config.publication.wait_s,
            pause=time.sleep,
            tell=print_stderr,
        )

        def publish(domain: str, wanted: WantedRecords, forced: str, *, dry: bool) -> ToldRecords:
            with journal.alone(f"records {domain}"):
                return made.publish(domain, wanted, forced, dry=dry)

        yield publish


@contextmanager
def _looks(asking: AskingOptions) -> Iterator[RecordLooks]:
    with looking(asking, caa.wanted) as found:

        def served(domain: str, records: tuple[Question, ...]) -> Evidence:
            return found.look(Evidence(domain), ServedRecords(records).wanted)

        def hosts(domain: str) -> Evidence:
            return found.look(Evidence(domain), caa.wanted)

        yield RecordLooks(served, hosts)


def records_text(told: ToldRecords, paper: Paper) -> str:
    """Return what became of records; it ends with a line break."""
    mark, tone = marked(told.end)
    lines = paper.hung(f"{told.domain}: {_sentence(told)}", len(mark) + 2, Label(0, mark, tone))
    if told.lag:
        lines += lag_lines(told.lag, paper)
    for one in told.sets:
        for label, records in (("comes", one.comes), ("goes", one.goes)):
            lines += [paper.pasted(f"{label:<6}{record}", 2) for record in records]
    for judged in told.caa:
        if told.sets and (judged.permission is not CaaPermission.GRANTED or paper.verbose):
            sign, colour = _TONES[judged.permission]
            lines += paper.hung(f"{judged.host}: {judged.because}.", 4, Label(2, sign, colour))
    return "\n".join(lines) + "\n"


def _sentence(told: ToldRecords) -> str:
    match told.end:
        case PublicationEnd.NOTHING:
            return "its records are there already, or others of their kind, which are left as they are."
        case PublicationEnd.PLANNED:
            return "these records may be published; nothing was done."
        case PublicationEnd.DONE | PublicationEnd.UNDONE:
            return "every name server has these records."
        case PublicationEnd.WAITING:
            return f"not every name server has these records yet; `mxproof publish records {told.domain}` looks again."
        case PublicationEnd.REFUSED:
            return (
                "an authority could not renew a certificate with these CAA records, and so nothing was done. "
                "--force REASON publishes in spite of it."
            )
        case PublicationEnd.UNCLEAR:
            return (
                "whether the authorities that issue may go on to could not be found out, and so nothing was done. "
                "--force REASON publishes in spite of it."
            )
        case PublicationEnd.UNSEEN:
            return "not every name server says what it has, and so nothing was begun."
        case PublicationEnd.FAILED:
            return f"{told.said}."

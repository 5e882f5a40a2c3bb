"""Reports in the form that the options of output ask for.

Only the form that is asked for is loaded, and what stands beside a report in some forms (the time line, what lasts
until when) is worked out for these alone.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click
import msgspec

from mxproof.cli.exit import NAGIOS, status_of_report, worst_status
from mxproof.cli.options.output import OutputOptions, paper_of
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.evidence import Evidence
from mxproof.judge.report import Report
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.mail.memory import SenderMemory

if TYPE_CHECKING:  # text and JSON need none of it
    from mxproof.judge.checked import Checked
    from mxproof.render.waiting import Waiting

PLAN_OF_FILE = "mxproof plan --from FILE"
"""What shows the ways out of evidence in a file, alike wherever the file is: a replay says what the check said."""


class Judged(msgspec.Struct, frozen=True):
    """The report on evidence as of `now`, for senders that may hold `memories`."""

    report: Report
    evidence: Evidence
    now: datetime
    memories: tuple[SenderMemory, ...]


def check_brief(output: OutputOptions, *, verdicts_alone: bool) -> None:
    """Raise UsageError, before anything is asked, where `--brief` contradicts what else is wanted of the output."""
    if verdicts_alone and (output.verbose or output.format != "text"):
        other = "--verbose" if output.verbose else f"--format {output.format}"
        raise click.UsageError(f"--brief leaves out what {other} asks for; expected one of the two")


def shows_fixes(output: OutputOptions, *, verdicts_alone: bool, are_many: bool) -> bool:
    """Tell whether anybody will read a fix: verdicts alone, a table of many and a line of monitoring have none."""
    if output.format == "text":
        return not verdicts_alone and (output.verbose or not are_many)
    return output.format != NAGIOS


def put_report(
    one: Judged, output: OutputOptions, fail_on: str, *, verdicts_alone: bool, plan_command: str = ""
) -> int:
    """Write one report and return the exit status that it calls for, as `--fail-on` and the form have it.

    `verdicts_alone` is what `--brief` asks for; `plan_command` shows the ways out, empty where none are to be named.
    """
    match output.format:
        case "text" if verdicts_alone:
            from mxproof.render.text.report import brief  # noqa: PLC0415 - as in `_document`

            put_text([brief(one.report, paper_of(output))], output)
        case "text":
            from mxproof.render.text.report import text  # noqa: PLC0415 - as in `_document`

            put_text([text(one.report, paper_of(output)), *_way_out(one, plan_command, output)], output)
        case "json":
            from mxproof.render.json import encode  # noqa: PLC0415 - as in `_document`

            put_bytes([encode(one.report)], output)
        case _:
            return put_reports([one], output, fail_on)
    return status_of_report(one.report, fail_on)


def _way_out(one: Judged, command: str, output: OutputOptions) -> Iterator[str]:
    """Yield one way out where a sender that decides does not deliver, and the command for the rest."""
    stopped = {Verdict.REFUSED, Verdict.AT_RISK}
    if not command or not any(sender.decides and sender.outcome in stopped for sender in one.report.senders):
        return
    from mxproof.render.text.answer import fix_suffices  # noqa: PLC0415 - only where mail does not arrive
    from mxproof.render.text.way_out import way_out  # noqa: PLC0415 - as above

    if fix_suffices(one.report):
        yield way_out(None, command, paper_of(output))
        return
    from mxproof.remedy.one_way import one_way  # noqa: PLC0415 - where no fix suffices, other ways are looked for

    found = one_way(one.evidence, now=one.now, memories=one.memories)
    if found is not None:
        yield way_out(found, command, paper_of(output))


def put_reports(
    several: Iterable[Judged], output: OutputOptions, fail_on: str, *, verdicts_alone: bool = False
) -> int:
    """Write one document about all reports, and return the worst exit status that they call for.

    They are taken one after the other, and what is no longer needed of one is let go before the next is taken.
    """
    statuses: set[int] = set()

    def noted() -> Iterator[Judged]:
        for one in several:
            statuses.add(_status(one.report, output, fail_on))
            yield one

    match output.format:
        case "text":
            from mxproof.render.text.overview import document as overview  # noqa: PLC0415 - as in `_document`

            reports = (one.report for one in noted())
            put_text(overview(reports, paper_of(output), verdicts_alone=verdicts_alone), output)
        case "json":
            from mxproof.render.json import encode_line  # noqa: PLC0415 - as in `_document`

            put_bytes((encode_line(one.report) for one in noted()), output)
        case "html" | "markdown":
            from mxproof.cli.spool import Spool  # noqa: PLC0415 - as in `_document`

            with Spool() as waiting:
                put_document(_with_overview(map(_checked, noted()), output, waiting), output)
        case _:
            put_document(_document(map(_checked, noted()), output, Severity(fail_on)), output)
    return worst_status(statuses, output.format)


def _status(report: Report, output: OutputOptions, fail_on: str) -> int:
    if output.format != NAGIOS:
        return status_of_report(report, fail_on)
    from mxproof.render.nagios import state_of  # noqa: PLC0415 - one form is loaded, the one asked for

    return int(state_of(report, Severity(fail_on)))


def _checked(one: Judged) -> "Checked":
    """Return the report with what some forms show beside it."""
    from mxproof.evidence.timing import timed  # noqa: PLC0415 - text and JSON need none of it
    from mxproof.judge.checked import Checked, terms  # noqa: PLC0415 - as above
    from mxproof.mail.assemble import assemble  # noqa: PLC0415 - as above

    domain = assemble(one.evidence, one.now)
    return Checked(one.report, timed(one.evidence), terms(domain, one.memories))


def _with_overview(several: "Iterable[Checked]", output: OutputOptions, waiting: "Waiting") -> Iterator[str]:
    """Return the pieces of a document in which something about all stands before the reports."""
    if output.format == "html":
        from mxproof.render.html.document import document as html  # noqa: PLC0415

        return html(several, waiting)
    from mxproof.render.markdown.report import document as markdown  # noqa: PLC0415

    return markdown(several, waiting)


def _document(several: "Iterable[Checked]", output: OutputOptions, fail_on: Severity) -> Iterator[str]:
    """Return the pieces of the document; each form is loaded when it is asked for."""
    match output.format:
        case "csv":
            from mxproof.render.csv import document as csv  # noqa: PLC0415

            return csv(several)
        case "junit":
            from mxproof.render.junit import document as junit  # noqa: PLC0415

            return junit(several, fail_on)
        case "nagios":
            from mxproof.render.nagios import document as nagios  # noqa: PLC0415

            return nagios(several, fail_on)
        case _:
            raise AssertionError(f"{output.format} is written by others")

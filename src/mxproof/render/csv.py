"""Reports as CSV by RFC 4180: one table, a row for each domain, sender, finding, end of a term and open question.

All is in ASCII, so that a program that guesses the encoding guesses nothing wrong. A spreadsheet takes a cell that
begins with one of a few signs for a formula, and runs it; such a cell begins with an apostrophe here, by which a
spreadsheet knows a text. The same is done behind a semicolon, at which some of them part columns.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mxproof.formats.text import safe
from mxproof.judge.checked import Checked
from mxproof.judge.report import Delivery, WordedFinding
from mxproof.render.markup import TEXT_CHARACTERS_MAX
from mxproof.render.text.paper import Paper
from mxproof.render.text.words import moment

COLUMNS: Final = (
    "domain",
    "judged_at",
    "kind",
    "id",
    "outcome",
    "subject",
    "summary",
    "detail",
    "fix",
    "affects",
    "rfc",
)
"""New ones are added at the end."""

_FORMULA: Final = re.compile(r"(^|;)(?=\s*[=+\-@])")
"""What a spreadsheet computes. A tab or a line break before it, which some skip, is an escape by then."""
_ASCII: Final = Paper(unicode=False)

Row = tuple[str, ...]


def document(several: Iterable[Checked]) -> Iterator[str]:
    """Yield the lines, the names of the columns first; every cell is quoted, and a line ends with CRLF."""
    yield line(COLUMNS)
    for checked in several:
        for row in _rows(checked):
            yield line((checked.report.domain, moment(checked.now), *row))


def cell(text: str) -> str:
    """Return a cell with its quotes (RFC 4180 section 2, rules 5 to 7)."""
    lines = (_ASCII.signs(safe(one, limit=TEXT_CHARACTERS_MAX)) for one in text.split("\n"))
    harmless = _FORMULA.sub(r"\1'", " / ".join(lines))
    return '"' + harmless.replace('"', '""') + '"'


def line(cells: Iterable[str]) -> str:
    """Return a line of cells with its CRLF."""
    return ",".join(map(cell, cells)) + "\r\n"


def _rows(checked: Checked) -> Iterator[Row]:
    """Yield rows from the column `kind` on."""
    report = checked.report
    yield _row("domain", report.domain, str(report.summary.outcome), report.domain, report.summary.headline)
    for sender in report.senders:
        yield _of_sender(sender)
    for finding in report.findings:
        yield _of_finding(finding)
    for term in checked.terms:
        left = f"{term.days(checked.now):.1f} days left"
        yield _row("term", str(term.kind), "", term.name, moment(term.until), left)
    for unknown in report.unknowns:
        yield _row("unknown", "", "unknown", unknown.question, unknown.why)


def _row(*cells: str) -> Row:
    return (*cells, *[""] * (len(COLUMNS) - 2 - len(cells)))


def _of_sender(sender: Delivery) -> Row:
    bounce = sender.bounce
    first, last = ("", "") if bounce is None else (bounce.transient or "", bounce.final or "")
    return _row(
        "sender",
        sender.id,
        str(sender.outcome),
        sender.name,
        first or last,
        last if first else "",
        "",
        " ".join(sender.because),
    )


def _of_finding(finding: WordedFinding) -> Row:
    return _row(
        "finding",
        finding.code,
        str(finding.severity),
        finding.subject,
        finding.summary,
        finding.detail,
        finding.fix,
        " ".join(finding.affects),
        ", ".join(finding.rfc),
    )

"""A log to material: which lines tell how an attempt came out, and which were written on the way there.

A note, a line without an outcome, belongs to the delivery that the same process (Postfix, Sendmail) or the same
message (Exim) tells of next; where none follows, it may be about any. Where a recipient is told of once more, it was
tried once more. What stands between log lines and is none, a line of another program or a remark of whoever pasted it,
is a note as well.
"""

from collections.abc import Iterable

from mxproof.explain.read.mail import recipient
from mxproof.explain.read.material import Material, MaterialForm, Statement, StatementPlace
from mxproof.formats.bounce.logline import LogLine, parse_log_line
from mxproof.formats.bounce.reply import flattened

RECIPIENTS_OF_NOTE_MAX = 20

_HUNG_UP = "lost connection after CONNECT from "
_CUT_SHORT = ("unexpected eof while reading", "SSL_accept error from ")


def log(records: Iterable[str]) -> Material | None:
    """Return the material of a log, or None where no record is from one."""
    told = [(record, parse_log_line(record)) for record in records if record.strip()]
    lines = [line for _, line in told if line]
    if not lines:
        return None
    told = _without_strangers(told)
    delays = [line.delay_s for line in lines if line.delay_s is not None]
    return Material(
        form=MaterialForm.LOG,
        statements=_statements(told),
        program=lines[0].program,
        attempts=tuple(sorted(line.at for line in lines if line.at)),
        delay_s=max(delays, default=None),
        recipients=tuple(
            recipient(address, line)
            for address, line in {line.recipient: line for line in lines if line.recipient}.items()
        ),
    )


def _without_strangers(told: list[tuple[str, LogLine | None]]) -> list[tuple[str, LogLine | None]]:
    """Leave out what a server says of the TLS of clients that hung up before a word: scanners, and checks of health."""
    strangers = {line.session for _, line in told if line and line.session and _HUNG_UP in line.text}
    return [
        (record, line)
        for record, line in told
        if line is None or line.session not in strangers or not any(one in line.text for one in _CUT_SHORT)
    ]


def _statements(told: list[tuple[str, LogLine | None]]) -> tuple[Statement, ...]:
    """Return what the lines say, in order; attempts count from 1, and 0 is what belongs to none."""
    found: list[Statement] = []
    following: dict[str, tuple[str, int, dict[str, None]]] = {}
    for number, (record, line) in reversed(list(enumerate(told, start=1))):
        if line is None:
            found.append(Statement(StatementPlace.NOTE, flattened(record)))
        elif line.recipient:
            queue_id, attempt, addresses = following.get(line.session, ("", number, {}))
            if queue_id != line.queue_id or not queue_id or line.recipient in addresses:
                attempt, addresses = number, {}
            found.append(Statement(StatementPlace.LOG, _said(line), line.recipient, attempt))
            following[line.session] = (line.queue_id, attempt, {line.recipient: None, **addresses})
        elif line.outcome:
            found.append(Statement(StatementPlace.LOG, _said(line), "", number))
        else:
            found += _notes(line, following.get(line.session))
    return tuple(reversed(found))


def _notes(line: LogLine, following: tuple[str, int, dict[str, None]] | None) -> list[Statement]:
    """Return a note once for each recipient of the delivery that follows it."""
    if following is None or not line.session:
        return [Statement(StatementPlace.NOTE, _said(line))]
    _, attempt, addresses = following
    return [
        Statement(StatementPlace.NOTE, _said(line), address, attempt)
        for address in list(addresses)[:RECIPIENTS_OF_NOTE_MAX]
    ]


def _said(line: LogLine) -> str:
    where = (
        f"host {line.relay}[{line.address}] said: "
        if line.relay and line.address and "said:" not in line.text
        else ""
    )
    return flattened(f"{where}{line.text}")

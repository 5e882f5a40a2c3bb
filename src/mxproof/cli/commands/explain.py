"""`mxproof explain`: say what a bounce, a log line or an authentication header means, without asking anyone."""

from collections.abc import Iterator

import click

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, status_of_explanation
from mxproof.cli.live_checks import LiveChecks
from mxproof.cli.options.asking import AskingOptions, asking_options
from mxproof.cli.options.output import EXPLANATION_FORMATS, OutputOptions, output_options, paper_of
from mxproof.cli.pieces import LINE_BYTES_MAX, Piece, PieceReading, pieces
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.cli.streams import print_stderr
from mxproof.explain.engine import diagnosed
from mxproof.explain.explanation import Explanation
from mxproof.explain.wording import explanation
from mxproof.formats.bounce.logline import parse_log_line
from mxproof.formats.bounce.mbox import MBOX_MESSAGE_BYTES_MAX
from mxproof.formats.bounce.mime import MAIL_BYTES_MAX
from mxproof.formats.bounce.record import LOG_RECORDS_MAX
from mxproof.render import json
from mxproof.render.text.explanation import explain_text

_EPILOG = """\b
Examples:
  mxproof explain bounce.eml
  mxproof explain "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"
  grep 'to=<a@example.com>' /var/log/mail.log | mxproof explain
  mxproof explain --format json Maildir/ | jq .causes
  mxproof explain bounce.eml --check
  mxproof explain bounce.eml --format html --output bounce.html
"""
_READING = PieceReading(
    MAIL_BYTES_MAX,
    MBOX_MESSAGE_BYTES_MAX,
    "paste the bounce, the log lines or the header, then press Ctrl-D",
    takes_text=True,
)


@click.command(epilog=_EPILOG)
@click.argument("inputs", nargs=-1, metavar="[FILE|TEXT]...")
@click.option("--check", is_flag=True, help="Also check the domain concerned, and say whether it is so now.")
@output_options(EXPLANATION_FORMATS)
@asking_options
def explain(inputs: tuple[str, ...], check: bool, asking: AskingOptions, output: OutputOptions) -> int:
    """Say what a bounce, a log line or the header of a message means: who decided, why, and what to look at.

    FILE is a message, an mbox file, a Maildir folder, log lines or plain text; - or nothing reads stdin. An argument
    with a space in it that is no file is taken as the text itself. Each message of several inputs, of an mbox or of
    a folder is one line of JSON.

    Exit status: 0 a cause was found; 1 it is a bounce of another kind (a full mailbox, an unknown user); 2 wrong
    usage; 3 not understood. Of many messages, the best. The options that say how to ask are for --check; --lab
    implies it.
    """
    checks = LiveChecks(asking) if check or asking.lab is not None else None
    statuses: set[int] = set()

    def told() -> Iterator[tuple[Explanation, bool]]:
        for piece in map(_noted, pieces(inputs, _READING)):
            explained = _explained(piece, checks)
            statuses.add(status_of_explanation(explained))
            yield explained, piece.of_many

    _put(told(), output)
    return next((status for status in (DONE, PROBLEM) if status in statuses), UNKNOWN)


def _explained(piece: Piece, checks: LiveChecks | None) -> Explanation:
    """Return what a piece means; where a check is made, the words are made again beside what it finds."""
    diagnosis = diagnosed(piece.data)
    told = explanation(piece.name, diagnosis)
    live = checks.live(told) if checks is not None else None
    return told if live is None else explanation(piece.name, diagnosis, live)


def _put(told: Iterator[tuple[Explanation, bool]], output: OutputOptions) -> None:
    """Write explanations, each with whether it is one of many; text and JSON as soon as each is made."""
    match output.format:
        case "json":
            put_bytes((json.encode_line(one) if many else json.encode(one) for one, many in told), output)
        case "html":
            from mxproof.render.html.explanation import document as html  # noqa: PLC0415 - only where asked for

            put_document(html(one for one, _ in told), output)
        case "markdown":
            from mxproof.render.markdown.explanation import document as markdown  # noqa: PLC0415 - as above

            put_document(markdown(one for one, _ in told), output)
        case _:
            put_text((_text(one, output, many) for one, many in told), output)


def _text(explained: Explanation, output: OutputOptions, many: bool) -> str:
    return explain_text(explained, paper_of(output), name_source=many) + ("\n" if many else "")


def _noted(piece: Piece) -> Piece:
    """Return the piece, having said what of it is not read."""
    if piece.cut:
        print_stderr(f"{piece.name}: only the first {MAIL_BYTES_MAX // 1024} KiB are read")
    elif piece.data.count(b"\n") > LOG_RECORDS_MAX and _is_log(piece.data):
        print_stderr(f"{piece.name}: only the first {LOG_RECORDS_MAX} lines are read")
    return piece


def _is_log(data: bytes) -> bool:
    return parse_log_line(data[:LINE_BYTES_MAX].decode("latin-1")) is not None

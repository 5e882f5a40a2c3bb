"""`mxproof explain`: say what a bounce, a log line or an authentication header means, without asking anyone."""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError, status_of_explanation
from mxproof.cli.live_checks import LiveChecks
from mxproof.cli.options.asking import AskingOptions, asking_options
from mxproof.cli.options.file import kept_file
from mxproof.cli.options.output import EXPLANATION_FORMATS, OutputOptions, output_options, paper_of
from mxproof.cli.pieces import LINE_BYTES_MAX, PEEKED_BYTES, Piece, PieceReading, pieces
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.cli.streams import print_stderr
from mxproof.cli.whole_file import write_whole
from mxproof.explain.engine import diagnosed
from mxproof.explain.explanation import Explanation
from mxproof.explain.wording import explanation
from mxproof.formats.bounce.logline import parse_log_line
from mxproof.formats.bounce.mail_redaction import redacted_mail
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
  mxproof explain bounce.eml --redact --save bounce-redacted.eml
  mxproof explain bounce.eml --format html --output bounce.html
"""
_BINARY = (b"%PDF", b"\x1f\x8b", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8")
_READING = PieceReading(
    MAIL_BYTES_MAX,
    MBOX_MESSAGE_BYTES_MAX,
    "paste the bounce, the log lines or the header, then press Ctrl-D",
    takes_text=True,
)


@click.command(epilog=_EPILOG)
@click.argument("inputs", nargs=-1, metavar="[FILE|TEXT]...")
@click.option("--check", is_flag=True, help="Also check the domain concerned, and say whether it is so now.")
@click.option(
    "--redact",
    is_flag=True,
    help="Explain what is left without local parts of addresses and the message that came back.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    callback=kept_file,
    metavar="FILE",
    help="With --redact: keep in FILE what is left, for a bug report.",
)
@output_options(EXPLANATION_FORMATS)
@asking_options
def explain(
    inputs: tuple[str, ...],
    check: bool,
    redact: bool,
    save: Path | None,
    asking: AskingOptions,
    output: OutputOptions,
) -> int:
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
    if save is not None and not redact:
        raise click.UsageError("--save keeps what --redact leaves; expected both")

    def told() -> Iterator[tuple[Explanation, bool]]:
        for piece in _redacted(_read(inputs), save) if redact else _read(inputs):
            explained = _explained(piece, checks)
            statuses.add(status_of_explanation(explained))
            yield explained, piece.of_many

    _put(told(), output)
    return next((status for status in (DONE, PROBLEM) if status in statuses), UNKNOWN)


def _redacted(every: Iterator[Piece], save: Path | None) -> Iterator[Piece]:
    """Yield what is left of each piece without addresses, kept in the file `save` where there is one."""
    for number, given in enumerate(every):
        if save is not None and number:
            raise RunError("--save keeps one text; expected one bounce, log or header")
        piece = msgspec.structs.replace(given, data=redacted_mail(given.data))
        if save is not None:
            write_whole(save, [piece.data])
        yield piece


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


def _read(inputs: tuple[str, ...]) -> Iterator[Piece]:
    """Yield the pieces that hold text, having said what of them is not read."""
    for piece in pieces(inputs, _READING):
        other = _other_than_text(piece.data[:PEEKED_BYTES])
        if other:
            what = f"{piece.name}: {other}; expected a message, log lines, or the text of a bounce"
            if not piece.of_many:
                raise RunError(what)
            print_stderr(f"{what}; left out")
            continue
        if piece.cut:
            print_stderr(f"{piece.name}: only the first {MAIL_BYTES_MAX // 1024} KiB are read")
        elif piece.data.count(b"\n") > LOG_RECORDS_MAX and _is_log(piece.data):
            print_stderr(f"{piece.name}: only the first {LOG_RECORDS_MAX} lines are read")
        yield piece


def _is_log(data: bytes) -> bool:
    return parse_log_line(data[:LINE_BYTES_MAX].decode("latin-1")) is not None


def _other_than_text(begin: bytes) -> str:
    """Say what a file is that holds no mail and no text, by how it begins; nothing of one that may."""
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text in UTF-16, which no mail is; save it as UTF-8"
    if b'"evidence_version"' in begin:
        return "evidence, which `mxproof replay` judges"
    if b"\0" in begin or begin.startswith(_BINARY):
        return "no mail and no text"
    return ""

"""`mxproof explain`: say what a bounce, a log line or an authentication header means, without asking anyone."""

import os
import sys
from collections.abc import Iterator
from io import BufferedReader, BytesIO
from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError, status_of_explanation
from mxproof.cli.live_checks import LiveChecks
from mxproof.cli.options.asking import AskingOptions, asking_options
from mxproof.cli.options.file import output_file
from mxproof.cli.options.output import EXPLANATION_FORMATS, OutputOptions, output_options, paper_of
from mxproof.cli.sink import put_bytes, put_document, put_text
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.cli.whole_file import write_whole
from mxproof.explain.engine import diagnosed
from mxproof.explain.explanation import Explanation
from mxproof.explain.wording import explanation
from mxproof.formats.bounce.logline import parse_log_line
from mxproof.formats.bounce.mail_redaction import redacted_mail
from mxproof.formats.bounce.mbox import is_mbox, split_mbox
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
PEEKED_BYTES = 4096
LINE_BYTES_MAX = 64 * 1024
_BINARY = (b"%PDF", b"\x1f\x8b", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8")
_MAILDIR_PARTS = ("cur", "new")


class Piece(msgspec.Struct, frozen=True):
    """One thing to explain, what to call it, and whether it is one of many."""

    name: str
    data: bytes
    of_many: bool


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
    callback=output_file,
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
        for piece in _redacted(_pieces(inputs), save) if redact else _pieces(inputs):
            explained = _explained(piece, checks)
            statuses.add(status_of_explanation(explained))
            yield explained, piece.of_many

    _put(told(), output)
    return next((status for status in (DONE, PROBLEM) if status in statuses), UNKNOWN)


def _redacted(pieces: Iterator[Piece], save: Path | None) -> Iterator[Piece]:
    """Yield what is left of each piece without addresses, kept in the file `save` where there is one."""
    for number, given in enumerate(pieces):
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


def _pieces(inputs: tuple[str, ...]) -> Iterator[Piece]:
    if not inputs and sys.stdin is not None and sys.stdin.isatty():
        print_stderr("paste the bounce, the log lines or the header, then press Ctrl-D")
    of_many = len(inputs) > 1
    for given in inputs or (STDIN,):
        path = Path(given)
        try:
            if given == STDIN:
                yield from _stream("stdin", _stdin(), of_many)
            elif not _exists(path):
                yield from _stream("text", BufferedReader(BytesIO(_given(given))), of_many)
            elif path.is_dir():
                yield from _folder(path)
            else:
                with path.open("rb") as opened:
                    yield from _stream(_printable(given), opened, of_many)
        except OSError as error:
            raise RunError(f"{_printable(given)}: cannot be read ({error.strerror})") from None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # pasted text can be longer than a name of a file may be


def _given(given: str) -> bytes:
    if " " not in given.strip():
        raise RunError(
            f"{_printable(given)}: no such file; expected a file, a folder, or text with a space in it"
        )
    return os.fsencode(given)


def _stdin() -> BufferedReader:
    if sys.stdin is None:
        raise RunError("stdin is closed; nothing can be read from it")
    stream = sys.stdin.buffer
    return stream if isinstance(stream, BufferedReader) else BufferedReader(BytesIO(stream.read()))


def _stream(name: str, stream: BufferedReader, of_many: bool) -> Iterator[Piece]:
    """Yield the messages of an mbox, or all of another stream up to a limit, as one piece."""
    if is_mbox(stream.peek(PEEKED_BYTES)):
        lines = iter(lambda: stream.readline(LINE_BYTES_MAX), b"")
        for number, message in enumerate(split_mbox(lines), start=1):
            yield Piece(f"{name}:{number}", message, True)
        return
    data = stream.read(MAIL_BYTES_MAX + 1)
    other = _other_than_text(data[:PEEKED_BYTES])
    if other:
        what = f"{name}: {other}; expected a message, log lines, or the text of a bounce"
        if not of_many:
            raise RunError(what)
        print_stderr(f"{what}; left out")
        return
    if len(data) > MAIL_BYTES_MAX:
        print_stderr(f"{name}: only the first {MAIL_BYTES_MAX // 1024} KiB are read")
    elif data.count(b"\n") > LOG_RECORDS_MAX and parse_log_line(data[:LINE_BYTES_MAX].decode("latin-1")):
        print_stderr(f"{name}: only the first {LOG_RECORDS_MAX} lines are read")
    yield Piece(name, data[:MAIL_BYTES_MAX], of_many)


def _other_than_text(begin: bytes) -> str:
    """Say what a file is that holds no mail and no text, by how it begins; nothing of one that may."""
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text in UTF-16, which no mail is; save it as UTF-8"
    if b'"evidence_version"' in begin:
        return "evidence, which `mxproof replay` judges"
    if b"\0" in begin or begin.startswith(_BINARY):
        return "no mail and no text"
    return ""


def _folder(folder: Path) -> Iterator[Piece]:
    """Yield the files of a Maildir folder, or of any other folder, in order of name.

    A file that cannot be read is told and left out: mail readers move and delete what lies in a Maildir.
    """
    parts = [folder / name for name in _MAILDIR_PARTS if (folder / name).is_dir()]
    for part in parts or [folder]:
        for path in sorted(part.iterdir()):
            if not path.is_file():
                continue
            try:
                opened = path.open("rb")
            except OSError as error:
                print_stderr(f"{_printable(str(path))}: cannot be read ({error.strerror}); left out")
                continue
            with opened:
                yield from _stream(_printable(str(path)), opened, True)


def _printable(name: str) -> str:
    """Return the name of a file with its bytes that are no UTF-8 as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")

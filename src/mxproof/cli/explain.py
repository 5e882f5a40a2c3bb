"""`mxproof explain`: say what a bounce, a log line or an authentication header means, without asking anyone."""

import sys
from collections.abc import Iterable, Iterator
from io import BufferedReader, BytesIO
from pathlib import Path

import click
import msgspec

from mxproof.cli.asking import AskingOptions, asking_options
from mxproof.cli.exit import RunError
from mxproof.cli.joining import Checks
from mxproof.cli.showing import Showing, paper, print_text, showing_options
from mxproof.cli.talk import emit, talk
from mxproof.explain.engine import explain as explained
from mxproof.explain.explanation import EXIT_CAUSE, EXIT_NOT_UNDERSTOOD, EXIT_OTHER, Explanation
from mxproof.formats.mbox import MESSAGE_BYTES_MAX, is_mbox, split_mbox
from mxproof.render import explain_json
from mxproof.render.explain_text import explain_text

EPILOG = """\b
Examples:
  mxproof explain bounce.eml
  mxproof explain "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"
  grep 'to=<a@example.com>' /var/log/mail.log | mxproof explain
  mxproof explain --format json Maildir/ | jq .causes
  mxproof explain bounce.eml --check
"""
STDIN = "-"
PEEKED_BYTES = 4096
_MAILDIR_PARTS = ("cur", "new")


class Piece(msgspec.Struct, frozen=True):
    """One thing to explain, and what to call it."""

    name: str
    data: bytes


@click.command(epilog=EPILOG)
@click.argument("inputs", nargs=-1, metavar="[FILE|TEXT]...")
@click.option("--check", is_flag=True, help="Also check the domain concerned, and say whether it is so now.")
@showing_options
@asking_options
def explain(inputs: tuple[str, ...], check: bool, asking: AskingOptions, showing: Showing) -> int:
    """Say what a bounce, a log line or the header of a message means: who decided, why, and what to look at.

    FILE is a message, an mbox file, a Maildir folder, log lines or plain text; - or nothing reads stdin. An argument
    with a space in it that is no file is taken as the text itself. Of many messages each is one line of JSON.

    Exit status: 0 a cause was found; 1 it is a bounce of another kind (a full mailbox, an unknown user); 2 wrong
    usage; 3 not understood. Of many messages, the best. The options that say how to ask are for --check; --lab
    implies it.
    """
    checks = Checks(asking) if check or asking.lab is not None else None
    statuses: set[int] = set()
    for piece, many in _counted(_pieces(inputs)):
        explanation = explained(piece.data, piece.name)
        statuses.add(_shown(checks.joined(explanation) if checks else explanation, showing, many))
    return next((status for status in (EXIT_CAUSE, EXIT_OTHER) if status in statuses), EXIT_NOT_UNDERSTOOD)


def _shown(explanation: Explanation, showing: Showing, many: bool) -> int:
    if showing.format == "json":
        emit(explain_json.encode_line(explanation) if many else explain_json.encode(explanation))
    else:
        text = explain_text(explanation, paper(showing), name_source=many)
        print_text(text + "\n" if many else text)
    return explanation.exit_status()


def _counted(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, bool]]:
    """Yield each piece with whether it is one of many."""
    remaining = iter(pieces)
    first = next(remaining, None)
    if first is None:
        return
    second = next(remaining, None)
    yield first, second is not None
    if second is not None:
        yield second, True
        for piece in remaining:
            yield piece, True


def _pieces(inputs: tuple[str, ...]) -> Iterator[Piece]:
    if not inputs and sys.stdin is not None and sys.stdin.isatty():
        talk("paste the bounce, the log lines or the header, then press Ctrl-D")
    for given in inputs or (STDIN,):
        path = Path(given)
        try:
            if given == STDIN:
                yield from _stream("stdin", _stdin())
            elif path.is_dir():
                yield from _folder(path)
            elif path.exists():
                with path.open("rb") as opened:
                    yield from _stream(given, opened)
            elif " " in given.strip():
                yield from _stream("text", BufferedReader(BytesIO(given.encode())))
            else:
                raise RunError(
                    f"{given}: no such file; expected a file, a folder, or text with a space in it"
                )
        except OSError as error:
            raise RunError(f"{given}: cannot be read ({error.strerror})") from None


def _stdin() -> BufferedReader:
    if sys.stdin is None:
        raise RunError("stdin is closed; nothing can be read from it")
    stream = sys.stdin.buffer
    return stream if isinstance(stream, BufferedReader) else BufferedReader(BytesIO(stream.read()))


def _stream(name: str, stream: BufferedReader) -> Iterator[Piece]:
    """Yield the messages of an mbox, or all of another stream up to a limit, as one piece."""
    if is_mbox(stream.peek(PEEKED_BYTES)):
        for number, message in enumerate(split_mbox(stream), start=1):
            yield Piece(f"{name}:{number}", message)
        return
    data = stream.read(MESSAGE_BYTES_MAX + 1)
    if len(data) > MESSAGE_BYTES_MAX:
        talk(f"{name}: only the first {MESSAGE_BYTES_MAX // 1024} KiB are read")
    yield Piece(name, data[:MESSAGE_BYTES_MAX])


def _folder(folder: Path) -> Iterator[Piece]:
    """Yield the files of a Maildir folder, or of any other folder, in order of name."""
    parts = [folder / name for name in _MAILDIR_PARTS if (folder / name).is_dir()]
    for part in parts or [folder]:
        for path in sorted(part.iterdir()):
            if path.is_file():
                with path.open("rb") as opened:
                    yield from _stream(str(path), opened)

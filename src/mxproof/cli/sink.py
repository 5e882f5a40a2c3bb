"""Where output goes: the file that was named, or stdout. What writes files and JSON is loaded where it is asked for."""

from collections.abc import Iterable, Sequence

import msgspec

from mxproof.cli.options.output import OutputOptions
from mxproof.cli.streams import print_stdout, write_stdout


def put_text(pieces: Iterable[str], output: OutputOptions) -> None:
    """Write text: to a file in UTF-8, to stdout in its encoding."""
    if output.output is not None:
        put_document(pieces, output)
        return
    for piece in pieces:
        print_stdout(piece)


def put_document(pieces: Iterable[str], output: OutputOptions) -> None:
    """Write a document, whose encoding is UTF-8 wherever it goes."""
    put_bytes((piece.encode("utf-8", "backslashreplace") for piece in pieces), output)


def put_json(documents: Sequence[msgspec.Struct], output: OutputOptions, *, are_many: bool = False) -> None:
    """Write documents: one is an indented object, several are a line each, as one of `are_many` is."""
    from mxproof.render import json  # noqa: PLC0415 - most output is text

    encode = json.encode_line if are_many or len(documents) != 1 else json.encode
    put_bytes(map(encode, documents), output)


def put_bytes(pieces: Iterable[bytes], output: OutputOptions) -> None:
    """Write bytes as they are."""
    if output.output is not None:
        from mxproof.cli.whole_file import write_whole  # noqa: PLC0415 - few write a file

        write_whole(output.output, pieces)
        return
    for piece in pieces:
        write_stdout(piece)

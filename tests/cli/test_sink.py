"""Where output goes: to stdout in its encoding, or whole to the file that was named."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.options.output import OutputOptions
from mxproof.cli.sink import put_bytes, put_document, put_json, put_text

TEXT = ("✔ one\n", "two\n")


class Told(msgspec.Struct, frozen=True):
    """A document."""

    domain: str


def written(put: Callable[[], None]) -> bytes:
    """Return what stdout gets, which is ASCII here."""
    data = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(data, encoding="ascii")):
        put()
        return data.getvalue()


def test_text_goes_to_stdout_in_the_encoding_of_that() -> None:
    assert written(lambda: put_text(TEXT, OutputOptions())) == b"\\u2714 one\ntwo\n"


def test_a_document_is_utf_8_wherever_it_goes() -> None:
    assert written(lambda: put_document((*TEXT, "\udc80"), OutputOptions())) == "✔ one\ntwo\n\\udc80".encode()


def test_a_file_that_is_named_gets_it_in_utf_8_and_stdout_nothing(tmp_path: Path) -> None:
    text, data = tmp_path / "text", tmp_path / "data"
    assert written(lambda: put_text(TEXT, OutputOptions(output=text))) == b""
    assert written(lambda: put_bytes((b"\xff", b"\x00"), OutputOptions(output=data))) == b""
    assert (text.read_bytes(), data.read_bytes()) == ("✔ one\ntwo\n".encode(), b"\xff\x00")


def test_bytes_go_to_stdout_as_they_are() -> None:
    assert written(lambda: put_bytes((b"\xff", b"\x00"), OutputOptions())) == b"\xff\x00"


ONE, OTHER = Told("a.example"), Told("b.example")


@pytest.mark.parametrize(
    ("documents", "are_many", "lines"),
    [
        ([ONE], False, b'{\n  "domain": "a.example"\n}\n'),
        ([ONE], True, b'{"domain":"a.example"}\n'),
        ([ONE, OTHER], False, b'{"domain":"a.example"}\n{"domain":"b.example"}\n'),
        ([], False, b""),
    ],
)
def test_one_document_is_indented_and_several_are_a_line_each(
    documents: list[Told], *, are_many: bool, lines: bytes
) -> None:
    assert written(lambda: put_json(documents, OutputOptions(), are_many=are_many)) == lines

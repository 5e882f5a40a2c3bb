"""Evidence from a file or from stdin, and what is said where there is none."""

import io
import sys
from pathlib import Path

import pytest

from mxproof.cli.evidence_file import evidence_about, evidence_of
from mxproof.cli.exit import USAGE, RunError
from mxproof.evidence import Evidence
from mxproof.evidence.codec import encode
from mxproof.formats.names import parse_domain
from support_terminal import TypedStdin

EVIDENCE = Evidence("example.com")
STDIN = Path("-")
HAND = "waiting for evidence on stdin, as `mxproof collect` writes it; Ctrl-D ends it"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "example.com.json"
    path.write_bytes(encode(EVIDENCE))
    return path


def refused(file: Path) -> str:
    with pytest.raises(RunError) as error:
        evidence_of(file)
    assert error.value.status == USAGE
    return str(error.value)


def test_evidence_is_read_from_a_file(file: Path) -> None:
    assert evidence_of(file) == EVIDENCE


def test_evidence_is_read_from_stdin_which_is_said_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(encode(EVIDENCE))))
    assert evidence_of(STDIN) == EVIDENCE
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys, "stdin", TypedStdin(encode(EVIDENCE)))
    assert evidence_of(STDIN) == EVIDENCE
    assert capsys.readouterr().err == f"mxproof: {HAND}\n"


def test_a_stdin_that_is_closed_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refused(STDIN) == "stdin is closed; evidence was expected there"


def test_what_holds_no_evidence_is_told_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "empty"
    assert refused(file) == f"{file}: cannot be read (No such file or directory)"
    file.touch()
    want = "; expected a file that `mxproof check --save` or `mxproof collect` wrote"
    told = refused(file)
    assert (told.startswith(f"{file}: "), told.endswith(want)) == (True, True)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert refused(STDIN) == told.replace(str(file), "stdin")


def test_evidence_is_about_the_domain_that_is_asked_for(file: Path) -> None:
    assert evidence_about(parse_domain("example.com"), file) == EVIDENCE
    with pytest.raises(RunError) as error:
        evidence_about(parse_domain("example.net"), file)
    assert str(error.value) == f"{file}: evidence about example.com; expected it to be about example.net"

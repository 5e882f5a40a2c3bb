"""`mxproof sendertest` as its users call it."""

import json
import os
from pathlib import Path

import pytest

from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.observation import write_test
from mxproof.judge.senders.inference.possible import POSSIBLE, words_of
from mxproof.judge.senders.postfix import POSTFIX_DANE
from support_cli import mxproof
from support_long import EXHAUSTIVE
from support_sendertest import done, sent_by


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("run") / "observed.json"
    words = {trait: words_of(POSTFIX_DANE, trait)[0] for trait in POSSIBLE}
    path.write_bytes(write_test(sent_by(done(words))))
    return path


def test_every_case_is_listed() -> None:
    got = mxproof("sendertest", "cases")
    assert (got.returncode, [line.split()[0] for line in got.stdout.decode().splitlines()]) == (0, [*CASES])


@EXHAUSTIVE
def test_a_report_of_a_sender_without_mta_sts_ends_with_one(observed: Path) -> None:
    got = mxproof("sendertest", "report", str(observed), "--width", "60")
    assert (got.returncode, got.stderr) == (1, b"")


@EXHAUSTIVE
def test_the_same_as_json_names_the_nearest_model(observed: Path) -> None:
    got = mxproof("sendertest", "report", str(observed), "--format", "json")
    assert json.loads(got.stdout)["models"][0]["id"] == "postfix-dane"


@EXHAUSTIVE
def test_a_page_is_written_whole(observed: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    got = mxproof("sendertest", "report", str(observed), "--format", "html", "--output", str(page))
    assert (got.returncode, got.stdout) == (1, b"")
    assert page.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("text", ["", "{}", '{"evidence_version":1}'])
def test_what_is_no_run_is_wrong_usage(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    got = mxproof("sendertest", "report", str(path))
    assert (got.returncode, got.stderr.count(b"\n"), got.stdout) == (2, 1, b"")


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert mxproof("sendertest", "report", str(tmp_path / "none.json")).returncode == 2


def test_a_machine_without_the_addresses_is_told_how_to_have_them(tmp_path: Path) -> None:
    """The addresses are those of documentation (RFC 5737), which no machine has by itself."""
    got = mxproof("sendertest", "serve", str(tmp_path / "run"))
    assert (got.returncode, (tmp_path / "run").exists()) == (2, False)
    assert b"ip route add local 192.0.2.0/24 dev lo" in got.stderr or os.geteuid() != 0


def test_the_names_of_certificates_are_printed_a_file_a_line() -> None:
    got = mxproof("sendertest", "names", "Probe.Example.ORG")
    lines = [line.split() for line in got.stdout.decode().splitlines()]
    assert (got.returncode, [line[0] for line in lines[:3]]) == (0, ["hosts.pem", "targets.pem", "both.pem"])
    run = lines[3][0].removesuffix(".pem")
    assert lines[0][1:] == ["*.probe.example.org"]
    assert f"mta-sts.control-{run}.probe.example.org" in lines[3][1:]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--zone", "probe.example.org"),
        ("--address", "198.51.100.1"),
        ("--runs", "2"),
        ("--zone", "not a domain", "--address", "198.51.100.1"),
        ("--zone", "probe.example.org", "--address", "198.51.100.300"),
        ("--zone", "probe.example.org", "--address", "10.0.0.0/8"),
        ("--zone", "probe.example.org", "--address", "198.51.100.1", "--runs", "21"),
        ("--zone", "probe.example.org", "--address", "198.51.100.1", "--user", "nobody-of-that-name"),
        ("--zone", "probe.example.org", "--address", "198.51.100.1", "--certificates", "/nowhere"),
    ],
)
def test_a_public_set_that_cannot_be_is_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    got = mxproof("sendertest", "serve", str(tmp_path / "set"), *arguments)
    assert (got.returncode, got.stdout, b"Traceback" in got.stderr) == (2, b"", False)


def test_addresses_of_another_machine_are_said_to_be(tmp_path: Path) -> None:
    got = mxproof(
        "sendertest",
        "serve",
        str(tmp_path / "set"),
        "--zone",
        "probe.example.org",
        "--address",
        "198.51.100.1",
    )
    assert (got.returncode, b"cannot be opened" in got.stderr) == (2, True)


@EXHAUSTIVE
def test_a_run_is_redacted_and_what_was_taken_out_is_said(observed: Path, tmp_path: Path) -> None:
    out = tmp_path / "passed-on.json"
    got = mxproof("sendertest", "redact", str(observed), "--output", str(out))
    assert (got.returncode, got.stdout, got.stderr.count(b"\n")) == (0, b"", 1)
    assert b"198.51.100.20" not in out.read_bytes()
    assert mxproof("sendertest", "redact", str(observed)).stdout == out.read_bytes()
    assert (
        mxproof("sendertest", "report", str(out)).stdout
        == mxproof("sendertest", "report", str(observed)).stdout
    )

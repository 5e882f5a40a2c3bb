"""The forms of output on the command line: what is written where, and which exit status it calls for."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from support_cli import PATIENCE_S, in_own_process, mxproof, one_line, started
from support_forms import hold_csv, hold_html, hold_junit, hold_markdown, hold_nagios
from support_long import EXHAUSTIVE, some

CASES = Path(__file__).parent.parent / "cases"
INCIDENT = ("replay", str(CASES / "incident.evidence.json"))
BOUNCE = "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"


def test_each_form_is_written_to_stdout() -> None:
    wrote = {
        form: mxproof(*INCIDENT, "--format", form) for form in ("html", "markdown", "csv", "junit", "nagios")
    }
    assert {form: got.returncode for form, got in wrote.items()} == dict.fromkeys(wrote, PROBLEM) | {
        "nagios": 2
    }
    assert {got.stderr for got in wrote.values()} == {b""}
    text = {form: got.stdout.decode() for form, got in wrote.items()}
    hold_html(text["html"])
    hold_markdown(text["markdown"])
    hold_csv(text["csv"])
    hold_junit(text["junit"], 1)
    hold_nagios(text["nagios"])


@pytest.mark.parametrize("form", some(["text", "json", "html", "markdown", "csv", "junit", "nagios"], 3))
def test_a_file_holds_what_stdout_would(form: str, tmp_path: Path) -> None:
    file = tmp_path / "report"
    shown = mxproof(*INCIDENT, "--format", form, env={"PYTHONUTF8": "1"})
    got = mxproof(*INCIDENT, "--format", form, "--output", str(file))
    assert (got.stdout, got.stderr, got.returncode) == (b"", b"", shown.returncode)
    assert file.read_bytes() == shown.stdout


def test_a_pipe_that_is_named_is_written_to() -> None:
    got = in_own_process(*INCIDENT, "--format", "csv", "--output", "/dev/stdout")
    assert got.stdout == mxproof(*INCIDENT, "--format", "csv").stdout


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_an_explanation_is_written_in_forms_too(form: str, tmp_path: Path) -> None:
    file = tmp_path / "bounce"
    bounces = (BOUNCE, f"<script>alert(1)</script> @all | {BOUNCE}")
    got = mxproof("explain", *bounces, "--format", form, "-o", str(file), "--lab", "incident")
    assert (got.stdout, got.stderr, got.returncode) == (b"", b"", DONE)
    (hold_html if form == "html" else hold_markdown)(file.read_text())


def test_an_explanation_is_no_table() -> None:
    got = mxproof("explain", BOUNCE, "--format", "csv")
    assert got.returncode == USAGE
    assert one_line(got.stderr)


@pytest.mark.parametrize(
    ("scenario", "options", "want"),
    [
        ("fixed", (), DONE),
        ("cert-expires-soon", (), DONE),
        ("cert-expires-soon", ("--fail-on", "warning"), 1),
        ("incident", (), 2),
        ("mx-servfail", (), 3),
    ],
)
def test_a_monitoring_system_gets_its_states(scenario: str, options: tuple[str, ...], want: int) -> None:
    got = mxproof("check", "example.com", "--lab", scenario, "--format", "nagios", *options)
    assert got.returncode == want
    hold_nagios(got.stdout.decode())


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "no domain", "--format", "nagios"),
        ("check", "example.com", "--format=nagios", "--nonsense"),
        ("check", "--format", "nagios"),
        ("replay", "/nowhere", "--format", "nagios"),
        ("check", "example.com", "--lab", "nowhere", "--format", "nagios"),
        (*INCIDENT, "--format", "nagios", "-o", "/nowhere/file"),
    ],
)
def test_whatever_keeps_a_report_from_a_monitoring_system_is_unknown(arguments: tuple[str, ...]) -> None:
    got = mxproof(*arguments)
    assert (got.returncode, got.stderr) == (UNKNOWN, b"")
    hold_nagios(got.stdout.decode())


@pytest.mark.parametrize("option", ["--output", "--save"])
@pytest.mark.parametrize("file", ["/nowhere/file", "/tmp"])
def test_a_file_that_could_not_be_made_is_refused_before_anything_is_asked(option: str, file: str) -> None:
    got = mxproof("check", "example.com", "--lab", "incident", option, file)
    assert (got.returncode, got.stdout) == (USAGE, b"")
    assert file in one_line(got.stderr)


def test_ctrl_c_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    process = started(
        "check", "example.com", "--lab", "hostile-drip", "--format", "html", "-o", str(tmp_path / "page")
    )
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert list(tmp_path.iterdir()) == []


@EXHAUSTIVE
def test_text_and_json_load_none_of_the_other_forms() -> None:
    code = (
        "import sys; from mxproof.cli.main import main; main(sys.argv[1:]);"
        "loaded = {name for name in sys.modules if name.startswith('mxproof.render.')};"
        "import json; print(json.dumps(sorted(one.split('.')[2] for one in loaded)), file=sys.stderr)"
    )
    got = subprocess.run([sys.executable, "-c", code, *INCIDENT], capture_output=True, check=True)
    assert not {"html", "junit", "csv", "nagios", "markup", "markdown"} & set(eval(got.stderr))

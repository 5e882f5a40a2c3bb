"""Several domains in one call: one document, the worst status, Ctrl-C with what is done, and nobody ended by another."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, INTERRUPTED, PROBLEM, UNKNOWN, USAGE
from mxproof.evidence.codec import decode
from support_cli import COMMAND, ENVIRONMENT, PATIENCE_S, mxproof, one_line
from support_forms import hold_csv, hold_html, hold_junit, hold_markdown, hold_nagios
from support_long import EXHAUSTIVE, some

CASES = Path(__file__).parent.parent / "cases"
INCIDENT, FIXED = (str(CASES / f"{name}.evidence.json") for name in ("incident", "fixed"))
WORLD = """
title = "Three domains with one mail server"
story = "One is well, one has a policy that lists another host, one has a mail server that says nothing."
timeout_s = 3

[expect]
text = "One of three is refused."
exit = 0
findings = []

[[zone]]
name = "example.com"
records = '''
@    MX 10 mx
mx   A  192.0.2.25
'''

[[zone]]
name = "example.net"
records = '''
@         MX  10 mx.example.com.
mta-sts   A   192.0.2.80
_mta-sts  TXT "v=STSv1; id=1;"
'''

[[zone]]
name = "example.org"
records = '''
@    MX 10 slow
slow A  192.0.2.26
'''

[[https]]
name = "mta-sts.example.net"
body = '''
version: STSv1
mode: enforce
mx: elsewhere.example.net
max_age: 604800
'''

[[smtp]]
name = "mx.example.com"

[[smtp]]
name = "slow.example.org"
fault = "blackhole"
"""


@pytest.fixture
def world(tmp_path: Path) -> str:
    """Write the world to a file, and return its path."""
    path = tmp_path / "world.toml"
    path.write_text(WORLD)
    return str(path)


def listed(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "domains.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_the_worst_of_all_is_the_status_and_json_has_a_line_a_domain(world: str) -> None:
    got = mxproof(
        "check",
        "example.com",
        "example.net",
        "example.org",
        "--lab",
        world,
        "--format",
        "json",
        "--jobs",
        "2",
    )
    reports = [json.loads(line) for line in got.stdout.splitlines()]
    assert {one["domain"]: one["summary"]["outcome"] for one in reports} == {
        "example.com": "delivers",
        "example.net": "refused",
        "example.org": "unknown",
    }
    assert [one["domain"] for one in reports] == ["example.com", "example.net", "example.org"]
    assert (got.returncode, got.stderr) == (PROBLEM, b"")


@pytest.mark.parametrize(
    ("domains", "status"),
    [
        (("example.com",), DONE),
        (("example.com", "example.org"), UNKNOWN),
        (("example.org", "example.net"), PROBLEM),
    ],
)
def test_a_problem_is_worse_than_what_is_unknown(
    world: str, tmp_path: Path, domains: tuple[str, ...], status: int
) -> None:
    file = listed(tmp_path, "\n".join(domains))
    assert mxproof("check", "--file", file, "--lab", world, "--format", "csv").returncode == status


def test_what_domains_share_is_asked_once(world: str, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    mxproof("check", "example.com", "example.net", "--lab", world, "--save", str(folder))
    kept = {file.name: decode(file.read_bytes()) for file in folder.iterdir()}
    assert kept.keys() == {"example.com.json", "example.net.json"}
    shared = {
        str(question)
        for evidence in kept.values()
        for question, answer in evidence.answers.items()
        if answer.shared
    }
    assert "SMTP 192.0.2.25 (mx.example.com)" in shared


def test_a_table_says_the_worst_first_and_verbose_the_whole_reports(world: str) -> None:
    arguments = ("check", "example.com", "example.net", "--lab", world)
    lines = mxproof(*arguments).stdout.decode().splitlines()
    assert lines[0] == "2 domains: 1 REFUSED, 1 DELIVERS"
    assert [line.split()[-1] for line in lines if line[:1] in "✘✔x+" and "example" in line][:1] == [
        "example.net"
    ]
    whole = mxproof(*arguments, "--verbose").stdout.decode()
    assert whole.count("MX hosts") >= 2
    assert whole.splitlines()[-len(lines) :] == lines


def test_a_list_has_comments_empty_lines_and_domains_in_any_spelling(world: str, tmp_path: Path) -> None:
    text = "\ufeff# mine\n\nexample.com # the first\r\nEXAMPLE.com.\n  example.net\nbücher.example\n"
    got = mxproof("check", "--file", listed(tmp_path, text), "--lab", world, "--format", "json")
    domains = [json.loads(line)["domain"] for line in got.stdout.splitlines()]
    assert domains == ["example.com", "example.net", "xn--bcher-kva.example"]


def test_a_list_can_come_from_stdin(world: str) -> None:
    got = mxproof("check", "--file", "-", "--lab", world, "--format", "json", stdin=b"example.com\n")
    assert (json.loads(got.stdout)["domain"], got.returncode) == ("example.com", DONE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"example.com\nexa..mple.com\n", ("line 2", "exa..mple.com")),
        (b"# nothing\n", ("no domain",)),
        (b"example.com\n\xff\xfe\n", ("line 2", "UTF-8")),
        (b"a" * 10_000, ("line 1",)),
    ],
)
def test_what_is_wrong_in_a_list_is_named_by_file_and_line(
    tmp_path: Path, text: bytes, words: tuple[str, ...]
) -> None:
    file = listed(tmp_path, text)
    got = mxproof("check", "--file", file, "--lab", "plain")
    line = one_line(got.stderr)
    assert [word for word in (file, *words) if word not in line] == []
    assert (got.returncode, got.stdout) == (USAGE, b"")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--file", "/nowhere/list"),
        ("example.com", "no domain"),
        ("example.com", "example.net", "--save", INCIDENT),
        ("example.com", "example.net", "--cached-policy", INCIDENT, "--cached-at", "2026-01-01"),
        ("example.com", "example.net", "--jobs", "0"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_asked(arguments: tuple[str, ...]) -> None:
    got = mxproof("check", *arguments, "--lab", "plain")
    assert one_line(got.stderr)
    assert (got.returncode, got.stdout) == (USAGE, b"")


def test_each_form_is_one_document_about_all() -> None:
    wrote = {
        form: mxproof("replay", INCIDENT, FIXED, "--format", form).stdout.decode()
        for form in ("html", "markdown", "csv", "junit", "nagios")
    }
    hold_html(wrote["html"])
    hold_markdown(wrote["markdown"])
    hold_csv(wrote["csv"])
    hold_junit(wrote["junit"], 2)
    hold_nagios(wrote["nagios"])


def test_a_file_that_is_no_evidence_does_not_end_the_others(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}")
    got = mxproof("replay", FIXED, str(other), FIXED, "--format", "json")
    assert [json.loads(line)["summary"]["outcome"] for line in got.stdout.splitlines()] == ["delivers"] * 2
    assert str(other) in one_line(got.stderr)
    assert got.returncode == USAGE


@EXHAUSTIVE
def test_a_bug_about_one_domain_leaves_the_others_alone(world: str) -> None:
    code = (
        "import sys, mxproof.cli.evidence_source as source\n"
        "kept = source.collect\n"
        "async def collect(domain, *rest, **options):\n"
        "    if domain == 'example.net': raise ZeroDivisionError('as a test')\n"
        "    return await kept(domain, *rest, **options)\n"
        "source.collect = collect\n"
        "from mxproof.cli.main import main; sys.exit(main(sys.argv[1:]))\n"
    )
    got = subprocess.run(
        [
            sys.executable, "-c", code, "check", "example.net", "example.com",
            "--lab", world, "--format", "json",
        ],
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )  # fmt: skip
    reports = [json.loads(line) for line in got.stdout.splitlines()]
    assert [one["summary"]["outcome"] for one in reports] == ["unknown", "delivers"]
    assert "example.net" in one_line(got.stderr)
    assert got.returncode == UNKNOWN


@EXHAUSTIVE
@pytest.mark.parametrize("form", some(["text", "json", "html"], 3))
def test_ctrl_c_writes_what_is_done(world: str, form: str) -> None:
    """The third domain takes seconds; a terminal on stderr tells when the other two are done."""
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "check", "example.com", "example.net", "example.org",
         "--lab", world, "--format", form, "--timeout", "60"],
        stdout=subprocess.PIPE,
        stderr=end,
        start_new_session=True,
        env={**os.environ, **ENVIRONMENT, "TERM": "xterm"},
    )  # fmt: skip
    os.close(end)
    said = b""
    while b"2 of 3 done" not in said:
        said += os.read(terminal, 4096)
    process.send_signal(signal.SIGINT)
    wrote, _ = process.communicate(timeout=PATIENCE_S)
    os.close(terminal)
    assert process.returncode == INTERRUPTED
    assert [name in wrote for name in (b"example.com", b"example.net", b"example.org")] == [True, True, False]
    if form == "html":
        hold_html(wrote.decode())


@EXHAUSTIVE
def test_one_domain_loads_nothing_of_many() -> None:
    code = (
        "import sys; from mxproof.cli.main import main; main(sys.argv[1:]);"
        "print([name for name in sys.modules if 'many' in name or 'shared_answers' in name], file=sys.stderr)"
    )
    got = subprocess.run([sys.executable, "-c", code, "replay", FIXED], capture_output=True, check=True)
    assert got.stderr.strip() == b"[]"

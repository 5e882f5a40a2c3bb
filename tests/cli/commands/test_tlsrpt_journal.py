"""`mxproof tlsrpt import`, `retry` and `show`: reports kept once, whichever way they come, and what is said of them."""

import csv
import gzip
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from keeping import REFERENCE
from mxproof.cli import program
from mxproof.cli.exit import DONE, PROBLEM, TRY_AGAIN, UNKNOWN, USAGE
from mxproof.explain.tlsrpt.period_told import PeriodSessions, ToldPeriod
from mxproof.formats.tlsrpt.report import FailureDetails
from mxproof.formats.tlsrpt.writing import print_report
from support_cli import ENVIRONMENT, mxproof, one_line, started
from support_long import EXHAUSTIVE
from support_tlsrpt import message
from support_tlsrpt_days import report_of, written

SCHEMA = REFERENCE / "tls-report-period.schema.json"
NO_REPORT = 65
MIB = 1024 * 1024
BOMB_PEAK_KIB_MAX = 64 * 1024
ANY = ("--any-domain", "--resolver", "127.0.0.1:9")
MAIL = b"From: a@example.com\nSubject: hello\n\nno report\n"

Run = Callable[..., tuple[int, str, str]]
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Said:
    """Run the command line in this process, which loads a database once for all of these tests."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def go(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = program.run(arguments)
        got = capsysbinary.readouterr()
        assert b"Traceback" not in got.err
        return status, got.out.decode(), got.err.decode()

    return go


@pytest.fixture
def run(tmp_path: Path, said: Said) -> Run:
    def go(command: str, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        return said("tlsrpt", command, "--store", f"sqlite:{tmp_path}/journal.db", *arguments, stdin=stdin)

    return go


def shown(run: Run, *arguments: str) -> ToldPeriod:
    status, stdout, _ = run("show", "--format", "json", *arguments)
    assert status in {DONE, PROBLEM, UNKNOWN}
    jsonschema_rs.validate(json.loads(SCHEMA.read_bytes()), json.loads(stdout))
    return msgspec.json.decode(stdout, type=ToldPeriod)


def test_a_report_counts_once_whichever_way_it_comes(run: Run, tmp_path: Path) -> None:
    data = written()
    packed = tmp_path / "report.json.gz"
    packed.write_bytes(gzip.compress(data))
    maildir = tmp_path / "Maildir"
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    (maildir / "cur" / "1:2,S").write_bytes(message(data))
    (maildir / "new" / "2").write_bytes(MAIL)
    mbox = tmp_path / "reports"
    mbox.write_bytes((b"From a@example.com Thu\n" + message(data).replace(b"\r\n", b"\n") + b"\n") * 2)
    status, stdout, _ = run("import", *ANY, str(maildir), str(mbox), str(packed), "-", stdin=data)
    assert (status, re.findall(r"\d+", stdout)) == (DONE, ["1", "4", "1"])
    assert shown(run, "example.com").unauthenticated == PeriodSessions(7, 3, 1, at_least=False)


def test_only_domains_that_are_named_are_taken_in_and_others_kept_aside(run: Run, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for number, domain in enumerate(("example.com", "sub.example.net", "example.net", "other.example")):
        (reports / f"{number}.json").write_bytes(written(domain=domain))
    where = ("--resolver", "127.0.0.1:9", "--domain", "example.com", "--domain", ".example.net")
    status, _, stderr = run("import", *where, str(reports))
    assert (status, len(stderr.splitlines())) == (UNKNOWN, 2)
    assert [one.submitter for one in shown(run).senders] == ["sender.example"]
    assert shown(run).unauthenticated.reports == 2
    again = run("retry", *ANY)
    assert (again[0], again[1].startswith("reports: 2 new")) == (DONE, True)
    assert run("retry", *ANY)[0] == DONE
    assert shown(run).unauthenticated.reports == 4


def test_of_an_archive_the_good_report_is_kept_and_the_damaged_one_set_aside(
    run: Run, tmp_path: Path
) -> None:
    archive = tmp_path / "reports.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("bad.json.gz", gzip.compress(written(number=1))[:-9])
        made.writestr("good.json", written())
    status, stdout, stderr = run("import", *ANY, str(archive))
    assert (status, re.findall(r"\d+", stdout)) == (UNKNOWN, ["1", "1"])
    assert "bad.json.gz" in one_line(stderr.encode())
    assert shown(run).unauthenticated.reports == 1
    assert run("retry", *ANY)[0] == UNKNOWN


def test_nobody_is_named_and_nothing_taken_in(run: Run) -> None:
    status, _, stderr = run("import", stdin=written())
    assert (status, "--domain" in one_line(stderr.encode())) == (USAGE, True)


def test_a_year_ago_and_the_day_after_tomorrow_are_told_apart_from_now(run: Run) -> None:
    assert run("import", *ANY, stdin=written(400))[0] == DONE
    assert run("import", *ANY, stdin=written(-4))[0] == UNKNOWN
    assert run("import", *ANY, stdin=written(3000))[0] == UNKNOWN
    assert run("show")[0] == UNKNOWN
    assert run("show", "--since", "500")[0] == PROBLEM


def test_each_form_says_the_same(run: Run) -> None:
    run("import", *ANY, stdin=written(2, failure=0, number=1))
    run("import", *ANY, stdin=written(1, reason="MX_HOSTS_MISMATCH", result_type="validation-failure"))
    (sender,) = shown(run, "example.com", "--since", "7").senders
    assert [(one.success, one.failure) for one in sender.days] == [(7, 0), (7, 3)]
    assert [(one.cause, one.count, one.next) for one in sender.failures] == [
        ("mtasts_mx_mismatch", 3, "mxproof check example.com")
    ]
    _, table, _ = run("show", "example.com", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [(row["kind"], row["success"], row["failure"], row["cause"]) for row in rows] == [
        ("day", "7", "0", ""),
        ("day", "7", "3", ""),
        ("failure", "", "3", "mtasts_mx_mismatch"),
    ]
    status, text, _ = run("show", "--width", "60")
    assert status == PROBLEM
    assert "mtasts_mx_mismatch" in text
    assert max(map(len, text.splitlines())) <= 60


@EXHAUSTIVE
def test_a_look_is_held_against_a_check_or_evidence(run: Run, said: Said, tmp_path: Path) -> None:
    report = report_of(1, failure=0)
    details = FailureDetails("validation-failure", 3, reason="MX_HOSTS_MISMATCH")
    policy = msgspec.structs.replace(report.policies[0], failure=3, failures=(details,))
    run(
        "import",
        *ANY,
        stdin=print_report(msgspec.structs.replace(report, policies=(policy,), contact="tls@microsoft.com")),
    )
    for scenario, standing, finding in (
        ("direct", "held", "sts-memory-outlives"),
        ("incident", "confirmed", "mx-alias"),
    ):
        (sender,) = shown(run, "example.com", "--lab", scenario).senders
        (way,) = sender.failures
        assert (way.standing, way.finding, way.words != "") == (standing, finding, True)
    evidence = tmp_path / "evidence.json"
    said("check", "example.com", "--lab", "incident", "--save", str(evidence))
    against = ("example.com", "--evidence", str(evidence))
    (sender,) = shown(run, *against).senders
    assert (sender.failures[0].standing, sender.failures[0].cause) == ("confirmed", "mtasts_mx_mismatch")
    rows = list(csv.DictReader(io.StringIO(run("show", *against, "--format", "csv")[1])))
    assert (rows[-1]["standing"], rows[-1]["finding"]) == ("confirmed", "mx-alias")
    _, text, _ = run("show", *against, "--width", "60")
    assert {"now", "finding", "fix"} <= set(text.split())
    assert max(map(len, text.splitlines())) <= 60


def test_evidence_of_another_domain_or_of_none_is_wrong_usage(run: Run, said: Said, tmp_path: Path) -> None:
    run("import", *ANY, stdin=written(domain="other.example"))
    evidence = tmp_path / "evidence.json"
    said("check", "example.com", "--lab", "incident", "--save", str(evidence))
    for arguments in (
        ("other.example", "--evidence", str(evidence)),
        ("--evidence", str(evidence)),
        ("--check",),
    ):
        status, stdout, stderr = run("show", *arguments)
        assert (status, stdout, one_line(stderr.encode()) != "") == (USAGE, "", True)


def test_a_policy_in_mode_testing_is_told_by_what_enforce_would_do(run: Run) -> None:
    for days in (1, 2):
        report = report_of(
            days, success=9, failure=4, reason="MX_HOSTS_MISMATCH", result_type="validation-failure"
        )
        (policy,) = report.policies
        lines = tuple(line.replace("enforce", "testing") for line in policy.strings)
        tested = msgspec.structs.replace(report, policies=(msgspec.structs.replace(policy, strings=lines),))
        run("import", *ANY, stdin=print_report(tested))
    (sender,) = shown(run, "example.com").senders
    assert (sender.tested, sender.would_refuse_a_day, sender.sessions_a_day) == (8, 4, 13)
    assert sender.words != ""


@pytest.mark.parametrize("since", ["yesterday", "0", "-1", "99999", "2099-01-01", ""])
def test_a_time_that_is_none_is_refused(run: Run, since: str) -> None:
    run("import", *ANY, stdin=written())
    status, stdout, stderr = run("show", "--since", since)
    assert (status, stdout, one_line(stderr.encode()) != "") == (USAGE, "", True)


def test_a_journal_that_is_not_there_is_not_made_by_looking(run: Run, tmp_path: Path) -> None:
    status, _, stderr = run("show")
    assert (status, "journal.db" in one_line(stderr.encode())) == (UNKNOWN, True)
    assert list(tmp_path.iterdir()) == []


def test_a_user_has_a_journal_of_his_own(tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert said("tlsrpt", "import", *ANY, stdin=written())[0] == DONE
    assert said("tlsrpt", "show")[0] == PROBLEM
    assert stat.S_IMODE((tmp_path / "mxproof").stat().st_mode) == 0o700


def test_the_configuration_says_for_whom_and_where(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "tlsrpt.toml"
    config.write_text(
        f'domains = ["example.com"]\n[store]\nurl = "sqlite:{tmp_path}/own.db"\n[dns]\nresolvers = ["127.0.0.1:9"]\n'
    )
    assert said("tlsrpt", "import", "--config", str(config), stdin=written())[0] == DONE
    monkeypatch.setenv("MXPROOF_TLSRPT_CONFIG", str(config))
    assert said("tlsrpt", "show")[0] == PROBLEM
    config.write_text('domain = ["example.com"]\n')
    status, _, stderr = said("tlsrpt", "show")
    assert (status, "domains" in one_line(stderr.encode())) == (USAGE, True)


@pytest.mark.parametrize(
    ("stdin", "want"),
    [(message(written()), DONE), (MAIL, NO_REPORT), (message(b"no json"), DONE)],
    ids=["report", "other", "damaged"],
)
def test_a_pipe_of_postfix_is_told_what_to_do(run: Run, stdin: bytes, want: int) -> None:
    status, stdout, _ = run("import", *ANY, "--pipe", stdin=b"From a@b Thu Nov 26 10:00:00 2026\n" + stdin)
    assert (status, stdout) == (want, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--any-domain", "--store", "sqlite:/nowhere/journal.db"),
        ("--any-domain", "--store", "mysql:x"),
        ("--any-domain", "--config", "/nowhere.toml"),
        ("--any-domian",),
        ("report.json",),
        (),
    ],
)
def test_whatever_is_wrong_here_a_pipe_has_the_report_sent_again(
    said: Said, arguments: tuple[str, ...]
) -> None:
    status, _, stderr = said("tlsrpt", "import", "--pipe", *arguments, stdin=message(written()))
    assert (status, one_line(stderr.encode()) != "") == (TRY_AGAIN, True)


@pytest.mark.parametrize(
    ("arguments", "want"),
    [
        (("imaps://imap.invalid/INBOX",), USAGE),
        (("imaps://u:pw@imap.invalid/",), USAGE),
        (("imaps://u@imap.invalid/",), USAGE),
        (("--password-file", "nowhere", "imaps://u@127.0.0.1:9/"), USAGE),
        (("--password-command", "'", "imaps://u@127.0.0.1:9/"), USAGE),
        (("--password-command", "echo pw", "--move-to", "INBOX", "imaps://u@127.0.0.1:9/"), USAGE),
        (("--move-to", "Read", "report.json"), USAGE),
        (("--password-command", "echo pw", "imaps://u@127.0.0.1:9/"), UNKNOWN),
    ],
)
def test_a_folder_that_cannot_be_read_is_told_in_one_line(
    run: Run, arguments: tuple[str, ...], want: int
) -> None:
    status, stdout, stderr = run("import", *ANY, *arguments)
    assert (status, stdout, one_line(stderr.encode()) != "") == (want, "", True)


def test_a_journal_that_fails_is_told_in_one_line(tmp_path: Path, said: Said) -> None:
    store = f"sqlite:{tmp_path}/no/where.db"
    status, _, stderr = said("tlsrpt", "import", *ANY, "--store", store, stdin=written())
    assert (status, "no/where.db" in one_line(stderr.encode())) == (PROBLEM, True)


def test_the_command_is_a_process_as_any_other(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path}/journal.db"
    got = mxproof("tlsrpt", "import", *ANY, "--pipe", "--store", store, stdin=message(written()))
    assert (got.returncode, got.stdout, got.stderr) == (DONE, b"", b"")


@EXHAUSTIVE
def test_a_bomb_is_refused_into_a_new_store_in_little_memory(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    zeros = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    (tmp_path / "bomb.json.gz").write_bytes(head + zeros * 1024)
    arguments = [
        "tlsrpt",
        "import",
        "--any-domain",
        f"--store=sqlite:{tmp_path}/new.db",
        f"{tmp_path}/bomb.json.gz",
    ]
    code = (
        f"import sys; from mxproof.cli.main import main; status = main({arguments});"
        "lines = open('/proc/self/status').read().splitlines();"
        "print(status, next(one.split()[1] for one in lines if one.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, peak_kib = map(int, done.stdout.splitlines()[-1].split())
    assert (status, peak_kib <= BOMB_PEAK_KIB_MAX) == (UNKNOWN, True), peak_kib


@EXHAUSTIVE
def test_what_was_counted_before_a_kill_is_counted_once(run: Run, tmp_path: Path) -> None:
    many = 450
    mbox = b"".join(
        b"From a@example.com Thu\n" + message(written(number=number)).replace(b"\r\n", b"\n") + b"\n"
        for number in range(many)
    )
    store = f"sqlite:{tmp_path}/journal.db"
    with started("tlsrpt", "import", *ANY, "--store", store, stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        importing.stdin.write(mbox)  # returns once all but a buffer of it was read, and so a batch kept
        os.kill(importing.pid, signal.SIGKILL)
    status, stdout, _ = run("import", *ANY, stdin=mbox)
    new, known = map(int, re.findall(r"\d+", stdout))
    assert (status, new + known, known > 0) == (DONE, many, True)
    want = PeriodSessions(7 * many, 3 * many, many, at_least=False)
    assert shown(run).unauthenticated == want


def test_a_store_of_no_kind_is_said_by_a_check_of_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "tlsrpt.toml"
    file.write_text('domains = ["example.com"]\n[store]\nurl = "mysql://x"\n', encoding="utf-8")
    done = mxproof("tlsrpt", "receive", "--check-config", "--config", str(file))
    assert done.returncode == USAGE
    assert "store.url" in one_line(done.stderr)

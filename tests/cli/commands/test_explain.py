"""`mxproof explain` as a process: what goes in, what comes out, and the exit status."""

import json
import os
from pathlib import Path

import pytest

from support_bounce import plain_report
from support_cli import mxproof, one_line

REPLY = "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."
UNKNOWN_USER = b"From: mailer-daemon@example.net\nSubject: Undelivered\n\n550 5.1.1 User unknown\n"


@pytest.mark.parametrize(
    ("data", "want"), [(REPLY.encode(), 0), (UNKNOWN_USER, 1), (b"hello world\n", 3), (b"", 3)]
)
def test_the_exit_status_tells_what_was_found(data: bytes, want: int) -> None:
    done = mxproof("explain", stdin=data)
    assert done.returncode == want
    assert done.stderr == b""
    assert done.stdout.endswith(b"\n")


def test_a_file_and_stdin_and_text_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "reply").write_text(REPLY)
    outputs = {
        mxproof("explain", str(tmp_path / "reply")).stdout,
        mxproof("explain", "-", stdin=REPLY.encode()).stdout,
        mxproof("explain", REPLY).stdout,
    }
    assert len(outputs) == 1


def test_one_message_is_one_object() -> None:
    done = mxproof("explain", "--format", "json", stdin=plain_report(REPLY))
    got = json.loads(done.stdout)
    assert [claim["code"] for claim in got["causes"]] == ["mtasts_mx_mismatch"]
    assert got["source"] == "stdin"


def test_an_mbox_is_one_line_a_message(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(
        b"".join(b"From x Thu\n" + message + b"\n\n" for message in (plain_report(REPLY), UNKNOWN_USER))
    )
    for done in (
        mxproof("explain", "--format", "json", str(box)),
        mxproof("explain", "--format", "json", stdin=box.read_bytes()),
    ):
        got = [json.loads(line) for line in done.stdout.splitlines()]
        assert [(one["kind"], one["other"]) for one in got] == [
            ("transport-security", None),
            ("other", "user-unknown"),
        ]
        assert [one["source"].rpartition(":")[2] for one in got] == ["1", "2"]
        assert done.returncode == 0


def test_an_mbox_of_one_message_is_one_line() -> None:
    done = mxproof("explain", "--format", "json", stdin=b"From x Thu\n" + UNKNOWN_USER)
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == ["stdin:1"]


def test_a_maildir_is_read_from_new_and_cur(tmp_path: Path) -> None:
    for part, message in (
        ("cur", plain_report(REPLY)),
        ("new", UNKNOWN_USER),
        ("tmp", b"550 5.7.26 half written"),
    ):
        (tmp_path / part).mkdir()
        (tmp_path / part / "1.eml").write_bytes(message)
    done = mxproof("explain", "--format", "json", str(tmp_path))
    assert len(done.stdout.splitlines()) == 2


def test_many_texts_are_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(UNKNOWN_USER)
    done = mxproof("explain", str(tmp_path / "a"), str(tmp_path / "b"))
    assert done.returncode == 1
    assert [line for line in done.stdout.decode().splitlines() if line.startswith(str(tmp_path))] == [
        str(tmp_path / "a"),
        str(tmp_path / "b"),
    ]


def test_text_may_be_longer_than_the_name_of_a_file_and_of_any_bytes() -> None:
    assert mxproof("explain", "words " * 1000 + REPLY).returncode == 0
    assert mxproof("explain", b"words \xff ".decode("utf-8", "surrogateescape") + REPLY).returncode == 0


def test_a_missing_file_is_wrong_usage() -> None:
    done = mxproof("explain", "/nowhere/bounce.eml")
    assert done.returncode == 2
    assert "/nowhere/bounce.eml" in one_line(done.stderr)


def test_the_rest_of_a_huge_file_is_said_to_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "huge").write_bytes(REPLY.encode() + b"\n" + b"x" * (2 * 1024 * 1024))
    done = mxproof("explain", str(tmp_path / "huge"))
    assert done.returncode == 0
    assert "only the first" in one_line(done.stderr)


@pytest.mark.parametrize(
    ("scenario", "want"), [("incident", "confirmed"), ("half-fixed", "changed"), ("fixed", "gone")]
)
def test_a_lab_tells_whether_it_is_so_now(scenario: str, want: str) -> None:
    done = mxproof("explain", "--format", "json", "--lab", scenario, stdin=plain_report(REPLY))
    told = json.loads(done.stdout)
    got = told["live"]
    assert (got["standing"], got["simulated"], got["sender"]) == (want, scenario, "microsoft")
    assert told["joined"] == got["joined"] == {"gone": "not-found"}.get(want, want)
    assert bool(got["fix"]) is (want != "gone")
    assert done.returncode == 0


def test_a_text_without_a_domain_is_about_that_of_the_lab() -> None:
    text = "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)"
    got = json.loads(mxproof("explain", "--format", "json", "--lab", "half-fixed", text).stdout)
    assert got["live"]["standing"] == "confirmed"
    assert got["causes"][0]["because"] == text


def test_without_a_domain_there_is_nothing_to_check() -> None:
    done = mxproof("explain", "--lab", "incident", stdin=UNKNOWN_USER)
    assert "no domain to check" in one_line(done.stderr)
    assert done.returncode == 1


def test_what_nobody_asks_is_said_not_to_be_looked_for() -> None:
    done = mxproof("explain", "--check", "550 5.7.26 Multiple authentication checks failed for example.com")
    assert "not looked for. " in " ".join(done.stdout.decode().split())
    assert (done.stderr, done.returncode) == (b"", 0)


def test_the_rest_of_a_long_log_is_said_to_be_left_out(tmp_path: Path) -> None:
    line = "Nov  3 10:00:00 relay postfix/smtp[7]: 1A2B: to=<a@example.com>, status=deferred (Server certificate not verified)\n"
    (tmp_path / "log").write_text(line * 2001)
    assert "first 2000 lines" in one_line(mxproof("explain", str(tmp_path / "log")).stderr)


def test_the_name_of_a_file_may_have_any_bytes(tmp_path: Path) -> None:
    for part in ("cur", "new"):
        (tmp_path / part).mkdir()
    odd = tmp_path / "cur" / os.fsdecode(b"1\xff\x1b[31m\n:2,S")
    odd.write_bytes(UNKNOWN_USER)
    done = mxproof("explain", "--format", "json", str(tmp_path))
    assert (json.loads(done.stdout)["source"], done.returncode) == (f"{tmp_path}/cur/1\\xff\x1b[31m\n:2,S", 1)
    shown = mxproof("explain", str(tmp_path)).stdout
    assert b"\x1b" not in shown
    assert b"1\\xff" in shown


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file_of_a_folder_is_told_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "a").touch(mode=0)
    (tmp_path / "b").write_bytes(UNKNOWN_USER)
    done = mxproof("explain", "--format", "json", str(tmp_path))
    assert (len(done.stdout.splitlines()), done.returncode) == (1, 1)
    assert "cannot be read" in one_line(done.stderr)


TEMPERROR = b"Authentication-Results: spf=temperror smtp.mailfrom=example.com; dkim=timeout header.d=example.com header.s=s1"


@pytest.mark.parametrize(
    ("scenario", "standing", "findings"),
    [
        ("ns-clean", "elsewhere", []),
        ("ns-tcp-refused", "confirmed", ["ns-answer-cut", "ns-answer-large", "ns-tcp-failed"]),
        ("ns-silent", "confirmed", ["ns-udp-silent"]),
        ("ns-key-missing", "confirmed", ["ns-record-missing"]),
    ],
)
def test_a_lookup_that_failed_has_the_name_servers_measured(
    scenario: str, standing: str, findings: list[str]
) -> None:
    done = mxproof("explain", "--format", "json", "--lab", scenario, stdin=TEMPERROR)
    got = json.loads(done.stdout)
    assert (got["live"]["standing"], got["live"]["findings"]) == (standing, findings)
    assert got["live"]["name_servers"][0]["server"] == "ns1.example.com"
    assert (got["kind"], got["causes"][0]["code"]) == ("authentication", "spf_temperror")
    assert ("1.03 %" in got["live"]["words"]) is (standing == "elsewhere")
    assert "1.03 %" not in got["words"]
    assert done.returncode == 0


def test_the_measurement_is_shown_address_by_address() -> None:
    done = mxproof("explain", "--lab", "ns-silent", stdin=TEMPERROR)
    shown = " ".join(done.stdout.decode().split())
    assert "lab scenario ns-silent: confirmed." in shown
    assert "ns2.example.com 198.51.100.53: UDP timeout, TCP timeout" in shown
    assert done.stderr == b""


def test_redacted_text_is_explained_alike_and_kept_without_local_parts(tmp_path: Path) -> None:
    kept, text = tmp_path / "kept.eml", UNKNOWN_USER + b"<gone@example.com>\n"
    whole = mxproof("explain", "--format", "json", "-", stdin=text)
    done = mxproof("explain", "--format", "json", "--redact", "--save", str(kept), "-", stdin=text)
    again = mxproof("explain", "--format", "json", str(kept))
    statuses = (whole.returncode, done.returncode, again.returncode)
    assert statuses == (1, 1, 1)
    assert json.loads(again.stdout)["causes"] == json.loads(whole.stdout)["causes"]
    assert (b"gone@" in kept.read_bytes(), b"@example.com" in kept.read_bytes()) == (False, True)


def test_save_keeps_what_redact_leaves_of_one_text_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(UNKNOWN_USER)
    (tmp_path / "b").write_bytes(UNKNOWN_USER)
    alone = mxproof("explain", "--save", str(tmp_path / "kept"), str(tmp_path / "a"))
    both = (str(tmp_path / "a"), str(tmp_path / "b"))
    several = mxproof("explain", "--redact", "--save", str(tmp_path / "kept"), *both)
    assert (alone.returncode, several.returncode) == (2, 2)

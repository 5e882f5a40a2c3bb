"""`mxproof watch silence`: past logs in every form and order, and what would have rung."""

import bz2
import gzip
import json
import lzma
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from support_cli import mxproof, one_line
from support_long import EXHAUSTIVE, some
from support_rhythm import BEGIN_S, DAY_S, Mails, steady, without

DAYS = 60
RATES = {"mail1.protection.outlook.com": 60.0, "mail-a.google.com": 40.0, "mx.firm.example": 25.0}
MAILS = [(float(int(at_s)), name) for at_s, name in steady(RATES, DAYS)]
STOPPED = without(MAILS, "mail1.protection.outlook.com", 50)
Line = Callable[[float, str], str]


def bsd(at_s: float, host: str) -> str:
    at = datetime.fromtimestamp(at_s, UTC)
    return f"{at:%b %e %H:%M:%S} mx postfix/smtpd[7]: 4F1A2B3C4D: client={host}[192.0.2.1]\n"


def iso(at_s: float, host: str) -> str:
    return f"{datetime.fromtimestamp(at_s, UTC).isoformat()} mx postfix/smtpd[7]: 4F1A2B3C4D: client={host}[192.0.2.1]\n"


def exim(at_s: float, host: str) -> str:
    at = datetime.fromtimestamp(at_s, UTC)
    return f"{at:%Y-%m-%d %H:%M:%S} 1uLabc-0000Xy-1Z <= a@example.com H={host} [192.0.2.1] P=esmtps S=1\n"


def journal(at_s: float, host: str) -> str:
    return (
        json.dumps(
            {
                "__REALTIME_TIMESTAMP": str(int(at_s * 1e6)),
                "SYSLOG_IDENTIFIER": "postfix/smtpd",
                "MESSAGE": f"4F1A2B3C4D: client={host}[192.0.2.1]",
            }
        )
        + "\n"
    )


def log(mails: Mails, line: Line) -> bytes:
    return "".join(line(*one) for one in mails).encode()


def alarms(*arguments: str, stdin: bytes = b"") -> list[dict[str, object]]:
    got = mxproof("watch", "silence", "--format", "json", "--time-zone", "UTC", *arguments, stdin=stdin)
    assert got.stderr == b""
    found = [json.loads(line) for line in got.stdout.splitlines()]
    assert got.returncode == (PROBLEM if found else DONE)
    return found


@pytest.mark.parametrize("line", some([iso, exim, journal], 3))
def test_a_sender_that_stops_is_told_from_any_form_of_log(line: Line) -> None:
    (got,) = alarms(stdin=log(STOPPED, line))
    assert list(got) == ["kind", "sender", "silent_since", "alarmed_at", "expected", "chance"]
    assert (got["kind"], got["sender"]) == ("sender", "Microsoft")
    assert str(got["silent_since"]) < str(got["alarmed_at"]) < "2025-02-27"


@pytest.mark.parametrize("days", some([3, 200, 36_500], 3))
def test_mail_that_is_still_to_come_is_left_out_and_makes_nobody_silent(days: int) -> None:
    ahead = iso(datetime.now(UTC).timestamp() + days * DAY_S, "mail-a.google.com").encode()
    middle = len(MAILS) // 2
    logs = log(MAILS[:middle], iso), log(MAILS[middle:], iso)
    got = mxproof(
        "watch", "silence", "--format", "json", "--time-zone", "UTC", stdin=logs[0] + ahead + logs[1] + ahead
    )
    assert (got.returncode, got.stdout) == (DONE, b"")
    assert b"2 mails left out" in one_line(got.stderr).encode()


def test_a_log_of_a_machine_whose_clock_is_ahead_counts_as_a_whole() -> None:
    ahead_s = datetime.now(UTC).timestamp() + 30 * DAY_S - STOPPED[0][0]
    hours = ahead_s // 3600 * 3600
    (got,) = alarms(stdin=log([(at_s + hours, name) for at_s, name in STOPPED], iso))
    assert got["sender"] == "Microsoft"


@EXHAUSTIVE
def test_files_are_taken_in_any_order_packed_or_not_and_over_new_year(tmp_path: Path) -> None:
    middle = BEGIN_S + 25 * DAY_S
    shift = 20 * DAY_S  # the first file begins in December
    earlier = [(at_s - shift, name) for at_s, name in STOPPED if at_s < middle]
    later = [(at_s - shift, name) for at_s, name in STOPPED if at_s >= middle]
    new, old = tmp_path / "mail.log", tmp_path / "mail.log.1.gz"
    new.write_bytes(log(later, bsd))
    old.write_bytes(gzip.compress(log(earlier, bsd)))
    os.utime(new, (later[-1][0] + 60, later[-1][0] + 60))
    os.utime(old, (earlier[-1][0] + 60, earlier[-1][0] + 60))
    want = alarms(stdin=log(earlier + later, iso))
    assert alarms(str(new), str(old)) == alarms(str(old), str(new)) == want
    assert [one["sender"] for one in want] == ["Microsoft"]
    assert str(want[0]["alarmed_at"]).startswith("2025-02-0")


@pytest.mark.parametrize("pack", some([gzip.compress, bz2.compress, lzma.compress], 3))
def test_a_log_may_be_packed_in_any_usual_way_also_on_stdin(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    packed = tmp_path / "mail.log.1"
    packed.write_bytes(pack(log(STOPPED, iso)))
    want = alarms(stdin=log(STOPPED, iso))
    assert alarms(str(packed)) == alarms(stdin=packed.read_bytes()) == want


def test_a_log_packed_with_zstd_says_how_it_is_unpacked(tmp_path: Path) -> None:
    packed = tmp_path / "mail.log.zst"
    packed.write_bytes(b"\x28\xb5\x2f\xfd\x04\x00 and more")
    got = mxproof("watch", "silence", str(packed))
    assert got.returncode == USAGE
    assert f"zstdcat {packed} | mxproof watch silence" in one_line(got.stderr)


def test_usual_mail_rings_nothing_and_the_senders_are_told() -> None:
    got = mxproof("watch", "silence", "-", stdin=log(MAILS, iso))
    assert (got.returncode, got.stderr) == (DONE, b"")
    for name in ("Microsoft", "Google", "firm.example"):
        assert name.encode() in got.stdout


def test_the_text_fits_a_narrow_terminal() -> None:
    got = mxproof("watch", "silence", "--width", "60", stdin=log(STOPPED, iso))
    assert got.returncode == PROBLEM
    assert max(map(len, got.stdout.decode().splitlines())) <= 72


def test_a_log_without_mail_says_so() -> None:
    got = mxproof("watch", "silence", stdin=b"Jun  1 12:00:00 mx kernel: x\n")
    assert (got.returncode, got.stdout) == (UNKNOWN, b"")
    one_line(got.stderr)


def test_lines_without_a_time_are_counted_on_stderr() -> None:
    got = mxproof("watch", "silence", stdin=b"4F1A2B3C4D: client=mx.example.com[192.0.2.1]\n")
    assert got.returncode == UNKNOWN
    assert len(got.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    "arguments",
    [("/nowhere/mail.log",), ("--false-alarms", "0"), ("--time-zone", "Mars/Crater"), ("--format", "html")],
)
def test_wrong_usage_is_one_line(arguments: tuple[str, ...]) -> None:
    got = mxproof("watch", "silence", *arguments)
    assert got.returncode == USAGE
    one_line(got.stderr)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_that_is_cut_off_says_so(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    cut = tmp_path / "mail.log.gz"
    cut.write_bytes(pack(log(MAILS, iso))[:500])
    got = mxproof("watch", "silence", str(cut))
    assert got.returncode == USAGE
    one_line(got.stderr)

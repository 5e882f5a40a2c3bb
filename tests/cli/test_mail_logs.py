"""Logs of mail servers: whose mail they tell of, in order of time, in which year, and until when they reach."""

import gzip
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from mxproof.cli.exit import RunError
from mxproof.cli.mail_logs import MailLogs

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def iso(at: datetime, host: str = "mx1.sender.example") -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+00:00 mx postfix/smtpd[7]: 4F1A2B3C0A: client={host}[192.0.2.1]\n"


def bare(day: str, host: str = "mx1.sender.example") -> str:
    """Return a line whose time has no year (RFC 3164 section 4.1.2)."""
    return f"{day} 08:00:00 mx postfix/smtpd[7]: 4F1A2B3C0A: client={host}[192.0.2.1]\n"


class Folder:
    """Logs in a folder, each last written to when the test says."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def log(self, name: str, *lines: str, written: datetime = NOW, packed: bool = False) -> str:
        path = self._path / name
        data = "".join(lines).encode()
        path.write_bytes(gzip.compress(data) if packed else data)
        os.utime(path, (written.timestamp(), written.timestamp()))
        return str(path)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def read(*logs: str, now: datetime = NOW) -> MailLogs:
    made = MailLogs(UTC, now)
    for one in logs:
        made.read(one)
    return made


def days(logs: MailLogs) -> list[str]:
    """Return the day of each mail, in the order in which they come."""
    return [f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at, _ in logs.arrivals()]


def until(logs: MailLogs) -> str:
    assert logs.until_s is not None
    return f"{datetime.fromtimestamp(logs.until_s, UTC):%Y-%m-%d}"


def test_mail_of_several_logs_comes_in_order_of_time_with_its_senders(folder: Folder) -> None:
    one = folder.log(
        "a", iso(NOW - timedelta(days=3), "a.example"), iso(NOW - timedelta(days=1), "b.example")
    )
    other = folder.log("b", iso(NOW - timedelta(days=2), "a.example"), packed=True)
    logs = read(one, other)
    assert [name for _, name in logs.arrivals()] == ["a.example", "a.example", "b.example"]
    assert (days(logs), logs.mails, until(logs)) == (
        ["2026-10-31", "2026-11-01", "2026-11-02"],
        3,
        "2026-11-02",
    )


def test_a_log_that_is_not_in_order_is_put_in_order(folder: Folder) -> None:
    at = [NOW - timedelta(hours=hours) for hours in (3, 5, 1, 4)]
    logs = read(folder.log("a", *(iso(one, f"h{number}.example") for number, one in enumerate(at))))
    assert [name for _, name in logs.arrivals()] == ["h1.example", "h3.example", "h0.example", "h2.example"]


def test_a_log_without_mail_reaches_as_far_as_its_last_line(folder: Folder) -> None:
    line = f"{NOW - timedelta(days=1):%Y-%m-%dT%H:%M:%S}+00:00 mx postfix/qmgr[7]: 4F1A2B3C0A: removed\n"
    logs = read(folder.log("a", line))
    assert (list(logs.arrivals()), until(logs)) == ([], "2026-11-02")
    assert read(folder.log("b", "")).until_s is None


def test_stdin_is_read_as_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(bare("Nov  2").encode())))
    assert days(read("-")) == ["2026-11-02"]
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(RunError, match="stdin is closed"):
        read("-")


@pytest.mark.parametrize(
    ("lines", "written", "want"),
    [
        (("Nov  1", "Nov  2"), NOW, ["2026-11-01", "2026-11-02"]),
        (("Nov  1", "Nov  2"), datetime(2025, 11, 2, 9, tzinfo=UTC), ["2025-11-01", "2025-11-02"]),
        (("Dec 30", "Jan  2"), datetime(2026, 1, 2, 9, tzinfo=UTC), ["2025-12-30", "2026-01-02"]),
        (
            ("Dec 30", "Jan  2", "Dec 31", "Jan  3"),
            datetime(2026, 1, 3, 9, tzinfo=UTC),
            ["2024-12-30", "2025-01-02", "2025-12-31", "2026-01-03"],
        ),
        (("Nov  2", "Nov  1"), NOW, ["2026-11-01", "2026-11-02"]),
    ],
    ids=["this year", "by when it was written", "over a year's end", "over two", "a line late"],
)
def test_times_without_a_year_end_just_before_the_file_was_last_written_to(
    folder: Folder, lines: tuple[str, ...], written: datetime, want: list[str]
) -> None:
    assert days(read(folder.log("a", *map(bare, lines), written=written))) == want


def test_a_last_line_without_mail_says_which_year_it_is_too(folder: Folder) -> None:
    last = "Jan  2 08:00:00 mx postfix/qmgr[7]: 4F1A2B3C0A: removed\n"
    logs = read(folder.log("a", bare("Dec 30"), last, written=datetime(2026, 1, 2, 9, tzinfo=UTC)))
    assert (days(logs), until(logs)) == (["2025-12-30"], "2026-01-02")


def test_mail_that_is_still_to_come_is_left_out_and_counted(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    at = (NOW, NOW + timedelta(hours=23), NOW + timedelta(hours=25), NOW + timedelta(days=800))
    logs = read(folder.log("a", *map(iso, at)))
    assert (days(logs), logs.mails, logs.far_ahead) == (["2026-11-03", "2026-11-04"], 2, 2)
    assert until(logs) == "2026-11-04"
    logs.told()
    assert "2 mails left out: by the times of their lines they are still to come" in capsys.readouterr().err


def test_a_log_that_is_wholly_of_a_time_to_come_is_of_another_clock_and_kept(folder: Folder) -> None:
    logs = read(folder.log("a", iso(NOW + timedelta(days=30)), iso(NOW + timedelta(days=31))))
    assert (days(logs), logs.far_ahead) == (["2026-12-03", "2026-12-04"], 0)


def test_mail_without_a_time_is_left_out_and_counted(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = read(folder.log("a", iso(NOW)[26:], iso(NOW)))
    logs.told()
    said = capsys.readouterr().err
    assert (logs.mails, logs.without_time) == (1, 1)
    assert "1 mails left out: their lines have no time" in said
    assert "still to come" not in said


def test_of_logs_that_are_wholly_used_nothing_is_said(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    read(folder.log("a", iso(NOW))).told()
    assert capsys.readouterr().err == ""


def test_what_cannot_be_read_is_named_with_the_reason(folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="none: cannot be read"):
        read(str(tmp_path / "none"))
    cut = Path(folder.log("cut.gz", *(iso(NOW) for _ in range(50)), packed=True))
    cut.write_bytes(cut.read_bytes()[:40])
    with pytest.raises(RunError, match=r"cut\.gz: cannot be read"):
        read(str(cut))
    (packed := tmp_path / "log.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(20))
    with pytest.raises(RunError, match=r"packed with zstd; unpack it with zstdcat .*log\.zst"):
        read(str(packed))


def test_more_mail_than_there_is_room_for_is_refused(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxproof.cli.mail_logs._MAILS_MAX", 2)
    assert read(folder.log("a", iso(NOW), iso(NOW))).mails == 2
    with pytest.raises(RunError, match="more than 2 mails; give fewer of them"):
        read(folder.log("b", iso(NOW), iso(NOW), iso(NOW)))


def test_a_host_that_was_forgotten_is_the_same_sender(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxproof.cli.mail_logs._HOSTS_KNOWN_MAX", 1)
    hosts = ("a.example", "b.example", "a.example")
    logs = read(folder.log("a", *(iso(NOW + timedelta(seconds=n), host) for n, host in enumerate(hosts))))
    assert [name for _, name in logs.arrivals()] == list(hosts)
    assert logs.senders == ["a.example", "b.example"]

"""`mxproof tlsrpt send` and `status`: what would be sent, what is, and how it stands."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, UNKNOWN, USAGE
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.store.journal.journal import Journal
from support_cli import mxproof, one_line
from support_outgoing import met_on, sent
from support_report_bounce import bounce
from support_schema import agrees

NOBODY = '[dns]\nresolvers = ["127.0.0.1:9"]\ntimeout_s = 0.5\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return a configuration whose store has sessions of today and of yesterday."""
    path = tmp_path / "collect.toml"
    store = f"sqlite:{tmp_path}/journal.db"
    path.write_text(
        f'[store]\nurl = "{store}"\n[send]\ncontact = "tls@sender.example"\nsigned_elsewhere = true\n{NOBODY}'
    )
    today = datetime.now(UTC).date()
    with closing(Journal(store)) as journal:
        met_on(journal, today, "a.example")
        met_on(journal, today - timedelta(days=2), "a.example", "b.example")
    return path


def test_what_would_be_sent_is_written_and_nothing_is_noted(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    done = mxproof("tlsrpt", "send", "--config", str(config), "--dry-run", str(folder))
    assert done.returncode == DONE, done
    files = sorted(folder.iterdir())
    assert [one.suffix for one in files].count(".json") == 3
    found = [report for one in files for report in reports_in(one.read_bytes())]
    assert len(found) == 6
    assert all(not one.repairs for one in found)
    again = mxproof("tlsrpt", "send", "--config", str(config), "--dry-run", str(folder))
    assert again.returncode == USAGE
    said = json.loads(mxproof("tlsrpt", "status", "--config", str(config), "--format", "json").stdout)
    assert [one["is_made"] for one in said["days"]] == [False, False]


def test_what_is_sent_and_waits_is_told_by_day_and_by_domain(config: Path) -> None:
    done = mxproof("tlsrpt", "send", "--config", str(config), "--at-once")
    assert (done.returncode, b"2 put off" in done.stdout) == (UNKNOWN, True), done
    said = json.loads(
        mxproof("tlsrpt", "status", "b.example", "--config", str(config), "--format", "json").stdout
    )
    agrees(json.dumps(said).encode(), "send-status")
    assert [one["reports"] for one in said["days"]] == [{}, {"waiting": 2}]
    (report,) = said["reports"]
    assert (report["domain"], report["state"], report["tries"], report["success"]) == (
        "b.example",
        "waiting",
        1,
        3,
    )
    text = mxproof("tlsrpt", "status", "--config", str(config))
    assert text.returncode == DONE
    assert b"b.example" in text.stdout


def test_what_came_back_is_noted_once_and_told(config: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "bounces").mkdir()
    report_id = sent(tmp_path)
    (folder / "1").write_bytes(bounce(report_id))
    (folder / "2").write_bytes(b"From: a@example.com\n\nthanks\n")
    done = mxproof("tlsrpt", "bounced", "--config", str(config), str(folder))
    assert (done.returncode, b"a.example, 2026-03-01" in done.stdout, b"5.1.1" in done.stdout) == (
        DONE,
        True,
        True,
    ), done
    again = mxproof("tlsrpt", "bounced", "--config", str(config), stdin=bounce(report_id))
    assert again.returncode == UNKNOWN


def test_how_it_stands_is_told_to_whoever_may_not_read_the_key(config: Path) -> None:
    config.write_text(config.read_text().replace("[dns]", 'dkim = ["s1=/nowhere/key.pem"]\n[dns]'))
    assert mxproof("tlsrpt", "status", "--config", str(config)).returncode == DONE
    assert mxproof("tlsrpt", "send", "--config", str(config)).returncode == USAGE


def test_without_a_contact_nothing_can_be_sent(tmp_path: Path) -> None:
    done = mxproof("tlsrpt", "send", "--config", "/dev/null", "--store", f"sqlite:{tmp_path}/none.db")
    assert done.returncode == USAGE
    assert "contact" in one_line(done.stderr)


def test_where_nothing_is_kept_yet_no_store_is_made(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path}/none.db"
    done = mxproof("tlsrpt", "status", "--config", "/dev/null", "--store", store)
    assert (done.returncode, list(tmp_path.iterdir())) == (UNKNOWN, [])

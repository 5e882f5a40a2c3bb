"""`mxproof watch status` and `serve`: how domains stand that are watched, and mistakes before anything runs."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from mxproof.judge.vocabulary import Verdict
from support_cli import mxproof, one_line
from support_schema import agrees
from support_watched_store import watched_store

NOW = datetime.now(UTC)


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Make a store with one domain that refuses, with news, and one that was not checked."""
    return watched_store(tmp_path, NOW)


def test_all_domains_are_told_and_the_status_is_that_of_the_worst(store: str) -> None:
    done = mxproof("watch", "status", "--store", store)
    assert done.returncode == PROBLEM
    said = done.stdout.decode()
    assert said.index("example.com") < said.index("example.net")


def test_json_is_a_line_a_domain_that_agrees_with_the_schema(store: str) -> None:
    done = mxproof("watch", "status", "--format", "json", "--store", store)
    lines = done.stdout.splitlines()
    for line in lines:
        agrees(line, "watch-status")
    first, second = map(json.loads, lines)
    assert (first["outcome"], first["news"][0]["weight"]) == (Verdict.REFUSED, "alarm")
    assert (second["outcome"], second["news"]) == (None, [])
    agrees(json.dumps(first["news"][0]).encode(), "news")


def test_one_domain_comes_with_its_news(store: str) -> None:
    done = mxproof("watch", "status", "example.com", "--store", store)
    assert b"451 4.4.8" in done.stdout
    assert mxproof("watch", "status", "example.net", "--store", store).returncode == UNKNOWN


def test_a_domain_that_is_not_watched_is_named_with_the_next_best(store: str) -> None:
    done = mxproof("watch", "status", "exmaple.com", "--store", store)
    assert done.returncode == UNKNOWN
    assert "example.com" in one_line(done.stderr)


def test_where_nothing_is_kept_yet_that_is_said_and_no_store_is_made(tmp_path: Path) -> None:
    done = mxproof("watch", "status", "--store", f"sqlite:{tmp_path}/none.db")
    assert (done.returncode, list(tmp_path.iterdir())) == (UNKNOWN, [])
    assert "watch serve" in one_line(done.stderr)


def test_a_configuration_is_checked_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "watch.toml"
    file.write_text('domains = ["example.com"]\n[ask]\nresolvers = ["192.0.2.53"]\n', encoding="utf-8")
    right = mxproof("watch", "serve", "--check-config", "--config", str(file))
    assert (right.returncode, b"right" in right.stderr) == (DONE, True)
    file.write_text("jobs = 0\n", encoding="utf-8")
    wrong = mxproof("watch", "serve", "--config", str(file))
    assert wrong.returncode == USAGE
    assert "jobs" in one_line(wrong.stderr)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[store]\nurl = "mysql://x"\n', "store.url"),
        ('[[alert]]\nname = "chat"\nurl = "no-such-service://secret"\n', "'chat': URL 1"),
    ],
)
def test_what_the_daemon_would_meet_only_later_is_said_by_a_check(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "watch.toml"
    file.write_text(f'{text}[ask]\nresolvers = ["192.0.2.53"]\n', encoding="utf-8")
    done = mxproof("watch", "serve", "--check-config", "--config", str(file))
    assert done.returncode == USAGE
    assert said in one_line(done.stderr)
    assert b"secret" not in done.stderr


def test_the_configuration_that_is_printed_is_read_again(tmp_path: Path) -> None:
    printed = mxproof("watch", "serve", "--print-config", "--store", f"sqlite:{tmp_path}/journal.db")
    file = tmp_path / "watch.toml"
    file.write_bytes(printed.stdout)
    again = mxproof("watch", "serve", "--print-config", "--config", str(file))
    assert (again.returncode, again.stdout) == (DONE, printed.stdout)


def test_a_store_that_cannot_be_used_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"something else" * 100)
    done = mxproof("watch", "status", "--store", f"sqlite:{tmp_path}/journal.db")
    assert (done.returncode, "journal.db" in one_line(done.stderr)) == (PROBLEM, True)


def test_pages_alone_want_to_be_told_where() -> None:
    done = mxproof("watch", "serve", "--pages-only")
    assert (done.returncode, "web.listen" in one_line(done.stderr)) == (USAGE, True)

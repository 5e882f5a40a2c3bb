"""What releases wrote, newer code reads: evidence, stores, configurations; what it prints lacks no member of theirs."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from support_cli import PATIENCE_S, mxproof, started
from support_long import EXHAUSTIVE
from support_releases import (
    Row,
    exported,
    files,
    listed,
    lost,
    members,
    moved,
    name_of,
    objections,
    policies,
    releases,
    to_now,
)

VERDICTS = {0, 1, 3}
"""Every exit status but that of input which is not what it should be."""
NOBODY = "127.0.0.1:1"
"""Where no resolver listens."""
MEMORY = (
    *("--cached-policy", "memory/old-policy.txt"),
    *("--cached-at", "2026-11-25T12:00:00Z", "--cached-id", "20261101T000000"),
)

each_release = pytest.mark.parametrize("release", releases(), ids=lambda release: release.name)
each_store = pytest.mark.parametrize("store", files("store/sqlite.db"), ids=name_of)


def test_there_is_a_release_with_files_of_each_kind() -> None:
    kinds = ("evidence/*", "memory/*", "explain/*", "config/*", "schema/*", "store/*")
    assert [bool(files(kind)) for kind in kinds] == [True] * len(kinds)


def replayed(evidence: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    return mxproof("replay", str(evidence), "--format", "json", *words)


@pytest.mark.parametrize("evidence", files("evidence/*.evidence.json"), ids=name_of)
def test_evidence_is_judged_and_the_report_reads_as_before(evidence: Path) -> None:
    got = replayed(evidence)
    assert (got.returncode in VERDICTS, got.stderr) == (True, b"")
    report = json.loads(got.stdout)
    assert objections(report, evidence.parent.parent / "schema" / "report.schema.json") == []
    before = json.loads(evidence.with_name(evidence.name.replace(".evidence.", ".report.")).read_bytes())
    same = ("schema_version", "domain", "observed_at", "vantage")
    assert lost({key: before[key] for key in same}, report) == []
    assert {one["id"] for one in before["senders"]} <= {one["id"] for one in report["senders"]}


@each_release
def test_the_reports_of_a_release_have_no_member_that_is_gone(release: Path) -> None:
    found: set[str] = set()
    before: set[str] = set()
    for evidence in sorted((release / "evidence").glob("*.evidence.json")):
        found |= set(members(json.loads(replayed(evidence).stdout)))
        report = evidence.with_name(evidence.name.replace(".evidence.", ".report."))
        before |= set(members(json.loads(report.read_bytes())))
    assert before
    assert before - found == set()


@each_release
@pytest.mark.parametrize(
    ("name", "words"),
    [("old-policy", MEMORY), ("memory", ("--memory", "memory/memory.json"))],
    ids=["old-policy", "memory"],
)
def test_what_senders_remember_is_taken_and_counts(release: Path, name: str, words: tuple[str, ...]) -> None:
    here = [str(release / word) if word.startswith("memory/") else word for word in words]
    got = replayed(release / "evidence" / "direct.evidence.json", *here)
    report, before = (
        json.loads(got.stdout),
        json.loads((release / "memory" / f"{name}.report.json").read_bytes()),
    )
    assert got.returncode == 1
    assert objections(report, release / "schema" / "report.schema.json") == []
    assert report["summary"]["outcome"] == before["summary"]["outcome"] == "at_risk"


@pytest.mark.parametrize("before", files("explain/*.json"), ids=name_of)
def test_an_explanation_finds_the_cause_and_reads_as_before(before: Path) -> None:
    scenario = before.stem.partition(".")[2]
    lab = ("--lab", scenario) if scenario else ()
    got = mxproof("explain", "--format", "json", str(before.with_suffix(".txt")), *lab)
    explanation, was = json.loads(got.stdout), json.loads(before.read_bytes())
    assert got.returncode == 0
    assert objections(explanation, before.parent.parent / "schema" / "explanation.schema.json") == []
    assert set(members(was)) - set(members(explanation)) == set()
    assert {one["code"] for one in was["causes"]} <= {one["code"] for one in explanation["causes"]}


@pytest.mark.parametrize("config", files("config/*.toml"), ids=name_of)
def test_a_configuration_is_right_and_means_the_same(config: Path, tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(_a_root(config.parent.parent))
    file = tmp_path / "policyd.toml"
    file.write_text(config.read_text(encoding="utf-8").replace("/etc/mxproof/ca.pem", str(ca_file)))
    assert mxproof("policyd", "--config", str(file), "--check-config").returncode == 0
    got = mxproof("policyd", "--config", str(file), "--print-config")
    assert got.returncode == 0
    assert lost(tomllib.loads(file.read_text()), tomllib.loads(got.stdout.decode())) == []


def _a_root(release: Path) -> bytes:
    """Return a root in PEM: that of a lab, which the evidence of a release holds."""
    evidence = json.loads((release / "evidence" / "direct.evidence.json").read_bytes())
    der: str = evidence["certificates"][evidence["vantage"]["anchors"][0]]
    lines = [der[start : start + 64] for start in range(0, len(der), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]).encode()


@pytest.fixture
def copied(store: Path, tmp_path: Path) -> Path:
    """Copy a store of a release: even to read it may write."""
    return Path(shutil.copy(store, tmp_path / "policyd.db"))


@pytest.fixture
def lately(store: Path, copied: Path) -> Path:
    """Move the times in a copied store, as if the release had ended a second ago."""
    rows = by_the_rules_of(store, copied)
    by = to_now(max(row.asked_at for row in rows))
    with closing(sqlite3.connect(copied)) as connection, connection:
        connection.executemany(
            (store.parent / "write.sql").read_text(encoding="utf-8"), [moved(row, by) for row in rows]
        )
    return copied


def by_the_rules_of(store: Path, copied: Path) -> list[Row]:
    """Return what the release that wrote `store` would read from the copy."""
    with closing(sqlite3.connect(copied)) as connection:
        found = connection.execute((store.parent / "read.sql").read_text(encoding="utf-8"), (1000,))
        return [Row(*row) for row in found.fetchall()]


@each_store
def test_a_store_is_listed_whole(store: Path, copied: Path) -> None:
    before = listed((store.parent / "sqlite.list.tsv").read_bytes())
    got = mxproof("policyd", "--store", f"sqlite:{copied}", "list")
    assert (got.returncode, got.stderr) == (0, b"")
    assert lost(before, listed(got.stdout)) == []


@each_store
@pytest.mark.parametrize("table", ["postfix", "postfix-tlsrpt"])
def test_a_store_is_exported_whole(store: Path, lately: Path, table: str) -> None:
    before = exported((store.parent / f"export.{table}").read_bytes())
    got = mxproof("policyd", "--store", f"sqlite:{lately}", "export", "--map", table)
    assert (got.returncode, lost(before, exported(got.stdout))) == (0, [])


@each_store
@pytest.mark.parametrize(
    "destination", ["enforce.example", "testing.example", "none.example", "stale.example"]
)
def test_a_query_knows_the_policy_that_is_held(store: Path, lately: Path, destination: str) -> None:
    row = listed((store.parent / "sqlite.list.tsv").read_bytes())[destination]
    words = ("--store", f"sqlite:{lately}", "--resolver", NOBODY, "query", destination)
    got = mxproof("policyd", *words)
    assert got.returncode == 0
    assert {row["mode"], row["id"]} <= set(got.stdout.decode().replace(",", " ").split())


@contextmanager
def daemon(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a daemon from its first readiness until SIGTERM."""
    with started("policyd", *words) as process:
        try:
            assert process.stderr is not None
            while b"ready version=" not in (line := process.stderr.readline()):
                assert line, "the daemon ended before it was ready"
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()


def told(path: Path, destination: str, table: str = "postfix") -> str:
    """Return what a daemon tells Postfix over socketmap."""
    request = f"{table} {destination}".encode()
    with closing(socket.socket(socket.AF_UNIX)) as asking:
        asking.settimeout(PATIENCE_S)
        asking.connect(str(path))
        asking.sendall(b"%d:%b," % (len(request), request))
        with asking.makefile("rb") as answer:
            size = b""
            while (byte := answer.read(1)) != b":":
                assert byte, "the daemon hung up on an open question"
                size += byte
            return answer.read(int(size)).decode()


@EXHAUSTIVE
@each_store
def test_a_newer_daemon_protects_mail_by_it_while_no_resolver_answers(
    store: Path, lately: Path, tmp_path: Path
) -> None:
    before = exported((store.parent / "export.postfix").read_bytes())
    where = tmp_path / "s"
    words = ("--listen", f"unix:{where}", "--resolver", NOBODY, "--trust-ad", "--store", f"sqlite:{lately}")
    with daemon(*words):
        got = {destination: told(where, destination) for destination in before}
    assert lost(before, {key: sorted(text.removeprefix("OK ").split()) for key, text in got.items()}) == []


def listing(copied: Path, destinations: Sequence[str]) -> None:
    mxproof("policyd", "--store", f"sqlite:{copied}", "list")


def serving(copied: Path, destinations: Sequence[str]) -> None:
    where = copied.with_name("s")
    with daemon("--listen", f"unix:{where}", "--resolver", NOBODY, "--store", f"sqlite:{copied}"):
        for destination in destinations:
            told(where, destination)


@EXHAUSTIVE
@each_store
@pytest.mark.parametrize("use", [listing, serving], ids=lambda use: use.__name__)
def test_a_store_goes_back_to_the_release_that_wrote_it(
    store: Path, lately: Path, use: Callable[[Path, Sequence[str]], None]
) -> None:
    before = by_the_rules_of(store, lately)
    use(lately, [row.key for row in before])
    after = by_the_rules_of(store, lately)
    assert policies({row.key: row.policy for row in after}) == policies(
        {row.key: row.policy for row in before}
    )
    assert {row.key for row in after} == {row.key for row in before}
    with closing(sqlite3.connect(lately)) as connection, connection:
        connection.executemany((store.parent / "write.sql").read_text(encoding="utf-8"), before)
    assert set(by_the_rules_of(store, lately)) == set(before)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("replay", "evidence/incident.evidence.json"), 1),
        (("replay", "evidence/direct.evidence.json"), 0),
        (("replay", "evidence/mx-servfail.evidence.json"), 3),
        (("replay", "evidence/nothing.evidence.json"), 2),
        (("replay", "config/policyd.toml"), 2),
        (("replay", "evidence/direct.evidence.json", "--cached-policy", "memory/old-policy.txt"), 2),
        (("explain", "explain/log.txt"), 0),
        (("explain", "mailbox full: 552 5.2.2 over quota"), 1),
        (("explain", "nothing of the kind"), 3),
        (("policyd", "--config", "store/redis.json", "--check-config"), 2),
        (("policyd", "--store", "mysql://x", "list"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
@each_release
def test_a_command_ends_with_the_same_status(
    release: Path, words: tuple[str, ...], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    assert mxproof(*words).returncode == status

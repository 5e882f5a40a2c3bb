"""`mxproof check` and `mxproof replay`: the story of the incident, the same report twice, memory, and files gone wrong."""

import json
from pathlib import Path

import pytest

from mxproof.evidence.codec import EVIDENCE_BYTES_MAX
from support_cli import mxproof, one_line

STORY = {
    "incident": (1, "refused", "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"),
    "half-fixed": (
        1,
        "refused",
        "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
    ),
    "fixed": (0, "delivers", None),
    "direct": (0, "delivers", None),
}
OLD_POLICY = "version: STSv1\nmode: enforce\nmx: elsewhere.example.com\nmax_age: 604800\n"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the evidence of the incident, beside what the check said of it."""
    path = tmp_path_factory.mktemp("saved") / "incident.json"
    got = mxproof("check", "example.com", "--lab", "incident", "--save", str(path))
    assert (got.returncode, got.stderr) == (1, b"")
    path.with_suffix(".txt").write_bytes(got.stdout)
    return path


def test_the_fix_was_judged_for_every_sender_by_check_and_replay_alike(saved: Path) -> None:
    got = mxproof("replay", str(saved), "--format", "json")
    report = json.loads(got.stdout)
    first = report["findings"][0]
    after = {one["sender"]: one["outcome"] for one in first["verified"]["senders"]}
    assert (first["code"], first["verified"]["standing"]) == ("mx-alias", "mends")
    assert after.keys() == {one["id"] for one in report["senders"]}
    assert after["microsoft"] == "delivers"
    assert first["duties"] == [{"actor": "dns", "at": "example.com"}]


@pytest.mark.parametrize("scenario", STORY)
def test_the_story_comes_out_as_it_was(scenario: str) -> None:
    status, outcome, bounce = STORY[scenario]
    got = mxproof("check", "example.com", "--lab", scenario, "--format", "json")
    senders = {one["id"]: one for one in json.loads(got.stdout)["senders"]}
    others = {one["outcome"] for one in senders.values() if one["id"] not in ("microsoft", "microsoft-ptr")}
    assert (got.returncode, got.stderr) == (status, b"")
    assert (senders["microsoft"]["outcome"], others) == (outcome, {"delivers"})
    assert (senders["microsoft"]["bounce"] or {"transient": None})["transient"] == bounce


def test_a_replay_says_the_same_byte_for_byte(saved: Path) -> None:
    got = mxproof("replay", str(saved))
    assert (got.returncode, got.stdout, got.stderr) == (1, saved.with_suffix(".txt").read_bytes(), b"")


def test_evidence_can_be_piped_into_a_replay(saved: Path) -> None:
    got = mxproof("replay", "-", stdin=saved.read_bytes())
    assert (got.returncode, got.stdout) == (1, saved.with_suffix(".txt").read_bytes())


def test_a_replay_as_of_a_later_time_sees_certificates_expire(saved: Path) -> None:
    got = mxproof("replay", str(saved), "--at", "2099-01-01", "--format", "json")
    codes = {one["code"] for one in json.loads(got.stdout)["findings"]}
    assert got.returncode == 1
    assert "cert-expired" in codes


def test_a_report_that_could_not_be_saved_is_shown_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / ("long" * 100)
    got = mxproof("check", "example.com", "--lab", "direct", "--save", str(path))
    assert "was not saved" in one_line(got.stderr)
    assert (got.returncode, b"example.com" in got.stdout) == (2, True)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "JSON"),
        (b"\x00\xff\xfe", "JSON"),
        (b"hello\n", "JSON"),
        (b"{}", "not evidence"),
        (b"[1, 2]", "not evidence"),
        (b'{"schema_version": 1, "domain": "example.com"}', "report"),
        (b'{"evidence_version": 2}', "newer"),
        (b'{"evidence_version": 1, "domain": "\\u001b[2J"}', "not evidence"),
        (b" " * (EVIDENCE_BYTES_MAX + 1), "MiB"),
    ],
)
def test_a_foreign_file_is_answered_in_one_line(tmp_path: Path, data: bytes, word: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_bytes(data)
    got = mxproof("replay", str(path))
    line = one_line(got.stderr)
    assert word in line
    assert line.isprintable()
    assert (got.returncode, got.stdout) == (2, b"")


@pytest.mark.parametrize("length", [1, 100, 5_000, -2])
def test_a_file_cut_short_is_answered_in_one_line(saved: Path, length: int) -> None:
    got = mxproof("replay", "-", stdin=saved.read_bytes()[:length])
    assert "stdin" in one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


def test_a_file_in_no_folder_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "incident.json"
    got = mxproof("check", "example.com", "--lab", "incident", "--save", str(file))
    assert str(file.parent) in one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


def test_a_report_as_of_another_time_says_so(saved: Path) -> None:
    at = "2040-01-01T00:00:00Z"
    told = mxproof("replay", str(saved), "--at", at, "--format", "json")
    report = json.loads(told.stdout)
    assert (report["judged_at"], report["observed_at"] < at) == (at, True)
    assert b"as of 2040-01-01" in mxproof("replay", str(saved), "--at", at).stdout
    usual = mxproof("replay", str(saved), "--format", "json")
    assert "judged_at" not in json.loads(usual.stdout)


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    got = mxproof("replay", str(tmp_path / name))
    assert str(tmp_path) in one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


def test_a_policy_that_senders_still_hold_is_judged(tmp_path: Path, saved: Path) -> None:
    policy = tmp_path / "policy.txt"
    policy.write_text(OLD_POLICY)
    fetched = json.loads(mxproof("replay", str(saved), "--format", "json").stdout)["observed_at"]
    got = mxproof(
        "replay", str(saved), "--format", "json", "--cached-policy", str(policy), "--cached-at", fetched
    )
    senders = {one["id"]: one["outcome"] for one in json.loads(got.stdout)["senders"]}
    assert got.returncode == 1
    assert senders["rfc8461"] in ("at_risk", "refused")
    assert senders["opportunistic"] == "delivers"


@pytest.mark.parametrize(("at", "word"), [("2040-01-01", "before that"), ("2020-01-01", "max_age")])
def test_a_policy_that_nobody_goes_by_then_is_named(tmp_path: Path, saved: Path, at: str, word: str) -> None:
    policy = tmp_path / "policy.txt"
    policy.write_text(OLD_POLICY)
    want = mxproof("replay", str(saved))
    got = mxproof("replay", str(saved), "--cached-policy", str(policy), "--cached-at", at)
    assert word in one_line(got.stderr)
    assert (got.returncode, got.stdout) == (want.returncode, want.stdout)


def test_a_memory_file_says_the_same_as_the_options(tmp_path: Path, saved: Path) -> None:
    policy, memory = tmp_path / "policy.txt", tmp_path / "memory.json"
    policy.write_text(OLD_POLICY)
    fetched = json.loads(mxproof("replay", str(saved), "--format", "json").stdout)["observed_at"]
    memory.write_text(json.dumps([{"body": OLD_POLICY, "fetched_at": fetched, "id": "7"}]))
    options = ("--cached-policy", str(policy), "--cached-at", fetched, "--cached-id", "7")
    want = mxproof("replay", str(saved), *options)
    got = mxproof("replay", str(saved), "--memory", str(memory))
    assert (got.returncode, got.stdout, got.stderr) == (want.returncode, want.stdout, b"")
    assert got.stdout != saved.with_suffix(".txt").read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        ("--cached-at", "2026-11-01"),
        ("--cached-id", "7"),
        ("--cached-policy", __file__),
        ("--cached-policy", "/no/such/file", "--cached-at", "2026-11-01"),
        ("--cached-policy", __file__, "--cached-at", "yesterday"),
        ("--cached-policy", __file__, "--cached-at", "2026-11-01"),
        ("--cached-policy", "POLICY", "--cached-at", "9999-12-31"),
        ("--cached-policy", "POLICY", "--cached-at", "1969-12-31"),
        ("--memory", "/no/such/file"),
        ("--memory", __file__),
        ("--at", "9999999"),
        ("--at", "0001-01-01T00:00+23:59"),
        ("--width", "20"),
        ("--format", "xml"),
    ],
)
def test_an_option_that_cannot_be_is_answered_in_one_line(
    tmp_path: Path, saved: Path, options: tuple[str, ...]
) -> None:
    policy = tmp_path / "policy.txt"
    policy.write_text(OLD_POLICY)
    got = mxproof("replay", str(saved), *(str(policy) if word == "POLICY" else word for word in options))
    assert one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[[]]",
        '{"body": 1, "fetched_at": "2026-11-01T00:00:00Z"}',
        '{"body": "", "fetched_at": "2026-11-01"}',
    ],
)
def test_a_foreign_memory_file_is_answered_in_one_line(tmp_path: Path, saved: Path, content: str) -> None:
    memory = tmp_path / "memory.json"
    memory.write_text(content)
    got = mxproof("replay", str(saved), "--memory", str(memory))
    assert "fetched_at" in one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


@pytest.mark.parametrize(
    ("body", "fetched_at"), [(OLD_POLICY, "9999-12-31T00:00:00Z"), ("mode: enforce", None)]
)
def test_a_memory_that_no_sender_can_have_is_answered_in_one_line(
    tmp_path: Path, saved: Path, body: str, fetched_at: str | None
) -> None:
    memory = tmp_path / "memory.json"
    memory.write_text(json.dumps({"body": body, "fetched_at": fetched_at or "2026-11-01T00:00:00Z"}))
    got = mxproof("replay", str(saved), "--memory", str(memory))
    assert str(memory) in one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


def test_brief_is_a_line_for_the_domain_and_one_for_each_sender(saved: Path) -> None:
    got = mxproof("replay", str(saved), "--brief", "--width", "120")
    report = json.loads(mxproof("replay", str(saved), "--format", "json").stdout)
    deciding = {one["id"] for one in report["senders"] if one["confidence"] != "guess"}
    lines = got.stdout.decode().splitlines()
    assert (got.returncode, got.stderr) == (1, b"")
    assert {word for line in lines[1:] for word in line.split()} >= deciding
    assert len(lines) == 1 + len(deciding)


@pytest.mark.parametrize("other", [("--verbose",), ("--format", "json"), ("--format", "html")])
def test_brief_contradicts_what_asks_for_more(saved: Path, other: tuple[str, ...]) -> None:
    got = mxproof("replay", str(saved), "--brief", *other)
    assert (got.returncode, got.stdout) == (2, b"")


def test_redacted_evidence_is_judged_the_same_and_names_no_machine(tmp_path: Path) -> None:
    path = tmp_path / "incident.json"
    got = mxproof(
        "check", "example.com", "--lab", "incident", "--save", str(path), "--redact", "--format", "json"
    )
    again = mxproof("replay", str(path), "--format", "json")
    whole, left = json.loads(got.stdout), json.loads(again.stdout)
    assert (got.returncode, again.returncode) == (1, 1)
    assert [one["outcome"] for one in left["senders"]] == [one["outcome"] for one in whole["senders"]]
    assert [one["code"] for one in left["findings"]] == [one["code"] for one in whole["findings"]]
    saved = json.loads(path.read_bytes())
    assert (saved["vantage"]["host"] != whole["vantage"]["host"]) is (whole["vantage"]["host"] != "")


def test_redact_without_a_file_to_save_asks_for_it() -> None:
    got = mxproof("check", "example.com", "--lab", "incident", "--redact")
    assert (got.returncode, got.stdout) == (2, b"")


def test_a_check_ends_with_the_way_out_only_where_mail_does_not_arrive() -> None:
    refused = mxproof("check", "example.com", "--lab", "incident").stdout.decode()
    assert "mxproof plan example.com --lab incident" in refused.splitlines()[-1]
    for options in (
        ("--lab", "direct"),
        ("--lab", "incident", "--brief"),
        ("--lab", "incident", "--format", "csv"),
    ):
        assert b"mxproof plan" not in mxproof("check", "example.com", *options).stdout

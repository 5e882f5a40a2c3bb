"""`mxproof plan`: the ways out of a scenario or a file, as text and as JSON, with the exit status that they call for."""

import json
from pathlib import Path

import pytest

from support_cli import mxproof, one_line
from support_long import EXHAUSTIVE
from support_pem import issued, pem, trusted


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a file with the evidence of the incident."""
    path = tmp_path_factory.mktemp("saved") / "incident.json"
    path.write_bytes(mxproof("collect", "example.com", "--lab", "incident").stdout)
    return str(path)


@pytest.fixture(scope="module")
def planned(saved: str) -> bytes:
    """Return the plan for the incident, as JSON."""
    return mxproof("plan", "--from", saved, "--format", "json").stdout


def test_ways_out_of_the_incident_are_found() -> None:
    got = mxproof("plan", "example.com", "--lab", "incident", "--format", "json")
    plan = json.loads(got.stdout)
    assert (got.returncode, got.stderr, plan["schema_version"]) == (1, b"", 1)
    assert [way["kinds"] for way in plan["ways"]] == [
        ["addresses"],
        ["serve-policy", "certificate"],
        ["serve-policy", "mx-target", "certificate"],
    ]


def test_nothing_to_do_is_status_0() -> None:
    got = mxproof("plan", "example.com", "--lab", "fixed")
    assert (got.returncode, got.stderr) == (0, b"")


def test_no_way_is_status_3() -> None:
    assert mxproof("plan", "example.com", "--lab", "null-mx").returncode == 3


@EXHAUSTIVE
def test_a_file_is_planned_without_asking_and_alike_each_time(saved: str, planned: bytes) -> None:
    got = mxproof("plan", "--from", saved, "--format", "json")
    assert (got.returncode, got.stderr, got.stdout) == (1, b"", planned)


@EXHAUSTIVE
def test_stdin_is_a_file(saved: str) -> None:
    got = mxproof("plan", "example.com", "--from", "-", stdin=Path(saved).read_bytes())
    assert got.returncode == 1


@EXHAUSTIVE
@pytest.mark.parametrize("width", ["60", "80"])
def test_the_text_fits_its_paper(saved: str, width: str) -> None:
    """Records are never wrapped: they are to be pasted."""
    got = mxproof("plan", "--from", saved, "--width", width)
    lines = [line for line in got.stdout.decode().splitlines() if line.strip()[:1] not in {"+", "-"}]
    assert max(map(len, lines)) <= int(width)


def test_more_sets_of_checks_are_asked_where_they_are_named() -> None:
    full = mxproof("plan", "example.com", "--lab", "tls-suites-old", "--only", "tls", "--format", "json")
    assert (full.returncode, len(json.loads(full.stdout)["ways"])) == (1, 1)
    assert mxproof("plan", "example.com", "--lab", "tls-suites-old").returncode == 0


def test_a_file_cannot_be_asked_more_than_it_has(saved: str) -> None:
    got = mxproof("plan", "--from", saved, "--full")
    assert (got.returncode, got.stdout) == (2, b"")


def test_options_narrow_the_search(saved: str) -> None:
    got = mxproof("plan", "--from", saved, "--keep", "dns", "--keep", "mx", "--format", "json")
    assert [way["kinds"] for way in json.loads(got.stdout)["ways"]] == [["serve-policy", "certificate"]]
    assert mxproof("plan", "--from", saved, "--sender", "google").returncode == 0


def test_the_way_to_a_planned_state_is_found_live_and_from_a_file(saved: str, tmp_path: Path) -> None:
    planned = ("--set", "mxi1 A 192.0.2.25", "--set", "mxi2 A 198.51.100.25")
    for source in (("--from", saved), ("example.com", "--lab", "incident")):
        got = mxproof("plan", *source, *planned, "--format", "json")
        plan = json.loads(got.stdout)
        assert (got.returncode, got.stderr) == (1, b"")
        assert [way["kinds"] for way in plan["ways"]] == [["planned"]]
        assert [one["kind"] for one in plan["target"]][:2] == ["withdraw", "withdraw"]
        assert all(step["change"] == step["changes"][0] for step in plan["ways"][0]["steps"])


def test_a_planned_state_that_is_there_is_status_0_and_one_that_loses_mail_is_status_3(saved: str) -> None:
    assert mxproof("plan", "--from", saved, "--set", "mxi1 CNAME smol").returncode == 0
    lost = mxproof("plan", "--from", saved, "--set", "@ MX 10 mx9", "--set", "mx9 A 192.0.2.99")
    assert (lost.returncode, lost.stderr) == (3, b"")


def test_the_way_to_a_planned_state_is_written_and_verified_like_any_other(
    saved: str, tmp_path: Path
) -> None:
    folder = tmp_path / "move"
    wrote = mxproof("plan", "--from", saved, "--unset", "_mta-sts TXT", "--write", str(folder))
    assert wrote.returncode == 1
    assert mxproof("plan", "--verify", str(folder / "plan.json"), "--from", saved).returncode == 0


def test_a_certificate_brings_the_records_that_name_it(tmp_path: Path) -> None:
    file = tmp_path / "new.pem"
    file.write_bytes(pem(issued("mx1.example.com")))
    given = ("--cert", f"mx1.example.com={file}", "--lab", "tlsa-right", "--format", "json")
    plan = json.loads(mxproof("plan", "example.com", *given, env=trusted(tmp_path)).stdout)
    kinds = [one["kind"] for step in plan["ways"][0]["steps"] for one in step["changes"]]
    assert kinds == ["publish", "certificate", "withdraw"]


def test_a_way_is_written_and_then_verified(saved: str, tmp_path: Path) -> None:
    folder = tmp_path / "way"
    wrote = mxproof("plan", "--from", saved, "--write", str(folder))
    assert (wrote.returncode, len(wrote.stderr.splitlines())) == (1, 1)
    plan = str(folder / "plan.json")
    assert mxproof("plan", "--verify", plan, "--from", saved).returncode == 0
    live = mxproof("plan", "--verify", plan, "--lab", "incident", "--format", "json")
    told = json.loads(live.stdout)
    assert (live.returncode, told["schema_version"], told["advice"], told["next_step"]) == (0, 1, "go-on", 1)


@EXHAUSTIVE
def test_a_step_is_not_made_in_the_future(saved: str, planned: bytes, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_bytes(planned)
    got = mxproof("plan", "--verify", str(plan), "--from", saved, "--made", "2999-01-01")
    assert (got.returncode, got.stdout) == (2, b"")
    assert "2999-01-01" in one_line(got.stderr)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"domain": "example.com"', b'"domain": "no domain"'),
        (b'"schema_version": 1', b'"schema_version": 2'),
        (b'"at_s": 0', b'"at_s": -1'),
    ],
)
def test_a_plan_that_somebody_broke_is_refused_in_one_line(
    saved: str, planned: bytes, tmp_path: Path, old: bytes, new: bytes
) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(planned.replace(old, new, 1))
    got = mxproof("plan", "--verify", str(file), "--from", saved)
    assert (got.returncode, got.stdout, file.read_bytes() != planned) == (2, b"", True)
    assert one_line(got.stderr).startswith(f"mxproof: {file}: ")


def test_a_way_is_written_to_no_folder_that_holds_something(saved: str, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("")
    got = mxproof("plan", "--from", saved, "--write", str(tmp_path))
    assert (got.returncode, got.stdout) == (2, b"")
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("folder", ["nowhere/way", "file", "file/way"])
def test_a_folder_that_could_not_be_made_is_refused_before_anybody_is_asked(
    tmp_path: Path, folder: str
) -> None:
    (tmp_path / "file").write_text("")
    got = mxproof("plan", "example.com", "--resolver", "192.0.2.53", "--write", str(tmp_path / folder))
    assert (got.returncode, got.stdout) == (2, b"")
    assert folder in one_line(got.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--verify", "nowhere.json"),
        ("--verify", "SAVED"),
        ("--from", "SAVED", "--made", "2026-11-03"),
        ("--from", "SAVED", "--write", "never", "--way", "9"),
        ("example.org", "--from", "SAVED"),
        ("--from", "SAVED", "--lab", "incident"),
        ("--from", "SAVED", "--sender", "nobody"),
        ("--from", "nowhere.json"),
        ("--set", "mxi1 A 192.0.2.25"),
        ("--from", "SAVED", "--set", "mxi1 A nowhere"),
        ("--from", "SAVED", "--zone", "nowhere"),
        ("--verify", "SAVED", "--unset", "_mta-sts TXT"),
        ("example.com", "--max-changes", "0"),
    ],
)
def test_wrong_usage_is_one_line(saved: str, arguments: tuple[str, ...]) -> None:
    given = [saved if one == "SAVED" else one for one in arguments]
    got = mxproof("plan", *given)
    assert (got.returncode, got.stdout) == (2, b"")
    assert one_line(got.stderr)

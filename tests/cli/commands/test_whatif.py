"""`mxproof whatif`: a question about a file, stdin or a lab, with the status of the state after the change."""

import json
from pathlib import Path

import pytest

from support_cli import mxproof, one_line

INCIDENT = str(Path(__file__).parents[2] / "cases" / "incident.evidence.json")
FIX = ("--set", "mxi1 A 192.0.2.25", "--set", "mxi2 A 198.51.100.25")


def test_what_mends_the_incident_is_status_0_and_told_as_a_change() -> None:
    got = mxproof("whatif", INCIDENT, *FIX, "--format", "json")
    made = json.loads(got.stdout)
    assert (got.returncode, got.stderr, made["schema_version"], made["domain"]) == (0, b"", 1, "example.com")
    assert [one["kind"] for one in made["changes"]] == ["withdraw", "withdraw", "publish", "publish"]


def test_stdin_and_a_lab_are_asked_alike() -> None:
    assert mxproof("whatif", "-", *FIX, stdin=Path(INCIDENT).read_bytes()).returncode == 0
    assert mxproof("whatif", "example.com", "--lab", "incident", *FIX).returncode == 0


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--mode", "testing"), 0),
        (("--unset", "_mta-sts TXT"), 0),
        (("--unset", "mxi1 cname", "--unset", "mxi2.example.com. CNAME"), 1),
        (("--set", "mxi1 CNAME tol"), 1),
        (("--set", "@ MX 10 mx9", "--set", "mx9 A 192.0.2.99"), 1),
        (("--unset", "_mta-sts TXT", "--set", "@ MX 10 mx9", "--set", "mx9 A 192.0.2.99"), 3),
    ],
)
def test_the_status_is_that_of_the_state_after_the_change(options: tuple[str, ...], status: int) -> None:
    assert mxproof("whatif", INCIDENT, *options).returncode == status


def test_another_policy_comes_with_a_new_id_unless_one_is_given(tmp_path: Path) -> None:
    policy = tmp_path / "new.txt"
    policy.write_text("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 86400\n")
    kinds = []
    for more in ((), ("--set", '_mta-sts TXT "v=STSv1; id=20260301T090000;"')):
        got = mxproof("whatif", INCIDENT, "--policy", str(policy), *more, "--format", "json")
        kinds.append([one["kind"] for one in json.loads(got.stdout)["changes"]])
    assert kinds == [["serve-policy", "withdraw", "publish"], ["serve-policy"]]


@pytest.mark.parametrize("width", ["60", "80"])
def test_the_text_fits_its_paper(width: str) -> None:
    got = mxproof("whatif", INCIDENT, "--set", "@ MX 10 mx9", "--width", width)
    assert max(map(len, got.stdout.decode().splitlines())) <= int(width)


@pytest.mark.parametrize(
    "arguments",
    [
        (INCIDENT,),
        (INCIDENT, "--set", "mxi1 A"),
        (INCIDENT, "--set", "mxi1 BOGUS 1"),
        (INCIDENT, "--unset", "mxi1"),
        (INCIDENT, "--unset", "mxi1 BOGUS"),
        (INCIDENT, *FIX, "--lab", "incident"),
        ("nowhere.json", *FIX),
        ("no domain", *FIX),
    ],
)
def test_wrong_usage_is_one_line(arguments: tuple[str, ...]) -> None:
    got = mxproof("whatif", *arguments)
    assert (got.returncode, got.stdout) == (2, b"")
    assert one_line(got.stderr)

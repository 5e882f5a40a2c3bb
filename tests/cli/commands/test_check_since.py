"""`mxproof check --since` and `mxproof replay --since`, as a process."""

import json
from pathlib import Path

from support_cli import mxproof, one_line


def _codes(stdout: bytes) -> list[str]:
    return [one["code"] for one in json.loads(stdout)["findings"]]


def test_a_policy_that_was_changed_without_its_id_is_found_by_what_was_seen_earlier(tmp_path: Path) -> None:
    then, now = tmp_path / "then.json", tmp_path / "now.json"
    then.write_bytes(mxproof("collect", "example.com", "--lab", "one-mx-down").stdout)
    now.write_bytes(mxproof("collect", "example.com", "--lab", "testing-mismatch").stdout)
    asked = mxproof("replay", str(now), "--since", str(then), "--format", "json")
    alone = mxproof("replay", str(now), "--format", "json")
    assert "sts-id-unchanged" in _codes(asked.stdout)
    assert "sts-id-unchanged" not in _codes(alone.stdout)
    live = mxproof(
        "check", "example.com", "--lab", "testing-mismatch", "--since", str(then), "--format", "json"
    )
    assert "sts-id-unchanged" in _codes(live.stdout)


def test_evidence_of_another_domain_or_none_is_refused(tmp_path: Path) -> None:
    then = tmp_path / "then.json"
    then.write_bytes(mxproof("collect", "example.com", "--lab", "plain").stdout)
    for arguments in (("check", "example.org", "--lab", "direct"), ("check", "example.com", "example.net")):
        got = mxproof(*arguments, "--since", str(then))
        assert (got.returncode, got.stdout) == (2, b"")
    gone = mxproof("replay", str(then), "--since", str(tmp_path / "gone.json"))
    assert (gone.returncode, gone.stdout) == (2, b"")
    assert "gone.json" in one_line(gone.stderr)


def test_evidence_without_a_policy_is_nothing_to_compare_with(tmp_path: Path) -> None:
    then = tmp_path / "then.json"
    then.write_bytes(mxproof("collect", "example.com", "--lab", "plain").stdout)
    got = mxproof("replay", str(then), "--since", str(then))
    assert (got.returncode, bool(got.stdout)) == (0, True)
    assert "then.json" in one_line(got.stderr)

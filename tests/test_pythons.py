"""Which interpreters the tests are run with beside the default one."""

import sys
from pathlib import Path

import pythons

OTHER = 12 if sys.version_info.minor != 12 else 13


def interpreter(folder: Path, minor: int, patch: int, status: int = 0) -> Path:
    """Make a program that tells a version as an interpreter does."""
    folder.mkdir(parents=True)
    path = folder / f"python3.{minor}"
    path.write_text(f"#!/bin/sh\necho 3 {minor} {patch}\nexit {status}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_of_several_patch_releases_the_newest_is_taken(tmp_path: Path) -> None:
    older = interpreter(tmp_path / "versions" / f"3.{OTHER}.9" / "bin", OTHER, 9)
    newer = interpreter(tmp_path / "versions" / f"3.{OTHER}.10" / "bin", OTHER, 10)
    on_path = interpreter(tmp_path / "usr", OTHER, 2)
    assert pythons.interpreters(tmp_path, str(tmp_path / "usr")) == {OTHER: newer}
    newer.unlink()
    older.unlink()
    assert pythons.interpreters(tmp_path, str(tmp_path / "usr")) == {OTHER: on_path}


def test_what_does_not_run_and_what_is_the_default_is_passed_over(tmp_path: Path) -> None:
    interpreter(tmp_path / "usr", OTHER, 1, status=1)
    interpreter(tmp_path / "versions" / "own" / "bin", sys.version_info.minor, 99)
    assert pythons.interpreters(tmp_path, str(tmp_path / "usr")) == {}

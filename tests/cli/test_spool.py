"""Pieces that wait for their turn: as they went in, wherever they are kept, and nothing of them left."""

import os
from pathlib import Path

import pytest

from mxproof.cli.spool import MEMORY_BYTES_MAX, Spool
from support_long import EXHAUSTIVE

PIECES = ["one\r\n", "zwei \u2713\n", "\udcff", ""]


@EXHAUSTIVE
@pytest.mark.parametrize("times", [1, MEMORY_BYTES_MAX // 8])
def test_what_went_in_comes_out(times: int) -> None:
    with Spool() as spool:
        for _ in range(times):
            for piece in PIECES:
                spool.append(piece)
        assert "".join(spool) == "".join(PIECES) * times


def test_nothing_is_left_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", os.fspath(tmp_path))
    with Spool() as spool:
        spool.append("x" * (MEMORY_BYTES_MAX + 1))
        assert list(tmp_path.iterdir()) == []
        assert sum(map(len, spool)) == MEMORY_BYTES_MAX + 1

"""What another process is at."""

import pytest

from mxproof.cli.occupied import unoccupied
from mxproof.store.journal.error import OccupiedError


def test_what_another_process_is_at_is_said_and_the_others_are_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def work(name: str) -> str:
        if name == "b.example":
            raise OccupiedError("another process is at b.example")
        return name.upper()

    assert list(unoccupied(work, ("a.example", "b.example", "c.example"))) == ["A.EXAMPLE", "C.EXAMPLE"]
    assert "b.example" in capsys.readouterr().err

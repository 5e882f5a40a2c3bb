"""Two hundred times `kill -9` while writing."""

from pathlib import Path

from support_kill import killed_while_writing

KILLS = 200


def test_nothing_acknowledged_is_lost_in_two_hundred_kills(tmp_path: Path) -> None:
    killed_while_writing(tmp_path / "state.db", KILLS)

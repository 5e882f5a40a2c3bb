"""The page of what the tests notice: what was measured, what came of it later, and why nobody notices the rest."""

from pathlib import Path

import msgspec
import pytest

from mutant_scores import (
    FOLDER,
    Chosen,
    Measured,
    Reason,
    Survivor,
    by_hand,
    measured,
    page,
    put_down,
    reasons,
)
from mutants import PACKAGE, ROOT

LEFT = Survivor("mail/caa.py", 69, 2048, 'if a | b or not "`":', "or -> and")


def _row(noticed: int, *survived: Survivor, seed: int = 8461, on: str = "2026-11-27") -> Measured:
    return Measured("mail", seed, on, "03cb8571d19c9031", 400, 60, noticed, survived)


def _cells(text: str, first: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith(f"| {first}")
    ]


def test_what_is_put_down_is_read_again_in_order(tmp_path: Path) -> None:
    rows = [_row(30, LEFT), _row(59, on="2026-11-28")]
    for one in rows:
        put_down(one, tmp_path)
    assert measured(tmp_path) == rows


def test_of_a_seed_the_newest_counts_and_the_first_is_told_beside_it() -> None:
    text = page([_row(30, LEFT), _row(58, on="2026-11-28"), _row(45, seed=7)], [])
    assert _cells(text, "mail |") == [
        ["mail", "7", "60", "45", "0.75", "2026-11-27", ""],
        ["mail", "8461", "60", "58", "0.96", "2026-11-28", "30 of 60, 2026-11-27"],
    ]
    assert "Together 103 of 120 were noticed, 0.85" in text
    assert "none is below it" in text
    assert LEFT.module not in text


def test_where_only_some_tests_were_asked_it_is_told_as_a_lower_bound() -> None:
    few = msgspec.structs.replace(_row(30, LEFT), by_room=False)
    cells = _cells(page([few, _row(58)], []), "mail |")[0]
    assert (cells[3], cells[6]) == ("58", "at least 30 of 60, 2026-11-27")
    assert _cells(page([few], []), "mail |")[0][3] == "at least 30"


def test_a_share_is_never_rounded_up_and_a_room_with_too_little_is_named() -> None:
    text = page([Measured("mail", 1, "2026-11-27", "", 1000, 1000, 749, ())], [])
    assert _cells(text, "mail |")[0][4] == "0.74"
    assert "below it: mail" in text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([], "not looked into"),
        ([Reason(LEFT.module, LEFT.text, "and -> or", "another change")], "not looked into"),
        ([Reason(LEFT.module, LEFT.text, LEFT.change, "it is slow")], "it is slow"),
        (
            [Reason(LEFT.module, LEFT.text, LEFT.change, "so be it", equivalent=True)],
            "_Equivalent._ so be it",
        ),
    ],
)
def test_a_survivor_is_told_with_what_was_said_of_it(said: list[Reason], why: str) -> None:
    line = next(line for line in page([_row(59, LEFT)], said).splitlines() if LEFT.module in line)
    assert line == rf'| `mail/caa.py`: `or -> and` | `` if a \| b or not "`": `` | {why} |'


def test_each_reason_is_of_a_line_that_is_there() -> None:
    gone = [
        one
        for one in reasons()
        if one.text
        not in {
            line.strip() for line in (ROOT / PACKAGE / one.module).read_text(encoding="utf-8").splitlines()
        }
    ]
    assert gone == []


def test_a_reason_stands_in_the_file_of_its_room_and_once() -> None:
    for path in (one for one in FOLDER.glob("*.toml") if one.stem != "by-hand"):
        said = [one for one in reasons() if one.module.startswith(f"{path.stem}/")]
        assert path.read_text(encoding="utf-8").count("[[reason]]") == len(said) > 0
        assert len({(one.module, one.text, one.change) for one in said}) == len(said)


def test_what_was_chosen_by_hand_is_told_by_room_and_day_and_together() -> None:
    chosen = [Chosen("mail", "2026-11-28", 3, 2), Chosen("net", "2026-11-28", 6, 6)]
    text = page([], [], chosen)
    part = text.partition("## Chosen by hand\n")[2].partition("## What no test noticed\n")[0]
    assert _cells(part, "mail |") == [["mail", "2026-11-28", "3", "2"]]
    assert _cells(part, "net |") == [["net", "2026-11-28", "6", "6"]]
    assert part.endswith("\nTogether 8 of 9 were noticed, 0.88.\n\n")
    assert "Chosen by hand" not in page([], [])


def test_what_was_chosen_by_hand_is_of_rooms_that_are_there_and_no_more_was_noticed() -> None:
    found = by_hand()
    assert found == sorted(found, key=lambda one: (one.room, one.on))
    assert [one for one in found if not (ROOT / PACKAGE / one.room).is_dir()] == []
    assert [one for one in found if not 0 <= one.noticed <= one.changes] == []
    assert len({(one.room, one.on) for one in found}) == len(found) > 0

"""The tool that tries whether the tests notice: which changes it makes, and what it makes of how the tests end."""

import ast
from pathlib import Path

import pytest

from mutant_places import Mutant, mutants, places
from mutant_scores import Measured
from mutants import EACH, ROOMS, ROOT, SEED, Order, Proving, _outcomes, digest_of, last_measured
from mutants import tests_of as named_for
from support_long import EXHAUSTIVE

pytestmark = EXHAUSTIVE

PACKAGE = ROOT / "src" / "mxproof"
SOURCE = '''\
"""Über alles."""
SIZE_MAX = 9

def f(a, b):
    if a and b:
        return True
    if a < b:
        return min(a, b)
    return [x for x in a[:3] if x is not None] or f"{a and b}"
'''
CHANGES = {
    (2, "9", "10"),
    (5, "and", "or"),
    (5, "a and b", "(not (a and b))"),
    (6, "True", "False"),
    (7, "<", "<="),
    (8, "min", "max"),
    (9, "3", "4"),
    (9, "x is not None", "True"),
    (9, "is not", "is"),
    (9, "or", "and"),
}


def test_every_condition_bound_and_outcome_is_a_place_but_in_an_f_string() -> None:
    assert {(one.line, one.old, one.new) for one in places("room/file.py", SOURCE)} == CHANGES


def test_a_change_is_the_one_that_it_names_and_still_python() -> None:
    whole = SOURCE.encode()
    for one in places("room/file.py", SOURCE):
        assert whole[one.start : one.end].decode() == one.old
        changed = whole[: one.start] + one.new.encode() + whole[one.end :]
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(whole)), one


def test_the_same_changes_are_drawn_each_time_and_no_more_than_asked_for() -> None:
    drawn = mutants(PACKAGE / "evidence", EACH, SEED)
    assert drawn == mutants(PACKAGE / "evidence", EACH, SEED)
    assert len(drawn) == len(set(drawn)) == EACH


def test_the_rooms_are_there() -> None:
    assert [room for room in ROOMS if not (PACKAGE / room / "__init__.py").exists()] == []


def test_a_module_meets_the_tests_named_after_it_or_else_those_of_its_room_that_import_it(
    tmp_path: Path,
) -> None:
    tests = {
        "room/inner/test_file.py": "",
        "room/inner/test_file_laws.py": "",
        "room/test_whole.py": "import os\nfrom mxproof.room.inner.file import f\n",
        "room/test_by_name.py": "from mxproof.room.inner import file, other\n",
        "room/test_other.py": "from mxproof.room.inner.files import f\nfrom mxproof.room.inner import other\n",
        "room/support_file.py": "from mxproof.room.inner.file import f\n",
        "else/test_far.py": "from mxproof.room.inner.file import f\n",
    }
    for name, text in tests.items():
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / name).write_text(text, encoding="utf-8")
    mirrored, importing = list(tests)[:2], ["room/test_by_name.py", "room/test_whole.py"]
    assert named_for("room/inner/file.py", tmp_path) == tuple(f"tests/{name}" for name in mirrored)
    for name in mirrored:
        (tmp_path / "tests" / name).unlink()
    assert named_for("room/inner/file.py", tmp_path) == tuple(f"tests/{name}" for name in importing)
    assert named_for("room/none_such.py", tmp_path) == ()


@pytest.mark.parametrize(("asserted", "is_noticed"), [("half(4) == 2", True), ("half(0) == 0", False)])
def test_a_change_is_noticed_by_a_test_that_fails_of_it(
    tmp_path: Path, asserted: str, *, is_noticed: bool
) -> None:
    module = tmp_path / "src" / "mxproof" / "half.py"
    module.parent.mkdir(parents=True)
    source = "def half(n: int) -> int:\n    return n // 2\n"
    module.write_text(source, encoding="utf-8")
    # A package of its own, so that it comes before one that is installed.
    (module.parent / "__init__.py").touch()
    test = f"from mxproof.half import half\n\ndef test_half():\n    assert {asserted}\n"
    (tmp_path / "test_half.py").write_text(test, encoding="utf-8")
    start = source.index("2")
    proving = Proving(tmp_path, passed_s={("test_half.py",): 1.0})
    assert proving.notices(Mutant("half.py", start, start + 1, 2, "2", "3"), ("test_half.py",)) is is_noticed
    assert module.read_text(encoding="utf-8") == source


def test_tests_that_fail_without_a_change_measure_none(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert not 1\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        Proving(tmp_path).notices(Mutant("half.py", 0, 0, 1, "", ""), ("test_it.py",))


def test_the_newest_row_of_a_seed_is_the_one_that_is_tried_again() -> None:
    first, other, newest = (
        Measured("mail", seed, "2026-11-27", "", 9, 9, 9 - seed, ()) for seed in (1, 2, 1)
    )
    assert last_measured([first, newest, other], "mail", 1) is newest
    assert last_measured([first, newest, other], "judge", 1) is None


def test_sources_are_told_from_others_by_names_and_content(tmp_path: Path) -> None:
    digests = set()
    for number, (name, text) in enumerate([("a.py", "x"), ("a.py", "y"), ("b.py", "x"), ("c/a.py", "x")]):
        file = tmp_path / str(number) / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
        digests.add(digest_of(tmp_path / str(number)))
        assert digest_of(tmp_path / str(number)) in digests
    assert len(digests) == 4


def test_a_room_whose_tests_cannot_be_loaded_measures_nothing(tmp_path: Path) -> None:
    """Rather than that every change was noticed, for no test passed."""
    (tmp_path / "test_it.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    order = Order((Mutant("half.py", 0, 0, 1, "", ""),))
    with pytest.raises(SystemExit, match="1 changes"):
        list(_outcomes(Proving(tmp_path), ("test_it.py",), order))

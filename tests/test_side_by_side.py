"""Tests in several processes at once: each file is run once, and whatever goes wrong in a process is told."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from side_by_side import APART, NO_TESTS, ROOT, Stretches, files
from side_by_side import EXHAUSTIVE as EXHAUSTIVELY
from support_long import EXHAUSTIVE, some_rows

pytestmark = EXHAUSTIVE

TOOL = ROOT / "tools" / "side_by_side.py"
ON_ONE_PROCESSOR = (
    "import os, sys\n"
    "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of tests with a configuration of its own, so that nothing of these tests is loaded."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n\n@pytest.fixture(scope='session')\ndef made():\n    return []\n"
    )
    return tmp_path


def lay(folder: Path, name: str, *lines: str) -> str:
    """Write a file of tests and return where it is."""
    path = folder / f"test_{name}.py"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def run(*names: str, before: Sequence[str] = ()) -> tuple[int, str]:
    """Run the files; return the exit status, and what was printed."""
    command = [sys.executable, *before, str(TOOL), *names]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, env=alone, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode, done.stdout.decode()


def test_each_file_is_handed_out_once_and_those_beside_it_to_the_same_process() -> None:
    all_files = [Path(name) for name in "abcdef"]
    stretches = Stretches(all_files, 2)
    assert [stretches.next(0) for _ in range(2)] == all_files[:2]
    assert stretches.next(1) == all_files[3]
    assert [stretches.next(0) for _ in range(2)] == [all_files[2], all_files[5]]
    assert [stretches.next(1), stretches.next(1), stretches.next(0)] == [all_files[4], None, None]


def test_files_of_folders_that_leave_them_out_are_not_run() -> None:
    apart = {one.parent for one in ROOT.glob("tests/**/conftest.py") if "collect_ignore" in one.read_text()}
    assert apart == {ROOT / "tests" / folder for folder in APART}
    found = files([])
    assert Path(__file__) in found
    assert [one for one in (*found, *files(["tests/real/packages"])) if apart & {*one.parents}] == []


def test_every_file_with_the_rest_of_a_product_or_with_a_law_is_one_for_the_exhaustive_run() -> None:
    found = {*files([], EXHAUSTIVELY)}
    assert Path(__file__) in found
    without = [one for one in files([]) if one not in found]
    assert without
    assert [one for one in without if re.search(r"exhaustive|hypothesis|@given", one.read_text())] == []


@pytest.mark.parametrize(
    ("options", "passed"), some_rows([((), 2), ((EXHAUSTIVELY,), 2), (("--all",), 3)], 3)
)
def test_what_is_exhaustive_is_left_out_or_run_apart_and_laws_are_run_in_both(
    folder: Path, options: tuple[str, ...], passed: int
) -> None:
    marks = ("exhaustive", "law", "other")
    lines = (line for one in marks for line in (f"@pytest.mark.{one}", f"def test_{one}(): pass"))
    named = lay(folder, "a", "import pytest", "# the first mark is that of support_long", *lines)
    status, printed = run(*options, named)
    assert (status, printed.splitlines()[-1]) == (0, f"{passed} passed, 0 failed, 0 skipped")


def test_files_that_are_named_and_those_in_folders_are_run(folder: Path) -> None:
    lay(folder, "a", "def test_a(): pass")
    (folder / "inner").mkdir()
    named = lay(folder / "inner", "b", "def test_b(): pass")
    assert files([str(folder)]) == [folder / "inner" / "test_b.py", folder / "test_a.py"]
    assert files([named]) == [Path(named)]


def test_what_passes_is_counted_and_the_session_of_a_process_is_one(folder: Path) -> None:
    empty = lay(folder, "a")
    one, two = (
        lay(folder, name, "def test_a(made):", "    made.append(1)", f"    assert len(made) == {length}")
        for name, length in (("b", 1), ("d", 2))
    )
    skipped = lay(folder, "c", "import pytest", "def test_a(): pytest.skip('not here')")
    status, printed = run(empty, one, skipped, two, before=("-c", ON_ONE_PROCESSOR))
    assert (status, printed.splitlines()[-1]) == (0, "2 passed, 0 failed, 1 skipped")


@EXHAUSTIVE
def test_what_a_folder_defines_is_there_for_each_of_its_files(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "conftest.py").write_text(
        "import pytest\n\n\n@pytest.fixture(scope='session')\ndef kept():\n    return []\n"
    )
    one, two = (
        lay(inner, name, "def test_a(kept):", "    kept.append(1)", f"    assert len(kept) == {length}")
        for name, length in (("a", 1), ("b", 2))
    )
    status, printed = run(one, two, before=("-c", ON_ONE_PROCESSOR))
    assert (status, printed.splitlines()[-1]) == (0, "2 passed, 0 failed, 0 skipped")


def test_what_tests_write_is_below_a_folder_of_their_process_which_is_gone_after_the_run(
    folder: Path,
) -> None:
    lines = ("def test_a(tmp_path):", "    print(f'{tmp_path} is where')", "    assert False")
    _, printed = run(*(lay(folder, name, *lines) for name in "ab"))
    written = [Path(line.split()[0]) for line in printed.splitlines() if line.endswith(" is where")]
    processes = {one.parents[1] for one in written}
    assert (len(written), len(processes)) == (2, min(2, len(os.sched_getaffinity(0))))
    assert [one for one in processes if one.exists()] == []


def test_what_fails_or_cannot_be_read_is_shown_and_the_others_are_run(folder: Path) -> None:
    unreadable = lay(folder, "a", "raise ValueError('unreadable')")
    wrong = lay(folder, "b", "def test_b(): assert 3 == 4")
    good = [lay(folder, f"good_{number}", "def test_a(): pass") for number in range(2)]
    status, printed = run(unreadable, wrong, *good)
    assert (status, printed.splitlines()[-1]) == (1, "2 passed, 2 failed, 0 skipped")
    assert "ValueError: unreadable" in printed
    assert "assert 3 == 4" in printed


def test_a_process_that_ends_early_is_told_with_the_file_it_had(folder: Path) -> None:
    status, printed = run(lay(folder, "gone", "import os", "def test_a(): os._exit(0)"))
    assert status == 1
    assert f"== a process ended with 0 at {folder}/test_gone.py" in printed


@EXHAUSTIVE
def test_where_nothing_is_tested_the_run_says_so(folder: Path) -> None:
    assert run(lay(folder, "empty"))[0] == NO_TESTS

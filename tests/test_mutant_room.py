"""The tests of a room, loaded once: what becomes of each change, and of the file that was changed."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from mutant_places import Mutant
from mutants import ROOT, Order, Outcome
from support_long import EXHAUSTIVE

pytestmark = EXHAUSTIVE

SOURCE = """\
LOW = 9

def small(n):
    return True if n < LOW else False

def large(n):
    return n > 90 and n < 99

def unmet(n):
    return n == 5

def counted(n):
    return n * 2 if n != 7 else 0

def printed(n):
    return n if n is not None else 1

ODD = tuple(n for n in range(9) if n % 2)
"""
TESTS = """\
from mxproof.sizes import small, large

def test_small():
    assert small(8) and not small(9)

def test_large():
    assert large(95)

def test_that_fails_anyway():
    assert not small(8)
"""
REMEMBERING = """\
import functools
from mxproof.sizes import counted

@functools.cache
def remembered():
    return counted(3)
"""
WORKED_OUT = """\
from support_sizes import remembered

def test_worked_out():
    remembered()
"""
LOOKED_AT = WORKED_OUT.replace("worked_out", "looked_at").replace(
    "    remembered()", "    assert remembered() == 6"
)
PROGRAM = """\
import subprocess, sys

def test_program():
    said = "from mxproof.sizes import printed; print(printed(4))"
    assert subprocess.check_output((sys.executable, "-c", said)) == b"4\\n"
"""
FILES = {
    "test_sizes.py": TESTS,
    "support_sizes.py": REMEMBERING,
    "test_a_worked_out.py": WORKED_OUT,
    "test_b_looked_at.py": LOOKED_AT,
    "test_program.py": PROGRAM,
}
SMALL, LARGE = "test_sizes.py::test_small", "test_sizes.py::test_large"


def _change(old: str, new: str) -> Mutant:
    start = SOURCE.index(old)
    return Mutant("sizes.py", start, start + len(old), SOURCE.count("\n", 0, start) + 1, old, new)


CHANGES = {
    "a bound that is tested": _change("n < LOW", "n <= LOW"),
    "an outcome that is tested": _change("True if", "False if"),
    "a condition that is not": _change("and", "or"),
    "a function that no test enters": _change("==", "!="),
    "a constant": _change("9\n", "10\n"),
    "a constant that is made of several": _change("if n % 2)", "if True)"),
    "what another file worked out": _change("!= 7", "== 7"),
    "what a program prints": _change("is not", "is"),
}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Outcome], str]:
    """Return a copy, what was said of each change, and what was said beside that."""
    copy = tmp_path_factory.mktemp("copy")
    module = copy / "src" / "mxproof" / "sizes.py"
    module.parent.mkdir(parents=True)
    module.write_text(SOURCE, encoding="utf-8")
    (module.parent / "__init__.py").touch()
    for name, text in FILES.items():
        (copy / name).write_text(text, encoding="utf-8")
    run = subprocess.run(
        (sys.executable, str(ROOT / "tools" / "mutant_room.py"), "."),
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        input=msgspec.json.encode(Order(tuple(CHANGES.values()))),
        capture_output=True,
        check=True,
        timeout=300,
    )
    lines = [line for line in run.stdout.splitlines() if line.startswith(b"{")]
    said = [msgspec.json.decode(line, type=Outcome) for line in lines]
    assert [one.mutant for one in said] == list(CHANGES.values())
    return copy, dict(zip(CHANGES, said, strict=True)), run.stderr.decode()


Tried = tuple[Path, dict[str, Outcome], str]


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ("a bound that is tested", SMALL),
        ("an outcome that is tested", SMALL),
        ("a condition that is not", ""),
        ("a function that no test enters", ""),
        ("what another file worked out", "test_b_looked_at.py::test_looked_at"),
        ("what a program prints", "test_program.py::test_program"),
    ],
)
def test_a_change_is_noticed_by_the_first_test_that_fails_of_it(tried: Tried, change: str, by: str) -> None:
    outcome = tried[1][change]
    assert (outcome.is_noticed, outcome.by) == (bool(by), by)


@pytest.mark.parametrize("change", ["a constant", "a constant that is made of several"])
def test_a_constant_is_left_to_runs_of_their_own_with_the_files_that_enter_its_module(
    tried: Tried, change: str
) -> None:
    outcome = tried[1][change]
    assert outcome.is_noticed is None
    assert outcome.files == ("test_a_worked_out.py", "test_b_looked_at.py", "test_sizes.py")


def test_a_test_that_fails_without_a_change_notices_none_and_is_told(tried: Tried) -> None:
    assert "test_sizes.py::test_that_fails_anyway" in tried[2]
    assert "test_that_fails_anyway" not in {one.by.rpartition("::")[2] for one in tried[1].values()}


def test_the_source_stands_as_before(tried: Tried) -> None:
    assert (tried[0] / "src" / "mxproof" / "sizes.py").read_text(encoding="utf-8") == SOURCE


HANGING = """\
import os, signal
from mxproof.sizes import unmet

def test_waiting():
    if unmet(4):
        os.write(int(os.environ["TOLD"]), b"%d" % os.getpid())
        signal.pause()
"""


def test_a_run_that_is_ended_leaves_no_test_behind(tmp_path: Path) -> None:
    module = tmp_path / "src" / "mxproof" / "sizes.py"
    module.parent.mkdir(parents=True)
    module.write_text(SOURCE, encoding="utf-8")
    (module.parent / "__init__.py").touch()
    (tmp_path / "test_sizes.py").write_text(HANGING, encoding="utf-8")
    reading, writing = os.pipe()
    run = subprocess.Popen(
        (sys.executable, str(ROOT / "tools" / "mutant_room.py"), "."),
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(tmp_path / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TOLD": str(writing),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(writing,),
    )
    os.close(writing)
    with run, os.fdopen(reading, "rb", buffering=0) as told:
        assert run.stdin
        run.stdin.write(msgspec.json.encode(Order((CHANGES["a function that no test enters"],))))
        run.stdin.close()
        waiting = int(told.read(9))
        assert Path(f"/proc/{waiting}").exists()
        run.terminate()
    assert not Path(f"/proc/{waiting}").exists()

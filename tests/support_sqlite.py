"""A file of SQLite as another process finds it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

_LOOK = """
import sqlite3, sys
one = sqlite3.connect(sys.argv[1])
print(one.execute(sys.argv[2]).fetchone()[0])
one.close()
"""


def looked_into(path: Path, statement: str) -> int:
    """Have another process open a file, read a number, and close it, as one does that takes itself for the last."""
    return int(subprocess.check_output([sys.executable, "-c", _LOOK, str(path), statement]))


def changed(path: Path, *statements: str) -> None:
    """Change a file, which is made where there is none."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()

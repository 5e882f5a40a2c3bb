"""A file of SQLite as another process finds it."""

import subprocess
import sys
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

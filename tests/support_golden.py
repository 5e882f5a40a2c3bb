"""Golden files: what a renderer wrote when somebody last looked at it and found it good.

`MXPROOF_GOLDEN=write` in the environment writes them anew; the change is then reviewed as a diff.
"""

import os
from pathlib import Path


def golden(path: Path, got: bytes) -> bytes:
    """Return the content of the golden file at `path`, to compare with `got`."""
    if os.environ.get("MXPROOF_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(got)
    return path.read_bytes()

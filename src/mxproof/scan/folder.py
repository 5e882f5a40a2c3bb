"""The folder of a scan: where each part stands, and who works in it.

```
manifest.json           what is asked, of how many, and what there is
refused.txt             lines of the list that are no domain, with their numbers
roots.part              the trust anchors
domains/CCCCC.part      the domains of a chunk
evidence/CCCCC.part     all that was observed about them
tables/NAME/CCCCC.parquet
work/...                what is asked and answered while the scan runs; gone when it is finished
```
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from mxproof.scan.error import ScanError
from mxproof.scan.table import Table

DOMAINS_SECTION = 0
ROOTS_SECTION = 0
_LOCK_FILE = ".lock"


class ScanFolder(msgspec.Struct, frozen=True):
    """The places in the folder at `path`."""

    path: Path

    def domains(self, chunk: int) -> Path:
        """Return where the domains of a chunk stand."""
        return self.path / "domains" / f"{chunk:05}.part"

    def own(self, chunk: int) -> Path:
        """Return where the answers stand that belong to the domains of a chunk."""
        return self.path / "work" / "own" / f"{chunk:05}.part"

    def wanted(self, turn: int, chunk: int) -> Path:
        """Return where it stands what the domains of a chunk want to know in a turn."""
        return self.path / "work" / f"wanted-{turn:02}" / f"{chunk:05}.part"

    def answers(self, turn: int, bucket: int) -> Path:
        """Return where the answers of a bucket in a turn stand, a section a chunk."""
        return self.path / "work" / f"answers-{turn:02}" / f"{bucket:03}.part"

    def evidence(self, chunk: int) -> Path:
        """Return where the evidence of a chunk stands."""
        return self.path / "evidence" / f"{chunk:05}.part"

    def judged(self, chunk: int) -> Path:
        """Return where it stands that a chunk is judged, with how many domains have which outcome."""
        return self.path / "work" / "judged" / f"{chunk:05}.part"

    def table(self, table: Table, chunk: int) -> Path:
        """Return where the rows of a chunk stand."""
        return self.path / "tables" / table.name / f"{chunk:05}.parquet"

    def table_files(self, table: Table) -> str:
        """Return the pattern of all files of a table."""
        return str(self.path / "tables" / table.name / "*.parquet")

    @property
    def roots(self) -> Path:
        """Where the trust anchors stand."""
        return self.path / "roots.part"

    @property
    def refused(self) -> Path:
        """Where the lines stand that are no domain."""
        return self.path / "refused.txt"

    def clear_work(self) -> None:
        """Take away what only a scan under way needs."""
        shutil.rmtree(self.path / "work", ignore_errors=True)

    @contextmanager
    def worked_in(self) -> Iterator[None]:
        """Keep others from working in the folder; raises ScanError where somebody does."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path / _LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ScanError(f"{self.path}: the folder cannot be written ({error.strerror})") from None
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ScanError(f"{self.path}: another scan works in this folder") from None
            yield
        finally:
            os.close(lock)

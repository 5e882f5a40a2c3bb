"""Who works in the folder of a scan: one at a time, and the next once that one has ended, however it did."""

from pathlib import Path

import pytest

from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder


def test_one_at_a_time_works_in_a_folder_and_the_next_once_it_is_left(tmp_path: Path) -> None:
    folder, other = ScanFolder(tmp_path / "new" / "scan"), ScanFolder(tmp_path / "other")
    with folder.worked_in():
        with pytest.raises(ScanError, match="another scan works"), folder.worked_in():
            pass
        with other.worked_in():
            pass
        with pytest.raises(ScanError, match="another scan works"), folder.worked_in():
            pass
    with folder.worked_in():
        pass


@pytest.mark.parametrize("error", [ScanError("ours"), OSError("theirs"), KeyboardInterrupt()])
def test_a_folder_is_free_after_work_that_ended_with_an_error(tmp_path: Path, error: BaseException) -> None:
    folder = ScanFolder(tmp_path)
    with pytest.raises(type(error)) as told, folder.worked_in():
        raise error
    assert told.value is error
    with folder.worked_in():
        pass


def test_a_folder_that_cannot_be_made_is_said_to_be_one_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "scan"):
        with pytest.raises(ScanError, match="the folder cannot be written"), ScanFolder(path).worked_in():
            pass

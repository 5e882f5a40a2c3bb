"""The command that goes on with a scan can be typed as it stands, and names the lab that was asked."""

from pathlib import Path

import msgspec
import pytest

from mxproof.scan.continuing import continuing_command
from mxproof.scan.depth import ScanDepth
from mxproof.scan.folder import ScanFolder
from mxproof.scan.rehearsal import begin_rehearsal


@pytest.mark.parametrize(
    ("simulated", "want"),
    [
        ("", "mxproof scan run 'a scan'"),
        ("incident", "mxproof scan run 'a scan' --lab incident"),
        ("rehearsal", "mxproof scan rehearse 'a scan'"),
    ],
)
def test_the_command_goes_on_with_what_was_begun(simulated: str, want: str, tmp_path: Path) -> None:
    manifest = begin_rehearsal(ScanFolder(tmp_path), 100, ScanDepth.RECORDS)
    vantage = msgspec.structs.replace(manifest.vantage, simulated=simulated)
    begun = msgspec.structs.replace(manifest, vantage=vantage)
    assert continuing_command(Path("a scan"), begun) == want

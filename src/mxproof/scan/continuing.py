"""The command that goes on with a scan: a lab is named again, for it was kept running beside the scan and is gone with it."""

import shlex
from pathlib import Path

from mxproof.scan.manifest import ScanManifest
from mxproof.scan.rehearsal import REHEARSAL


def continuing_command(folder: Path, manifest: ScanManifest) -> str:
    """Return what to type to go on with the scan in `folder`."""
    simulated = manifest.vantage.simulated
    if simulated == REHEARSAL:
        return shlex.join(["mxproof", "scan", "rehearse", str(folder)])
    return shlex.join(["mxproof", "scan", "run", str(folder), *(["--lab", simulated] if simulated else [])])

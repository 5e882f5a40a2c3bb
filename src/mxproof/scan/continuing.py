"""Scans that are not finished, and the command that goes on with one: a lab is named again, for it was kept running beside the scan and is gone with it."""

import shlex
from pathlib import Path

from mxproof.scan.error import ScanError
from mxproof.scan.manifest import ScanManifest, read_manifest
from mxproof.scan.rehearsal import REHEARSAL


def finished_manifest(folder: Path) -> ScanManifest:
    """Return the manifest of a finished scan; raises ScanError where it is not, with what to type to go on."""
    manifest = read_manifest(folder)
    if not manifest.is_finished:
        again = continuing_command(folder, manifest)
        raise ScanError(f"{folder}: the scan is not finished; `{again}` goes on with it")
    return manifest


def continuing_command(folder: Path, manifest: ScanManifest) -> str:
    """Return what to type to go on with the scan in `folder`."""
    simulated = manifest.vantage.simulated
    if simulated == REHEARSAL:
        return shlex.join(["mxproof", "scan", "rehearse", str(folder)])
    return shlex.join(["mxproof", "scan", "run", str(folder), *(["--lab", simulated] if simulated else [])])

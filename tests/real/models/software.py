"""Which release each sender of the rig is of, as the packages themselves say."""

import gzip
import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from real.bed.edition import NEWER, OWN, WORLDS_FOLDER, Edition
from real.bed.network import COMMAND_WITHIN_S
from real.models.bench import CHASQUID, COURIER, EXIM, HARAKA, SENDMAIL
from real.models.classic_daemon import CLASSIC_FOLDER
from real.models.postfix import VARIANTS, Way
from real.models.rooted import HARAKA_FOLDER, TRIXIE

_UNPACKED = {
    EXIM: ("Exim", "exim4-daemon-heavy"),
    CHASQUID: ("chasquid", "chasquid"),
    SENDMAIL: ("Sendmail", "sendmail-bin"),
}


def software() -> Mapping[str, str]:
    """Return name and release of each, by sender."""
    releases = {edition: _postfix(edition) for edition in (OWN, NEWER)}
    courier = ("chroot", str(TRIXIE), "dpkg-query", "--show", "--showformat=${Version}", "courier-mta")
    haraka = json.loads((HARAKA_FOLDER / "node_modules/Haraka/package.json").read_text())["version"]
    found = {name: f"{title} {_unpacked(package)} (Debian)" for name, (title, package) in _UNPACKED.items()}
    found |= {COURIER: f"Courier {_said(courier)} (Debian)", HARAKA: f"Haraka {haraka} (npm)"}
    return found | {
        one.name: f"Postfix {releases[one.edition]}{_asked() if one.way is Way.DAEMON else ''}"
        for one in VARIANTS
    }


def _unpacked(package: str) -> str:
    """Return the version of a package that is laid below /opt, as its changelog has it."""
    changelog = TRIXIE / "opt" / package / "usr/share/doc" / package / "changelog.Debian.gz"
    with gzip.open(changelog, "rt") as file:
        return file.readline().split("(")[1].partition(")")[0]


def _postfix(edition: Edition) -> str:
    with tempfile.TemporaryDirectory(prefix="mxproof-asked-", dir=WORLDS_FOLDER) as folder:
        return _said(edition.command(Path(folder), "/usr/sbin/postconf", "-dh", "mail_version"))


def _asked() -> str:
    (found,) = CLASSIC_FOLDER.glob("lib/python*/site-packages/postfix_mta_sts_resolver-*.dist-info")
    return f", {found.name.removesuffix('.dist-info').replace('_', '-')} (PyPI)"


def _said(command: tuple[str, ...]) -> str:
    return subprocess.check_output(command, text=True, timeout=COMMAND_WITHIN_S).strip()

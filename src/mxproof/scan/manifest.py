"""The manifest of a scan: what was to be asked, of how many domains, and what there is of it.

It stands in `manifest.json` of the folder. A scan that has no `finished_at` goes on where it was; which tasks are done
is told by their parts, which are there whole or not at all.
"""

from datetime import datetime
from pathlib import Path

import msgspec

from mxproof.evidence import Vantage
from mxproof.scan.depth import ScanDepth
from mxproof.scan.error import ScanError
from mxproof.scan.rate import POLICIES_A_MINUTE, SMTP_A_MINUTE, NetworkRate
from mxproof.store.whole import replace_file

SCAN_VERSION = 1
MANIFEST_FILE = "manifest.json"
_MANIFEST_BYTES_MAX = 256 * 1024 * 1024


class ScanAsking(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the domains are asked about, as the command line takes it.

    `timeout_s` bounds each question; `trust_ad` says whether the resolvers' AD bit is believed. `resolver_window` are the
    questions under way at the resolvers at once, `connections` the connections, each in one worker. `smtp_a_minute` and
    `policies_a_minute` are the connections to one address, `rates` those of networks that want fewer.
    """

    resolvers: tuple[str, ...]
    connect_to: tuple[str, ...] = ()
    families: tuple[int, ...] = (4, 6)
    timeout_s: float = 10.0
    trust_ad: bool = False
    allow_private: bool = False
    helo_name: str = ""
    contact: str = ""
    resolver_window: int = 256
    connections: int = 1024
    smtp_a_minute: int = SMTP_A_MINUTE
    policies_a_minute: int = POLICIES_A_MINUTE
    rates: tuple[NetworkRate, ...] = ()


class ResultPart(msgspec.Struct, frozen=True):
    """One part of the results: its number, its domains, and how many of them have each outcome."""

    part: int
    domains: int
    outcomes: dict[str, int]


class ScanManifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """`manifest.json`, as docs/reference/scan-manifest.schema.json describes it.

    `domains` are those of the list, each once; `repeated` and `refused` count its other lines. `software` asked,
    `judged_by` judged, and may be newer. `vantage` is that of every domain, but for the trust anchors.
    """

    scan_version: int
    software: str
    created_at: datetime
    depth: ScanDepth
    domains: int
    chunks: int
    buckets: int
    asking: ScanAsking
    vantage: Vantage
    repeated: int = 0
    refused: int = 0
    withheld: int = 0
    finished_at: datetime | None = None
    judged_by: str = ""
    parts: tuple[ResultPart, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Tell whether every domain has its result."""
        return self.finished_at is not None


class _Version(msgspec.Struct, frozen=True):
    scan_version: int


def read_manifest(folder: Path) -> ScanManifest:
    """Return the manifest of the scan in a folder; raises ScanError where there is none that this version reads."""
    path = folder / MANIFEST_FILE
    try:
        with path.open("rb") as file:
            data = file.read(_MANIFEST_BYTES_MAX)
        version = msgspec.json.decode(data, type=_Version).scan_version
        if version != SCAN_VERSION:
            raise ScanError(f"{path}: version {version} of a scan; this mxproof reads version {SCAN_VERSION}")
        return msgspec.json.decode(data, type=ScanManifest)
    except FileNotFoundError:
        raise ScanError(f"{folder}: no scan is in it; `mxproof scan run` makes one") from None
    except OSError as error:
        raise ScanError(f"{path}: cannot be read ({error.strerror})") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ScanError(f"{path}: is no manifest of a scan ({error})") from None


def write_manifest(folder: Path, manifest: ScanManifest) -> None:
    """Write the manifest in place of the one that was there; raises OSError."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    replace_file(folder / MANIFEST_FILE, [text, b"\n"])

"""Zones signed before they are served, by BIND's dnssec-signzone, and one fault put into each of them."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from real.bed.network import COMMAND_WITHIN_S
from real.bed.zones import NAME_SERVER, Zone

ALGORITHM = "ECDSAP256SHA256"
TLSA = f"3 1 1 {'ab' * 32}"
TOP = "com."


class PreparedZone(Zone, frozen=True):
    """A zone whose master file is there already."""

    master_file: str = ""

    def text(self, delegations: object) -> str:
        """Return the master file as it is."""
        return self.master_file


class Case(msgspec.Struct, frozen=True):
    """How a zone is signed, what becomes of its file, and which of its keys the zone above names.

    Its signatures are in force from `begins_days` to `ends_days` from now.
    `altered` gets each line of the signed file, and returns it, another one, or nothing.
    """

    name: str
    begins_days: int = -7
    ends_days: int = 14
    nsec3_iterations: int | None = None
    algorithm: tuple[str, ...] = (ALGORITHM,)
    altered: Callable[[str], str] = str
    ds: bool = True
    ds_is_wrong: bool = False
    signed: bool = True
    has_tlsa: bool = True

    @property
    def apex(self) -> str:
        """The name of the zone."""
        return f"{self.name}.{TOP}"


def without_signature_of(kind: str) -> Callable[[str], str]:
    """Return what takes the signatures over one type out of a file."""
    return lambda line: "" if _type(line) == ("RRSIG", kind) else line


def without_proofs(line: str) -> str:
    """Take the proofs of absence out of a file."""
    return "" if "NSEC" in _type(line) else line


def another_tlsa(line: str) -> str:
    """Put another TLSA record in place of the one that was signed."""
    return line.replace("ABABABAB", "CDABABAB") if _type(line)[0] == "TLSA" else line


def _type(line: str) -> tuple[str, str]:
    """Return the type of a record, and the word behind it: of a signature the type that it covers."""
    words = [*line.split(), "", "", "", "", ""]
    return words[3], words[4]


def prepared(case: Case, address: str, folder: Path) -> tuple[PreparedZone, tuple[str, ...]]:
    """Return the zone of a case, and the records in the zone above that lead to it; its mail comes in at `address`."""
    folder.mkdir()
    plain = folder / "plain"
    plain.write_text("".join(f"{line}\n" for line in _records(case, address)))
    leads = (f"{case.apex} NS {NAME_SERVER}.",)
    if not case.signed:
        return PreparedZone(case.apex, None, signed=False, records=(), master_file=plain.read_text()), leads
    key = _run(folder, "dnssec-keygen", "-q", "-f", "KSK", "-a", *case.algorithm, case.apex).strip()
    plain.write_text(plain.read_text() + (folder / f"{key}.key").read_text())
    out = folder / "signed"
    now = datetime.now(UTC)
    dates = ("-s", _stamp(now, case.begins_days), "-e", _stamp(now, case.ends_days))
    proofs = () if case.nsec3_iterations is None else ("-3", "-", "-H", str(case.nsec3_iterations))
    given = ("-z", "-P", "-O", "full", "-o", case.apex, "-f", str(out))
    _run(folder, "dnssec-signzone", *given, *dates, *proofs, str(plain), key)
    lines = (case.altered(line) for line in out.read_text().splitlines())
    text = "".join(f"{line}\n" for line in lines if line)
    named = key
    if case.ds_is_wrong:
        named = _run(folder, "dnssec-keygen", "-q", "-f", "KSK", "-a", *case.algorithm, case.apex).strip()
    ds = _run(folder, "dnssec-dsfromkey", "-2", f"{named}.key").splitlines() if case.ds else []
    return PreparedZone(case.apex, None, signed=False, records=(), master_file=text), (*leads, *ds)


def _records(case: Case, address: str) -> Iterator[str]:
    yield "$TTL 300"
    yield f"{case.apex} SOA {NAME_SERVER}. hostmaster.example. 1 3600 600 86400 300"
    yield f"{case.apex} NS {NAME_SERVER}."
    yield f"{case.apex} MX 10 mx.{case.apex}"
    yield f"mx.{case.apex} A {address}"
    if case.has_tlsa:
        yield f"_25._tcp.mx.{case.apex} TLSA {TLSA}"


def _stamp(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).strftime("%Y%m%d%H%M%S")


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=COMMAND_WITHIN_S
    )
    return done.stdout

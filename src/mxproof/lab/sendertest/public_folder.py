"""What a public set keeps on a disk: the key of its zone, the certificates it is given, and which runs are leased until when.

A run is leased from the pool of those that there is a certificate for, until nobody can remember its names any more; without
certificates from files its name is drawn, and never comes again.
"""

import secrets
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from mxproof.formats.errors import ConfigError
from mxproof.lab.ca import Issued, ZoneKey, new_zone_key, read_issued, read_zone_key
from mxproof.lab.sendertest.public_run import wildcards
from mxproof.lab.sendertest.run import RUN_ALPHABET, RUN_CHARACTERS

KEY_FILE = "zone.key"
LEASES_FILE = "leases.json"
RECIPIENTS_FILE = "recipients"
RECIPIENTS_AGAIN_FILE = "recipients-again"
RUN_LASTS = timedelta(days=7)
"""How long a run is served; the process ends then."""
REMEMBERED = timedelta(days=2)
"""How long after its end a run may be remembered: by whoever holds a policy for its day, and by resolvers on the way."""
KEPT = timedelta(days=30)
"""How long after its begin what was seen of a run is kept."""
POOL_FILE_BYTES_MAX = 128 * 1024
POOL_FILES_MAX = 1000


class LeasedRun(msgspec.Struct, frozen=True):
    """A run that is leased: its name, and the certificate of its policy hosts where there is one from a file."""

    name: str
    certificate: Issued | None = None


def new_name() -> str:
    """Return the name of a run that never was."""
    return "".join(secrets.choice(RUN_ALPHABET) for _ in range(RUN_CHARACTERS))


def zone_key(folder: Path) -> ZoneKey:
    """Return the key of the zone, made at the first time; raises ConfigError where it is none."""
    path = folder / KEY_FILE
    try:
        if not path.exists():
            path.touch(0o600)
            path.write_bytes(new_zone_key())
        return read_zone_key(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: no key of a zone ({error})") from None


def shared_certificates(folder: Path, zone: str) -> dict[tuple[str, ...], Issued]:
    """Return the certificates that all runs share, by their names; raises ConfigError where one is missing."""
    return {names: _read(folder / f"{name}.pem") for name, names in wildcards(zone).items()}


def leased(
    folder: Path, certificates: Path | None, zone: str, count: int, now: datetime
) -> tuple[LeasedRun, ...]:
    """Lease so many runs; raises ConfigError where the pool has fewer to give."""
    if certificates is None:
        return tuple(LeasedRun(new_name()) for _ in range(count))
    held = {name: ends for name, ends in _leases(folder).items() if ends > now}
    pool = sorted(path.stem for path in certificates.glob("*.pem") if path.stem not in wildcards(zone))[
        :POOL_FILES_MAX
    ]
    free = [name for name in pool if name not in held][:count]
    if len(free) < count:
        soonest = min((ends for name, ends in held.items() if name in pool), default=None)
        when = f"; the next is free on {soonest:%Y-%m-%d}" if soonest is not None else ""
        raise ConfigError(
            f"{certificates}: {len(free)} of {count} runs are there that nobody may remember{when}. "
            f"`mxproof sendertest names {zone}` prints the names that a certificate for another run is for"
        )
    found = tuple(LeasedRun(name, _read(certificates / f"{name}.pem")) for name in free)
    ends = now + RUN_LASTS + REMEMBERED
    (folder / LEASES_FILE).write_bytes(msgspec.json.encode({**held, **dict.fromkeys(free, ends)}) + b"\n")
    return found


def forgotten(folder: Path, now: datetime) -> tuple[str, ...]:
    """Remove what was seen in runs that began so long ago, and return their names."""
    names = tuple(path.name for path in _runs(folder) if _begun(path) < now - KEPT)
    for name in names:
        shutil.rmtree(folder / name)
    return names


def _runs(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if (path / RECIPIENTS_FILE).is_file())


def _begun(path: Path) -> datetime:
    return datetime.fromtimestamp((path / RECIPIENTS_FILE).stat().st_mtime).astimezone()


def _leases(folder: Path) -> Mapping[str, datetime]:
    path = folder / LEASES_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, datetime])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read ({error}); without it a run could be leased twice"
        ) from None


def _read(path: Path) -> Issued:
    try:
        with path.open("rb") as file:
            return read_issued(file.read(POOL_FILE_BYTES_MAX))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: no key with its certificates as PEM ({error})") from None

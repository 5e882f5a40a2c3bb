"""A plan from a file, as `mxproof plan --format json` prints it and `--write` puts it down."""

from pathlib import Path

import msgspec

from mxproof.cli.exit import RunError
from mxproof.remedy.plan import PLAN_VERSION, Plan

PLAN_BYTES_MAX = 64 * 1024 * 1024


def plan_of(file: Path, way: int) -> Plan:
    """Return the plan in a file; raises RunError where there is none, or not as many ways."""
    try:
        with file.open("rb") as opened:
            read = msgspec.json.decode(opened.read(PLAN_BYTES_MAX + 1), type=Plan)
    except OSError as error:
        raise RunError(f"{file}: cannot be read ({error.strerror})") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RunError(
            f"{file}: {error}; a plan was expected, as mxproof plan --format json prints it"
        ) from None
    if read.schema_version > PLAN_VERSION:
        raise RunError(f"{file}: a plan of version {read.schema_version}; this program reads {PLAN_VERSION}")
    if way > len(read.ways):
        raise RunError(f"{file}: {len(read.ways)} ways; way {way} was asked for")
    return read

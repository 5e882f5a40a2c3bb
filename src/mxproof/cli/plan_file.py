"""A plan from a file, as `mxproof plan --format json` prints it and `--write` puts it down."""

from pathlib import Path

import msgspec

from mxproof.cli.exit import RunError
from mxproof.remedy.plan import PLAN_VERSION, Plan
from mxproof.remedy.plan_objection import objection

PLAN_BYTES_MAX = 64 * 1024 * 1024


class _Version(msgspec.Struct):
    """What tells whether the rest can be read."""

    schema_version: int


def plan_of(file: Path, way: int) -> Plan:
    """Return the plan in a file; raises RunError where there is none, or not as many ways."""
    try:
        with file.open("rb") as opened:
            text = opened.read(PLAN_BYTES_MAX + 1)
        version = msgspec.json.decode(text, type=_Version).schema_version
        if version != PLAN_VERSION:
            raise RunError(f"{file}: a plan of version {version}; this program reads {PLAN_VERSION}")
        read = msgspec.json.decode(text, type=Plan)
    except OSError as error:
        raise RunError(f"{file}: cannot be read ({error.strerror})") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RunError(
            f"{file}: {error}; a plan was expected, as mxproof plan --format json prints it"
        ) from None
    if way > len(read.ways):
        raise RunError(f"{file}: {len(read.ways)} ways; way {way} was asked for")
    wrong = objection(read, way)
    if wrong is not None:
        raise RunError(f"{file}: {wrong}")
    return read

"""What releases wrote, and how to tell whether newer code still has all of it.

A folder of `tests/data/releases` is one release; its README says how each file was made. Everything here goes by the
files and the command line alone, so that it outlives every change within.
"""

import json
import re
from collections.abc import Iterator, Mapping
from csv import DictReader
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from jsonschema_rs import Draft202012Validator

RELEASES = Path(__file__).parent / "data" / "releases"

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def releases() -> list[Path]:
    """Return the folder of each release."""
    return sorted(path for path in RELEASES.iterdir() if path.is_dir())


def files(pattern: str) -> list[Path]:
    """Return the files of all releases that match `pattern`, relative to the folder of a release."""
    return sorted(path for release in releases() for path in release.glob(pattern))


def name_of(path: Path) -> str:
    """Return how a test names a file."""
    return path.relative_to(RELEASES).as_posix()


def members(value: object, place: str = "") -> Iterator[str]:
    """Yield the place of every member of every object; the elements of an array share one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{place}.{key}"
            yield from members(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner, f"{place}[]")


def objections(value: object, schema: Path) -> list[str]:
    """Return what a program that goes by `schema` could not read: a member that is missing, or of another type.

    Closed sets may have grown: a new finding is no reason to fail.
    """
    published: dict[str, object] = json.loads(schema.read_bytes())
    opened = {key: _without_enums(inner) for key, inner in published.items()}
    validator = Draft202012Validator(opened)
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(value)]


def _without_enums(schema: object) -> object:
    if isinstance(schema, dict):
        return {key: _without_enums(inner) for key, inner in schema.items() if key != "enum"}
    return [_without_enums(inner) for inner in schema] if isinstance(schema, list) else schema


def lost(old: object, new: object, place: str = "") -> list[str]:
    """Return the places of values of `old` that `new` has not; an object may have more members."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [fault for key, value in old.items() for fault in lost(value, new.get(key), f"{place}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [fault for number, pair in pairs for fault in lost(*pair, f"{place}[{number}]")]
    return [] if old == new else [place]


def listed(table: bytes) -> dict[str, dict[str, str]]:
    """Return what `policyd list` prints, by destination and heading."""
    rows = DictReader(table.decode().splitlines(), delimiter="\t")
    return {row["destination"]: row for row in rows}


def exported(table: bytes) -> dict[str, list[str]]:
    """Return what `policyd export` prints: the sorted words for each destination.

    0.1.0 gave the life of a policy as well, which postconf(5) calls deprecated, and which is said no more.
    """
    pairs = (line.split("\t", 1) for line in table.decode().splitlines())
    return {
        destination: sorted(word for word in words.split() if not word.startswith("policy_ttl="))
        for destination, words in pairs
    }


class Row(NamedTuple):
    """What a store holds of one destination, in the columns of 0.1.0."""

    key: str
    policy: bytes | None
    findings: bytes
    asked_at: float
    refresh_at: float | None


def to_now(asked_at: float) -> timedelta:
    """Return how far to move times so that `asked_at`, in seconds since 1970, becomes a second ago."""
    return timedelta(seconds=datetime.now(UTC).timestamp() - 1 - asked_at)


def moved(row: Row, by: timedelta) -> Row:
    """Return `row` with every time in it moved."""
    seconds = by.total_seconds()
    return Row(
        row.key,
        None if row.policy is None else _moved(row.policy, by),
        _moved(row.findings, by),
        row.asked_at + seconds,
        None if row.refresh_at is None else row.refresh_at + seconds,
    )


def _moved(text: bytes, by: timedelta) -> bytes:
    def later(found: re.Match[str]) -> str:
        return f"{datetime.fromisoformat(found[0]) + by:%Y-%m-%dT%H:%M:%S.%fZ}"

    return _MOMENT.sub(later, text.decode()).encode()


def policies(rows: Mapping[str, bytes | None]) -> dict[str, tuple[object, object, object]]:
    """Return what 0.1.0 reads of each policy: the text in base64, when it was fetched, and the id of the record."""
    read = {key: json.loads(policy) for key, policy in rows.items() if policy is not None}
    return {key: (one["body"], one["fetched_at"], one["id"]) for key, one in read.items()}

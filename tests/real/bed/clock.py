"""A clock of the machine that is away, by the hand of libfaketime."""

from pathlib import Path

FAKETIME = max(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def faked(file: Path) -> tuple[str, ...]:
    """Return what runs a command whose time of day is away by as much as `file` says at that moment, and nothing else."""
    return (
        "env",
        f"LD_PRELOAD={FAKETIME}",
        f"FAKETIME_TIMESTAMP_FILE={file}",
        "FAKETIME_NO_CACHE=1",
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
    )


def away(by_s: float) -> tuple[str, ...]:
    """Return what runs a command whose time of day is away by so much from its start on, and nothing else."""
    return ("env", f"LD_PRELOAD={FAKETIME}", f"FAKETIME={by_s:+.0f}", "FAKETIME_DONT_FAKE_MONOTONIC=1")

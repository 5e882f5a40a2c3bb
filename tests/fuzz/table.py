"""All fuzz targets, by name."""

from pathlib import Path

from fuzz import advice, bounces, conversations, intake, parsers, plans, reports, stored
from fuzz.target import Target

CRASHERS = Path(__file__).parent / "crashers"
"""Inputs that once broke a law, in a folder for each target; they are tried in every run."""

TARGETS: tuple[Target, ...] = (
    *advice.TARGETS,
    *parsers.TARGETS,
    *bounces.TARGETS,
    *reports.TARGETS,
    *intake.TARGETS,
    *stored.TARGETS,
    *conversations.TARGETS,
    *plans.TARGETS,
)


def kept(target: Target) -> tuple[Path, ...]:
    """Return the files of the crashers of `target`."""
    return tuple(sorted(path for path in (CRASHERS / target.name).glob("*") if path.is_file()))

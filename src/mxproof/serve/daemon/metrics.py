"""Counters, gauges and histograms as text for Prometheus (exposition format 0.0.4)."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4"


class MetricKind(StrEnum):
    """How Prometheus may reckon with values."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Family(NamedTuple):
    """All values of one name; `values` are by what follows it, such as `{status="OK"}`, or by nothing."""

    kind: MetricKind
    name: str
    about: str
    values: Mapping[str, float]


def counter(name: str, about: str, values: Mapping[str, float] | float) -> Family:
    """Return a count since the start, or many by label."""
    return Family(MetricKind.COUNTER, name, about, _by_label(values))


def gauge(name: str, about: str, values: Mapping[str, float] | float) -> Family:
    """Return a value as it is now, or many by label."""
    return Family(MetricKind.GAUGE, name, about, _by_label(values))


class Durations:
    """How long something took, counted by bounds in seconds; each count holds those that took no longer."""

    def __init__(self, bounds_s: Sequence[float]) -> None:
        self._bounds_s = tuple(bounds_s)
        self._counts = [0] * len(self._bounds_s)
        self._count = 0
        self._sum_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self._count += 1
        self._sum_s += seconds
        place = bisect_left(self._bounds_s, seconds)
        if place < len(self._counts):
            self._counts[place] += 1

    def family(self, name: str, about: str) -> Family:
        """Return the histogram."""
        values: dict[str, float] = {
            f'_bucket{{le="{bound_s:g}"}}': count
            for bound_s, count in zip(self._bounds_s, accumulate(self._counts), strict=True)
        }
        values |= {'_bucket{le="+Inf"}': self._count, "_sum": self._sum_s, "_count": self._count}
        return Family(MetricKind.HISTOGRAM, name, about, values)


def by_label(label: str, counts: Mapping[str, int]) -> dict[str, float]:
    """Return values with the one label that tells them apart; its words are ours, so that nothing is escaped."""
    return {f'{{{label}="{word}"}}': count for word, count in counts.items()}


def exposition(prefix: str, families: Iterable[Family]) -> str:
    """Return the text of all families, each name with `prefix` before it."""
    lines: list[str] = []
    for family in families:
        name = prefix + family.name
        lines.append(f"# HELP {name} {family.about}")
        lines.append(f"# TYPE {name} {family.kind}")
        values = family.values.items()
        written = (
            values if family.kind is MetricKind.HISTOGRAM else sorted(values)
        )  # buckets have their order
        lines.extend(f"{name}{labels} {_written(value)}" for labels, value in written)
    return "\n".join(lines) + "\n"


def _by_label(values: Mapping[str, float] | float) -> Mapping[str, float]:
    return values if isinstance(values, Mapping) else {"": values}


def _written(value: float) -> str:
    """Return a value with all of its digits; a whole one has no fraction."""
    return str(int(value)) if math.isfinite(value) and value == int(value) else repr(float(value))

"""Counters and gauges as text for Prometheus (exposition format 0.0.4)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4"


class MetricKind(StrEnum):
    """How Prometheus may reckon with values."""

    COUNTER = "counter"
    GAUGE = "gauge"


class Family(NamedTuple):
    """All values of one name; `values` are by their labels as written, such as `{status="OK"}`, or by nothing."""

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


def by_label(label: str, counts: Mapping[str, int]) -> dict[str, float]:
    """Return values with the one label that tells them apart; its words are ours, so that nothing is escaped."""
    return {f'{{{label}="{word}"}}': float(count) for word, count in counts.items()}


def exposition(prefix: str, families: Iterable[Family]) -> str:
    """Return the text of all families, each name with `prefix` before it."""
    lines: list[str] = []
    for family in families:
        name = prefix + family.name
        lines.append(f"# HELP {name} {family.about}")
        lines.append(f"# TYPE {name} {family.kind}")
        lines.extend(f"{name}{labels} {value:g}" for labels, value in sorted(family.values.items()))
    return "\n".join(lines) + "\n"


def _by_label(values: Mapping[str, float] | float) -> Mapping[str, float]:
    return values if isinstance(values, Mapping) else {"": float(values)}

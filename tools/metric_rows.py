"""The metrics of a daemon as rows of a table, made of the text that it gives Prometheus."""

import re
from collections.abc import Iterator

from keeping import row

_SERIES = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})? \S+$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


def metric_rows(text: str) -> Iterator[str]:
    """Yield a row for each metric of a text for Prometheus."""
    labels: dict[str, dict[str, dict[str, None]]] = {}
    for series in _SERIES.finditer(text):
        values = labels.setdefault(series["name"], {})
        for name, value in _LABEL.findall(series["labels"] or ""):
            values.setdefault(name, {})[value] = None
    for name, words in re.findall(r"^# HELP (\S+) (.*)$", text, re.MULTILINE):
        kind = re.search(rf"^# TYPE {name} (\w+)$", text, re.MULTILINE)
        told = "; ".join(
            f"`{label}`: {', '.join(f'`{value}`' for value in values)}"
            for label, values in labels.get(name, {}).items()
        )
        yield row(f"`{name}`", kind[1] if kind is not None else "", told, words)

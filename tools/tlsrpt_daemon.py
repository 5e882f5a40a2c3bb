"""Build docs/reference/tlsrpt-configuration.md and tlsrpt-metrics.md: every key of tlsrpt.toml, and every metric."""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import inspect

from configuration_keys import keys
from keeping import REFERENCE, keep, row, table
from mxproof.serve.tlsrpt.config import ReportConfig
from mxproof.serve.tlsrpt.metrics import ReportCounts

CONFIGURATION = """\
# The configuration of `mxproof tlsrpt`

Made from the code by `python tools/tlsrpt_daemon.py`. `mxproof tlsrpt receive`, `import`, `retry` and `show` read one file in TOML:
`--config FILE`, `$MXPROOF_TLSRPT_CONFIG`, or else `/etc/mxproof/tlsrpt.toml` where it is there. Every key may be left out.
A key that is not known, or a value beyond its bounds, is an error that names it; `mxproof tlsrpt receive --check-config` looks, and
`--print-config` prints what goes by. How to set it up is told in
[Take TLS reports in with a daemon](../guides/take-tls-reports-in.md).

"""
METRICS = """\
# The metrics of `mxproof tlsrpt receive`

Made from the code by `python tools/tlsrpt_daemon.py`. They are at `/metrics` of `admin.http`, beside what every process has. Each
series is there from the start, at 0; no domain and no sender that anybody can make up is a label.

"""
_SERIES = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})? \S+$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


def files() -> dict[Path, str]:
    """Return both pages by their paths."""
    keyed = table("key", "kind", "default", "what it says") + "".join(keys(inspect.type_info(ReportConfig)))
    metrics = table("metric", "kind", "labels", "what it says") + "".join(_metrics(ReportCounts().text()))
    return {
        REFERENCE / "tlsrpt-configuration.md": CONFIGURATION + keyed,
        REFERENCE / "tlsrpt-metrics.md": METRICS + metrics,
    }


def _metrics(text: str) -> Iterator[str]:
    labels: dict[str, dict[str, dict[str, None]]] = {}
    for series in _SERIES.finditer(text):
        values = labels.setdefault(series["name"], {})
        for name, value in _LABEL.findall(series["labels"] or ""):
            values.setdefault(name, {})[value] = None
    for name, words in re.findall(r"^# HELP (\S+) (.*)$", text, re.MULTILINE):
        kind = re.search(rf"^# TYPE {name} (\w+)$", text, re.MULTILINE)
        told = "; ".join(
            f"`{label}`: {', '.join(f'`{value}`' for value in values)}"
            for label, values in labels[name].items()
        )
        yield row(f"`{name}`", kind[1] if kind is not None else "", told, words)


if __name__ == "__main__":
    raise SystemExit(keep(files(), "tlsrpt_daemon.py"))

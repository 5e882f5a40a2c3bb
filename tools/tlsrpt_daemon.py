"""Build docs/reference/tlsrpt-configuration.md and tlsrpt-metrics.md: every key of tlsrpt.toml, and every metric."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import inspect

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
    keys = table("key", "kind", "default", "what it says") + "".join(
        _keys(inspect.type_info(ReportConfig), "")
    )
    metrics = table("metric", "kind", "labels", "what it says") + "".join(_metrics(ReportCounts().text()))
    return {
        REFERENCE / "tlsrpt-configuration.md": CONFIGURATION + keys,
        REFERENCE / "tlsrpt-metrics.md": METRICS + metrics,
    }


def _keys(kind: inspect.Type, within: str) -> Iterator[str]:
    """Yield a row for each key, those of tables last."""
    assert isinstance(kind, inspect.StructType)
    tables = [one for one in kind.fields if isinstance(one.type, inspect.StructType)]
    for one in kind.fields:
        if one not in tables:
            words, what = _told(one.type)
            default = msgspec.json.encode(one.default).decode()
            yield row(f"`{within}{one.encode_name}`", what, f"`{default}`", words)
    for one in tables:
        yield from _keys(one.type, f"{within}{one.encode_name}.")


def _told(kind: inspect.Type) -> tuple[str, str]:
    """Return the words of a key, and what its value is."""
    words = ""
    while isinstance(kind, inspect.Metadata):
        words = words or str((kind.extra_json_schema or {}).get("description", ""))
        kind = kind.type
    assert words, f"{kind}: a key without words"
    match kind:
        case inspect.BoolType():
            return words, "true or false"
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most):
            return words, f"{least:g} to {most:g}"
        case inspect.VarTupleType():
            return words, "texts"
        case inspect.LiteralType(values=values):
            return words, ", ".join(f"`{one}`" for one in values)
        case _:
            return words, "text"


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

"""Build tlsrpt-configuration.md, tlsrpt-metrics.md, collect-configuration.md and collect-metrics.md of docs/reference: keys and metrics."""

from pathlib import Path

from msgspec import inspect

from configuration_keys import keys
from keeping import REFERENCE, keep, table
from metric_rows import metric_rows
from mxproof.serve.collect.config import CollectConfig
from mxproof.serve.collect.metrics import CollectCounts
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
COLLECT_CONFIGURATION = """\
# The configuration of `mxproof tlsrpt collectd`

Made from the code by `python tools/tlsrpt_daemon.py`. `mxproof tlsrpt collectd` reads one file in TOML: `--config FILE`,
`$MXPROOF_COLLECT_CONFIG`, or else `/etc/mxproof/collect.toml` where it is there. Every key may be left out. A key that is not
known, or a value beyond its bounds, is an error that names it; `mxproof tlsrpt collectd --check-config` looks, and `--print-config`
prints what goes by. How to set it up is told in [TLS reports from Postfix in ten minutes](../guides/tls-reports-from-postfix.md).

"""
COLLECT_METRICS = """\
# The metrics of `mxproof tlsrpt collectd`

Made from the code by `python tools/tlsrpt_daemon.py`. They are at `/metrics` of `admin.http`, beside what every process has. Each
series is there from the start, at 0; no domain is a label.

"""


def files() -> dict[Path, str]:
    """Return all pages by their paths."""
    keyed = table("key", "kind", "default", "what it says") + "".join(keys(inspect.type_info(ReportConfig)))
    metrics = table("metric", "kind", "labels", "what it says") + "".join(metric_rows(ReportCounts().text()))
    collect_keys = table("key", "kind", "default", "what it says") + "".join(
        keys(inspect.type_info(CollectConfig))
    )
    collect_metrics = table("metric", "kind", "labels", "what it says") + "".join(
        metric_rows(CollectCounts().text())
    )
    return {
        REFERENCE / "collect-configuration.md": COLLECT_CONFIGURATION + collect_keys,
        REFERENCE / "collect-metrics.md": COLLECT_METRICS + collect_metrics,
        REFERENCE / "tlsrpt-configuration.md": CONFIGURATION + keyed,
        REFERENCE / "tlsrpt-metrics.md": METRICS + metrics,
    }


if __name__ == "__main__":
    raise SystemExit(keep(files(), "tlsrpt_daemon.py"))

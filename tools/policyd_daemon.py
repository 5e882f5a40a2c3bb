"""Build docs/reference/policyd-configuration.md and policyd-metrics.md: every key of policyd.toml, and every metric."""

from pathlib import Path

from msgspec import inspect

from configuration_keys import keys
from keeping import REFERENCE, keep, table
from metric_rows import metric_rows
from mxproof.serve.policyd.config import Config
from mxproof.serve.policyd.metrics import Counts

CONFIGURATION = """\
# The configuration of `mxproof policyd`

Made from the code by `python tools/policyd_daemon.py`. It is one file in TOML: `--config FILE`, `$MXPROOF_POLICYD_CONFIG`, or else
`/etc/mxproof/policyd.toml` where it is there. Every key but those of `override[]` may be left out; `[]` stands for a table that may
be there many times, as `[[override]]`. A key that is not known, or a value beyond its bounds, is an error that names it;
`mxproof policyd --check-config` looks, and `--print-config` prints what goes by. How to set it up is told in
[Postfix in ten minutes](../guides/postfix-in-ten-minutes.md).

"""
METRICS = """\
# The metrics of `mxproof policyd`

Made from the code by `python tools/policyd_daemon.py`. They are at `/metrics` of `admin.http`, beside what every process has. Each
series is there from the start, at 0; no domain is a label.

"""


def files() -> dict[Path, str]:
    """Return both pages by their paths."""
    keyed = table("key", "kind", "default", "what it says") + "".join(keys(inspect.type_info(Config)))
    metrics = table("metric", "kind", "labels", "what it says") + "".join(metric_rows(Counts().text()))
    return {
        REFERENCE / "policyd-configuration.md": CONFIGURATION + keyed,
        REFERENCE / "policyd-metrics.md": METRICS + metrics,
    }


if __name__ == "__main__":
    raise SystemExit(keep(files(), "policyd_daemon.py"))

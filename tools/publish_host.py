"""Build docs/reference/publish-configuration.md and publish-metrics.md: every key of publish.toml, and every metric."""

from pathlib import Path

from msgspec import inspect

from configuration_keys import keys
from keeping import REFERENCE, keep, table
from metric_rows import metric_rows
from mxproof.serve.publish.config import PublishConfig
from mxproof.serve.publish.metrics import PublishCounts

CONFIGURATION = """\
# The configuration of `mxproof publish`

Made from the code by `python tools/publish_host.py`. It is one file in TOML: `--config FILE`, `$MXPROOF_PUBLISH_CONFIG`, or else
`/etc/mxproof/publish.toml` where it is there. Every key but some of `policy[]` and `deploy[]` may be left out. A key that is not known, or a value
beyond its bounds, is an error that names it; `mxproof publish serve --check-config` looks, and `--print-config` prints what goes by.
How to set it up is told in [Host the policies of your domains](../guides/host-policies.md); `records` and `publication` are for
`mxproof publish apply` and told in [Turn on MTA-STS](../guides/turn-on-mta-sts.md); `acme` and `deploy` in
[Certificates and TLSA on two servers](../guides/certificates-and-tlsa-on-two-servers.md).

"""
METRICS = """\
# The metrics of `mxproof publish serve`

Made from the code by `python tools/publish_host.py`. They are at `/metrics` of `admin.http`, beside what every process has. Each
series is there from the start, at 0; no domain ever is a label.

"""


def files() -> dict[Path, str]:
    """Return both pages by their paths."""
    keyed = table("key", "kind", "default", "what it says") + "".join(keys(inspect.type_info(PublishConfig)))
    metrics = table("metric", "kind", "labels", "what it says") + "".join(metric_rows(PublishCounts().text()))
    return {
        REFERENCE / "publish-configuration.md": CONFIGURATION + keyed,
        REFERENCE / "publish-metrics.md": METRICS + metrics,
    }


if __name__ == "__main__":
    raise SystemExit(keep(files(), "publish_host.py"))

"""Build docs/reference/watch-configuration.md, every key of watch.toml, and watch-api.openapi.json, what the API answers."""

from pathlib import Path

from msgspec import inspect

from configuration_keys import keys
from keeping import REFERENCE, keep, table
from mxproof.serve.watch.config import WatchConfig
from mxproof.serve.web.openapi import openapi_document

CONFIGURATION = """\
# The configuration of `mxproof watch`

Made from the code by `python tools/watch_daemon.py`. `mxproof watch serve`, `status`, `user` and `token` read one file in TOML:
`--config FILE`, `$MXPROOF_WATCH_CONFIG`, or else `/etc/mxproof/watch.toml` where it is there. Every key may be left out but those
without a default. `[]` stands for a table that may be there many times, as `[[alert]]`. A key that is not known, or a value beyond
its bounds, is an error that names it; `mxproof watch serve --check-config` looks, and `--print-config` prints what goes by. How to
set it up is told in [Watch your domains in ten minutes](../guides/watch-your-domains.md).

"""
ORIGIN = "https://watch.example.com"
"""What stands in the document for where the pages are served."""


def files() -> dict[Path, str]:
    """Return both files by their paths."""
    keyed = table("key", "kind", "default", "what it says") + "".join(keys(inspect.type_info(WatchConfig)))
    return {
        REFERENCE / "watch-configuration.md": CONFIGURATION + keyed,
        REFERENCE / "watch-api.openapi.json": openapi_document(ORIGIN).decode(),
    }


if __name__ == "__main__":
    raise SystemExit(keep(files(), "watch_daemon.py"))

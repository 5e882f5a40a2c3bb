"""Which engine does the tasks of a scan: processes of this machine, or a cluster of Ray that is there already."""

import re

import click
import msgspec

from mxproof.cli.options.groups import option_group
from mxproof.cli.options.number import Number
from mxproof.scan.local_engine import WORKERS_MAX

LOCAL, RAY = "local", "ray"
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+):[0-9]{1,5}")


class EngineOptions(msgspec.Struct, frozen=True):
    """How many tasks are done at once, by which engine, and where its cluster is."""

    workers: int | None = None
    engine: str = LOCAL
    address: str = ""

    def check(self, *, is_lab: bool = False) -> None:
        """Raise UsageError where the options do not go together."""
        if self.engine == RAY and not self.address:
            raise click.UsageError("--engine ray: expected --address HOST:PORT of a cluster that runs")
        if self.engine != RAY and self.address:
            raise click.UsageError("--address: is that of a cluster; expected --engine ray with it")
        if self.engine == RAY and is_lab:
            raise click.UsageError(
                "--lab: its servers are on this machine alone; expected no --engine ray with it"
            )


def _address(_: click.Context, __: click.Parameter, text: str) -> str:
    if text and not _ADDRESS.fullmatch(text):
        raise click.BadParameter(f"{text!r}; HOST:PORT was expected, as 192.0.2.1:6379")
    return text


scan_engine_options = option_group(
    "engine",
    EngineOptions,
    (
        click.option(
            "--workers",
            type=Number(1, WORKERS_MAX, "processes"),
            metavar="NUMBER",
            help="How many processes work at once  [default: one for each processor]",
        ),
        click.option(
            "--engine",
            type=click.Choice([LOCAL, RAY]),
            default=LOCAL,
            show_default=True,
            help="What does the work: processes of this machine, or a cluster of Ray (mxproof[scan,ray]).",
        ),
        click.option(
            "--address",
            default="",
            callback=_address,
            metavar="HOST:PORT",
            help="The cluster of Ray, of which this machine is a node. FOLDER is on storage that all its nodes see.",
        ),
    ),
)

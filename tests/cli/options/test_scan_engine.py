"""Which engine does the tasks of a scan, and which options of one go together."""

import click
import pytest

from mxproof.cli.options.scan_engine import EngineOptions, scan_engine_options
from support_options import refusal, taken

CLUSTER = "192.0.2.1:6379"


def test_processes_of_this_machine_do_the_work_unless_another_engine_is_named() -> None:
    options = taken(scan_engine_options)
    assert options == EngineOptions(None, "local", "")
    options.check()
    options.check(is_lab=True)


@pytest.mark.parametrize("address", [CLUSTER, "[2001:db8::1]:6379", "head.example.com:6379"])
def test_a_cluster_is_named_by_its_address(address: str) -> None:
    options = taken(scan_engine_options, "--engine", "ray", "--address", address, "--workers", "64")
    assert options == EngineOptions(64, "ray", address)
    options.check()


@pytest.mark.parametrize("address", ["a cluster", "192.0.2.1", "2001:db8::1:6379", "head.example.com:123456"])
def test_an_address_without_a_host_or_a_port_is_refused(address: str) -> None:
    assert refusal(scan_engine_options, "--address", address) == (
        f"Invalid value for '--address': {address!r}; HOST:PORT was expected, as 192.0.2.1:6379"
    )


@pytest.mark.parametrize(
    ("options", "is_lab", "said"),
    [
        (
            EngineOptions(engine="ray"),
            False,
            "--engine ray: expected --address HOST:PORT of a cluster that runs",
        ),
        (
            EngineOptions(address=CLUSTER),
            False,
            "--address: is that of a cluster; expected --engine ray with it",
        ),
        (
            EngineOptions(engine="ray", address=CLUSTER),
            True,
            "--lab: its servers are on this machine alone; expected no --engine ray with it",
        ),
    ],
)
def test_a_cluster_is_named_whole_and_simulates_nothing(
    options: EngineOptions, is_lab: bool, said: str
) -> None:
    with pytest.raises(click.UsageError) as error:
        options.check(is_lab=is_lab)
    assert error.value.message == said

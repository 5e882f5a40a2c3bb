"""`mxproof publish customers` as a command, in a mail world of the lab."""

from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import UNKNOWN, USAGE
from mxproof.publish.customer_told import ToldCustomer
from mxproof.publish.customers import CustomerEnd
from support_cli import mxproof

LAB = ("--lab", "ns-clean")
CUSTOMERS = '[customers]\nrecords = "sts.example.net"\nlist = "{list}"\n[records]\npolicy_host = "policies.example.net"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    listed = tmp_path / "customers.txt"
    listed.write_text("# ours\nexample.com\n")
    file = tmp_path / "publish.toml"
    store = f'[publication]\nstore = "sqlite:{tmp_path}/journal.db"\nwait_s = 0\n'
    file.write_text(f'folder = "{tmp_path}/policies"\n{store}{CUSTOMERS.format(list=listed)}')
    return file


def test_a_customer_of_the_list_is_told_the_lines_for_its_zone(config: Path) -> None:
    run = mxproof("publish", "customers", "--config", str(config), "--format", "json", *LAB)
    told = msgspec.json.decode(run.stdout, type=ToldCustomer)
    assert (run.returncode, told.domain, told.end) == (UNKNOWN, "example.com", CustomerEnd.ALIASES)
    assert told.aliases == (
        "_mta-sts.example.com. 3600 CNAME example.com.sts.example.net.",
        "mta-sts.example.com. 3600 CNAME policies.example.net.",
    )
    text = mxproof("publish", "customers", "example.com", "--config", str(config), *LAB)
    assert all(line.encode() in text.stdout for line in told.aliases)


def test_nobody_named_and_no_list_is_wrong_usage(config: Path) -> None:
    config.write_text("\n".join(line for line in config.read_text().splitlines() if "list" not in line))
    assert mxproof("publish", "customers", "--config", str(config), *LAB).returncode == USAGE

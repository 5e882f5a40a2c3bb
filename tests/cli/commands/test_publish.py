"""`mxproof publish serve`, as far as it does not serve: its configuration looked at and printed."""

import os
import tomllib
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, USAGE
from mxproof.serve.daemon.config import print_config
from support_cli import in_own_process, mxproof, one_line
from support_long import EXHAUSTIVE
from support_publish import DOMAIN, OTHER, certificate, config_in, hosting, put_certificate, put_policy


@pytest.fixture
def config(tmp_path: Path) -> str:
    hosting(tmp_path, DOMAIN, OTHER)
    file = tmp_path / "publish.toml"
    file.write_bytes(print_config(config_in(tmp_path)))
    return str(file)


def test_what_is_right_is_said_to_be(config: str) -> None:
    run = mxproof("publish", "serve", "--config", config, "--check-config")
    assert (run.returncode, run.stdout) == (DONE, b"")
    assert "2 domains" in one_line(run.stderr)


def test_a_key_for_root_alone_is_no_fault(tmp_path: Path, config: str) -> None:
    (tmp_path / "certificates" / f"mta-sts.{OTHER}.key").chmod(0o600)
    run = mxproof("publish", "serve", "--config", config, "--check-config")
    told = run.stderr.decode().splitlines()
    assert run.returncode == DONE
    assert [line.split(":")[1].strip() for line in told[:-1]] == (
        [f"key of mta-sts.{OTHER}"] if os.geteuid() == 0 else []
    )


def test_each_policy_and_certificate_that_is_not_is_named(tmp_path: Path, config: str) -> None:
    put_policy(tmp_path, OTHER, b"version: STSv1\n")
    put_certificate(tmp_path, DOMAIN, certificate(OTHER))
    run = mxproof("publish", "serve", "--config", config, "--check-config")
    told = run.stderr.decode().splitlines()
    assert (run.returncode, len(told)) == (PROBLEM, 3)
    assert [line.split(":")[1].strip() for line in told[:2]] == [
        f"policy of {OTHER}",
        f"certificate of mta-sts.{DOMAIN}",
    ]


def test_without_policies_it_does_not_begin() -> None:
    run = mxproof("publish", "serve")
    assert run.returncode == USAGE
    assert one_line(run.stderr).startswith("mxproof: /dev/null: folder: ")


@EXHAUSTIVE
def test_where_it_cannot_listen_one_line_says_so(tmp_path: Path, config: str) -> None:
    (tmp_path / "https").write_bytes(b"no socket")
    run = in_own_process("publish", "serve", "--config", config)
    assert (run.returncode, run.stdout) == (USAGE, b"")
    assert one_line(run.stderr).startswith("mxproof: listen: ")


def test_the_whole_configuration_is_printed_and_read_again(tmp_path: Path, config: str) -> None:
    printed = mxproof("publish", "serve", "--config", config, "--print-config").stdout
    again = tmp_path / "again.toml"
    again.write_bytes(printed)
    assert mxproof("publish", "serve", "--config", str(again), "--print-config").stdout == printed
    assert tomllib.loads(printed.decode())["limits"]["connections"] == 2000

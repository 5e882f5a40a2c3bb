"""`mxproof publish static`: files for a web server that is there already."""

from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, USAGE
from support_cli import mxproof, one_line
from support_publish import DOMAIN, OTHER, policy_text, served_text

FILE = ".well-known/mta-sts.txt"


@pytest.fixture
def policy(tmp_path: Path) -> str:
    file = tmp_path / "policy"
    file.write_bytes(policy_text(DOMAIN))
    return str(file)


def test_each_domain_has_its_file_and_each_server_its_sites(tmp_path: Path, policy: str) -> None:
    out = tmp_path / "deep" / "out"
    run = mxproof("publish", "static", DOMAIN, OTHER, DOMAIN, "--policy", policy, "--folder", str(out))
    assert run.returncode == DONE
    written = [Path(line) for line in run.stdout.decode().splitlines()]
    policies = [out / f"mta-sts.{domain}" / FILE for domain in (DOMAIN, OTHER)]
    assert written == [*policies, out / "nginx.conf", out / "Caddyfile", out / "apache.conf"]
    assert all(path.read_bytes() == served_text(DOMAIN) for path in policies)
    assert f"root {out}/mta-sts.{OTHER};" in (out / "nginx.conf").read_text()


def test_what_else_is_in_the_folder_stays(tmp_path: Path, policy: str) -> None:
    for domain in (DOMAIN, OTHER):
        mxproof("publish", "static", domain, "--policy", policy, "--folder", str(tmp_path / "out"))
    assert (tmp_path / "out" / f"mta-sts.{DOMAIN}" / FILE).read_bytes() == served_text(DOMAIN)


def test_the_paths_of_another_machine_may_be_said(tmp_path: Path, policy: str) -> None:
    out = tmp_path / "an out"
    run = mxproof(
        *("publish", "static", DOMAIN, "--policy", policy, "--folder", str(out)),
        *("--root", "/var/www/sts/", "--certificates", "/etc/certs"),
    )
    assert run.returncode == DONE
    site = (out / "nginx.conf").read_text()
    assert f"root /var/www/sts/mta-sts.{DOMAIN};" in site
    assert f"ssl_certificate /etc/certs/mta-sts.{DOMAIN}/fullchain.pem;" in site


@pytest.mark.parametrize(
    "arguments",
    [("--folder", "an out"), ("--folder", "out", "--root", "/a;b"), ("--folder", "out", "--root", "www")],
)
def test_a_path_that_would_need_quotes_is_refused_before_anything_is_written(
    tmp_path: Path, policy: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    run = mxproof("publish", "static", DOMAIN, "--policy", policy, *arguments)
    assert (run.returncode, run.stdout) == (USAGE, b"")
    one_line(run.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["policy"]


def test_a_policy_that_is_none_is_refused_with_its_line(tmp_path: Path, policy: str) -> None:
    Path(policy).write_bytes(policy_text(DOMAIN, "on"))
    run = mxproof("publish", "static", DOMAIN, "--policy", policy, "--folder", str(tmp_path / "out"))
    assert run.returncode == USAGE
    assert one_line(run.stderr).startswith(f"mxproof: {policy}:2: ")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, policy: str) -> None:
    run = mxproof(
        "publish", "static", DOMAIN, "--policy", policy, "--folder", f"{policy}/out", "--root", "/srv"
    )
    assert run.returncode == USAGE
    one_line(run.stderr)

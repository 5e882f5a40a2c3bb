"""Certificates of policy hosts from Pebble, which looks at every proof: by a file of `publish serve`, and by a record in knot."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from real.bed.acme import ACME_PORT, MANAGEMENT_PORT, NAME, acme_authority
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.network import COMMAND_WITHIN_S
from real.bed.powerdns import records_at
from real.bed.process import running
from real.bed.town import SECOND_NAME_SERVER, SENDING, Town
from real.publish.publisher import ISSUED, KEPT

HERE = SECOND_NAME_SERVER
ISSUED_WITHIN_S = 300.0
HOST = f"mta-sts.{ISSUED.name}"
SERVERS = (NAME_SERVER_MACHINE.ipv4, SECOND_NAME_SERVER.ipv4)
_CONFIG = """\
listen = ["inet:{here}:443"]
[[policy]]
names = ["{domain}"]
mode = "testing"
mx = ["mx.{domain}"]
[certificate]
look_s = 1
[acme]
directory = "https://{name}:{port}/dir"
terms_agreed = true
folder = "{folder}/acme"
ca_file = "{ca_file}"
challenge = "{challenge}"
listen = ["inet:{here}:80"]
[records]
kind = "rfc2136"
primary = "{primary}"
key_file = "{key}"
[publication]
store = "sqlite:{folder}/journal.db"
wait_s = 60
"""


@pytest.fixture(scope="module")
def pebble(place: Town) -> Iterator[None]:
    folder = place.folder / "pebble-validating"
    with acme_authority(place.network, HERE, place.authority, folder, NAME_SERVER_MACHINE) as authority:
        authority.await_ready()
        yield


def _configured(place: Town, folder: Path, challenge: str) -> Path:
    file = folder / "publish.toml"
    file.write_text(
        _CONFIG.format(
            here=HERE.ipv4,
            domain=ISSUED.name,
            name=NAME,
            port=ACME_PORT,
            folder=folder,
            ca_file=place.authority.file,
            challenge=challenge,
            primary=NAME_SERVER_MACHINE.ipv4,
            key=place.served.key.file,
        )
    )
    return file


def _command(place: Town, config: Path, *words: str) -> tuple[str, ...]:
    return place.network.inside(
        HERE, sys.executable, "-m", "mxproof", "publish", *words, "--config", str(config)
    )


def _ordered(place: Town, config: Path, *names: str) -> tuple[int, ToldCertificate]:
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--format", "json")
    command = _command(place, config, "certificates", *names, *asking)
    done = subprocess.run(command, capture_output=True, timeout=ISSUED_WITHIN_S, check=False)
    assert done.stdout, done.stderr.decode()
    told = msgspec.json.decode(done.stdout, type=ToldCertificate)
    return done.returncode, told


def test_a_policy_host_without_a_certificate_gets_one_and_serves(
    place: Town, pebble: None, tmp_path: Path
) -> None:
    config = _configured(place, tmp_path, "http-01")
    with running(
        "publish serve", _command(place, config, "serve"), tmp_path / "serve.log", ready="ready version="
    ) as daemon:
        daemon.await_ready()
        daemon.await_line(re.compile(rf"host={re.escape(HOST)} certificate=new"), ISSUED_WITHIN_S)
        root = tmp_path / "root.pem"
        got = (
            "curl",
            "-s",
            "--cacert",
            str(place.authority.file),
            f"https://{NAME}:{MANAGEMENT_PORT}/roots/0",
        )
        root.write_bytes(subprocess.check_output(place.network.inside(HERE, *got), timeout=COMMAND_WITHIN_S))
        fetch = ("curl", "-sS", "--cacert", str(root), "--resolve", f"{HOST}:443:{HERE.ipv4}")
        served = subprocess.check_output(
            place.network.inside(SENDING, *fetch, f"https://{HOST}/.well-known/mta-sts.txt"),
            timeout=COMMAND_WITHIN_S,
        )
        assert b"mode: testing" in served
        other = (
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            f"http://{HERE.ipv4}/.well-known/mta-sts.txt",
        )
        assert subprocess.check_output(place.network.inside(SENDING, *other), text=True) == "404"
    status, told = _ordered(place, config)
    assert (status, told.end) == (0, CertificateEnd.KEPT)
    assert list((tmp_path / "acme" / "proofs").iterdir()) == []


def test_a_record_proves_a_name_and_one_that_a_killed_process_left_is_withdrawn(
    place: Town, pebble: None, tmp_path: Path
) -> None:
    assert place.follower is not None
    config = _configured(place, tmp_path, "dns-01")
    name = f"mx.{KEPT.name}"
    noted = tmp_path / "acme" / "dns-proofs.json"
    place.follower.freeze(f"{KEPT.name}.")
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad")
    command = _command(place, config, "certificates", name, *asking)
    with running("certificates", command, tmp_path / "killed.log", ready="updated") as killed:
        killed.await_ready()
        killed.process.kill()
        killed.process.wait()
    left = _texts(place, SERVERS[0], name)
    assert len(left) == 1
    place.follower.thaw(f"{KEPT.name}.")
    status, told = _ordered(place, config, name)
    assert (status, told.end, told.said) == (0, CertificateEnd.ISSUED, "")
    place.follower.refresh(f"{KEPT.name}.")
    assert [_texts(place, one, name) for one in SERVERS] == [frozenset(), frozenset()]
    assert msgspec.json.decode(noted.read_bytes()) == []
    assert (tmp_path / "acme" / "certificates" / f"{name}.pem").stat().st_mode & 0o777 == 0o600


def _texts(place: Town, server: str, name: str) -> frozenset[str]:
    return records_at(place.network, SENDING, server, f"_acme-challenge.{name}", "TXT")

"""Domains of customers with real name servers: a certificate on first need from Pebble, and none for whoever does not lead here."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mxproof.publish.customer_told import ToldCustomer
from mxproof.publish.customers import CustomerEnd
from mxproof.publish.told import PublishedDomain
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from real.bed.acme import ACME_PORT, MANAGEMENT_PORT, NAME, acme_authority
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.network import COMMAND_WITHIN_S
from real.bed.powerdns import records_at
from real.bed.process import Daemon, running
from real.bed.town import SECOND_NAME_SERVER, SENDING, Host, MailDomain, Town, town

HERE = SECOND_NAME_SERVER
PROVIDER = "provider.example.com"
POLICIES = f"policies.{PROVIDER}"
RECORDS = f"sts.{PROVIDER}"
DONE_WITHIN_S = 300.0
_AUTHORITY = """\
[acme]
directory = "https://{name}:{port}/dir"
terms_agreed = true
folder = "{folder}/acme"
ca_file = "{ca_file}"
listen = ["inet:{here}:80"]
"""
_SERVED = """\
listen = ["inet:{here}:443"]
folder = "{folder}/policies"
[certificate]
look_s = 1
[publication]
store = "sqlite:{folder}/host.db"
"""
_CUSTOMERS = """\
folder = "{folder}/policies"
[records]
kind = "rfc2136"
primary = "{primary}"
key_file = "{key}"
ttl_s = 1
policy_host = "{policies}"
[customers]
list = "{folder}/customers.txt"
records = "{records}"
mx = ["*.{domain}"]
[publication]
store = "sqlite:{folder}/journal.db"
reload = ["kill", "-HUP", "{daemon}"]
wait_s = 60
"""


def _customer(label: str, leads_to: str) -> MailDomain:
    name = f"{label}.example.com"
    return MailDomain(
        name,
        (f"mx.{name}",),
        (Host(f"mx.{name}"),),
        ttl_s=2,
        policy_address="",
        more=(f"_mta-sts CNAME {name}.{RECORDS}.", f"mta-sts CNAME {leads_to}."),
    )


NEW = _customer("customer", POLICIES)
LEFT = _customer("left", f"elsewhere.{PROVIDER}")
OURS = MailDomain(
    PROVIDER,
    (f"mx.{PROVIDER}",),
    (Host(f"mx.{PROVIDER}"),),
    ttl_s=2,
    secondary=True,
    more=(f"policies A {HERE.ipv4}", f"elsewhere A {NAME_SERVER_MACHINE.ipv4}"),
)


@pytest.fixture(scope="module")
def place(host: None) -> Iterator[Town]:
    with town("customers", (OURS, NEW, LEFT)) as built:
        yield built


@pytest.fixture(scope="module")
def pebble(place: Town) -> Iterator[Path]:
    """Issue certificates for who proves names; return the log of the authority."""
    folder = place.folder / "pebble"
    with acme_authority(place.network, HERE, place.authority, folder, RESOLVER) as authority:
        authority.await_ready()
        yield folder / "pebble.log"


@pytest.fixture(scope="module")
def roots(place: Town, pebble: Path) -> Path:
    """Return a file with the roots of the authority, and of those who made the certificates of the mail servers."""
    address = f"https://{NAME}:{MANAGEMENT_PORT}/roots/0"
    got = ("curl", "-s", "--cacert", str(place.authority.file), address)
    root = subprocess.check_output(place.network.inside(HERE, *got), timeout=COMMAND_WITHIN_S)
    file = place.folder / "roots.pem"
    file.write_bytes(root + place.authority.file.read_bytes())
    return file


@pytest.fixture
def served(place: Town, tmp_path: Path) -> Iterator[Daemon]:
    """Host policies, and show proofs; what orders for itself there asks an authority that is not there."""
    (tmp_path / "policies").mkdir()
    file = tmp_path / "host.toml"
    head = _SERVED.format(here=HERE.ipv4, folder=tmp_path)
    file.write_text(head + _authority(place, tmp_path, port=1))
    with running(
        "publish serve", _command(place, file, "serve"), tmp_path / "serve.log", ready="ready version="
    ) as on:
        on.await_ready()
        yield on


def _authority(place: Town, folder: Path, port: int) -> str:
    return _AUTHORITY.format(
        name=NAME, port=port, folder=folder, ca_file=place.authority.file, here=HERE.ipv4
    )


def _command(place: Town, config: Path, *words: str) -> tuple[str, ...]:
    return place.network.inside(
        HERE, sys.executable, "-m", "mxproof", "publish", *words, "--config", str(config)
    )


def _configured(place: Town, folder: Path, daemon: Daemon) -> Path:
    (folder / "customers.txt").write_text(f"{NEW.name}\n{LEFT.name}\n")
    file = folder / "publish.toml"
    head = _CUSTOMERS.format(
        folder=folder,
        primary=NAME_SERVER_MACHINE.ipv4,
        key=place.served.key.file,
        policies=POLICIES,
        records=RECORDS,
        domain=NEW.name,
        daemon=daemon.process.pid,
    )
    file.write_text(head + _authority(place, folder, ACME_PORT))
    return file


def _said(place: Town, config: Path, roots: Path, *words: str) -> tuple[int, bytes]:
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(roots), "--format", "json")
    command = _command(place, config, *words, *asking)
    done = subprocess.run(command, capture_output=True, timeout=DONE_WITHIN_S, check=False)
    print(done.stderr.decode())  # what a test that fails shows
    assert done.stdout, done.stderr.decode()
    return done.returncode, done.stdout


def test_a_customer_gets_its_certificate_when_it_is_needed_and_is_announced_then(
    place: Town, pebble: Path, roots: Path, served: Daemon, tmp_path: Path
) -> None:
    config = _configured(place, tmp_path, served)
    status, said = _said(place, config, roots, "customers")
    told = {
        one.domain: one
        for one in (msgspec.json.decode(line, type=ToldCustomer) for line in said.splitlines())
    }
    assert {name: one.end for name, one in told.items()} == {
        NEW.name: CustomerEnd.PUBLISHED,
        LEFT.name: CustomerEnd.ALIASES,
    }, (said, served.text())
    assert status == 3
    publication = told[NEW.name].publication
    assert publication is not None
    for server in (NAME_SERVER_MACHINE.ipv4, SECOND_NAME_SERVER.ipv4):
        record = records_at(place.network, SENDING, server, f"{NEW.name}.{RECORDS}", "TXT")
        assert record == frozenset({f'"v=STSv1; id={publication.id};"'})
    fetch = ("curl", "-sS", "--cacert", str(roots), "--resolve", f"{NEW.policy_host}:443:{HERE.ipv4}")
    policy = subprocess.check_output(
        place.network.inside(SENDING, *fetch, f"https://{NEW.policy_host}/.well-known/mta-sts.txt"),
        timeout=COMMAND_WITHIN_S,
    )
    assert f"mx: mx.{NEW.name}".encode() in policy
    status, said = _said(place, config, roots, "status", NEW.name)
    shown = msgspec.json.decode(said, type=PublishedDomain)
    assert shown.certificate is not None
    assert (status, shown.certificate.end) == (0, CertificateEnd.KEPT)
    assert list((tmp_path / "acme" / "proofs").iterdir()) == []


def test_no_authority_is_asked_for_the_name_of_a_customer_that_leads_elsewhere(
    place: Town, pebble: Path, roots: Path, served: Daemon, tmp_path: Path
) -> None:
    config = _configured(place, tmp_path, served)
    status, said = _said(place, config, roots, "certificates", LEFT.policy_host)
    told = msgspec.json.decode(said, type=ToldCertificate)
    assert (status, told.name, told.end) == (3, LEFT.policy_host, CertificateEnd.WAITING)
    assert f"elsewhere.{PROVIDER}" in told.said
    assert os.fsencode(LEFT.policy_host) not in pebble.read_bytes()

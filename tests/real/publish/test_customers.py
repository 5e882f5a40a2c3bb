"""Domains of customers with real name servers: a certificate on first need from Pebble, and none for whoever does not lead here.

Names are proved by files, with records in knot, or by records, in PowerDNS; that one publishes from another machine than the host of policies.
"""

import json
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
from real.bed.network import COMMAND_WITHIN_S, Machine
from real.bed.powerdns import API_KEY, API_PORT, powerdns, records_at
from real.bed.process import Daemon, running
from real.bed.town import PARENT, POLICY_MACHINE, SECOND_NAME_SERVER, SENDING, Host, MailDomain, Town, town

HERE = SECOND_NAME_SERVER
PROVIDER = "provider.example.com"
POLICIES = f"policies.{PROVIDER}"
RECORDS = f"sts.{PROVIDER}"
PDNS_MACHINE = POLICY_MACHINE
PDNS_RECORDS = f"dns.{PROVIDER}"
"""A zone of PowerDNS."""
DONE_WITHIN_S = 300.0
_AUTHORITY = """\
[acme]
directory = "https://{name}:{port}/dir"
terms_agreed = true
folder = "{folder}/acme"
ca_file = "{ca_file}"
listen = ["inet:{here}:80"]
challenge = "{challenge}"
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
kind = "{kind}"
url = "http://127.0.0.1:{api}"
primary = "{primary}"
key_file = "{key}"
ttl_s = 1
policy_host = "{policies}"
[customers]
list = "{folder}/customers.txt"
records = "{records}"
mx = {mx}
[publication]
store = "sqlite:{folder}/journal.db"
reload = ["kill", "-HUP", "{daemon}"]
wait_s = 60
"""


def _customer(label: str, leads_to: str, *more: str, records: str = RECORDS) -> MailDomain:
    name = f"{label}.example.com"
    return MailDomain(
        name,
        (f"mx.{name}",),
        (Host(f"mx.{name}"),),
        ttl_s=2,
        policy_address="",
        more=(f"_mta-sts CNAME {name}.{records}.", f"mta-sts CNAME {leads_to}.", *more),
    )


NEW = _customer("customer", POLICIES)
LEFT = _customer("left", f"elsewhere.{PROVIDER}")
BY_RECORD = _customer(
    "by-record",
    POLICIES,
    f"_acme-challenge.mta-sts CNAME _acme-challenge.by-record.{PARENT}.{PDNS_RECORDS}.",
    records=PDNS_RECORDS,
)
WITHOUT_ALIAS = _customer("without-alias", POLICIES, records=PDNS_RECORDS)
"""It has no alias for proofs."""
OURS = MailDomain(
    PROVIDER,
    (f"mx.{PROVIDER}",),
    (Host(f"mx.{PROVIDER}"),),
    ttl_s=2,
    secondary=True,
    more=(
        f"policies A {HERE.ipv4}",
        f"elsewhere A {NAME_SERVER_MACHINE.ipv4}",
        f"dns NS {PDNS_MACHINE.host}.",
    ),
)


@pytest.fixture(scope="module")
def place(host: None) -> Iterator[Town]:
    with town("customers", (OURS, NEW, LEFT, BY_RECORD, WITHOUT_ALIAS)) as built:
        yield built


@pytest.fixture(scope="module")
def pebble(place: Town) -> Iterator[Path]:
    """Issue certificates for who proves names; return the log of the authority."""
    folder = place.folder / "pebble"
    with acme_authority(place.network, HERE, place.authority, folder, RESOLVER) as authority:
        authority.await_ready()
        yield folder / "pebble.log"


@pytest.fixture(scope="module")
def pdns(place: Town) -> Iterator[None]:
    """Serve a zone of ours from PowerDNS; what is not there is held by nobody, since the authority asks the same resolver as we do."""
    (place.folder / "api.key").write_text(API_KEY)
    zone = (
        f"$ORIGIN {PDNS_RECORDS}.\n$TTL 2\n"
        f"@ SOA {PDNS_MACHINE.host}. hostmaster.example. 1 3600 600 86400 0\n@ NS {PDNS_MACHINE.host}.\n"
    )
    with powerdns(place.network, PDNS_MACHINE, PDNS_RECORDS, zone, place.folder / "pdns") as server:
        server.daemon.await_ready()
        yield


@pytest.fixture(scope="module")
def roots(place: Town, pebble: Path) -> Path:
    """Return a file with the roots of the authority, and of those who made the certificates of the mail servers."""
    return _roots(place, HERE)


def _roots(place: Town, machine: Machine) -> Path:
    address = f"https://{NAME}:{MANAGEMENT_PORT}/roots/0"
    got = ("curl", "-s", "--cacert", str(place.authority.file), address)
    root = subprocess.check_output(place.network.inside(machine, *got), timeout=COMMAND_WITHIN_S)
    file = place.folder / f"roots-{machine.name}.pem"
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


def _authority(place: Town, folder: Path, port: int, challenge: str = "http-01") -> str:
    return _AUTHORITY.format(
        name=NAME,
        port=port,
        folder=folder,
        ca_file=place.authority.file,
        here=HERE.ipv4,
        challenge=challenge,
    )


def _command(place: Town, config: Path, *words: str, machine: Machine = HERE) -> tuple[str, ...]:
    return place.network.inside(
        machine, sys.executable, "-m", "mxproof", "publish", *words, "--config", str(config)
    )


def _configured(
    place: Town, folder: Path, daemon: Daemon, *customers: MailDomain, by_record: bool = False
) -> Path:
    (folder / "customers.txt").write_text("".join(f"{one.name}\n" for one in customers))
    file = folder / "publish.toml"
    head = _CUSTOMERS.format(
        folder=folder,
        primary=NAME_SERVER_MACHINE.ipv4,
        kind="powerdns" if by_record else "rfc2136",
        api=API_PORT,
        key=place.folder / "api.key" if by_record else place.served.key.file,
        policies=POLICIES,
        records=PDNS_RECORDS if by_record else RECORDS,
        mx=json.dumps([f"mx.{one.name}" for one in customers]),
        daemon=daemon.process.pid,
    )
    challenge = "dns-01" if by_record else "http-01"
    file.write_text(head + _authority(place, folder, ACME_PORT, challenge))
    return file


def _said(place: Town, config: Path, roots: Path, *words: str, machine: Machine = HERE) -> tuple[int, bytes]:
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(roots), "--format", "json")
    command = _command(place, config, *words, *asking, machine=machine)
    done = subprocess.run(command, capture_output=True, timeout=DONE_WITHIN_S, check=False)
    print(done.stderr.decode())  # what a test that fails shows
    assert done.stdout, done.stderr.decode()
    return done.returncode, done.stdout


def _gone_through(said: bytes) -> dict[str, ToldCustomer]:
    told = (msgspec.json.decode(line, type=ToldCustomer) for line in said.splitlines())
    return {one.domain: one for one in told}


def test_a_customer_gets_its_certificate_when_it_is_needed_and_is_announced_then(
    place: Town, pebble: Path, roots: Path, served: Daemon, tmp_path: Path
) -> None:
    config = _configured(place, tmp_path, served, NEW, LEFT)
    status, said = _said(place, config, roots, "customers")
    told = _gone_through(said)
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
    config = _configured(place, tmp_path, served, NEW, LEFT)
    status, said = _said(place, config, roots, "certificates", LEFT.policy_host)
    told = msgspec.json.decode(said, type=ToldCertificate)
    assert (status, told.name, told.end) == (3, LEFT.policy_host, CertificateEnd.WAITING)
    assert f"elsewhere.{PROVIDER}" in told.said
    assert os.fsencode(LEFT.policy_host) not in pebble.read_bytes()


def test_a_record_in_our_zone_proves_the_name_of_a_customer_that_has_an_alias_for_it(
    place: Town, pdns: None, served: Daemon, tmp_path: Path
) -> None:
    config = _configured(place, tmp_path, served, BY_RECORD, WITHOUT_ALIAS, by_record=True)
    here, folder = PDNS_MACHINE, place.folder / "pebble-at-pdns"
    with acme_authority(place.network, here, place.authority, folder, RESOLVER) as authority:
        authority.await_ready()
        status, said = _said(place, config, _roots(place, here), "customers", machine=here)
        told = _gone_through(said)
        assert {name: one.end for name, one in told.items()} == {
            BY_RECORD.name: CustomerEnd.PUBLISHED,
            WITHOUT_ALIAS.name: CustomerEnd.CERTIFICATE,
        }, (said, served.text())
        assert status == 3
        order = told[WITHOUT_ALIAS.name].order
        assert order is not None
        assert f"_acme-challenge.{WITHOUT_ALIAS.policy_host}" in order.said
        asked = authority.text()
    assert BY_RECORD.policy_host in asked
    assert WITHOUT_ALIAS.policy_host not in asked
    publication = told[BY_RECORD.name].publication
    assert publication is not None
    name = f"{BY_RECORD.name}.{PDNS_RECORDS}"
    shown = [
        records_at(place.network, SENDING, here.ipv4, one, "TXT") for one in (name, f"_acme-challenge.{name}")
    ]
    assert shown == [frozenset({f'"v=STSv1; id={publication.id};"'}), frozenset()]
    assert msgspec.json.decode((tmp_path / "acme" / "dns-proofs.json").read_bytes()) == []

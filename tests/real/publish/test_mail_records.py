"""`mxproof publish records` through each of those who keep zones: PowerDNS by its API, knot by updates with a key, and octoDNS by files."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxproof.publish.result import PublicationEnd
from mxproof.publish.told_records import ToldRecords
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.network import COMMAND_WITHIN_S, Machine
from real.bed.powerdns import API_KEY, API_PORT, PowerDns, powerdns, records_at
from real.bed.town import PARENT, POLICY_MACHINE, SECOND_NAME_SERVER, SENDING, Host, MailDomain, Town, town

HERE = POLICY_MACHINE
"""Where the API of PowerDNS listens, and whoever publishes works."""
ENDED_WITHIN_S = 600.0
TTL_S = 2
FORCED = ("--force", "the authority is that of the tests")
VERIFICATION, REPORTED, ELSEWHERE = "site-verification=1", "v=DMARC1; p=reject", '0 issue "elsewhere.example"'
SPF, DMARC = "v=spf1 mx -all", "v=DMARC1; p=none"
CAA = ('0 issue "letsencrypt.org"', '0 iodef "mailto:security@example.com"')
_CONFIG = """\
[records]
kind = "{kind}"
url = "http://127.0.0.1:{api}"
primary = "{primary}"
key_file = "{key}"
folder = "{folder}/ours"
ttl_s = 1
caa = {caa}
spf = "{spf}"
dmarc = "{dmarc}"
dkim = ["mail {dkim}"]
[publication]
store = "sqlite:{folder}/journal.db"
wait_s = {wait_s}
"""
_OCTODNS = """\
providers:
  config: {{class: octodns.provider.yaml.YamlProvider, directory: {folder}/config, escaped_semicolons: true}}
  mxproof:
    class: octodns.provider.yaml.YamlProvider
    directory: {folder}/ours
    escaped_semicolons: true
    enforce_order: false
    populate_should_replace: true
  pdns: {{class: octodns_powerdns.PowerDnsProvider, host: 127.0.0.1, port: {api}, api_key: {key}}}
zones:
  {zone}.: {{sources: [config, mxproof], targets: [pdns]}}
"""


def _domain(label: str, *elsewhere: str) -> MailDomain:
    """Return one that has other records already where some are wanted."""
    name = f"{label}.{PARENT}"
    return MailDomain(
        name,
        (f"mx.{name}",),
        (Host(f"mx.{name}"),),
        ttl_s=TTL_S,
        secondary=not elsewhere,
        elsewhere=elsewhere,
        texts=(("@", VERIFICATION), ("_dmarc", REPORTED)),
        more=(f"mx CAA {ELSEWHERE}",),
        policy=b"",
    )


BY_API = _domain("by-api", HERE.host)
BY_UPDATE = _domain("by-update")
BY_FILES = _domain("by-files", HERE.host)


@pytest.fixture(scope="module")
def place(host: None) -> Iterator[Town]:
    with town("mail-records", (BY_API, BY_UPDATE, BY_FILES)) as built:
        yield built


@pytest.fixture(scope="module")
def server(place: Town) -> Iterator[PowerDns]:
    """Serve from PowerDNS the zones that are not those of knot."""
    first, second = place.zone_of(BY_API), place.zone_of(BY_FILES)
    with powerdns(place.network, HERE, BY_API.name, first.text(()), place.folder / "pdns") as up:
        up.load(BY_FILES.name, second.text(()))
        up.daemon.await_ready()
        yield up


@pytest.fixture(scope="module")
def dkim() -> str:
    """Return the record of a key, which is longer than one string of a TXT record may be."""
    key = rsa.generate_private_key(65537, 2048).public_key()
    return f"v=DKIM1; k=rsa; p={base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()}"


def _configured(place: Town, folder: Path, kind: str, dkim: str, wait_s: float) -> None:
    (folder / "ours").mkdir(exist_ok=True)
    (folder / "api.key").write_text(API_KEY)
    (folder / "publish.toml").write_text(
        _CONFIG.format(
            kind=kind,
            api=API_PORT,
            primary=NAME_SERVER_MACHINE.ipv4,
            key=place.served.key.file if kind == "rfc2136" else folder / "api.key",
            folder=folder,
            caa=json.dumps(CAA),
            spf=SPF,
            dmarc=DMARC,
            dkim=dkim,
            wait_s=wait_s,
        )
    )


def _published(place: Town, folder: Path, domain: MailDomain, *options: str) -> tuple[int, ToldRecords]:
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(place.authority.file))
    program = (sys.executable, "-m", "mxproof", "publish", "records", domain.name, "--format", "json")
    command = (*program, "--config", str(folder / "publish.toml"), *asking, *options)
    inside = place.network.inside(HERE, *command)
    done = subprocess.run(inside, capture_output=True, timeout=ENDED_WITHIN_S, check=False)
    assert done.stdout, done.stderr.decode()
    return done.returncode, msgspec.json.decode(done.stdout, type=ToldRecords)


def _shown(place: Town, server: Machine, domain: MailDomain) -> dict[str, frozenset[str]]:
    """Return what a server has at each name, strings of a text joined."""
    asked = (
        (domain.name, "TXT"),
        (f"_dmarc.{domain.name}", "TXT"),
        (f"mail._domainkey.{domain.name}", "TXT"),
        (f"mta-sts.{domain.name}", "CAA"),
        (f"mx.{domain.name}", "CAA"),
    )
    return {
        name.removesuffix(domain.name).rstrip("."): frozenset(
            one.replace('" "', "").replace("\\;", ";")
            for one in records_at(place.network, SENDING, server.ipv4, name, kind)
        )
        for name, kind in asked
    }


def _before(domain: MailDomain) -> dict[str, frozenset[str]]:
    none: frozenset[str] = frozenset()
    return {
        "": frozenset({f'"{VERIFICATION}"'}),
        "_dmarc": frozenset({f'"{REPORTED}"'}),
        "mail._domainkey": none,
        "mta-sts": none,
        "mx": frozenset({ELSEWHERE}),
    }


def _after(domain: MailDomain, dkim: str) -> dict[str, frozenset[str]]:
    return _before(domain) | {
        "": frozenset({f'"{VERIFICATION}"', f'"{SPF}"'}),
        "mail._domainkey": frozenset({f'"{dkim}"'}),
        "mta-sts": frozenset(CAA),
        "mx": frozenset(CAA),
    }


def _unclear(place: Town, folder: Path, domain: MailDomain, server: Machine) -> None:
    """Hold it to do nothing as long as nobody knows whether the authority of the hosts could renew."""
    status, unclear = _published(place, folder, domain)
    assert (status, unclear.end) == (3, PublicationEnd.UNCLEAR)
    assert {one.host for one in unclear.caa} == {f"mta-sts.{domain.name}", f"mx.{domain.name}"}
    assert _shown(place, server, domain) == _before(domain)


def test_powerdns_gets_them_by_its_api(place: Town, server: PowerDns, dkim: str, tmp_path: Path) -> None:
    _configured(place, tmp_path, "powerdns", dkim, 60.0)
    _unclear(place, tmp_path, BY_API, HERE)
    status, done = _published(place, tmp_path, BY_API, *FORCED)
    assert (status, done.end) == (0, PublicationEnd.DONE), done
    assert _shown(place, HERE, BY_API) == _after(BY_API, dkim)
    status, again = _published(place, tmp_path, BY_API)
    assert (status, again.end) == (0, PublicationEnd.NOTHING), again


def test_knot_gets_them_by_updates_and_a_server_that_follows_late_is_waited_for(
    place: Town, dkim: str, tmp_path: Path
) -> None:
    assert place.follower is not None
    servers = (NAME_SERVER_MACHINE, SECOND_NAME_SERVER)
    _configured(place, tmp_path, "rfc2136", dkim, 2.0)
    _unclear(place, tmp_path, BY_UPDATE, NAME_SERVER_MACHINE)
    place.follower.freeze(f"{BY_UPDATE.name}.")
    status, waiting = _published(place, tmp_path, BY_UPDATE, *FORCED)
    assert (status, waiting.end) == (3, PublicationEnd.WAITING), waiting
    assert {one.place for one in waiting.lag} == {SECOND_NAME_SERVER.host}
    shown = [_shown(place, one, BY_UPDATE) for one in servers]
    assert shown == [_after(BY_UPDATE, dkim), _before(BY_UPDATE)]
    place.follower.thaw(f"{BY_UPDATE.name}.")
    status, again = _published(place, tmp_path, BY_UPDATE, *FORCED)
    assert (status, again.end) == (0, PublicationEnd.NOTHING), again
    assert [_shown(place, one, BY_UPDATE) for one in servers] == [_after(BY_UPDATE, dkim)] * 2


def _octodns(place: Town, folder: Path, program: str, *words: str) -> None:
    inside = place.network.inside(
        HERE, str(Path(sys.executable).with_name(program)), f"--config-file={folder}/octodns.yaml", *words
    )
    done = subprocess.run(inside, capture_output=True, timeout=COMMAND_WITHIN_S, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


def test_octodns_takes_them_from_a_file_beside_that_of_the_zone(
    place: Town, server: PowerDns, dkim: str, tmp_path: Path
) -> None:
    _configured(place, tmp_path, "octodns", dkim, 0.0)
    (tmp_path / "config").mkdir()
    (tmp_path / "octodns.yaml").write_text(
        _OCTODNS.format(folder=tmp_path, api=API_PORT, key=API_KEY, zone=BY_FILES.name)
    )
    _octodns(
        place,
        tmp_path,
        "octodns-dump",
        f"--output-dir={tmp_path}/config",
        f"{BY_FILES.name}.",
        "pdns",
    )
    _unclear(place, tmp_path, BY_FILES, HERE)
    status, waiting = _published(place, tmp_path, BY_FILES, *FORCED)
    assert (status, waiting.end) == (3, PublicationEnd.WAITING), waiting
    assert _shown(place, HERE, BY_FILES) == _before(BY_FILES)
    _octodns(place, tmp_path, "octodns-sync", "--doit")
    assert _shown(place, HERE, BY_FILES) == _after(BY_FILES, dkim)
    status, again = _published(place, tmp_path, BY_FILES)
    assert (status, again.end) == (0, PublicationEnd.NOTHING), again

"""An authority that refuses: Pebble that issues for no such name or finds no proof, and one that says it was asked too often.

The policy host goes on with the certificate that it has, and the order is tried again at the moment that is told, not before.
"""

import datetime as dt
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.utils import format_datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.publish.issuing import BACK_OFF_FIRST_S
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from real.bed.acme import ACME_PORT, NAME, acme_authority
from real.bed.ca import VALID_DAYS, Authority
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.network import COMMAND_WITHIN_S
from real.bed.process import Daemon, running
from real.bed.town import MAIL_MACHINE, PARENT, SECOND_NAME_SERVER, SENDING, Host, MailDomain, Town, town

HERE = SECOND_NAME_SERVER
"""The policy host, where nobody else serves HTTP."""
SAID_WITHIN_S = 300.0
LIMITING_PORT = 14001
LIMITED_FOR_S = 7200
"""Longer than anything is let alone that does not say for how long."""
OLD_FOR = dt.timedelta(days=VALID_DAYS - 10)
"""So that a certificate is to be renewed and good for days yet."""
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
listen = ["inet:{here}:80"]
[publication]
store = "sqlite:{folder}/journal.db"
"""
_LIMITING = """\
daemon off;
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log notice;
events {{ worker_connections 64; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {pem};
        ssl_certificate_key {pem};
        location = /order-plz {{
            default_type application/problem+json;
            add_header Retry-After "{retry_after}" always;
            return 429 '{problem}';
        }}
        location / {{
            proxy_pass https://127.0.0.1:{behind};
            proxy_set_header Host $http_host;
        }}
    }}
}}
"""
_PROBLEM = {
    "type": "urn:ietf:params:acme:error:rateLimited",
    "detail": "too many new orders recently",
    "status": 429,
}


def _domain(label: str, policy_address: str) -> MailDomain:
    name = f"{label}.{PARENT}"
    return MailDomain(
        name, (f"mx.{name}",), (Host(f"mx.{name}"),), ttl_s=2, policy_address=policy_address, policy=b""
    )


RENEWED = _domain("renewed", HERE.ipv4)
UNPROVED = _domain("unproved", MAIL_MACHINE.ipv4)
"""Where its policy host is nobody shows a proof."""
HOST, OTHER_HOST = RENEWED.policy_host, UNPROVED.policy_host


@pytest.fixture(scope="module")
def place(host: None) -> Iterator[Town]:
    with town("refused", (RENEWED, UNPROVED)) as built:
        yield built


@contextmanager
def _authority(place: Town, folder: Path, refused: tuple[str, ...] = ()) -> Iterator[Daemon]:
    """Have Pebble issue for all but `refused` names."""
    with acme_authority(
        place.network, HERE, place.authority, folder, NAME_SERVER_MACHINE, refused=refused
    ) as pebble:
        pebble.await_ready()
        yield pebble


@contextmanager
def _limiting(place: Town, folder: Path, retry_after: str) -> Iterator[Path]:
    """Stand before Pebble and take no order, with this `Retry-After`; yield the log of who asked for what."""
    folder.mkdir()
    (folder / "nginx.conf").write_text(
        _LIMITING.format(
            folder=folder,
            port=LIMITING_PORT,
            behind=ACME_PORT,
            pem=place.authority.issue((NAME,)).pem,
            problem=json.dumps(_PROBLEM),
            retry_after=retry_after,
        )
    )
    log = folder / "nginx.log"
    command = place.network.inside(HERE, "nginx", "-c", str(folder / "nginx.conf"), "-e", str(log))
    with running("nginx", command, log, ready="start worker process ") as front:
        front.await_ready()
        yield folder / "access.log"


def _configured(place: Town, folder: Path, port: int = ACME_PORT) -> Path:
    file = folder / "publish.toml"
    file.write_text(
        _CONFIG.format(
            here=HERE.ipv4,
            domain=RENEWED.name,
            name=NAME,
            port=port,
            folder=folder,
            ca_file=place.authority.file,
        )
    )
    return file


def _command(place: Town, config: Path, *words: str) -> tuple[str, ...]:
    program = (sys.executable, "-m", "mxproof", "publish")
    return place.network.inside(HERE, *program, *words, "--config", str(config))


def _ordered(place: Town, config: Path, *names: str) -> tuple[int, dict[str, ToldCertificate]]:
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--format", "json")
    command = _command(place, config, "certificates", *names, *asking)
    done = subprocess.run(command, capture_output=True, timeout=SAID_WITHIN_S, check=False)
    assert done.stdout, done.stderr.decode()
    documents = done.stdout.splitlines() if len(names) > 1 else [done.stdout]
    told = [msgspec.json.decode(one, type=ToldCertificate) for one in documents]
    return done.returncode, {one.name: one for one in told}


def _hours_go_by(folder: Path, hours: int) -> None:
    """Have what is to be tried again be so much nearer."""
    with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as connection:
        connection.execute(
            "UPDATE mxproof_wanted_certificate SET next_at = next_at - :s", {"s": 3600 * hours}
        )


def _fetched(place: Town, roots: Path) -> str:
    """Return the policy that senders get, which believe these roots."""
    fetch = ("curl", "-sS", "--cacert", str(roots), "--resolve", f"{HOST}:443:{HERE.ipv4}")
    command = place.network.inside(SENDING, *fetch, f"https://{HOST}/.well-known/mta-sts.txt")
    return subprocess.check_output(command, text=True, timeout=COMMAND_WITHIN_S)


def _orders(pebble: Daemon) -> int:
    return pebble.text().count("POST /order-plz")


def test_a_policy_host_goes_on_with_the_certificate_that_it_has_until_the_authority_issues(
    place: Town, tmp_path: Path
) -> None:
    before = Authority(tmp_path / "old-authority", dt.datetime.now(dt.UTC) - OLD_FOR)
    kept = tmp_path / "acme" / "certificates" / f"{HOST}.pem"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(before.issue((HOST,)).pem.read_bytes())
    config = _configured(place, tmp_path)
    with running(
        "publish serve", _command(place, config, "serve"), tmp_path / "serve.log", ready="ready version="
    ) as daemon:
        with _authority(place, tmp_path / "refusing", (RENEWED.name,)) as pebble:
            daemon.await_ready()
            daemon.await_line(re.compile(rf"{re.escape(HOST)}: no certificate: "), SAID_WITHIN_S)
            asked = _orders(pebble)
            began = dt.datetime.now(dt.UTC)
            status, told = _ordered(place, config, HOST)
            assert (status, told[HOST].end, _orders(pebble)) == (3, CertificateEnd.WAITING, asked)
            assert "rejectedIdentifier" in told[HOST].said
            again = told[HOST].tried_again_at
            assert again is not None
            assert again < began + dt.timedelta(seconds=1.25 * BACK_OFF_FIRST_S)
            assert "mode: testing" in _fetched(place, before.file)
            _hours_go_by(tmp_path, 1)
            status, told = _ordered(place, config, HOST)
            assert (status, told[HOST].end, _orders(pebble)) == (1, CertificateEnd.FAILED, asked + 1)
            later = told[HOST].tried_again_at
            assert later is not None
            assert later > dt.datetime.now(dt.UTC) + dt.timedelta(seconds=BACK_OFF_FIRST_S)
            assert "mode: testing" in _fetched(place, before.file)
        _hours_go_by(tmp_path, 1)
        with _authority(place, tmp_path / "issuing"):
            status, told = _ordered(place, config, HOST)
        assert (status, told[HOST].end, told[HOST].said) == (0, CertificateEnd.ISSUED, "")
        daemon.await_line(re.compile(rf"host={re.escape(HOST)} certificate=new"), SAID_WITHIN_S)


def test_a_name_that_is_not_proved_waits_by_itself_and_keeps_no_other_one_waiting(
    place: Town, tmp_path: Path
) -> None:
    config = _configured(place, tmp_path)
    (tmp_path / "acme" / "certificates").mkdir(parents=True)
    with (
        _authority(place, tmp_path / "pebble") as pebble,
        running(
            "publish serve", _command(place, config, "serve"), tmp_path / "serve.log", ready="ready version="
        ) as daemon,
    ):
        daemon.await_ready()
        daemon.await_line(re.compile(rf"host={re.escape(HOST)} certificate=new"), SAID_WITHIN_S)
        (tmp_path / "acme" / "certificates" / f"{HOST}.pem").unlink()
        status, told = _ordered(place, config, OTHER_HOST, HOST)
        assert (status, told[OTHER_HOST].end, told[HOST].end) == (
            1,
            CertificateEnd.FAILED,
            CertificateEnd.ISSUED,
        ), told
        assert OTHER_HOST in told[OTHER_HOST].said
        asked = _orders(pebble)
        status, again = _ordered(place, config, OTHER_HOST)
        assert (status, again[OTHER_HOST].end, _orders(pebble)) == (3, CertificateEnd.WAITING, asked)
        assert again[OTHER_HOST].tried_again_at == told[OTHER_HOST].tried_again_at
    assert list((tmp_path / "acme" / "proofs").iterdir()) == []


def _in_seconds(seconds: int) -> str:
    return str(seconds)


def _as_date(seconds: int) -> str:
    return format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("written", [_in_seconds, _as_date])
def test_an_authority_that_was_asked_too_often_is_let_alone_with_all_names_and_one_as_long_as_it_says(
    place: Town, tmp_path: Path, written: Callable[[int], str]
) -> None:
    config = _configured(place, tmp_path, LIMITING_PORT)
    began = dt.datetime.now(dt.UTC)
    front = _limiting(place, tmp_path / "front", written(LIMITED_FOR_S))
    with _authority(place, tmp_path / "pebble"), front as log:
        status, told = _ordered(place, config, HOST, OTHER_HOST)
        assert {name: one.end for name, one in told.items()} == {
            HOST: CertificateEnd.FAILED,
            OTHER_HOST: CertificateEnd.WAITING,
        }, told
        assert status == 1
        assert "rateLimited" in told[HOST].said
        asked = log.read_text()
        assert asked.count("POST /order-plz") == 1
        status, again = _ordered(place, config, HOST, OTHER_HOST)
        assert status == 3
        assert {one.end for one in again.values()} == {CertificateEnd.WAITING}
        assert all("no earlier than" in one.said for one in again.values())
        limited, other = again[HOST].tried_again_at, again[OTHER_HOST].tried_again_at
        assert limited is not None
        assert other is not None
        assert limited > began + dt.timedelta(seconds=LIMITED_FOR_S - 2)
        assert dt.timedelta(0) < other - began < dt.timedelta(seconds=LIMITED_FOR_S)
        assert log.read_text() == asked

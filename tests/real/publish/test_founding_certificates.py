"""Certificates of both mail servers of the founding set-up renewed under DANE, by certbot with dns-01 through PowerDNS, while mail flows."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from real.bed.acme import acme_authority
from real.bed.postfix import Sender
from real.bed.town import POLICY_MACHINE
from real.bed.writers import writers
from real.plan.flow import flowing, undelivered
from real.publish.deploying import Deploying
from real.publish.founding import CERTIFIED, SERVERS, TTL_S, Founding, founding

EACH_S = 1.0
ADDRESSES = tuple(one.ipv4 for one in SERVERS)


@pytest.fixture(scope="module")
def setup(host: None) -> Iterator[Founding]:
    with founding("certified", (CERTIFIED,)) as up:
        yield up


@pytest.fixture(scope="module")
def senders(setup: Founding) -> Iterator[dict[str, Sender]]:
    """Return real senders by name."""
    with writers(setup.place) as started:
        yield started


def _renewed(who: Deploying, *options: str) -> str:
    """Have certbot renew; return what the one TLSA record that is left names."""
    who.certbot("--reuse-key", *options, proof=who.by_records(ADDRESSES))
    told = who.told()
    assert (told.end, told.stage, told.said) == (PublicationEnd.DONE, Stage.OVER, "")
    (named,) = {one for server in ADDRESSES for one in who.records(server)}
    return named


def test_both_servers_have_certificates_renewed_and_keys_rolled_and_every_message_arrives(
    setup: Founding, senders: dict[str, Sender], tmp_path: Path
) -> None:
    both, place = [], setup.place
    for number, host in enumerate(CERTIFIED.hosts):
        (tmp_path / host.name).mkdir()
        store = setup.pair.leader.url
        both.append(Deploying.of(place, CERTIFIED, tmp_path / host.name, "powerdns", number, store))
    with (
        acme_authority(
            place.network, POLICY_MACHINE, place.authority, tmp_path / "pebble", POLICY_MACHINE
        ) as pebble,
        flowing(senders, CERTIFIED.name, EACH_S) as flow,
        ThreadPoolExecutor(len(both)) as pool,
    ):
        pebble.await_ready()
        flow.await_all(time.monotonic())
        first = list(pool.map(_renewed, both))
        assert set(first).isdisjoint(place.keys[one.host] for one in both)
        shown = [one.file.read_bytes() for one in both]
        flow.await_all(time.monotonic() + TTL_S)
        second = list(pool.map(lambda who: _renewed(who, "--force-renewal"), both))
        assert second == first
        assert all(one.file.read_bytes() != before for one, before in zip(both, shown, strict=True))
        flow.await_all(time.monotonic() + TTL_S)
    assert (undelivered(flow), flow.in_clear()) == ({}, set())
    for one in CERTIFIED.hosts:
        assert flow.arrived_at(place.addresses[one.name]) > 0
    assert flow.connected("Verified")["dane"] > 0
    assert flow.connected(r"(?!Verified)\w+")["dane"] == 0, "it would have gone on to the other host"

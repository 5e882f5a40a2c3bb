"""Certificates of a real Postfix renewed under DANE by `mxproof publish deploy`, while mail flows from a Postfix with DANE."""

import os
import random
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from real.bed.acme import acme_authority
from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.postfix import Sender, sender
from real.bed.town import POLICY_MACHINE, SECOND_NAME_SERVER, SENDING, Town
from real.plan.flow import flowing, undelivered
from real.publish.deploying import Deploying
from real.publish.publisher import RENEWED, RENEWED_KILLED, RENEWED_NAIVELY, TTL_S

KILLS = 1
"""test_killed has the long form."""
SERVERS = (NAME_SERVER_MACHINE.ipv4, SECOND_NAME_SERVER.ipv4)
OF_THE_SERVER = 0o640


@pytest.fixture(scope="module")
def senders(place: Town) -> Iterator[dict[str, Sender]]:
    """Return a sender with DANE, each of whose messages is a connection of its own."""
    settings = (
        "smtp_dns_support_level = dnssec",
        "smtp_tls_security_level = dane",
        "smtp_connection_cache_on_demand = no",
        "default_destination_concurrency_failed_cohort_limit = 0",
    )
    with sender(place.network, SENDING, settings, place.authority.file, place.folder / "sender-dane") as one:
        one.daemon.await_ready()
        yield {"dane": one}


@pytest.fixture
def who(place: Town, tmp_path: Path) -> Deploying:
    return Deploying.of(place, RENEWED, tmp_path)


def test_certbot_renews_under_dane_with_another_key_and_with_the_same_and_every_message_arrives(
    place: Town, senders: dict[str, Sender], who: Deploying
) -> None:
    who.file.chmod(OF_THE_SERVER)
    os.chown(who.file, 0, 7)
    with (
        acme_authority(place.network, POLICY_MACHINE, place.authority, who.folder / "pebble") as pebble,
        flowing(senders, RENEWED.name) as flow,
    ):
        pebble.await_ready()
        flow.await_all(time.monotonic())
        (before,) = who.records(SERVERS[0])
        who.certbot("--reuse-key")
        first = who.told()
        assert (first.end, first.stage, first.said) == (PublicationEnd.DONE, Stage.OVER, "")
        (after,) = {*who.records(SERVERS[0]), *who.records(SERVERS[1])}
        assert after != before
        flow.await_all(time.monotonic())
        shown = who.file.read_bytes()
        who.certbot("--reuse-key", "--force-renewal")
        second = who.told()
        assert (second.end, second.coming, second.going) == (PublicationEnd.DONE, (), ())
        assert who.file.read_bytes() != shown
        assert who.records(SERVERS[0]) == {after}
        flow.await_all(time.monotonic() + TTL_S)
    kept = who.file.stat()
    assert (stat.S_IMODE(kept.st_mode), kept.st_gid) == (OF_THE_SERVER, 7)
    assert undelivered(flow) == {}


def test_killed_at_random_points_it_ends_whole_and_every_message_arrives(
    place: Town, senders: dict[str, Sender], tmp_path: Path
) -> None:
    who = Deploying.of(place, RENEWED_KILLED, tmp_path)
    chance = random.Random(18)
    takes_s = 0.0
    with flowing(senders, RENEWED_KILLED.name) as flow:
        flow.await_all(time.monotonic())
        for number in range(KILLS + 1):
            identity = place.authority.issue((who.host,))
            who.renewed_by_hand(identity)
            began = time.monotonic()
            if number:
                inside = place.network.inside(POLICY_MACHINE, *who.command())
                started = subprocess.Popen(inside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    started.wait(chance.uniform(0, takes_s))
                except subprocess.TimeoutExpired:
                    started.send_signal(signal.SIGKILL)
                    started.wait()
            status, told = who.deploy()
            assert (status, told.end) in {(0, PublicationEnd.DONE), (0, PublicationEnd.NOTHING)}, told
            takes_s = takes_s or time.monotonic() - began
            assert {who.records(one) for one in SERVERS} == {frozenset({identity.spki_sha256})}
            assert identity.spki_sha256 not in who.file.read_text()
        flow.await_all(time.monotonic() + TTL_S)
    assert undelivered(flow) == {}


def test_swapped_without_waiting_for_its_record_a_certificate_makes_mail_wait(
    place: Town, senders: dict[str, Sender], tmp_path: Path
) -> None:
    who = Deploying.of(place, RENEWED_NAIVELY, tmp_path)
    with flowing(senders, RENEWED_NAIVELY.name) as flow:
        flow.await_all(time.monotonic())
        shutil.copy(place.authority.issue((who.host,)).pem, who.file)
        place.receiving.process.send_signal(signal.SIGHUP)
        flow.await_all(time.monotonic())
    assert set(undelivered(flow)) == {"dane"}

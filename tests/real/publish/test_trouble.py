"""What goes away in the middle of a publication, while mail flows: the domain is whole once it is back, and every message arrives."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mxproof.publish.result import PublicationEnd
from mxproof.publish.step import StepName
from real.bed.acme import acme_authority
from real.bed.machines import RESOLVER
from real.bed.postfix import Sender
from real.bed.postgresql import database
from real.bed.powerdns import records_at
from real.bed.process import Daemon, running
from real.bed.town import POLICY_MACHINE, SECOND_NAME_SERVER, SENDING, MailDomain
from real.bed.writers import writers
from real.plan.flow import Flow, flowing, undelivered
from real.publish.deploying import Deploying
from real.publish.founding import SERVERS, TTL_S, Founding, before_move, founding, secured
from real.publish.publisher import ENDED_WITHIN_S, Publishing

EACH_S = 1.0
LONG_S = 120.0
UNSERVED = before_move("unserved", aliases=False)
FULL = before_move("full", aliases=False)
REFUSED = secured("refused", "mx")
WITHOUT_DATABASE = before_move("without-database", aliases=False)


@pytest.fixture(scope="module")
def setup(host: None) -> Iterator[Founding]:
    with founding("trouble", (UNSERVED, FULL, REFUSED, WITHOUT_DATABASE)) as up:
        yield up


@pytest.fixture(scope="module")
def senders(setup: Founding) -> Iterator[dict[str, Sender]]:
    """Return real senders by name."""
    with writers(setup.place) as started:
        yield started


@contextmanager
def _mail(setup: Founding, senders: dict[str, Sender], domain: MailDomain) -> Iterator[Flow]:
    """Have mail flow, and hold it to have arrived at the end; what the resolver could not find out is shown else."""
    with flowing(senders, domain.name, EACH_S) as flow:
        flow.await_all(time.monotonic())
        yield flow
        flow.await_all(time.monotonic() + TTL_S)
    assert (undelivered(flow), flow.in_clear()) == ({}, set()), setup.place.resolver.text()[-2000:]


def _first(who: Publishing) -> None:
    policy = who.policy("mode: enforce", f"mx: mail.{who.domain}", "max_age: 1000")
    assert who.run("apply", "--policy", policy)[1].end is PublicationEnd.DONE


@contextmanager
def _under_way(setup: Founding, who: Publishing, max_age_s: int, told: str) -> Iterator[Daemon]:
    """Publish another max_age until this is told, while the second name server is left behind; it catches up at the end."""
    setup.pair.follower.freeze()
    try:
        command = who.command("apply", "--max-age", str(max_age_s))
        with running("apply", command, who.folder / f"apply-{max_age_s}", told) as begun:
            begun.await_ready()
            yield begun
    finally:
        setup.pair.follower.thaw()


def _whole(setup: Founding, who: Publishing, max_age_s: int) -> None:
    """Have it finished, and shown by everybody."""
    status, done = who.run("resume")
    assert (status, done.end) == (0, PublicationEnd.DONE), done
    assert f"max_age: {max_age_s}\r\n".encode() in who.served()
    wire, name = setup.place.network, f"_mta-sts.{who.domain}"
    shown = {records_at(wire, SENDING, one.ipv4, name, "TXT") for one in SERVERS}
    assert shown == {frozenset({f'"v=STSv1; id={done.id};"'})}


@contextmanager
def _second_gone(setup: Founding) -> Iterator[None]:
    """Have the second name server answer nobody, and the resolver notice at once."""
    process = setup.pair.second.daemon.process
    with setup.place.network.cut(RESOLVER, SECOND_NAME_SERVER, "unreachable"):
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)


def test_a_name_server_may_be_gone_before_a_publication_and_in_the_middle_of_it(
    setup: Founding, senders: dict[str, Sender], tmp_path: Path
) -> None:
    who = Publishing.of(setup.place, UNSERVED, tmp_path, "powerdns", wait_s=LONG_S)
    _first(who)
    Publishing.of(setup.place, UNSERVED, tmp_path, "powerdns", wait_s=2.0)
    with _mail(setup, senders, UNSERVED) as flow:
        with _under_way(setup, who, 2000, "id: patched") as begun, _second_gone(setup):
            assert begun.process.wait(ENDED_WITHIN_S) == 3
            flow.await_all(time.monotonic())
        Publishing.of(setup.place, UNSERVED, tmp_path, "powerdns", wait_s=LONG_S)
        _whole(setup, who, 2000)
        with _second_gone(setup):
            status, unseen = who.run("apply", "--max-age", "3000")
            assert (status, unseen.end) == (3, PublicationEnd.UNSEEN)
        assert who.opened() is None


def _fill(file: Path) -> None:
    """Leave no room on its disk."""
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    subprocess.run(("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)), check=True)
    try:
        yield
    finally:
        subprocess.run(("umount", str(folder)), check=True)


def test_the_disk_may_be_full_of_the_policies_and_of_the_journal(
    setup: Founding, senders: dict[str, Sender], tmp_path: Path
) -> None:
    state, www = tmp_path / "state", tmp_path / "www"
    with _small_disk(state), _small_disk(www), _mail(setup, senders, FULL) as flow:
        who = Publishing.of(setup.place, FULL, state, "powerdns", wait_s=LONG_S)
        _first(who)
        _fill(www / "filler")
        Publishing.of(setup.place, FULL, state, "powerdns", www=www)
        status, failed = who.run("apply", "--max-age", "2000")
        assert (status, failed.end, failed.steps) == (
            1,
            PublicationEnd.FAILED,
            (StepName.POLICY, StepName.ID),
        )
        assert "No space left on device" in failed.said
        flow.await_all(time.monotonic() + TTL_S)
        Publishing.of(setup.place, FULL, state, "powerdns", wait_s=LONG_S)
        _whole(setup, who, 2000)
        with _under_way(setup, who, 3000, "id: patched") as begun:
            _fill(state / "filler")
            setup.pair.follower.thaw()
            assert begun.process.wait(ENDED_WITHIN_S) != 0
            assert "database or disk is full" in begun.text()
            flow.await_all(time.monotonic() + TTL_S)
            (state / "filler").unlink()
        _whole(setup, who, 3000)


def test_an_authority_may_refuse_a_certificate(
    setup: Founding, senders: dict[str, Sender], tmp_path: Path
) -> None:
    who, place = Deploying.of(setup.place, REFUSED, tmp_path, "powerdns"), setup.place
    proof = who.by_records(tuple(one.ipv4 for one in SERVERS))
    with _mail(setup, senders, REFUSED) as flow:
        shown, records = who.shows(), [who.records(one.ipv4) for one in SERVERS]
        for folder, refused in (("refusing", (REFUSED.name,)), ("issuing", ())):
            here, its = POLICY_MACHINE, tmp_path / folder
            with acme_authority(place.network, here, place.authority, its, here, refused=refused) as pebble:
                pebble.await_ready()
                asked = who.asked_of_certbot(proof=proof)
            said = (asked.stdout + asked.stderr).decode()
            if refused:
                assert (asked.returncode, who.unfinished()) == (1, "nothing"), said
                assert (who.shows(), [who.records(one.ipv4) for one in SERVERS]) == (shown, records)
                flow.await_all(time.monotonic() + TTL_S)
                shutil.rmtree(tmp_path / "certbot" / "accounts")  # Pebble keeps none when it ends
        assert asked.returncode == 0, said
        assert who.told().end is PublicationEnd.DONE
        assert who.shows() != shown
        assert {who.records(one.ipv4) for one in SERVERS}.isdisjoint(records)


def test_the_database_of_the_zones_and_of_the_journal_may_be_gone(
    setup: Founding, senders: dict[str, Sender], tmp_path: Path
) -> None:
    leader = setup.pair.leader
    who = Publishing.of(setup.place, WITHOUT_DATABASE, tmp_path, "powerdns", wait_s=LONG_S, store=leader.url)
    _first(who)
    with _mail(setup, senders, WITHOUT_DATABASE) as flow:
        with _under_way(setup, who, 2000, "policy: written") as begun:
            leader.daemon.process.send_signal(signal.SIGQUIT)
            assert begun.process.wait(ENDED_WITHIN_S) != 0
            leader.daemon.process.wait(ENDED_WITHIN_S)
            flow.await_all(time.monotonic() + TTL_S)
        with database(setup.place.network, leader.machine, leader.folder):
            _whole(setup, who, 2000)
            flow.await_all(time.monotonic() + TTL_S)

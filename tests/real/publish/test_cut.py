"""Two publishers, of which one is cut off from their database: whatever it was at is taken over, and no id goes out that it does not serve.

Both policy hosts and both name servers are looked at all the time: whoever sees an id finds its policy, or a later one, at every address.
"""

import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.commands.publish_follow import TAKEN_OVER_S
from mxproof.publish.result import PublicationEnd
from mxproof.publish.step import StepName
from mxproof.store.journal.postgresql import GONE_WITHIN_S
from real.bed.https import policy_host
from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.network import COMMAND_WITHIN_S
from real.bed.postgresql import Database, database
from real.bed.powerdns import records_at
from real.bed.process import running
from real.bed.town import MAIL_MACHINE, POLICY_MACHINE, SECOND_NAME_SERVER, SENDING, Town
from real.publish.publisher import CUT, ENDED_WITHIN_S, Publishing

A_MINUTE_S = 60.0
SERVED_WITHIN_S = 300.0
WAIT_S = 240.0
BRIEF_S = 10.0
"""Longer than it takes both hosts to switch; a host that is slower than this is waited for in vain, as one that is cut off."""
HOSTS = (POLICY_MACHINE, SECOND_NAME_SERVER)
NAME_SERVERS = (NAME_SERVER_MACHINE, SECOND_NAME_SERVER)
_MAX_AGE = re.compile(r"max_age: (\d+)")
_LOOKED_AGAIN_S = 0.1


class Look(msgspec.Struct, frozen=True):
    """What was seen: the ids, which were looked at first, and then the max_age of the policy that each host serves, 0 for none."""

    ids: frozenset[str]
    served: tuple[int, ...]


class Watching:
    """Looks at all servers again and again in a thread of its own."""

    def __init__(self, place: Town) -> None:
        self._place = place
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.looks: list[Look] = []
        self.fault: Exception | None = None

    def __enter__(self) -> "Watching":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def await_served(self, *max_ages_s: int) -> None:
        """Return once the hosts were seen with these policies, or both with the one."""
        wanted = max_ages_s if len(max_ages_s) > 1 else max_ages_s * len(HOSTS)
        until = time.monotonic() + SERVED_WITHIN_S
        while not any(one.served == wanted for one in tuple(self.looks)):
            assert time.monotonic() < until, self.looks[-3:]
            assert self.fault is None
            time.sleep(_LOOKED_AGAIN_S)

    def _run(self) -> None:
        try:
            while not self._ended.wait(_LOOKED_AGAIN_S):
                self.looks.append(self._look())
        except (OSError, subprocess.SubprocessError) as error:  # told where the looks are read
            self.fault = error

    def _look(self) -> Look:
        wire, name = self._place.network, f"_mta-sts.{CUT.name}"
        shown = [records_at(wire, SENDING, one.ipv4, name, "TXT") for one in NAME_SERVERS]
        return Look(frozenset().union(*shown), tuple(self._served(one.ipv4) for one in HOSTS))

    def _served(self, address: str) -> int:
        host = CUT.policy_host
        fetch = (
            "curl",
            "-s",
            "--cacert",
            str(self._place.authority.file),
            "--resolve",
            f"{host}:443:{address}",
        )
        command = self._place.network.inside(SENDING, *fetch, f"https://{host}/.well-known/mta-sts.txt")
        done = subprocess.run(command, capture_output=True, timeout=COMMAND_WITHIN_S, check=True)
        found = _MAX_AGE.search(done.stdout.decode())
        return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def store(place: Town) -> Iterator[Database]:
    with database(place.network, MAIL_MACHINE, place.folder / "store") as up:
        yield up


@pytest.fixture
def both(place: Town, store: Database, tmp_path: Path) -> Iterator[tuple[Publishing, Publishing]]:
    """Have a publisher on each machine of a policy host."""
    second = place.folder / f"nginx-second-of-{tmp_path.name}"
    identity = place.authority.issue((CUT.policy_host,))
    publishers = []
    for machine, www in zip(HOSTS, (place.folder / "nginx" / "www", second / "www"), strict=True):
        folder = tmp_path / machine.name
        folder.mkdir()
        publishers.append(
            Publishing.of(
                *(place, CUT, folder, "rfc2136", WAIT_S, www, store.url),
                through_store=True,
                machine=machine,
            )
        )
    with policy_host(place.network, SECOND_NAME_SERVER, identity, {}, second) as daemon:
        daemon.await_ready()
        yield publishers[0], publishers[1]


@contextmanager
def _left_behind(place: Town) -> Iterator[None]:
    """Have the second name server follow no change, so that a publication waits for it."""
    assert place.follower is not None
    place.follower.freeze(f"{CUT.name}.")
    try:
        yield
    finally:
        place.follower.thaw(f"{CUT.name}.")


def _policy(who: Publishing, max_age_s: int) -> str:
    return who.policy("mode: testing", f"mx: mx.{who.domain}", f"max_age: {max_age_s}")


def test_one_that_is_cut_off_from_the_store_is_taken_over_from_within_a_minute(
    place: Town, store: Database, both: tuple[Publishing, Publishing], tmp_path: Path
) -> None:
    one, other = both
    with (
        running("one", one.following(), tmp_path / "one.log", ""),
        running("other", other.following(), tmp_path / "other.log", "") as follows,
        Watching(place) as watching,
        ExitStack() as cut,
    ):
        status, first = one.run("apply", "--policy", _policy(one, 1000))
        assert (status, first.end) == (0, PublicationEnd.DONE)
        watching.await_served(1000)
        with _left_behind(place):
            begun = subprocess.Popen(one.command("apply", "--policy", _policy(one, 2000)))
            watching.await_served(2000)
            cut_s = time.monotonic()
            cut.enter_context(place.network.cut(one.machine, store.machine))
        follows.await_line(re.compile("goes on with what was begun"), SERVED_WITHIN_S)
        taken_over_s = time.monotonic() - cut_s
        follows.await_line(re.compile(rf"{re.escape(CUT.name)}: done"), SERVED_WITHIN_S)
        begun.wait(ENDED_WITHIN_S)
        cut.close()
        status, second = one.run("apply", "--policy", _policy(one, 3000))
        assert (status, second.end) == (0, PublicationEnd.DONE)
        watching.await_served(3000)
    print(f"taken over {taken_over_s:.0f} s after the cut; {len(watching.looks)} looks")
    assert watching.fault is None
    assert GONE_WITHIN_S + TAKEN_OVER_S < A_MINUTE_S
    _hold(watching.looks, {first.id: 1000, second.id: 3000}, 2000)
    assert {look.served for look in watching.looks} >= {(age,) * len(HOSTS) for age in (1000, 2000, 3000)}


def test_no_id_is_announced_that_a_host_does_not_serve_which_is_cut_off_from_the_store(
    place: Town, store: Database, both: tuple[Publishing, Publishing], tmp_path: Path
) -> None:
    one, other = both
    log = tmp_path / "log"
    with (
        running("one", one.following(), log, "") as follows,
        running("other", other.following(), log, ""),
    ):
        status, first = one.run("apply", "--policy", _policy(one, 4000))
        assert (status, first.end) == (0, PublicationEnd.DONE), first
        with Watching(place) as watching:
            with place.network.cut(other.machine, store.machine):
                _impatient(one)
                status, waiting = one.run("apply", "--policy", _policy(one, 5000))
                watching.await_served(5000, 4000)
            assert (status, waiting.end) == (3, PublicationEnd.WAITING), waiting
            assert waiting.steps == (StepName.POLICY, StepName.ID)
            assert other.machine.ipv4 in {lag.address for lag in waiting.lag}
            follows.await_line(re.compile(rf"{re.escape(CUT.name)}: done"), SERVED_WITHIN_S)
            watching.await_served(5000)
        status, second = one.status()
    assert watching.fault is None
    assert (status, second.open_since) == (0, None)
    apart = [look.ids for look in watching.looks if len(set(look.served)) > 1]
    assert set(apart) == {frozenset({f'"v=STSv1; id={first.id};"'})}
    _hold(watching.looks, {first.id: 4000, second.id: 5000})


def _impatient(who: Publishing) -> None:
    """Have whoever publishes wait for a while only."""
    file = who.folder / "publish.toml"
    file.write_text(file.read_text().replace(f"wait_s = {WAIT_S}", f"wait_s = {BRIEF_S}"))


def _hold(looks: list[Look], policies: dict[str, int], between: int | None = None) -> None:
    """Hold the looks to the law; an id that is none of these has the policy `between`."""
    for look in looks:
        for record in look.ids:
            (id,) = re.findall("id=([^;]+);", record)  # noqa: A001 - that of the record
            promised = policies.get(id, between)
            assert promised is not None, look
            assert min(look.served) >= promised, look

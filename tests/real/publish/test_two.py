"""Two publishers with one store in a real PostgreSQL: both hosts have the same policies, and one finishes what the other left."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from mxproof.publish.result import PublicationEnd
from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.powerdns import records_at
from real.bed.process import Daemon, running
from real.bed.town import SECOND_NAME_SERVER, SENDING, Town
from real.publish.publisher import SHARED, Publishing
from real.store.servers import folder_of, postgresql

SERVED_WITHIN_S = 300.0


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with folder_of("postgres") as folder, postgresql(folder):
        yield f"postgresql:///postgres?host={folder}&user=postgres"


@contextmanager
def _both(one: Publishing, other: Publishing, log: Path) -> Iterator[Daemon]:
    """Have both servers follow the store, and write to one log."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(running("follow", who.following(), log, ready="")) for who in (one, other)
        ]
        yield started[0]


def _policy(who: Publishing, max_age_s: int) -> str:
    return who.policy("mode: testing", f"mx: mx.{who.domain}", f"max_age: {max_age_s}")


def _second_host(folder: Path) -> Path:
    return folder / "www" / f"mta-sts.{SHARED.name}" / ".well-known" / "mta-sts.txt"


def test_both_serve_what_either_publishes_and_one_finishes_what_the_other_was_killed_at(
    place: Town, store: str, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one = Publishing.of(
        place, SHARED, tmp_path / "one", "rfc2136", wait_s=120.0, store=store, through_store=True
    )
    other = Publishing.of(
        place,
        SHARED,
        tmp_path / "two",
        "rfc2136",
        wait_s=120.0,
        store=store,
        www=tmp_path / "two" / "www",
        through_store=True,
    )
    assert place.follower is not None
    with _both(one, other, tmp_path / "log") as both:
        assert one.run("apply", "--policy", _policy(one, 1000))[1].end is PublicationEnd.DONE
        _switched(both, 1)
        assert one.served() == _second_host(other.folder).read_bytes()
        place.follower.freeze(f"{SHARED.name}.")
        with subprocess.Popen(one.command("apply", "--policy", _policy(one, 2000))) as killed:
            _switched(both, 2)
            killed.kill()
        assert one.served() == _second_host(other.folder).read_bytes()
        assert b"max_age: 2000" in one.served()
        place.follower.thaw(f"{SHARED.name}.")
        both.await_line(re.compile(f"{re.escape(SHARED.name)}: done"), SERVED_WITHIN_S)
        status, shown = other.status()
    assert (status, shown.open_since) == (0, None)
    assert "max_age: 2000" in shown.policy
    expected = frozenset({f'"v=STSv1; id={shown.id};"'})
    for server in (NAME_SERVER_MACHINE.ipv4, SECOND_NAME_SERVER.ipv4):
        assert records_at(place.network, SENDING, server, f"_mta-sts.{SHARED.name}", "TXT") == expected


def _switched(both: Daemon, times: int) -> None:
    """Return when both hosts have switched so many times."""
    words = re.escape(f"{SHARED.name}: the policy of the store is served")
    both.await_line(re.compile(f"(?s)(?:{words}.*?){{{2 * times}}}"), SERVED_WITHIN_S)

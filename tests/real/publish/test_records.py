"""`mxproof publish apply` with real name servers: knot and one that follows, PowerDNS by its API, nginx as the policy host."""

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mxproof.publish.result import PublicationEnd
from mxproof.publish.step import StepName
from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.postfix import Sender
from real.bed.powerdns import PowerDns, records_at
from real.bed.town import SECOND_NAME_SERVER, SENDING, Town
from real.plan.flow import flowing, undelivered
from real.publish.publisher import DELEGATED, KEPT, KILLED, Publishing

KILLS = 3
"""test_killed has the long form."""


def _records(place: Town, server: str, domain: str) -> frozenset[str]:
    return records_at(place.network, SENDING, server, f"_mta-sts.{domain}", "TXT")


def _testing(who: Publishing, max_age_s: int = 86_400) -> str:
    return who.policy("mode: testing", f"mx: mx.{who.domain}", f"max_age: {max_age_s}")


def test_a_domain_is_published_changed_and_taken_back_by_updates_with_a_key(
    place: Town, tmp_path: Path
) -> None:
    who = Publishing.of(place, KEPT, tmp_path, "rfc2136")
    status, first = who.run("apply", "--policy", _testing(who))
    assert (status, first.end, first.said) == (0, PublicationEnd.DONE, "")
    expected = frozenset({f'"v=STSv1; id={first.id};"'})
    for server in (NAME_SERVER_MACHINE.ipv4, SECOND_NAME_SERVER.ipv4):
        assert _records(place, server, who.domain) == expected
    assert who.status()[0] == 0
    status, again = who.run("apply", "--policy", _testing(who))
    assert (status, again.end, again.id) == (0, PublicationEnd.NOTHING, first.id)
    status, refused = who.run(
        "apply", "--policy", who.policy("mode: enforce", "mx: other.example.net", "max_age: 86400")
    )
    assert (status, refused.end) == (1, PublicationEnd.REFUSED)
    assert refused.judgement is not None
    assert refused.judgement.worse
    assert _records(place, NAME_SERVER_MACHINE.ipv4, who.domain) == expected
    status, enforced = who.run("apply", "--mode", "enforce")
    assert (status, enforced.end) == (0, PublicationEnd.DONE)
    assert b"mode: enforce" in who.served()
    status, back = who.run("undo")
    assert (status, back.end) == (0, PublicationEnd.DONE)
    assert len({first.id, enforced.id, back.id}) == 3
    assert b"mode: testing" in who.served()
    _lag(place, tmp_path)


def _lag(place: Town, folder: Path) -> None:
    """Leave the second name server behind: the id waits, and goes out everywhere once it follows."""
    assert place.follower is not None
    who = Publishing.of(place, KEPT, folder, "rfc2136", wait_s=3.0)
    place.follower.freeze(f"{KEPT.name}.")
    status, waiting = who.run("apply", "--policy", _testing(who, 7200))
    assert (status, waiting.end, waiting.steps) == (3, PublicationEnd.WAITING, (StepName.ID,))
    assert {one.place for one in waiting.lag} == {SECOND_NAME_SERVER.host}
    assert {one.transport for one in waiting.lag} == {"udp", "tcp"}
    assert who.status()[0] == 3
    place.follower.thaw(f"{KEPT.name}.")
    status, done = who.run("resume")
    assert (status, done.end, done.id) == (0, PublicationEnd.DONE, waiting.id)


def test_records_are_altered_through_the_api_of_powerdns_which_may_be_gone_for_a_while(
    place: Town, record_server: PowerDns, tmp_path: Path
) -> None:
    who = Publishing.of(place, DELEGATED, tmp_path, "powerdns")
    status, first = who.run("apply", "--policy", _testing(who))
    assert (status, first.end, first.said) == (0, PublicationEnd.DONE, "")
    assert record_server.asked(f"_mta-sts.{who.domain}", "TXT") == {f'"v=STSv1; id={first.id};"'}
    (tmp_path / "api.key").write_text("another")
    status, failed = who.run("apply", "--policy", _testing(who, 7200))
    assert (status, failed.end, failed.steps) == (1, PublicationEnd.FAILED, (StepName.ID,))
    assert "401" in failed.said
    Publishing.of(place, DELEGATED, tmp_path, "powerdns")
    status, done = who.run("resume")
    assert (status, done.end) == (0, PublicationEnd.DONE)
    assert record_server.asked(f"_mta-sts.{who.domain}", "TXT") == {f'"v=STSv1; id={done.id};"'}


@contextmanager
def _full(folder: Path) -> Iterator[None]:
    """Mount a file system there that has no room left."""
    folder.mkdir()
    subprocess.run(("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)), check=True)
    try:
        (folder / "filler").write_bytes(bytes(64 * 1024))
        yield
    finally:
        subprocess.run(("umount", str(folder)), check=True)


def test_a_full_disk_stops_the_publication_before_anything_is_announced(place: Town, tmp_path: Path) -> None:
    with _full(tmp_path / "www"):
        who = Publishing.of(place, KILLED, tmp_path, "rfc2136", www=tmp_path / "www")
        status, failed = who.run("apply", "--policy", _testing(who))
        assert (status, failed.end) == (1, PublicationEnd.FAILED)
        assert "No space left on device" in failed.said
        assert _records(place, NAME_SERVER_MACHINE.ipv4, who.domain) == frozenset()
    who = Publishing.of(place, KILLED, tmp_path, "rfc2136")
    assert who.run("resume")[0] == 0


def test_a_publication_killed_at_random_points_ends_whole_and_mail_flows_throughout(
    place: Town, senders: dict[str, Sender], tmp_path: Path
) -> None:
    who = Publishing.of(place, KILLED, tmp_path, "rfc2136")
    began = time.monotonic()
    assert who.run("apply", "--policy", _policy_of_kill(who, 0))[0] == 0
    takes_s = time.monotonic() - began
    chance = random.Random(18)
    with flowing(senders, KILLED.name) as flow:
        flow.await_all(time.monotonic())
        for number in range(1, KILLS + 1):
            _killed(who, number, chance.uniform(0, takes_s))
            status, shown = who.status()
            assert (status, shown.open_since) == (0, None), shown
            ids = _records(place, SECOND_NAME_SERVER.ipv4, who.domain)
            assert ids == frozenset({f'"v=STSv1; id={shown.id};"'})
            assert who.served().decode() == shown.policy
        flow.await_all(time.monotonic())
    assert undelivered(flow) == {}


def _killed(who: Publishing, number: int, after_s: float) -> None:
    """Kill a publication after a while, and have the next one finish it."""
    command = who.command("apply", "--policy", _policy_of_kill(who, number))
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        started.wait(after_s)
    except subprocess.TimeoutExpired:
        started.send_signal(signal.SIGKILL)
        started.wait()
    subprocess.run(who.command("resume"), capture_output=True, timeout=600, check=False)


def _policy_of_kill(who: Publishing, number: int) -> str:
    """Return the path of a policy in mode enforce, another one each time."""
    return who.policy("mode: enforce", f"mx: mx.{who.domain}", f"max_age: {1000 + number}")

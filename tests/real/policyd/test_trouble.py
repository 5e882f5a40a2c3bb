"""Trouble that must not reach the mail: a log that nobody reads, a policy too large to be told whole, a silent look-up."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from real.bed.delivery import TRUSTED, VERIFIED
from real.bed.policyd import PolicyDaemon, policy_daemon
from real.bed.postfix import Sender, sender
from real.bed.process import STOP_WITHIN_S
from real.bed.town import SENDING, Town
from real.policyd.asking import OLD, TOLD, Asking, settings
from real.policyd.case import NOT_FOUND, policy, secure
from real.policyd.worlds import changing

PORT = 8463
PIPE_BYTES = 4096
QUESTIONS = 60
"""What is said of so many in debug is more than the pipe holds."""
PATTERNS = 900
"""So many names of more than 40 characters fit into a policy and into `match=`, and not three times over."""

both = pytest.mark.parametrize("asking", [OLD, TOLD], ids=lambda asking: asking.name)


@contextmanager
def sender_of(place: Town, asking: Asking, name: str) -> Iterator[Sender]:
    """Run a sender that asks the daemon at PORT."""
    where = settings(asking, f"inet:127.0.0.1:{PORT}")
    folder = place.folder / f"{name}-{asking.name}"
    made = sender(place.network, SENDING, where, place.authority.file, folder, edition=asking.edition)
    with made as one:
        one.daemon.await_ready()
        yield one


@contextmanager
def daemon_of(place: Town, name: str) -> Iterator[PolicyDaemon]:
    """Run a daemon at PORT."""
    folder = place.folder / f"policyd-{name}"
    with policy_daemon(place.network, SENDING, place.authority.file, folder, port=PORT) as one:
        one.daemon.await_ready()
        yield one


@contextmanager
def unread(place: Town, one: PolicyDaemon) -> Iterator[None]:
    """Run the daemon again, its log a small pipe that is read until the daemon is ready, and then no more."""
    command = (sys.executable, "-m", "mxproof", "policyd", "--config", str(one.config))
    process = subprocess.Popen(
        place.network.inside(SENDING, *command), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        fcntl.fcntl(process.stderr.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        said = b""
        while b"ready version=" not in said:
            data = os.read(process.stderr.fileno(), PIPE_BYTES)
            assert data, said
            said += data
        yield
        process.terminate()
        assert process.wait(STOP_WITHIN_S) == 0
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


@both
def test_mail_goes_while_nobody_reads_the_log_of_the_daemon(place: Town, asking: Asking) -> None:
    domain = changing("unread")
    place.publish(msgspec.structs.replace(domain, policy=policy(*domain.mx)))
    with sender_of(place, asking, "unread") as one:
        with daemon_of(place, f"unread-{asking.name}") as daemon:
            pass
        with unread(place, daemon):
            for number in range(QUESTIONS):
                assert daemon.asked("postfix", f"new{number}.{'x' * 50}.{domain.name}") == NOT_FOUND
            recipient = f"{asking.name}@{domain.name}"
            one.submit(recipient)
            assert one.outcome(recipient, status="sent").deed == VERIFIED


@both
def test_a_policy_too_large_to_be_told_whole_protects_all_the_same(place: Town, asking: Asking) -> None:
    domain = changing("large")
    names = (*domain.mx, *(f"{'m' * 30}{number}.example.net" for number in range(PATTERNS)))
    place.publish(msgspec.structs.replace(domain, id="2", policy=policy(*names)))
    with sender_of(place, asking, "large") as one, daemon_of(place, f"large-{asking.name}") as daemon:
        assert daemon.asked(asking.table, domain.name) == secure(*names)
        recipient = f"{asking.name}@{domain.name}"
        one.submit(recipient)
        assert one.outcome(recipient, status="sent").deed == VERIFIED


@both
def test_a_record_that_cannot_be_looked_up_holds_no_mail_and_is_not_called_absent(
    place: Town, asking: Asking
) -> None:
    domain = changing("unheard")
    place.publish(msgspec.structs.replace(domain, broken=(f"_mta-sts.{domain.name}",), id=None, signed=False))
    with sender_of(place, asking, "unheard") as one, daemon_of(place, f"unheard-{asking.name}") as daemon:
        recipient = f"{asking.name}@{domain.name}"
        one.submit(recipient)
        assert one.outcome(recipient, status="sent").deed == TRUSTED
        (line,) = [line for line in daemon.daemon.text().splitlines() if " reason=" in line]
        assert " WARNING " in line
        assert "reason=sts-unanswered" in line
        assert not line.endswith("detail=''")

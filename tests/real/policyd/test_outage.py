"""What becomes of mail when the daemon dies, ends or is started again while Postfix asks.

A policy host that takes a connection and says nothing holds the daemon, and so Postfix, at the question.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from real.bed.delivery import TRUSTED, VERIFIED, Deed
from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.policyd import ANSWERED_WITHIN_S, PolicyDaemon, policy_daemon
from real.bed.postfix import Sender, sender
from real.bed.town import SENDING, Town
from real.policyd.asking import OLD, TOLD, Asking, settings
from real.policyd.case import NOT_TOLD, policy, secure
from real.policyd.silence import silent_host
from real.policyd.worlds import changing, unlisted

PORT = 8462
_STOPPING = re.compile("stopping")

both = pytest.mark.parametrize("asking", [OLD, TOLD], ids=lambda asking: asking.name)


@contextmanager
def policy_daemon_of(place: Town, name: str) -> Iterator[PolicyDaemon]:
    """Run a daemon that knows what the one of the same name before it has learnt."""
    folder = place.folder / f"policyd-{name}"
    with policy_daemon(place.network, SENDING, place.authority.file, folder, port=PORT) as one:
        one.daemon.await_ready()
        yield one


@contextmanager
def sender_of(place: Town, asking: Asking, name: str) -> Iterator[Sender]:
    """Run a sender that asks the daemon, which need not run yet."""
    with sender(
        place.network,
        SENDING,
        settings(asking, f"inet:127.0.0.1:{PORT}"),
        place.authority.file,
        place.folder / name,
        edition=asking.edition,
    ) as one:
        one.daemon.await_ready()
        yield one


@both
def test_mail_waits_while_the_daemon_is_dead_and_goes_when_it_lives(place: Town, asking: Asking) -> None:
    domain = changing("killed")
    name = f"killed-{asking.name}"
    recipient = f"{asking.name}@{domain.name}"
    with sender_of(place, asking, name) as one:
        with silent_host(place, domain) as host, policy_daemon_of(place, name) as daemon:
            one.submit(recipient)
            connection, _ = host.accept()
            with connection:
                daemon.daemon.process.kill()
                assert _outcome(one, recipient) == NOT_TOLD
        place.publish(msgspec.structs.replace(domain, policy=policy(*domain.mx)))
        with policy_daemon_of(place, name):
            one.flush()
            assert _outcome(one, recipient, status="sent") == VERIFIED


@both
def test_a_daemon_that_is_told_to_end_answers_first(place: Town, asking: Asking) -> None:
    domain = changing("ended")
    name = f"ended-{asking.name}"
    recipient = f"{asking.name}@{domain.name}"
    with (
        sender_of(place, asking, name) as one,
        silent_host(place, domain) as host,
        policy_daemon_of(place, name) as daemon,
    ):
        one.submit(recipient)
        connection, _ = host.accept()
        with connection:
            daemon.daemon.process.terminate()
            daemon.daemon.await_line(_STOPPING, ANSWERED_WITHIN_S)
        assert _outcome(one, recipient) == TRUSTED, one.daemon.text()
        assert daemon.daemon.process.wait(ANSWERED_WITHIN_S) == 0


def test_a_policy_that_was_answered_once_outlives_a_kill(place: Town) -> None:
    domain = changing("restarted")
    with policy_daemon_of(place, "restarted") as daemon:
        assert daemon.asked("postfix", domain.name) == secure(unlisted(domain))
        daemon.daemon.process.kill()
    gone = msgspec.structs.replace(domain, id=None, policy_address=NAME_SERVER_MACHINE.ipv4)
    place.publish(gone)
    with policy_daemon_of(place, "restarted") as daemon:
        assert daemon.asked("postfix", domain.name) == secure(unlisted(domain))


def _outcome(one: Sender, recipient: str, *, status: str = r"\w+") -> Deed:
    got = one.outcome(recipient, status=status)
    return got.deed

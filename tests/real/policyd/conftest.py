"""One town for all tests of the policy daemon: its domains, the daemon, and three senders that ask it."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from real.bed.edition import NEWER
from real.bed.network import COMMAND_WITHIN_S
from real.bed.policyd import PolicyDaemon, policy_daemon
from real.bed.postfix import Sender, sender
from real.bed.town import SENDING, Town, town
from real.policyd.asking import ASKING, settings
from real.policyd.worlds import CASES, CHANGING, OTHER_DOMAINS, changing

NEWER_AT_LEAST = (3, 10, 5)
"""From this release on Postfix holds MX names against the patterns of a policy."""


@pytest.fixture(scope="package")
def place(host: None) -> Iterator[Town]:
    assert NEWER.root.is_dir(), f"{NEWER.root} is missing; run tools/install-postfix310 as root"
    domains = (*(case.domain for case in CASES), *OTHER_DOMAINS, *map(changing, CHANGING))
    with town("policyd", domains) as built:
        version = subprocess.check_output(
            NEWER.command(built.folder, "/usr/sbin/postconf", "-dh", "mail_version"), timeout=COMMAND_WITHIN_S
        )
        assert tuple(map(int, version.split(b"."))) >= NEWER_AT_LEAST
        yield built


@pytest.fixture(scope="package")
def daemon(place: Town) -> Iterator[PolicyDaemon]:
    with policy_daemon(place.network, SENDING, place.authority.file, place.folder / "policyd") as one:
        one.daemon.await_ready()
        yield one


@pytest.fixture(scope="package")
def senders(place: Town, daemon: PolicyDaemon) -> Iterator[dict[str, Sender]]:
    """Return the three senders by name, all on one machine."""
    with ExitStack() as stack:
        started = {}
        for asking in ASKING:
            one = sender(
                place.network,
                SENDING,
                settings(asking),
                place.authority.file,
                place.folder / asking.name,
                edition=asking.edition,
            )
            started[asking.name] = stack.enter_context(one)
        for one_sender in started.values():
            one_sender.daemon.await_ready()
        yield started

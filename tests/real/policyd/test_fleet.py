"""Two daemons of one store: what is purged at one is forgotten by the other, and does not come back."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from real.bed.delivery import VERIFIED
from real.bed.network import COMMAND_WITHIN_S
from real.bed.policyd import ANSWERED_WITHIN_S, PolicyDaemon, policy_daemon
from real.bed.postfix import sender
from real.bed.town import SENDING, Town
from real.policyd.asking import OLD, TOLD, Asking, settings
from real.policyd.case import policy, secure
from real.policyd.worlds import changing, unlisted
from real.store.servers import folder_of, postgresql

PORTS = (8468, 8469)
HOUR_S = 3600
"""A grace in which a daemon gives the same reply again without a look at anything."""
_PURGED = re.compile("purged by another daemon of this store")

both = pytest.mark.parametrize("asking", [OLD, TOLD], ids=lambda asking: asking.name)


@contextmanager
def daemon_of(place: Town, name: str, port: int, store: str) -> Iterator[PolicyDaemon]:
    """Run one of the daemons of a store."""
    folder = place.folder / f"{name}-{port}"
    with policy_daemon(
        place.network,
        SENDING,
        place.authority.file,
        folder,
        port=port,
        grace_s=HOUR_S,
        store=store,
        more=f'\n[admin]\ncontrol = "unix:{folder}/control"\n',
    ) as one:
        one.daemon.await_ready()
        yield one


@both
def test_a_purge_at_one_daemon_lets_the_mail_through_at_another(place: Town, asking: Asking) -> None:
    domain = changing("purged")
    name = f"purged-{asking.name}"
    place.publish(domain)
    with folder_of("postgres") as folder, postgresql(folder):
        store = f"postgresql:///postgres?host={folder}&user=postgres"
        with (
            daemon_of(place, name, PORTS[0], store) as here,
            daemon_of(place, name, PORTS[1], store) as there,
        ):
            for daemon in (here, there):
                assert daemon.asked("postfix", domain.name) == secure(unlisted(domain))
            place.publish(msgspec.structs.replace(domain, id="2", policy=policy(*domain.mx)))
            assert there.asked("postfix", domain.name) == secure(unlisted(domain))
            _purge(here, domain.name)
            there.daemon.await_line(_PURGED, ANSWERED_WITHIN_S)
            recipient = f"{asking.name}@{domain.name}"
            with sender(
                place.network,
                SENDING,
                settings(asking, f"inet:127.0.0.1:{PORTS[1]}"),
                place.authority.file,
                place.folder / name,
                edition=asking.edition,
            ) as one:
                one.daemon.await_ready()
                one.submit(recipient)
                assert one.outcome(recipient, status="sent").deed == VERIFIED
            for daemon in (here, there):
                assert daemon.asked("postfix", domain.name) == secure(*domain.mx)


def _purge(daemon: PolicyDaemon, destination: str) -> None:
    command = (
        sys.executable,
        "-m",
        "mxproof",
        "policyd",
        "--config",
        str(daemon.config),
        "purge",
        destination,
    )
    inside = daemon.network.inside(daemon.machine, *command)
    subprocess.run(inside, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)

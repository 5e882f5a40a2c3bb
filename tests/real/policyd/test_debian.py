"""Postfix as Debian sets it up: its SMTP client asks as user postfix from inside its chroot, over TCP or a socket file.

Seen from inside the chroot, the socket file of the daemon stands below the queue directory.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from real.bed.delivery import VERIFIED
from real.bed.edition import OWN
from real.bed.network import COMMAND_WITHIN_S
from real.bed.policyd import policy_daemon
from real.bed.postfix import Sender, sender
from real.bed.town import SENDING, Town
from real.policyd.asking import OLD, TOLD, Asking, settings
from real.policyd.case import named

PORT = 8463
SOCKET = "private/mxproof-policyd"
RECIPIENT = f"user@{named('direct')}"
_PROCESS = re.compile(r"smtp\[(\d+)]: ")


@contextmanager
def as_debian_has_it(place: Town, asking: Asking, where: str, folder: Path) -> Iterator[Sender]:
    """Run a sender with Debian's own master.cf and with what its start puts into the chroot."""
    master = (asking.edition.root / "usr/share/postfix/master.cf.dist").read_text()
    with sender(
        place.network,
        SENDING,
        settings(asking, where),
        place.authority.file,
        folder,
        edition=asking.edition,
        master=master,
    ) as one:
        one.daemon.await_ready()
        if asking.edition is OWN:  # newer ones fill the chroot whenever Postfix checks itself
            fill = ("env", f"MAIL_CONFIG={folder / 'etc'}", "/usr/lib/postfix/configure-instance.sh")
            subprocess.run(
                place.network.inside(SENDING, *fill),
                check=True,
                capture_output=True,
                timeout=COMMAND_WITHIN_S,
            )
        yield one


def _who(log: str) -> tuple[int, int, str]:
    """Return user and group of the SMTP client that wrote `log`, and the last label of its root."""
    found = _PROCESS.search(log)
    assert found is not None, log
    process = Path("/proc", found[1])
    ids = re.findall(r"^[UG]id:\t(\d+)", (process / "status").read_text(), re.MULTILINE)
    return int(ids[0]), int(ids[1]), (process / "root").readlink().name


@pytest.mark.parametrize("asking", [OLD, TOLD], ids=lambda asking: asking.name)
@pytest.mark.parametrize("way", ["inet", "unix"])
def test_a_chrooted_client_gets_its_answer(place: Town, asking: Asking, way: str) -> None:
    folder = place.folder / f"debian-{asking.name}-{way}"
    socket_file = folder / "queue" / SOCKET
    where = f"inet:127.0.0.1:{PORT}" if way == "inet" else f"unix:{SOCKET}"
    with as_debian_has_it(place, asking, where, folder) as one:
        with policy_daemon(
            place.network,
            SENDING,
            place.authority.file,
            folder / "policyd",
            port=PORT,
            listen=(f"unix:{socket_file}",),
            more='\n[unix]\nmode = "0600"\n',
        ) as daemon:
            daemon.daemon.await_ready()
            os.chown(socket_file, *asking.edition.user())  # as SocketUser= of the socket unit
            one.submit(RECIPIENT)
            got = one.outcome(RECIPIENT)
            assert got.deed == VERIFIED, one.daemon.text()
            assert _who(got.log) == (*asking.edition.user(), "queue")
        assert not socket_file.exists()

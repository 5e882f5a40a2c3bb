"""One machine on a wire of its own and a folder, for what is tried with one server."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.bed.edition import WORLDS_FOLDER
from real.bed.network import Machine, Network, network
from real.bed.zones import NAME_SERVER

SERVER = Machine("ns", NAME_SERVER, "192.0.2.53", "2001:db8::53")


@contextmanager
def ground(name: str) -> Iterator[tuple[Network, Machine, Path]]:
    """Make them, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix=f"mxproof-{name}-", dir=WORLDS_FOLDER) as made:
        place = Path(made)
        place.chmod(0o755)  # the daemons that drop root have to reach their folders
        with network(place.name, (SERVER,), SERVER) as wire:
            yield wire, SERVER, place

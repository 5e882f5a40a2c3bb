"""One town for all tests of publications: a domain whose records knot keeps, with a second server that follows, and one of PowerDNS."""

from collections.abc import Iterator

import pytest

from real.bed.postfix import Sender
from real.bed.powerdns import PowerDns, powerdns
from real.bed.town import Town, town
from real.bed.writers import writers
from real.publish.publisher import DELEGATED, DOMAINS, PDNS_MACHINE, RECORD_ZONE


@pytest.fixture(scope="package")
def place(host: None) -> Iterator[Town]:
    with town("publish", DOMAINS) as built:
        yield built


@pytest.fixture(scope="package")
def senders(place: Town) -> Iterator[dict[str, Sender]]:
    """Return real senders by name."""
    with writers(place) as started:
        yield started


@pytest.fixture(scope="package")
def record_server(place: Town) -> Iterator[PowerDns]:
    """Serve the records of a domain from PowerDNS: its `_mta-sts` is a zone of its own there."""
    zone = (
        f"$ORIGIN {RECORD_ZONE}.\n$TTL 2\n"
        f"@ SOA pdns.{DELEGATED.name}. hostmaster.example. 1 3600 600 86400 2\n@ NS pdns.{DELEGATED.name}.\n"
    )
    with powerdns(place.network, PDNS_MACHINE, RECORD_ZONE, zone, place.folder / "pdns") as server:
        server.daemon.await_ready()
        yield server

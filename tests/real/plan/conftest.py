"""One town for all tests of plans: domains that are about to move, and the senders that write to them meanwhile."""

from collections.abc import Iterator

import pytest

from real.bed.postfix import Sender
from real.bed.town import Town, town
from real.bed.writers import writers
from real.plan.domains import DOMAINS


@pytest.fixture(scope="package")
def place(host: None) -> Iterator[Town]:
    with town("plan", DOMAINS) as built:
        yield built


@pytest.fixture(scope="package")
def senders(place: Town) -> Iterator[dict[str, Sender]]:
    """Return real senders by name."""
    with writers(place) as started:
        yield started

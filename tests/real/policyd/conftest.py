"""One town for all tests of the policy daemon: its domains, the daemon, and three senders that ask it."""

from collections.abc import Iterator
from contextlib import ExitStack

import msgspec
import pytest

from real.bed.edition import NEWER, OWN, Edition
from real.bed.policyd import PORT, PolicyDaemon, policy_daemon
from real.bed.postfix import Sender, sender
from real.bed.town import SENDING, Town, town
from real.policyd.worlds import CASES, CHANGING, OTHER_DOMAINS, RELAY, RELAY_BY_DANE

MINIMUM = (3, 10, 5)
"""From this release on Postfix holds MX names against the patterns of a policy."""


class Asking(msgspec.Struct, frozen=True):
    """A sender that asks the daemon: its release, the map it asks, and what it does where nothing is found."""

    name: str
    edition: Edition
    table: str
    default: str


OLD = Asking("old", OWN, "postfix", "may")
CLASSIC = Asking("classic", NEWER, "postfix", "may")
TOLD = Asking("told", NEWER, "postfix-tlsrpt", "dane")
ASKING = (OLD, CLASSIC, TOLD)
ROUTES = {
    "bracketed.example": f"smtp:[{RELAY}]",
    "bracketed-port.example": f"smtp:[{RELAY}]:587",
    "port.example": f"smtp:{RELAY}:587",
    "service.example": f"smtp:{RELAY}:submission",
    "dane-port.example": f"smtp:[{RELAY_BY_DANE}]:587",
    "literal.example": "smtp:[192.0.2.100]",
}


def settings(asking: Asking, port: int = PORT) -> tuple[str, ...]:
    """Return the settings of a sender that has the daemon asked at `port`."""
    routes = " ".join(f"{{ {domain} = {hop} }}" for domain, hop in ROUTES.items())
    return (
        "smtp_dns_support_level = dnssec",
        f"smtp_tls_security_level = {asking.default}",
        f"smtp_tls_policy_maps = socketmap:inet:127.0.0.1:{port}:{asking.table}",
        f"transport_maps = inline:{{ {routes} }}",
        "smtputf8_enable = yes",
        "maximal_backoff_time = 4000s",
    )


@pytest.fixture(scope="package")
def place(host: None) -> Iterator[Town]:
    domains = (*(case.domain for case in CASES), *OTHER_DOMAINS, *CHANGING)
    with town("policyd", domains) as built:
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
            folder = place.folder / asking.name
            one = sender(
                place.network,
                SENDING,
                settings(asking),
                place.authority.file,
                folder,
                edition=asking.edition,
            )
            started[asking.name] = stack.enter_context(one)
        for one_sender in started.values():
            one_sender.daemon.await_ready()
        yield started

"""Destinations that are no plain domain: smart hosts, ports, address literals, parents, and names as people write them."""

import pytest

from real.bed.delivery import TRUSTED, VERIFIED, Delivery
from real.bed.policyd import PolicyDaemon
from real.bed.postfix import Sender
from real.policyd.asking import ASKING, ROUTES, Asking
from real.policyd.case import DANE_ONLY, NOT_FOUND, about, named, secure
from real.policyd.worlds import IDN, IDN_AS_WRITTEN, RELAY, RELAY_BY_DANE

REPLIES = {
    f"[{RELAY}]": secure(RELAY),
    f"[{RELAY}]:587": secure(RELAY),
    f"{RELAY}:587": secure(RELAY),
    f"{RELAY}:submission": secure(RELAY),
    f"[{RELAY_BY_DANE}]:587": DANE_ONLY,
    RELAY.upper(): secure(RELAY),
    IDN_AS_WRITTEN: secure(f"mx1.{IDN}"),
    IDN: secure(f"mx1.{IDN}"),
    f"user@{RELAY}": NOT_FOUND,
    f".{RELAY}": NOT_FOUND,
    ".com": NOT_FOUND,
    "[192.0.2.100]": NOT_FOUND,
    "[ipv6:2001:db8::25]:587": NOT_FOUND,
    "localhost": NOT_FOUND,
    "": NOT_FOUND,
}
DEEDS = {
    "user@bracketed.example": VERIFIED,
    "user@bracketed-port.example": VERIFIED,
    "user@port.example": VERIFIED,
    "user@service.example": VERIFIED,
    "user@dane-port.example": VERIFIED,
    "user@literal.example": TRUSTED,
    f"user@{IDN_AS_WRITTEN}": VERIFIED,
    f"someone@{IDN}": VERIFIED,
}


@pytest.fixture(scope="module")
def deliveries(senders: dict[str, Sender]) -> dict[tuple[str, str], Delivery]:
    """Let every sender write to every address, and return what became of each message."""
    for recipient in DEEDS:
        for one in senders.values():
            one.submit(recipient)
    return {(name, recipient): one.outcome(recipient) for name, one in senders.items() for recipient in DEEDS}


@pytest.mark.parametrize("key", REPLIES)
def test_the_daemon_answers_for_the_host_behind_the_key(daemon: PolicyDaemon, key: str) -> None:
    assert daemon.asked("postfix", key) == REPLIES[key]


def test_the_policy_domain_of_a_reply_is_in_a_labels(daemon: PolicyDaemon) -> None:
    mx = f"mx1.{IDN}"
    assert daemon.asked("postfix-tlsrpt", IDN_AS_WRITTEN) == f"{secure(mx)} {about(IDN, mx)}"


@pytest.mark.parametrize("asking", ASKING, ids=lambda asking: asking.name)
@pytest.mark.parametrize("recipient", DEEDS)
def test_a_sender_reaches_it_as_protected_as_the_reply_says(
    deliveries: dict[tuple[str, str], Delivery], recipient: str, asking: Asking
) -> None:
    got = deliveries[asking.name, recipient]
    assert got.deed == DEEDS[recipient], got.log


@pytest.mark.parametrize("asking", ASKING, ids=lambda asking: asking.name)
def test_mail_for_a_port_goes_to_that_port(
    deliveries: dict[tuple[str, str], Delivery], asking: Asking
) -> None:
    ports = {
        domain: deliveries[asking.name, f"user@{domain}"].port
        for domain in ("bracketed.example", "port.example", "service.example")
    }
    assert ports == {"bracketed.example": 25, "port.example": 587, "service.example": 587}


def test_every_route_is_taken() -> None:
    assert {recipient.partition("@")[2] for recipient in DEEDS} >= set(ROUTES)


def test_a_subdomain_has_no_part_in_the_policy_of_its_parent(daemon: PolicyDaemon) -> None:
    assert daemon.asked("postfix", f"sub.{named('direct')}") == NOT_FOUND

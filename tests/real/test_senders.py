"""What real Postfix senders do in each world."""

import re
import time

import pytest

from real.bed.bed import Bed, built
from real.bed.delivery import NO_TLS, TRUSTED, UNTRUSTED, UNVERIFIED, VERIFIED, Deed, Delivery, status_line
from real.bed.machines import OBSERVER
from real.bed.postfix import DELIVERED_WITHIN_S, sender
from real.bed.senders import OPPORTUNISTIC, POSTFIX_CNAME, POSTFIX_DANE, POSTFIX_STS, SENDERS
from real.bed.worlds import RECIPIENT, WORLDS

BACKOFF_S = 5
"""Long enough that no first attempt of a slow machine is a later one."""

PLAIN = Deed("sent", "2.0.0", "none")

NO_STARTTLS = Deed("deferred", "4.7.0", "none")
NO_HANDSHAKE = Deed("deferred", "4.7.5", "none")
NO_TLSA = Deed("deferred", "4.7.5", "none")
NO_NAMES = Deed("deferred", "4.4.3", "none")

_ORDER = (OPPORTUNISTIC, POSTFIX_DANE, POSTFIX_STS, POSTFIX_CNAME)
DEEDS = {
    "incident": (TRUSTED, TRUSTED, VERIFIED, UNVERIFIED),
    "half-fixed": (TRUSTED, TRUSTED, VERIFIED, UNVERIFIED),
    "half-fixed-cert": (TRUSTED, TRUSTED, VERIFIED, VERIFIED),
    "fixed": (TRUSTED, TRUSTED, VERIFIED, VERIFIED),
    "direct": (TRUSTED, TRUSTED, VERIFIED, VERIFIED),
    "testing": (UNTRUSTED, UNTRUSTED, UNTRUSTED, UNVERIFIED),
    "expired": (UNTRUSTED, UNTRUSTED, UNVERIFIED, UNVERIFIED),
    "untrusted": (UNTRUSTED, UNTRUSTED, UNVERIFIED, UNVERIFIED),
    "first-misnamed": (TRUSTED, TRUSTED, VERIFIED, VERIFIED),
    "first-closed": (TRUSTED, TRUSTED, VERIFIED, VERIFIED),
    "no-starttls": (PLAIN, PLAIN, NO_TLS, NO_TLS),
    "starttls-refused": (PLAIN, PLAIN, NO_STARTTLS, NO_STARTTLS),
    "no-handshake": (NO_HANDSHAKE, NO_HANDSHAKE, NO_HANDSHAKE, NO_HANDSHAKE),
    "unlisted": (TRUSTED, TRUSTED, UNVERIFIED, VERIFIED),
    # The next two would be refused by the letter of RFC 8461 section 4.1; a policy map knows certificates, not MX hosts.
    "unlisted-but-named": (TRUSTED, TRUSTED, VERIFIED, VERIFIED),
    "wildcard-depth": (TRUSTED, TRUSTED, VERIFIED, VERIFIED),
    "disowned": (NO_NAMES, NO_NAMES, NO_NAMES, NO_NAMES),
    "dane": (TRUSTED, VERIFIED, VERIFIED, VERIFIED),
    "dane-mismatch": (TRUSTED, UNVERIFIED, VERIFIED, VERIFIED),
    "dane-unsigned": (TRUSTED, TRUSTED, VERIFIED, VERIFIED),
    "dane-expired": (UNTRUSTED, VERIFIED, UNVERIFIED, UNVERIFIED),
    "dane-anchor": (TRUSTED, VERIFIED, VERIFIED, VERIFIED),
    "dane-unusable": (UNTRUSTED, UNTRUSTED, UNVERIFIED, UNVERIFIED),
    "dane-unanswered": (TRUSTED, NO_TLSA, VERIFIED, VERIFIED),
    "dane-at-target": (TRUSTED, VERIFIED, VERIFIED, UNVERIFIED),
    "dane-at-alias": (TRUSTED, VERIFIED, VERIFIED, UNVERIFIED),
    # The MX records are not signed, the zone of the hosts is: Postfix uses their TLSA records all the same.
    "dane-at-provider": (TRUSTED, UNVERIFIED, VERIFIED, VERIFIED),
}


@pytest.mark.parametrize("sender", SENDERS)
def test_a_sender_does_in_each_world_what_is_written(
    bed: Bed, deliveries: dict[str, Delivery], sender: str
) -> None:
    delivery = deliveries[sender]
    want = DEEDS[bed.world.name][_ORDER.index(sender)]
    assert delivery.deed == want, delivery.log


def test_a_sender_that_trusts_no_host_has_tried_every_address(
    bed: Bed, deliveries: dict[str, Delivery]
) -> None:
    everywhere = {address for machine in bed.receivers for address in (machine.ipv4, machine.ipv6)}
    gave_up = {
        name: delivery
        for name, delivery in deliveries.items()
        if delivery.level == UNVERIFIED.level and delivery.dsn == UNVERIFIED.dsn
    }
    tried = {name: {session.address for session in delivery.sessions} for name, delivery in gave_up.items()}
    assert tried == dict.fromkeys(gave_up, everywhere)


def test_what_a_sender_calls_sent_has_been_delivered_by_the_receiver(
    bed: Bed, deliveries: dict[str, Delivery]
) -> None:
    for delivery in deliveries.values():
        queued = re.search(r"queued as (\w+)$", delivery.text)
        if delivery.status == "sent":
            assert queued is not None, delivery.text
            status = bed.receiver_at(delivery.address).await_line(
                status_line(RECIPIENT, queue_id=queued[1]), DELIVERED_WITHIN_S
            )
            assert status["status"] == "sent"


@pytest.mark.usefixtures("host")
def test_after_a_failed_handshake_mail_goes_out_in_clear_text_in_a_later_attempt() -> None:
    """Nothing is later before a second has passed: Postfix compares whole ones (smtp.h, PREACTIVE_DELAY)."""
    world = next(world for world in WORLDS if world.name == "no-handshake")
    settings = ("smtp_tls_security_level = may", f"minimal_backoff_time = {BACKOFF_S}s")
    with built(world) as bed:
        patient = sender(bed.network, OBSERVER, settings, bed.ca_file, bed.folder / "patient")
        with patient as one:
            one.daemon.await_ready()
            one.submit()
            first = one.outcome()
            time.sleep(BACKOFF_S)
            one.flush()
            later = one.outcome(status="sent")
    assert [each.deed for each in (first, later)] == [NO_HANDSHAKE, PLAIN]

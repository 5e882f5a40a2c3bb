"""A TLSA roll-over while mail flows: in the order of the plan all of it arrives, certificate first that of postfix-dane does not."""

import time

from mxproof.mail.change import PresentCertificate
from mxproof.remedy.plan import Plan
from real.bed.ca import Identity
from real.bed.postfix import Sender
from real.bed.town import MailDomain, Town
from real.plan.administrator import Administrator
from real.plan.domains import LAG_S, ROLLED, ROLLED_NAIVELY, TTL_S
from real.plan.flow import flowing, undelivered


def _administrator(place: Town, domain: MailDomain) -> Administrator:
    host = domain.hosts[0].name
    return Administrator(
        place, domain.name, place.folder / domain.name, {host: place.authority.issue((host,))}
    )


def _planned(who: Administrator) -> Plan:
    """Have the roll-over to the certificate that was issued put into an order."""
    ((host, identity),) = who.certificates.items()
    record = f"_25._tcp.{host}. TLSA 3 1 1 {identity.spki_sha256}\n"
    return who.plan(record, None, "--name-server-lag", str(LAG_S))


def _shown_by(who: Administrator, plan: Plan, number: int) -> dict[str, Identity]:
    """Return the certificates that a step has shown."""
    changes = plan.ways[0].steps[number - 1].changes
    return {one.host: who.certificates[one.host] for one in changes if isinstance(one, PresentCertificate)}


def test_in_the_order_of_the_plan_every_message_arrives(place: Town, senders: dict[str, Sender]) -> None:
    who = _administrator(place, ROLLED)
    with flowing(senders, ROLLED.name) as flow:
        flow.await_all(time.monotonic())
        plan = _planned(who)
        assert plan.ways[0].is_safe
        for number, step in enumerate(plan.ways[0].steps, 1):
            who.make(number, _shown_by(who, plan, number))
            flow.await_all(time.monotonic() + step.wait_until_s - step.at_s)
        flow.await_all(time.monotonic() + TTL_S)
    assert undelivered(flow) == {}


def test_with_the_certificate_first_senders_by_dane_alone_defer(
    place: Town, senders: dict[str, Sender]
) -> None:
    who = _administrator(place, ROLLED_NAIVELY)
    with flowing(senders, ROLLED_NAIVELY.name) as flow:
        flow.await_all(time.monotonic())
        plan = _planned(who)
        steps = range(1, len(plan.ways[0].steps) + 1)
        shown = sorted(steps, key=lambda number: not _shown_by(who, plan, number))
        for number in shown:
            who.make(number, _shown_by(who, plan, number))
            flow.await_all(time.monotonic())
    assert set(undelivered(flow)) == {"dane", "fresh", "holding"}

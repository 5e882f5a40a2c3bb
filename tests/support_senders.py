"""What every modelled sender does with mail into a test world."""

from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from support_world import Smtp, ZoneWorld, collect

ADDRESSES = ("192.0.2.1", "2001:db8::1", "192.0.2.2")


def everywhere(server: Smtp) -> dict[str, Smtp]:
    """Return the servers of a world that are all like this one."""
    return dict.fromkeys(ADDRESSES, server)


def deliveries(world: ZoneWorld) -> dict[str, Delivery]:
    """Return what each sender does, by its id."""
    domain = assemble(collect(world), world.at)
    return {traits.id: deliver(domain, traits) for traits in SENDERS}


def those(verdict: Verdict, world: ZoneWorld) -> set[str]:
    """Return the ids of the senders with this verdict."""
    return {sender for sender, delivery in deliveries(world).items() if delivery.outcome is verdict}

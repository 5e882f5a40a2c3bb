"""The founding set-up: zones in two servers of PowerDNS over a replicated PostgreSQL, mail at two servers of Postfix.

Policies are served by nginx on the first of the servers, and whoever publishes works there.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.powerdns import NO_CONTENT
from real.bed.powerdns_pair import PowerDnsPair, powerdns_pair
from real.bed.town import PARENT, POLICY_MACHINE, SECOND_NAME_SERVER, Host, MailDomain, Tlsa, Town, town
from real.plan.domains import brief_policy

TTL_S = 2
SERVERS = (POLICY_MACHINE, SECOND_NAME_SERVER)
_NAMES = (POLICY_MACHINE.host, SECOND_NAME_SERVER.host)


class Founding(msgspec.Struct, frozen=True):
    """The set-up while it is up."""

    place: Town
    pair: PowerDnsPair

    def patch(self, domain: str, body: Path) -> None:
        """Alter the zone of a domain by the API, and return once the second server has it."""
        told = self.pair.first.patch(domain, body)
        assert told == NO_CONTENT, told
        self.pair.follower.caught_up_with(self.pair.leader)


def before_move(label: str, *, aliases: bool, policy: bytes = b"", id: str | None = None) -> MailDomain:  # noqa: A002 - that of the record
    """Return a domain whose mail comes to one server, and that is about to have two, which are up already.

    With `aliases` the new names are to be aliases of the two hosts, and their certificates have both names.
    """
    at = f"{label}.{PARENT}"
    if aliases:
        new = (
            Host(f"smol.{at}", (f"mxi1.{at}", f"smol.{at}")),
            Host(f"tol.{at}", (f"mxi2.{at}", f"tol.{at}")),
        )
    else:
        new = (Host(f"mx1.{at}"), Host(f"mx2.{at}"))
    second = msgspec.structs.replace(new[1], at_second=True)
    hosts = (Host(f"mail.{at}"), new[0], second)
    mx = (f"mail.{at}",)
    return MailDomain(at, mx, hosts, ttl_s=TTL_S, elsewhere=_NAMES, policy=policy, id=id)


def secured(label: str, *labels: str) -> MailDomain:
    """Return a signed domain whose mail comes to hosts of equal preference, by turns at both servers, with TLSA records for their keys."""
    at = f"{label}.{PARENT}"
    hosts = tuple(Host(f"{one}.{at}", at_second=bool(place % 2)) for place, one in enumerate(labels))
    return MailDomain(
        at,
        (),
        hosts,
        tlsa=tuple(Tlsa(one.name, one.name) for one in hosts),
        signed=True,
        ttl_s=TTL_S,
        elsewhere=_NAMES,
        policy=b"",
        more=tuple(f"@ MX 10 {one}" for one in labels),
    )


ALIASED = before_move("aliased", aliases=True)
STRAIGHT = before_move("straight", aliases=False)
ROLLED_OUT = before_move("rolled-out", aliases=False)
MOVED_BY_HAND = before_move(
    "moved-by-hand", aliases=True, policy=brief_policy(f"mail.moved-by-hand.{PARENT}"), id="1"
)
CERTIFIED = secured("certified", "mx1", "mx2")


@contextmanager
def founding(name: str, domains: Sequence[MailDomain]) -> Iterator[Founding]:
    """Build it, and leave nothing of it behind."""
    with town(name, domains) as place:
        zones = [place.zone_of(one) for one in domains]
        with powerdns_pair(place.network, SERVERS, zones, place.folder / "pair") as pair:
            for zone in zones:
                if zone.signed:
                    for data in pair.delegations(zone):
                        place.served.add(f"{PARENT}.", zone.apex, "DS", data)
            yield Founding(place, pair)

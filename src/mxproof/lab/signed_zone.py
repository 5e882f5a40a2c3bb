"""An authoritative name server that signs as it answers: with one key for a zone and those below it (RFC 4034, RFC 4035).

What is not there is denied by one NSEC record that speaks of the name asked for and of no other (RFC 9824), so that an answer
stays small and tells nobody which names there are. Signatures are made with dnspython and kept, so many of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from mxproof.lab.ca import ZoneKey
from mxproof.lab.dns import UDP_BYTES_MAX, asked_of, fitting
from mxproof.lab.zone import served
from mxproof.world.lookup import NXDOMAIN, Resolution, record_table
from mxproof.world.world import TTL_S, DnsFault, World

SIGNATURE_DAYS = 7
SIGNED_BEFORE = timedelta(hours=1)
SIGNATURES_KEPT_MAX = 8192
ANSWERED_NAME_CHARACTERS_MAX = 240
"""Longer names are refused: a name has to have room for one more label, which its proof of absence speaks of."""
_KEY_FLAGS = 257
_ALGORITHM = "ECDSAP256SHA256"
_NXNAME = 128
"""The type that stands in an NSEC record for a name that is not there (RFC 9824 section 4)."""
_CHALLENGE = "_acme-challenge"
_NO_TRANSFERS = frozenset({"AXFR", "IXFR", "ANY", "MAILA", "MAILB"})


class ZoneSigner:
    """Signs with one key; `now` tells the time. The same key stands in every zone."""

    def __init__(self, key: ZoneKey, now: Callable[[], datetime]) -> None:
        self._key, self._now = key, now
        self._dnskey = dns.dnssec.make_dnskey(key.public_key(), _ALGORITHM, flags=_KEY_FLAGS)
        self._kept: OrderedDict[tuple[str, str, int], tuple[str, dns.rrset.RRset]] = OrderedDict()

    @property
    def kept(self) -> int:
        """How many signatures are kept."""
        return len(self._kept)

    def keys(self, zone: str) -> dns.rrset.RRset:
        """Return the key of a zone."""
        return dns.rrset.from_rdata(dns.name.from_text(zone), TTL_S, self._dnskey)

    def ds(self, zone: str) -> dns.rrset.RRset:
        """Return what the zone above says of the key of `zone`."""
        name = dns.name.from_text(zone)
        return dns.rrset.from_rdata(name, TTL_S, dns.dnssec.make_ds(name, self._dnskey, "SHA256"))

    def signed(self, rrset: dns.rrset.RRset, zone: str) -> dns.rrset.RRset:
        """Return the signature of `zone` over records, one that was made today where there is one."""
        now, content = self._now(), rrset.to_text()
        key = (rrset.name.to_text(), zone, rrset.rdtype)
        known = self._kept.get(key)
        if known is not None and known[0] == f"{now:%j}{content}":
            self._kept.move_to_end(key)
            return known[1]
        signature = dns.dnssec.sign(
            rrset,
            self._key,
            dns.name.from_text(zone),
            self._dnskey,
            inception=now - SIGNED_BEFORE,
            expiration=now + timedelta(days=SIGNATURE_DAYS),
        )
        made = dns.rrset.from_rdata(rrset.name, rrset.ttl, signature)
        self._kept[key] = (f"{now:%j}{content}", made)
        if len(self._kept) > SIGNATURES_KEPT_MAX:
            self._kept.popitem(last=False)
        return made


class SignedZones:
    """The zones of a world from `top` down, as their one name server has them; those that are secure are signed.

    Where there are `challenges`, every `_acme-challenge` is an alias of that name.
    """

    def __init__(self, world: World, top: str, signer: ZoneSigner, challenges: str = "") -> None:
        self._table = record_table(world.zones)
        self._zones = {
            one.name: one for one in world.zones if one.name == top or one.name.endswith(f".{top}")
        }
        self._faults = {(one.name, one.type): one.fault for one in world.resolver_faults}
        self._top, self._signer, self._challenges = top, signer, challenges

    def response(self, query: dns.message.Message, *, udp: bool) -> bytes:
        """Return the response to a query, which is refused where it is not about these zones, and never led elsewhere."""
        response = dns.message.make_response(query, our_payload=UDP_BYTES_MAX)
        asked = asked_of(query)
        if query.opcode() != dns.opcode.QUERY or asked is None:
            response.set_rcode(dns.rcode.NOTIMP)
        elif query.edns > 0:
            response.set_rcode(dns.rcode.BADVERS)
        elif asked[1] in _NO_TRANSFERS or not self._is_here(asked[0]):
            response.set_rcode(dns.rcode.REFUSED)
        elif self._faults.get(asked) is DnsFault.SERVFAIL:
            response.set_rcode(dns.rcode.SERVFAIL)
        else:
            self._fill(response, *asked, proven=bool(query.ednsflags & dns.flags.DO))
        return fitting(response, query, udp=udp)

    def _is_here(self, name: str) -> bool:
        return (name == self._top or name.endswith(f".{self._top}")) and len(
            name
        ) <= ANSWERED_NAME_CHARACTERS_MAX

    def _fill(self, response: dns.message.Message, name: str, kind: str, *, proven: bool) -> None:
        response.flags |= dns.flags.AA
        zone = self._zone(name, kind)
        proven = proven and self._zones[zone].secure
        found = self._found(name, kind, zone)
        if found:
            for one in found:
                response.answer += [one, self._signer.signed(one, zone)] if proven else [one]
            return
        held = self._table.held(zone, "SOA", frozenset(self._zones))
        absent = self._table.held(name, kind, frozenset(self._zones)).rcode == NXDOMAIN
        if absent and not proven:
            response.set_rcode(dns.rcode.NXDOMAIN)
        for one in self._denial(held, name, zone, proven=proven, absent=absent):
            response.authority += [one, self._signer.signed(one, zone)] if proven else [one]

    def _zone(self, name: str, kind: str) -> str:
        """Return the zone that answers: of what stands at its top, all but DS (RFC 4035 section 3.1.4.1)."""
        origin = self._table.origin_of(name)
        if kind == "DS" and name == origin and name != self._top:
            return self._table.origin_of(name.partition(".")[2])
        return origin

    def _found(self, name: str, kind: str, zone: str) -> list[dns.rrset.RRset]:
        if kind == "DNSKEY":
            return [self._signer.keys(name)] if name == zone and self._zones[zone].secure else []
        if kind == "DS":
            is_led = name in self._zones and name != zone and self._zones[name].secure
            return [self._signer.ds(name)] if is_led else []
        if self._challenges and name.startswith(f"{_CHALLENGE}."):
            owner, target = dns.name.from_text(name), f"{self._challenges}."
            return [dns.rrset.from_text(owner, TTL_S, "IN", "CNAME", target)]
        held = self._table.held(name, kind, frozenset(self._zones))
        return [served(one) for one in (*held.aliases, *(() if held.found is None else (held.found,)))]

    def _denial(
        self, soa: Resolution, name: str, zone: str, *, proven: bool, absent: bool
    ) -> Iterator[dns.rrset.RRset]:
        assert soa.found is not None, "every zone has its SOA record"
        yield served(soa.found)
        if proven:
            types = " ".join(sorted({"RRSIG", "NSEC", *self._types(name, zone, absent=absent)}))
            text = f"\\000.{dns.name.from_text(name)} {types}"
            yield dns.rrset.from_text(dns.name.from_text(name), TTL_S, "IN", "NSEC", text)

    def _types(self, name: str, zone: str, *, absent: bool) -> frozenset[str]:
        """Return the types that stand at a name, as its zone has them: at a zone below only what leads there."""
        if absent:
            return frozenset({f"TYPE{_NXNAME}"})
        if name in self._zones and name != zone:
            return frozenset({"NS", "DS"} if self._zones[name].secure else {"NS"})
        return self._table.types_at(name) | ({"DNSKEY"} if name == zone else frozenset())

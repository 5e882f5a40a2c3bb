"""The nouns of DNSSEC: zones with their keys, from the top-level domain down, and the records of mail that they sign.

| a zone | where |
|---|---|
| secure | the zone above is, its DS records are signed there, and one of them names a key that signs the keys of the zone |
| insecure | the zone above proves that there is no DS record, or validators know no algorithm of those that there are |
| bogus | it should be secure by the zone above, and is not; `broken` says at which link of the chain |
| unknown | an answer on the way is missing |

What is below a zone that is not secure is what that zone is. A set of records is secure where a key of its secure zone signs it,
or the proof that there is none (RFC 4035 section 5). That a top-level domain has its DS records is taken as it is said.
Of proofs of absence it is asked that one record of them covers or denies the name, not that they are complete.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from mxproof.evidence import ABSENT, ANSWERED, Edns, Evidence, Kind, Outcome, Question
from mxproof.formats import dnssec as types
from mxproof.formats.dnssec import Dnskey, Ds, Rrsig, ds_of, parse_dnskey, parse_ds, parse_nsec3
from mxproof.mail.broken_link import BrokenLink, ChainFault
from mxproof.mail.dnssec_link import Keys, Links, denied, parsed, signature_of
from mxproof.survey import dnssec as survey
from mxproof.survey.dnssec import held, is_whole, of_type, signed, zone_cut, zones_above
from mxproof.survey.reading import is_secure

DIGEST_NUMBER: Final = 2
"""SHA-256, by which DS records are made (RFC 8624 section 3.3)."""
ZONE_KEYS_MAX: Final = 32
"""Keys and DS records that are read of one zone; no zone has as many."""


class DnssecStanding(StrEnum):
    """What the chain of signatures makes of a zone, or of records in it (RFC 4035 section 4.3)."""

    SECURE = "secure"
    INSECURE = "insecure"
    BOGUS = "bogus"
    UNKNOWN = "unknown"


class SigningZone(msgspec.Struct, frozen=True):
    """A zone on the way down to the records of mail.

    `ds` are the records of the zone above about it, `keys` those that it serves itself; `signatures` those of both that
    verify; `iterations` the most that its proofs of absence ask for, None where none were seen, `proofs` the questions that showed
    them. `is_anchored`: the resolver
    holds records in it for secure, by an anchor of its own where the zone above leads to none.
    """

    name: str
    standing: DnssecStanding
    broken: BrokenLink | None
    ds: tuple[Ds, ...]
    keys: tuple[Dnskey, ...]
    signatures: tuple[Rrsig, ...]
    questions: tuple[Question, ...]
    iterations: int | None = None
    proofs: tuple[Question, ...] = ()
    is_anchored: bool = False
    keys_told: bool = False

    def ds_line(self, key: Dnskey) -> str:
        """Return the data of the DS record that names `key`, as it is written in the zone above."""
        ds = ds_of(self.name, key, DIGEST_NUMBER)
        return f"{ds.key_tag} {ds.algorithm} {ds.digest_type} {ds.digest.hex()}"


class SignedSet(msgspec.Struct, frozen=True):
    """Records of one name and type that mail is found by, or their absence; `signature` is the one that verifies."""

    name: str
    type: int
    zone: str
    standing: DnssecStanding
    broken: BrokenLink | None
    signature: Rrsig | None
    question: Question


class SigningServer(msgspec.Struct, frozen=True):
    """One name server of a signed zone, and the links of the chain that break with what it serves; `questions` were put to it."""

    zone: str
    server: str
    address: str
    broken: tuple[BrokenLink, ...]
    questions: tuple[Question, ...]


class SignatureChain(msgspec.Struct, frozen=True):
    """All that was seen of signatures: `zones` from the top down, each once, and the `sets` of records in them."""

    zones: tuple[SigningZone, ...]
    sets: tuple[SignedSet, ...]
    servers: tuple[SigningServer, ...]
    way: tuple[Question, ...] = ()
    """All that a resolver was asked: every link hangs on those above it."""

    def zone(self, name: str) -> SigningZone | None:
        """Return the zone of this name."""
        return next((one for one in self.zones if one.name == name), None)


def signature_chain(evidence: Evidence, now: datetime) -> SignatureChain:
    """Return what the evidence shows of signatures, as they stand at `now`."""
    return _Reading(evidence, now).chain()


class _Reading:
    """One piece of evidence as it is read; each zone is judged once."""

    def __init__(self, evidence: Evidence, now: datetime) -> None:
        self._evidence = evidence
        self._now = now
        self._zones: dict[str, SigningZone] = {}
        self._records = tuple(survey.mail_records(evidence))

    def chain(self) -> SignatureChain:
        sets = tuple(
            {(one.name, one.type): one for record in self._records for one in self._sets(record)}.values()
        )
        servers = tuple(self._servers(tuple(dict.fromkeys(one.zone for one in sets if one.zone)), sets))
        by_depth = sorted(self._zones.values(), key=lambda one: one.name.count("."))
        iterations, anchored = _iterations(self._evidence, self._zones), _anchored(self._evidence, sets)
        zones = (
            msgspec.structs.replace(
                one,
                iterations=max(iterations.get(one.name, {}).values(), default=None),
                proofs=tuple(iterations.get(one.name, ())),
                is_anchored=one.name in anchored,
                keys_told=self._evidence.answer(one.questions[1]).outcome in ANSWERED,
            )
            for one in by_depth
        )
        way = (one for one in self._evidence.answers if one.edns is Edns.SIGNED and not one.server)
        return SignatureChain(tuple(zones), sets, servers, tuple(sorted(way)))

    def _zone(self, name: str) -> SigningZone:
        if name not in self._zones:
            above = zones_above(self._evidence, name)
            parent = self._zone(above[-2]) if len(above) > 1 else None
            self._zones[name] = self._judged(name, parent, whole=is_whole(above))
        return self._zones[name]

    def _judged(self, name: str, parent: SigningZone | None, *, whole: bool) -> SigningZone:
        """Return a zone below `parent`, None for the highest that is seen."""
        asked = (signed(Kind.DS, name), signed(Kind.DNSKEY, name))
        ds, keys = self._ds(asked[0]), self._keys(asked[1])
        signatures: list[Rrsig] = []
        standing, broken = self._led(asked[0], parent, whole, signatures)
        if standing is DnssecStanding.SECURE and not any(one.is_verified for one in ds):
            standing = DnssecStanding.INSECURE  # RFC 4035 section 5.2
        if standing is DnssecStanding.SECURE:
            standing, broken = self._keyed(asked[1], ds, signatures)
        return SigningZone(
            name=name,
            standing=standing,
            broken=broken,
            ds=ds,
            keys=keys,
            signatures=tuple(signatures),
            questions=asked,
        )

    def _led(
        self, asked: Question, parent: SigningZone | None, whole: bool, signatures: list[Rrsig]
    ) -> tuple[DnssecStanding, BrokenLink | None]:
        """Return what the zone above makes of a zone: secure where it names keys of it, and is secure itself."""
        outcome = self._evidence.answer(asked).outcome
        if parent is None and not whole:
            return DnssecStanding.UNKNOWN, None
        if parent is not None and parent.standing is not DnssecStanding.SECURE:
            return parent.standing, None
        if outcome is not Outcome.FOUND and outcome not in ABSENT:
            return DnssecStanding.UNKNOWN, None
        if parent is None:
            return (DnssecStanding.SECURE if outcome is Outcome.FOUND else DnssecStanding.INSECURE), None
        links = self._links(asked, {parent.name: parent.keys})
        if outcome in ABSENT:
            proof = denied(links, asked.name, types.DS)
            bogus = proof if isinstance(proof, BrokenLink) else None
            return (DnssecStanding.BOGUS if bogus is not None else DnssecStanding.INSECURE), bogus
        return _standing(signature_of(links, asked.name, types.DS), signatures)

    def _keyed(
        self, asked: Question, ds: tuple[Ds, ...], signatures: list[Rrsig]
    ) -> tuple[DnssecStanding, BrokenLink | None]:
        """Return whether a key that DS records name signs the keys of its zone (RFC 4035 section 5.2)."""
        outcome = self._evidence.answer(asked).outcome
        if outcome is not Outcome.FOUND and outcome not in ABSENT:
            return DnssecStanding.UNKNOWN, None
        keys = self._keys(asked)
        named = tuple(
            one for one in keys if one.is_zone_key and any(each.names(asked.name, one) for each in ds)
        )
        if not named:
            link = BrokenLink(
                fault=ChainFault.DS_UNMATCHED,
                name=asked.name,
                type=types.DNSKEY,
                question=asked,
                key_tags=tuple(sorted({one.key_tag for one in ds if one.is_verified})),
                served=tuple(sorted(one.key_tag for one in keys if one.is_zone_key)),
            )
            return DnssecStanding.BOGUS, link
        links = self._links(asked, {asked.name: named})
        return _standing(signature_of(links, asked.name, types.DNSKEY), signatures)

    def _links(self, asked: Question, keys: Mapping[str, Keys]) -> Links:
        return Links(asked, held(self._evidence, asked), keys, self._now)

    def _sets(self, record: Question) -> Iterator[SignedSet]:
        """Yield the aliases on the way of a question, each in its zone, and the records at their end."""
        *aliases, end = survey.names_on_way(self._evidence, record)
        for name in aliases:
            yield self._set(record, name, types.CNAME)
        yield self._set(record, end, survey.number_of(record))

    def _set(self, asked: Question, name: str, number: int) -> SignedSet:
        zone = zone_cut(self._evidence, name)
        if zone is None:
            return SignedSet(name, number, "", DnssecStanding.UNKNOWN, None, None, asked)
        around = self._zone(zone)
        standing, broken, signature = around.standing, None, None
        if standing is DnssecStanding.SECURE:
            links = self._links(asked, {zone: around.keys})
            outcome = self._evidence.answer(asked).outcome
            found = _found(links, outcome, name, number)
            broken = found if isinstance(found, BrokenLink) else None
            signature = found if isinstance(found, Rrsig) else None
            standing = (
                DnssecStanding.BOGUS
                if broken is not None
                else DnssecStanding.UNKNOWN
                if signature is None
                else DnssecStanding.SECURE
            )
        return SignedSet(name, number, zone, standing, broken, signature, asked)

    def _servers(self, zones: tuple[str, ...], sets: tuple[SignedSet, ...]) -> Iterator[SigningServer]:
        """Yield the servers of signed zones, each judged by what it serves itself."""
        for zone in map(self._zone, zones):
            led = zone.standing is DnssecStanding.SECURE or (
                zone.broken is not None and zone.broken.type == types.DNSKEY
            )
            for server, address in survey.signing_servers(self._evidence, zone.name) if led else ():
                asked = (
                    signed(Kind.DNSKEY, zone.name, address),
                    *survey.at_server(self._evidence, zone.name, address, self._records),
                )
                broken = tuple(self._broken_at(zone, asked))
                yield SigningServer(zone.name, server, address, broken, asked)

    def _broken_at(self, zone: SigningZone, asked: tuple[Question, ...]) -> Iterator[BrokenLink]:
        _, broken = self._keyed(asked[0], zone.ds, [])
        if broken is not None:
            yield broken
        keys = {zone.name: tuple(dict.fromkeys((*zone.keys, *self._keys(asked[0]))))}
        for question in asked[1:]:
            links = self._links(question, keys)
            number = survey.number_of(question)
            is_alias = bool(of_type(links.records, question.name, types.CNAME))
            outcome = self._evidence.answer(question).outcome
            found = _found(links, outcome, question.name, types.CNAME if is_alias else number)
            if isinstance(found, BrokenLink):
                yield found

    def _ds(self, asked: Question) -> tuple[Ds, ...]:
        found = of_type(held(self._evidence, asked), asked.name, types.DS)
        return tuple(sorted(parsed(parse_ds, found[:ZONE_KEYS_MAX])))

    def _keys(self, asked: Question) -> Keys:
        found = of_type(held(self._evidence, asked), asked.name, types.DNSKEY)
        return tuple(sorted(parsed(parse_dnskey, found[:ZONE_KEYS_MAX])))


def _standing(found: Rrsig | BrokenLink, signatures: list[Rrsig]) -> tuple[DnssecStanding, BrokenLink | None]:
    """Return what a link of the chain makes of a zone, and take note of its signature."""
    if isinstance(found, BrokenLink):
        return DnssecStanding.BOGUS, found
    signatures.append(found)
    return DnssecStanding.SECURE, None


def _found(links: Links, outcome: Outcome, name: str, number: int) -> Rrsig | BrokenLink | None:
    """Return what signs the records of one name and type, or proves that there are none; None without an answer."""
    if of_type(links.records, name, number):
        return signature_of(links, name, number)
    return denied(links, name, number) if outcome in ABSENT else None


def _iterations(evidence: Evidence, zones: Iterable[str]) -> Mapping[str, dict[Question, int]]:
    """Return what the proofs of absence of each zone ask for, for zones of which such were seen, by question."""
    found: dict[str, dict[Question, int]] = {}
    for question in sorted(evidence.answers):
        if question.edns is not Edns.SIGNED:
            continue
        for record in held(evidence, question):
            zone = record.name.partition(".")[2]
            if record.rdtype == types.NSEC3 and zone in zones:
                most = (one.iterations for one in parsed(parse_nsec3, (record,)))
                found.setdefault(zone, {})[question] = max(most, default=0)
    return found


def _anchored(evidence: Evidence, sets: Iterable[SignedSet]) -> frozenset[str]:
    """Return the zones with records that the resolver, which may be believed, holds for secure."""
    return frozenset(
        one.zone for one in sets if is_secure(evidence, one.question.kind, one.question.name) and one.zone
    )

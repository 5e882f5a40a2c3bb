"""The chain of keys and signatures down to the records that mail is found by: where it breaks, and what is weak in it.

What is bogus is told apart from what is not signed and from what is not known; keys of a top-level domain are judged by
nobody here, since who keeps a domain below it has no say in them.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from mxproof.evidence import Question
from mxproof.formats.dnssec import DNSKEY, OLD_DIGEST, TYPE_WORDS, Rrsig, algorithm_text, is_old
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.broken_link import BrokenLink, ChainFault
from mxproof.mail.change import Configure, Service, Setting
from mxproof.mail.dnssec import DnssecStanding, SignatureChain, SignedSet, SigningServer, SigningZone
from mxproof.mail.domain import MailDomain

ENDING_PART: Final = 12
"""A signature of which less than this part of its lifetime is left was not renewed in time: signers renew at a tenth or more."""
RSA_BITS_MIN: Final = 2048
ITERATIONS_TAKEN_MAX: Final = 50
"""Validators take what asks for more for insecure, or for bogus; where they begin to is theirs (RFC 9276 section 3.2)."""

_CODES = {
    ChainFault.DS_UNMATCHED: Code.DNSSEC_DS_UNMATCHED,
    ChainFault.EXPIRED: Code.DNSSEC_SIGNATURE_EXPIRED,
    ChainFault.EARLY: Code.DNSSEC_SIGNATURE_EARLY,
    ChainFault.WRONG: Code.DNSSEC_SIGNATURE_WRONG,
    ChainFault.KEY_MISSING: Code.DNSSEC_KEY_MISSING,
    ChainFault.MISSING: Code.DNSSEC_SIGNATURE_MISSING,
    ChainFault.UNPROVEN: Code.DNSSEC_DENIAL_UNPROVEN,
}


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the zones and the records in them (RFC 4035 section 5)."""
    chain = domain.signing
    if chain is None:
        return
    for one in _found(domain, chain):
        silent = one.code == Code.DNSSEC_UNANSWERED
        rests_on = one.evidence if silent else (*one.evidence, domain.mx.question, *chain.way)
        yield msgspec.structs.replace(one, evidence=tuple(dict.fromkeys(rests_on)))


def _found(domain: MailDomain, chain: SignatureChain) -> Iterator[Finding]:
    yield from _broken(chain)
    yield from _servers(chain)
    yield from _ending(domain, chain)
    for zone in chain.zones:
        if "." in zone.name:
            yield from _weak(zone)
    yield from _insecure(chain)
    yield from _unknown(domain, chain)
    if chain.sets and all(one.standing is DnssecStanding.SECURE for one in chain.sets):
        yield _whole(domain, chain)


def _broken(chain: SignatureChain) -> Iterator[Finding]:
    """Yield one finding for each fault of each zone, with all records that it makes bogus."""
    links: dict[tuple[ChainFault, str], list[BrokenLink]] = {}
    lost: dict[tuple[ChainFault, str], list[SignedSet]] = {}
    for zone in chain.zones:
        if zone.broken is not None:
            links.setdefault((zone.broken.fault, zone.name), []).append(zone.broken)
            below = (one for one in chain.sets if _is_at_or_below(one.zone, zone.name))
            lost.setdefault((zone.broken.fault, zone.name), []).extend(below)
    for one in chain.sets:
        if one.broken is not None:
            links.setdefault((one.broken.fault, one.zone), []).append(one.broken)
            lost.setdefault((one.broken.fault, one.zone), []).append(one)
    for (fault, name), found in links.items():
        around = chain.zone(name)
        records = _records(lost[fault, name])
        words: dict[str, Value] = {"zone": name, "links": tuple(found), "records": records}
        asked = (*(around.questions if around is not None else ()), *(one.question for one in found))
        mended = (Configure(Service.DNS, name, (), Setting.SIGNED),)
        yield Finding(_CODES[fault], name, words, tuple(dict.fromkeys(asked)), mended)


def _servers(chain: SignatureChain) -> Iterator[Finding]:
    """Yield the name servers that serve signatures which do not hold, where the resolver met others that do."""
    met = {(one.fault, one.name, one.type) for one in _all_links(chain)}
    held = {(one.name, one.type) for one in chain.sets if one.standing is DnssecStanding.SECURE}
    held |= {(one.name, DNSKEY) for one in chain.zones if one.standing is DnssecStanding.SECURE}
    for server in chain.servers:
        if any(one.type == DNSKEY and (one.fault, one.name, one.type) in met for one in server.broken):
            continue  # the zone is bogus everywhere, and that is said
        own = tuple(one for one in server.broken if (one.name, one.type) in held)
        if own:
            yield _at_server(server, own)


def _at_server(server: SigningServer, links: Sequence[BrokenLink]) -> Finding:
    words: dict[str, Value] = {
        "zone": server.zone,
        "server": server.server,
        "address": server.address,
        "links": tuple(links),
    }
    mended = Configure(Service.DNS, server.zone, (server.address,), Setting.CURRENT)
    asked = tuple(dict.fromkeys((server.questions[0], *(one.question for one in links))))
    return Finding(Code.DNSSEC_SERVER_DIFFERS, server.server, words, asked, (mended,))


def _all_links(chain: SignatureChain) -> Iterator[BrokenLink]:
    yield from (one.broken for one in chain.zones if one.broken is not None)
    yield from (one.broken for one in chain.sets if one.broken is not None)


def _ending(domain: MailDomain, chain: SignatureChain) -> Iterator[Finding]:
    """Yield the zones whose signatures end sooner than a signer that works lets them."""
    ending: dict[str, list[tuple[Rrsig, str, Question]]] = {}
    held = [
        (one, f"{TYPE_WORDS[one.covered]} {zone.name}", zone.questions)
        for zone in chain.zones
        for one in zone.signatures
    ]
    held += [
        (one.signature, f"{TYPE_WORDS[one.type]} {one.name}", (one.question,))
        for one in chain.sets
        if one.signature is not None
    ]
    for signature, words, questions in held:
        left, lifetime = signature.ends - domain.at, signature.ends - signature.begins
        if "." in signature.signer and timedelta() <= left < lifetime / ENDING_PART:
            ending.setdefault(signature.signer, []).extend((signature, words, one) for one in questions)
    for zone, found in ending.items():
        first = min((one for one, _, _ in found), key=lambda one: one.ends)
        params: dict[str, Value] = {
            "zone": zone,
            "records": tuple(dict.fromkeys(words for _, words, _ in found)),
            "until": first.ends,
            "days": (first.ends - first.begins).days,
        }
        asked = tuple(dict.fromkeys(question for _, _, question in found))
        yield Finding(Code.DNSSEC_SIGNATURE_ENDING, zone, params, asked)


def _weak(zone: SigningZone) -> Iterator[Finding]:
    """Yield what validators may not take any more, or not for long (RFC 8624 section 3, RFC 9905 section 2, RFC 9276 section 3)."""
    ds_asked, keys_asked = zone.questions
    algorithms = {*(one.algorithm for one in zone.ds), *(one.algorithm for one in zone.keys)}
    old = sorted(filter(is_old, algorithms))
    if old:
        names: Value = tuple(map(algorithm_text, old))
        yield Finding(
            Code.DNSSEC_ALGORITHM_OLD, zone.name, {"zone": zone.name, "algorithms": names}, zone.questions
        )
    tags = tuple(one.key_tag for one in zone.ds if one.digest_type == OLD_DIGEST)
    if tags:
        alone = all(one.digest_type == OLD_DIGEST for one in zone.ds)
        words: dict[str, Value] = {"zone": zone.name, "key_tags": tags}
        way = "" if alone else "beside"
        yield Finding(Code.DNSSEC_DIGEST_OLD, zone.name, words, (ds_asked,), way=way)
    short = sorted(
        {one.rsa_bits for one in zone.keys if one.rsa_bits is not None and one.rsa_bits < RSA_BITS_MIN}
    )
    if short:
        bits: Value = tuple(short)
        yield Finding(Code.DNSSEC_KEY_SHORT, zone.name, {"zone": zone.name, "bits": bits}, (keys_asked,))
    if zone.iterations:
        many = zone.iterations > ITERATIONS_TAKEN_MAX
        code = Code.DNSSEC_ITERATIONS_MANY if many else Code.DNSSEC_ITERATIONS
        counted: dict[str, Value] = {"zone": zone.name, "iterations": zone.iterations}
        yield Finding(code, zone.name, counted, zone.proofs)


def _insecure(chain: SignatureChain) -> Iterator[Finding]:
    """Yield the zones of mail that are not signed, or are and are led to by nobody."""
    for name in dict.fromkeys(one.zone for one in chain.sets if one.standing is DnssecStanding.INSECURE):
        zone = chain.zone(name)
        if zone is None or zone.is_anchored or (zone.ds and not any(one.is_verified for one in zone.ds)):
            continue
        records = _records([one for one in chain.sets if one.zone == name])
        above = next(
            (
                one
                for one in chain.zones
                if one.standing is DnssecStanding.INSECURE and _is_at_or_below(name, one.name)
            ),
            zone,
        )
        words: dict[str, Value] = {"zone": name, "records": records, "above": above.name}
        if zone.keys:
            words["ds"] = tuple(
                sorted(f"{name}. DS {zone.ds_line(one)}" for one in zone.keys if one.is_entry_point)
            )
            yield Finding(Code.DNSSEC_ISLAND, name, words, (*above.questions, *zone.questions))
        elif zone.keys_told:
            yield Finding(Code.DNSSEC_UNSIGNED, name, words, (*above.questions, *zone.questions))


def _unknown(domain: MailDomain, chain: SignatureChain) -> Iterator[Finding]:
    """Yield that something on the way was not answered, so that nothing is known of what is below it."""
    lost = [one for one in chain.sets if one.standing is DnssecStanding.UNKNOWN]
    if lost:
        words: dict[str, Value] = {"domain": domain.name, "records": _records(lost)}
        yield Finding(
            Code.DNSSEC_UNANSWERED, domain.name, words, tuple(dict.fromkeys(one.question for one in lost))
        )


def _whole(domain: MailDomain, chain: SignatureChain) -> Finding:
    signatures = [one.signature for one in chain.sets if one.signature is not None]
    until = min(one.ends for one in signatures)
    words: dict[str, Value] = {
        "domain": domain.name,
        "zones": tuple(one.name for one in chain.zones),
        "records": _records(chain.sets),
        "until": until,
    }
    asked = (
        *(question for one in chain.zones for question in one.questions),
        *(one.question for one in chain.sets),
    )
    return Finding(Code.DNSSEC_OK, domain.name, words, tuple(dict.fromkeys(asked)))


def _records(sets: Sequence[SignedSet]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{TYPE_WORDS[one.type]} {one.name}" for one in sets))


def _is_at_or_below(name: str, parent: str) -> bool:
    return name == parent or name.endswith(f".{parent}")

"""The survey of the name servers behind SPF, DKIM and DMARC: each record at each server, as receivers ask for it.

```
D ──TXT── SPF record ── TXT of each include and redirect (RFC 7208 section 4.6.4: ten look-ups)
_dmarc.D ──TXT
SELECTOR._domainkey.D ──TXT
each of these names, and each name that it is an alias of
   ──NS, and NS of the names above it up to the zone cut ── each server: A, AAAA
                ── each address: the TXT question over UDP, and again over TCP
                ── each address of D's own zone: SOA, for the serial number
top-level domain ──NS── A, AAAA ── SOA over UDP and TCP: does port 53 work from here at all?
```
The resolver only leads the way to the servers; what counts is what they say themselves. The function is pure and, but
for its bounds, monotone: more answers only add questions.
"""

from collections.abc import Iterator

from mxproof.evidence import (
    ANSWERED,
    DnsData,
    Evidence,
    Kind,
    Outcome,
    Question,
    Transport,
    TxtRecord,
)
from mxproof.formats.dkim import KEY_LABEL
from mxproof.formats.names import canonical
from mxproof.formats.spf import LOOKUPS_MAX, is_spf, lookups
from mxproof.survey.reading import FAMILY_KINDS, address_order, addresses, askable
from mxproof.survey.zone import ServerAddress, cuts, servers, zone_of

DMARC_LABEL = "_dmarc"
KEYS_ASKED_MAX = 2
"""DKIM keys of one header that are asked for."""
ALIASES_ASKED_MAX = 4
"""Links of one chain that are asked for at their own servers."""
NAMES_MAX = LOOKUPS_MAX + KEYS_ASKED_MAX + 2 + ALIASES_ASKED_MAX
SERVERS_MAX = 8
"""Name servers asked of the domain's own zone."""
OTHER_SERVERS_MAX = 4
"""Name servers asked of each other zone."""
SERVER_ADDRESSES_MAX = 2 * SERVERS_MAX
"""Addresses of name servers asked of the domain's own zone."""
OTHER_SERVER_ADDRESSES_MAX = 2 * OTHER_SERVERS_MAX
"""Addresses of name servers asked of each other zone."""
CONTROLS_MAX = 2
"""Servers of the top-level domain asked."""

TRANSPORTS = (Transport.UDP, Transport.TCP)


def wanted(evidence: Evidence, keys: tuple[str, ...] = ()) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer; `keys` are names of DKIM keys."""
    return tuple(question for question in needed(evidence, keys) if question not in evidence.answers)


def needed(evidence: Evidence, keys: tuple[str, ...] = ()) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys(_needed(evidence, keys)))


def record_names(evidence: Evidence, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names whose TXT records decide, with those that they are aliases of, the most important first."""
    first = (evidence.domain, f"{DMARC_LABEL}.{evidence.domain}", *map(canonical, keys[:KEYS_ASKED_MAX]))
    names: dict[str, None] = {}
    for name in (*first, *spf_names(evidence)):
        names.update(dict.fromkeys(chain(evidence, name)))
    return tuple(names)[:NAMES_MAX]


def keys_asked(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the DKIM keys that were asked for, in order of the alphabet.

    They are below `_domainkey` (RFC 6376 section 3.6.2.1); what a key is an alias of, or an SPF record includes, is
    none by itself.
    """
    named = sorted(
        one.name
        for one in evidence.answers
        if one.kind is Kind.TXT and not one.server and f".{KEY_LABEL}." in one.name
    )
    followed = {
        target for name in named for target in chain(evidence, name) if name not in chain(evidence, target)
    }
    followed.update(spf_names(evidence) if named else ())
    return tuple(name for name in named if name not in followed)


def are_servers_asked(evidence: Evidence) -> bool:
    """Tell by one look whether this survey was made: no other one asks for the texts at the domain itself."""
    return Question(Kind.TXT, evidence.domain) in evidence.answers


def spf_names(evidence: Evidence) -> tuple[str, ...]:
    """Return the domains whose SPF records are part of the evaluation, nearest first, at most LOOKUPS_MAX."""
    found: dict[str, None] = {}
    waiting = [evidence.domain]
    spent = 0
    while waiting and spent < LOOKUPS_MAX:
        terms = [term for text in spf_texts(evidence, waiting.pop(0)) for term in lookups(text)]
        for term in terms[: LOOKUPS_MAX - spent]:
            spent += 1
            if askable(term.name or ".") and term.name not in found:
                found[term.name] = None
                waiting.append(term.name)
    return tuple(found)


def spf_texts(evidence: Evidence, name: str) -> tuple[bytes, ...]:
    """Return the SPF records of `name` that anybody gave: the resolver, or a server of its zone."""
    found: set[bytes] = set()
    for link in chain(evidence, name):
        for question in (Question(Kind.TXT, link), *_record_questions(evidence, link)):
            data = evidence.answer(question).data
            if isinstance(data, DnsData):
                found.update(one.text for one in data.records if isinstance(one, TxtRecord))
    return tuple(sorted(text for text in found if is_spf(text)))


def chain(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return `name` and the names that it is an alias of, as the resolver says, at most ALIASES_ASKED_MAX of these."""
    _, data = evidence.dns(Kind.TXT, name)
    links = data.chain[:ALIASES_ASKED_MAX] if data is not None else ()
    return tuple(dict.fromkeys((name, *(link.target for link in links))))


def asked_servers(evidence: Evidence, zone: str) -> tuple[str, ...]:
    """Return the name servers of `zone` that are asked."""
    own = zone == zone_of(evidence, evidence.domain)
    return servers(evidence, zone)[: SERVERS_MAX if own else OTHER_SERVERS_MAX]


def server_addresses(evidence: Evidence, zone: str) -> tuple[ServerAddress, ...]:
    """Return the addresses at which the servers of `zone` are asked: one of each server and family, then further."""
    ranked: list[tuple[int, ServerAddress]] = []
    for server in asked_servers(evidence, zone):
        known = addresses(evidence, server)
        for family in evidence.vantage.families:
            of_family = [address for address in known if (":" in address) == (family == 6)]
            ranked += [(rank, ServerAddress(zone, server, address)) for rank, address in enumerate(of_family)]
    ranked.sort(key=lambda one: one[0])
    own = zone == zone_of(evidence, evidence.domain)
    once = {one.address: one for _, one in reversed(ranked)}
    kept = [one for _, one in ranked if once[one.address] is one]
    found = kept[: SERVER_ADDRESSES_MAX if own else OTHER_SERVER_ADDRESSES_MAX]
    return tuple(sorted(found, key=lambda one: (one.server, address_order(one.address))))


def top_level(domain: str) -> str:
    """Return the top-level domain that `domain` is in."""
    return domain.rpartition(".")[2]


def resolves(evidence: Evidence) -> bool:
    """Tell whether the resolver is one that answers at all: it knows about the top-level domain."""
    answer, _ = evidence.dns(Kind.NS, top_level(evidence.domain))
    return answer.outcome in ANSWERED


def controls(evidence: Evidence) -> tuple[Question, ...]:
    """Return questions at servers of the top-level domain: their answers show that port 53 is open from here."""
    top = top_level(evidence.domain)
    return tuple(
        Question(Kind.SOA, top, server=address, transport=transport)
        for server in servers(evidence, top)[:CONTROLS_MAX]
        for address in _first_of_each_family(evidence, server)
        for transport in TRANSPORTS
    )


def _needed(evidence: Evidence, keys: tuple[str, ...]) -> Iterator[Question]:
    own = zone_of(evidence, evidence.domain)
    for name in record_names(evidence, keys):
        yield Question(Kind.TXT, name)
        yield from _cut_questions(evidence, name)
        zone = zone_of(evidence, name)
        if zone is not None:
            for server in asked_servers(evidence, zone):
                yield from _address_questions(evidence, server)
            yield from _record_questions(evidence, name)
    if own is not None:
        for where in server_addresses(evidence, own):
            yield Question(Kind.SOA, own, server=where.address, transport=Transport.UDP)
    top = top_level(evidence.domain)
    yield Question(Kind.NS, top)
    for server in servers(evidence, top)[:CONTROLS_MAX]:
        yield from _address_questions(evidence, server)
    yield from controls(evidence)


def _cut_questions(evidence: Evidence, name: str) -> Iterator[Question]:
    """Ask for the zone cut, one name after another, until it is found."""
    for cut in cuts(name):
        yield Question(Kind.NS, cut)
        answer, data = evidence.dns(Kind.NS, cut)
        found = answer.outcome is Outcome.FOUND and data is not None and not data.chain
        if found or answer.outcome not in ANSWERED:
            return


def _record_questions(evidence: Evidence, name: str) -> Iterator[Question]:
    zone = zone_of(evidence, name)
    for where in server_addresses(evidence, zone) if zone is not None else ():
        for transport in TRANSPORTS:
            yield Question(Kind.TXT, name, server=where.address, transport=transport)


def _address_questions(evidence: Evidence, name: str) -> Iterator[Question]:
    for family in evidence.vantage.families:
        yield Question(FAMILY_KINDS[family], name)


def _first_of_each_family(evidence: Evidence, server: str) -> Iterator[str]:
    known = addresses(evidence, server)
    for family in evidence.vantage.families:
        yield from [address for address in known if (":" in address) == (family == 6)][:1]

"""What the DNS answers of a mail domain say, read once for the survey and for the nouns above it.

Nothing is judged here; these functions only follow names: from a domain to its MX hosts, from a host along its
aliases to addresses, from an address to its reverse name.
"""

import ipaddress
from functools import lru_cache

import msgspec

from mxproof.evidence import (
    AddressRecord,
    Answer,
    DnsData,
    DnsRecord,
    Evidence,
    Kind,
    MxRecord,
    NameRecord,
    Outcome,
    Question,
    once,
)
from mxproof.formats.names import bare_address, canonical, is_address, is_localhost

HOSTS_MAX = 20
ADDRESSES_MAX = 16
ALIASES_MAX = 16
PTR_NAMES_MAX = 4

NULL_EXCHANGE = "."
_ADDRESSES_CACHED_MAX = 4096
"""The survey is consulted after each answer, and reading an address is most of what it does."""
STS_LABEL = "_mta-sts"
TLSRPT_LABEL = "_smtp._tls"
POLICY_LABEL = "mta-sts"

FAMILY_KINDS = {4: Kind.A, 6: Kind.AAAA}


class Exchange(msgspec.Struct, frozen=True, order=True):
    """One mail exchanger as the MX record names it."""

    preference: int
    name: str


class MxSet(msgspec.Struct, frozen=True):
    """The mail exchangers of a domain, best preference first, names of equal preference in order of the alphabet.

    `implicit` where the domain has no MX record and stands for itself (RFC 5321 section 5.1); `null` for a null MX
    (RFC 7505 section 3), `null_beside` where one stands beside others; `unprobed` are the hosts beyond HOSTS_MAX; `secure` where
    the answer is DNSSEC-secure by a resolver that may be believed. `answer` is that of the MX question.
    """

    question: Question
    answer: Answer
    exchanges: tuple[Exchange, ...] = ()
    unprobed: tuple[Exchange, ...] = ()
    implicit: bool = False
    null: bool = False
    null_beside: bool = False
    secure: bool = False


@once
def mx_set(evidence: Evidence) -> MxSet:
    """Return the mail exchangers of the evidence's domain."""
    question = Question(Kind.MX, evidence.domain)
    answer, data = evidence.resolved(question)
    secure = evidence.vantage.validating and data is not None and data.secure
    if answer.outcome is Outcome.EMPTY:
        here = (Exchange(0, evidence.domain),)
        return MxSet(question, answer, exchanges=here, implicit=True, secure=secure)
    if answer.outcome is not Outcome.FOUND or data is None:
        return MxSet(question, answer)
    ordered, null = _exchanges(data.records)
    if null and not ordered:
        return MxSet(question, answer, null=True, secure=secure)
    return MxSet(question, answer, ordered[:HOSTS_MAX], ordered[HOSTS_MAX:], null_beside=null, secure=secure)


@lru_cache(maxsize=_ADDRESSES_CACHED_MAX)
def _exchanges(records: tuple[DnsRecord, ...]) -> tuple[tuple[Exchange, ...], bool]:
    """Return the exchangers of MX records, best first, and whether a null MX is among the records.

    Thousands of domains have the records of one provider.
    """
    found = {
        Exchange(record.preference, canonical(record.exchange) or NULL_EXCHANGE)
        for record in records
        if isinstance(record, MxRecord)
    }
    null = any(exchange.name == NULL_EXCHANGE for exchange in found)
    return tuple(sorted(_best_of_each_name(found))), null


@lru_cache(maxsize=_ADDRESSES_CACHED_MAX)
def askable(name: str) -> bool:
    """Tell whether `name` can be asked for addresses: not the root, not an address in text, not this machine."""
    return name != NULL_EXCHANGE and not is_address(name) and not is_localhost(name)


@lru_cache(maxsize=_ADDRESSES_CACHED_MAX)
def address_questions(families: tuple[int, ...], name: str) -> tuple[Question, ...]:
    """Return the questions for the addresses of `name` in each of `families`, IPv4 first."""
    return tuple([Question(FAMILY_KINDS[family], name) for family in sorted(families)])


@once
def alias_chain(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the names on the way from `name` to its addresses, `name` first; one name where it is no alias.

    The chain is read from the address answers; where they disagree or broke off, the longer one counts.
    """
    chains = [_chain(evidence, question) for question in address_questions(evidence.vantage.families, name)]
    return max(chains, key=len, default=(name,))


def is_alias_loop(evidence: Evidence, name: str) -> bool:
    """Tell whether the aliases of `name` lead back to one of themselves, so that no look-up of it comes to an end."""
    for family in evidence.vantage.families:
        _, data = evidence.dns(FAMILY_KINDS[family], name)
        links = [name, *(alias.target for alias in data.chain)] if data is not None else []
        if len(set(links)) < len(links):
            return True
    return False


def literal_addresses(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the address that stands in place of a host name, where it is of a family of the vantage; none for a name."""
    address = bare_address(name)
    if address is None:
        return ()
    return (address,) if (6 if ":" in address else 4) in evidence.vantage.families else ()


@once
def addresses(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the addresses of `name` in the families of the vantage, IPv4 first, at most ADDRESSES_MAX."""
    return _every_address(evidence, name)[:ADDRESSES_MAX]


def addresses_beyond(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the addresses of `name` that ADDRESSES_MAX leaves out, which nobody connects to."""
    return _every_address(evidence, name)[ADDRESSES_MAX:]


def addresses_secure(evidence: Evidence, name: str) -> bool:
    """Tell whether `name` has addresses and every answer that holds one is DNSSEC-secure."""
    kinds = [FAMILY_KINDS[family] for family in evidence.vantage.families if askable(name)]
    found = [kind for kind in kinds if evidence.dns(kind, name)[0].outcome is Outcome.FOUND]
    return bool(found) and all(is_secure(evidence, kind, name) for kind in found)


def is_secure(evidence: Evidence, kind: Kind, name: str) -> bool:
    """Tell whether records were found and are DNSSEC-secure by a resolver that may be believed."""
    answer, data = evidence.dns(kind, name)
    found = answer.outcome is Outcome.FOUND and data is not None and data.secure
    return evidence.vantage.validating and found


@once
def tlsa_bases(evidence: Evidence, host: str) -> tuple[str, ...]:
    """Return the TLSA base domains of an MX host in the order in which they are tried (RFC 7672 section 2.2.2).

    The fully expanded name comes first, then the MX name. Each counts only where secure answers lead to it: secure
    addresses to the first, a secure alias to the second. Where the resolver is not known to validate, both may.
    """
    unjudged = not evidence.vantage.validating
    target = alias_chain(evidence, host)[-1]
    expanded = (target,) if unjudged or addresses_secure(evidence, host) else ()
    is_alias = target != host and (unjudged or is_secure(evidence, Kind.CNAME, host))
    return (*expanded, host) if is_alias else expanded


def ptr_names(evidence: Evidence, address: str) -> tuple[str, ...]:
    """Return the reverse names of `address` in order of the alphabet, at most PTR_NAMES_MAX."""
    answer, data = evidence.resolved(reverse_question(address))
    if answer.outcome is not Outcome.FOUND or data is None:
        return ()
    return tuple(
        sorted(record.name for record in data.records if isinstance(record, NameRecord))[:PTR_NAMES_MAX]
    )


@lru_cache(maxsize=_ADDRESSES_CACHED_MAX)
def nameless(address: str) -> Question:
    """Return the question for an SMTP session at an address to whose client no name stands for it: SNI holds none."""
    return Question(Kind.SMTP, address, address)


@lru_cache(maxsize=_ADDRESSES_CACHED_MAX)
def reverse_name(address: str) -> str:
    """Return the owner name of the PTR record of `address` (RFC 1035 section 3.5, RFC 3596 section 2.5)."""
    return ipaddress.ip_address(address).reverse_pointer


def tlsa_name(base: str, port: int = 25) -> str:
    """Return the owner name of the TLSA records of an SMTP server (RFC 7672 section 2.2)."""
    return f"_{port}._tcp.{base}"


@lru_cache(maxsize=_ADDRESSES_CACHED_MAX)
def tlsa_question(base: str, port: int = 25) -> Question:
    """Return the question for the TLSA records of an SMTP server."""
    return Question(Kind.TLSA, tlsa_name(base, port))


@lru_cache(maxsize=_ADDRESSES_CACHED_MAX)
def reverse_question(address: str) -> Question:
    """Return the question for the reverse names of an address."""
    return Question(Kind.PTR, reverse_name(address))


@lru_cache(maxsize=_ADDRESSES_CACHED_MAX)
def address_order(address: str) -> tuple[int, int]:
    """Return what addresses are sorted by: IPv4 first, then by number."""
    parsed = ipaddress.ip_address(address)
    return parsed.version, int(parsed)


def _best_of_each_name(found: set[Exchange]) -> list[Exchange]:
    best: dict[str, Exchange] = {}
    for exchange in sorted(found):
        if exchange.name != NULL_EXCHANGE:
            best.setdefault(exchange.name, exchange)
    return list(best.values())


def _chain(evidence: Evidence, question: Question) -> tuple[str, ...]:
    _, data = evidence.resolved(question)
    names = [question.name]
    for alias in data.chain[:ALIASES_MAX] if data is not None else ():
        if alias.target in names:
            break
        names.append(alias.target)
    return tuple(names)


def _every_address(evidence: Evidence, name: str) -> tuple[str, ...]:
    answers = evidence.answers
    found: list[str] = []
    for question in address_questions(evidence.vantage.families, name):
        answer = answers.get(question)
        if answer is not None:
            found += addresses_of(answer)
    return tuple(found)


def addresses_of(answer: Answer) -> tuple[str, ...]:
    """Return the addresses in the answer to a question for those of one family, in order of their numbers."""
    if answer.outcome is not Outcome.FOUND or not isinstance(answer.data, DnsData):
        return ()
    found = [record.address for record in answer.data.records if isinstance(record, AddressRecord)]
    return tuple(found) if len(found) < 2 else tuple(sorted(set(found), key=address_order))

"""Changes that several checks advise: a policy to serve, the record that announces it, keys, reverse names.

They say what would mend a finding so far as that follows from what was seen. Whether it does mend it, and for every
sender, is not decided here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

import msgspec

from mxproof.evidence import Answer, DnsData, MxRecord
from mxproof.formats.cert import covers
from mxproof.formats.errors import FormatError
from mxproof.formats.mtasts import Mode, Policy, StsFields, print_policy, print_record
from mxproof.formats.names import canonical, is_host
from mxproof.formats.tlsa import Tlsa
from mxproof.judge.checks.seen import NO_HOSTS, served_policies, served_policy
from mxproof.mail.change import (
    Awaited,
    Change,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    PtrValue,
    Publish,
    ServePolicy,
    Service,
    TlsaValue,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.mail.domain import Endpoint, Host, MailDomain, RecordState, Session, TlsaSet, TlsaState
from mxproof.mail.trust import Chain
from mxproof.survey.reading import NULL_EXCHANGE, reverse_name

_MODE = rb"(?m)^mode:[ \t]*(enforce|testing|none)[ \t]*\r?$"
FIRST_MAX_AGE_S = 604_800
"""What a first policy, in mode testing, has for its max_age."""


def owner(name: str, answer: Answer) -> str:
    """Return the name at which the records of an answer stand: the end of the aliases, where there are any."""
    data = answer.data
    return data.chain[-1].target if isinstance(data, DnsData) and data.chain else name


def announcement(domain: MailDomain) -> Publish:
    """Return the record that announces a policy with an id made of the moment (RFC 8461 section 3.1)."""
    text = print_record(StsFields(domain.at.strftime("%Y%m%dT%H%M%S")))
    return Publish(owner(domain.record.name, domain.record.answer), TxtValue.of(text))


def announced(domain: MailDomain) -> tuple[Change, ...]:
    """Return a new id in place of all that stands for a record; nothing where that could not be found out."""
    if domain.record.state is RecordState.UNKNOWN:
        return ()
    record = announcement(domain)
    old = dict.fromkeys((*domain.record.candidates, *domain.record.near))
    return (*(Withdraw(record.name, TxtValue.of(text)) for text in old), record)


def policy_to_serve(domain: MailDomain) -> Policy:
    """Return the policy that is served and lists every MX host, or a first one where none can be read.

    A first one is in testing, unless what is served is meant to be in another mode.
    """
    policy = served_policy(domain)
    return completed(domain, policy or Policy(_meant_mode(domain) or Mode.TESTING, FIRST_MAX_AGE_S))


def _meant_mode(domain: MailDomain) -> Mode | None:
    """Return the mode in texts that nobody reads as policies, None where they have none or several."""
    texts = (fetch.body for fetch in domain.policy_host.fetches if fetch.examination is not None)
    found = {Mode(word.decode()) for text in texts for word in re.findall(_MODE, text)}
    return found.pop() if len(found) == 1 else None


def completed(domain: MailDomain, policy: Policy) -> Policy:
    """Return `policy` with a pattern for each MX host that it does not match (RFC 8461 section 4.1)."""
    if policy.mode is Mode.NONE or domain.mx.null:
        return policy
    lost = {host.name for host in domain.hosts if host.state in NO_HOSTS}
    names = [one.name for one in (*domain.mx.exchanges, *domain.mx.unprobed) if one.name not in lost]
    return msgspec.structs.replace(
        policy, mx=(*policy.mx, *(name for name in names if not policy.matches(name)))
    )


def serving(domain: MailDomain, policy: Policy | None = None) -> tuple[Change, ...]:
    """Return that this policy is served, or the one to serve, with a new id where no address serves it yet.

    Nothing where no MX host is known that the policy could list.
    """
    wanted = policy_to_serve(domain) if policy is None else policy
    served = served_at_all(domain, wanted)
    return (*served, *(() if not served or wanted in served_policies(domain) else announced(domain)))


def served_at_all(domain: MailDomain, policy: Policy) -> tuple[ServePolicy, ...]:
    """Return that every address serves `policy`, without what no policy may hold; nothing where none is left of it."""
    listable = tuple(pattern for pattern in policy.mx if is_host(pattern.removeprefix("*.")))
    for one in (policy, msgspec.structs.replace(policy, mx=listable, extensions=())):
        try:
            print_policy(one)
        except FormatError:
            continue
        return (ServePolicy(domain.name, one),)
    return ()


def certificate(host: Host, asked: str, addresses: Iterable[str]) -> PresentCertificate:
    """Return that an MX host presents a certificate for the name asked for (RFC 8461 section 4.2).

    Of an alias it goes on having the other name too, where it has it now: some senders compare that one.
    """
    at = tuple(addresses)
    sets = (host.tlsa_target, host.tlsa_alias)
    keyed = any(one is not None and one.state is TlsaState.PRESENT for one in sets)
    chains = [endpoint.session(asked).chain for endpoint in host.endpoints if endpoint.address in at]
    leaves = [chain.leaf for chain in chains if chain is not None and chain.leaf is not None]
    kept = [name for name in (host.name, host.target) if any(covers(leaf, name) for leaf in leaves)]
    return PresentCertificate(Service.SMTP, asked, at, tuple(dict.fromkeys((asked, *kept))), keeps_key=keyed)


def mx_records(domain: MailDomain) -> tuple[MxValue, ...]:
    """Return the MX records as they stand, a null MX with the exchange `.`."""
    data = domain.mx.answer.data
    found = [one for one in data.records if isinstance(one, MxRecord)] if isinstance(data, DnsData) else []
    return tuple(MxValue(one.preference, canonical(one.exchange) or NULL_EXCHANGE) for one in found)


def retiring(domain: MailDomain, host: Host) -> tuple[Change, ...]:
    """Return that the MX records of `host` go; nothing where no other host would be left that has an address."""
    return retiring_name(domain, host.name)


def retiring_name(domain: MailDomain, name: str) -> tuple[Change, ...]:
    """Return the same of the MX host called `name`."""
    if not any(other.endpoints for other in domain.hosts if other.name != name):
        return ()
    return tuple(Withdraw(domain.name, one) for one in mx_records(domain) if one.exchange == name)


def is_delegated(domain: MailDomain) -> bool:
    """Tell whether the policy host is an alias that leads out of the domain, so that another one serves the policy."""
    aliases = domain.policy_host.aliases
    return bool(aliases) and not f".{aliases[-1]}".endswith(f".{domain.name}")


def address_record(name: str, address: str) -> Publish:
    """Return the A or AAAA record of an address."""
    return Publish(name, Ipv6Value(address) if ":" in address else Ipv4Value(address))


def withdrawn_addresses(name: str, addresses: Iterable[str]) -> tuple[Change, ...]:
    """Return that these addresses of `name` go."""
    return tuple(Withdraw(name, address_record(name, one).record) for one in addresses)


def tlsa_value(record: Tlsa) -> TlsaValue:
    """Return a TLSA record as a value."""
    return TlsaValue(record.usage, record.selector, record.matching_type, record.association.hex())


def key_records(tlsa: TlsaSet, chains: Iterable[Chain | None]) -> tuple[Publish, ...]:
    """Return the records that match the keys shown: usage 3, selector 1, SHA-256 (RFC 7672 section 3.1.1)."""
    leaves = [chain.leaf for chain in chains if chain is not None and chain.leaf is not None]
    name = owner(tlsa.question.name, tlsa.answer)
    found = (Publish(name, TlsaValue(3, 1, 1, sha256(leaf.spki_der).hexdigest())) for leaf in leaves)
    return tuple(dict.fromkeys(found))


def replacing(tlsa: TlsaSet, new: tuple[Publish, ...], old: Sequence[Tlsa]) -> tuple[Change, ...]:
    """Return that `old` goes once `new` is seen by whoever still holds the answer of before (RFC 7671 section 8.1).

    The time to live is that of the answer, which a resolver may have held for a while: a lower bound.
    """
    if not new:
        return ()
    name = owner(tlsa.question.name, tlsa.answer)
    wait = (Wait(name, Awaited.TTL, tlsa.answer.ttl_s),) if tlsa.answer.ttl_s else ()
    present = {tlsa_value(record) for record in tlsa.records}
    fresh = (one for one in new if one.record not in present)
    return (*fresh, *wait, *(Withdraw(name, tlsa_value(record)) for record in old))


def reverse_names(host: Host, endpoints: Iterable[Endpoint]) -> Iterator[Change]:
    """Yield that each address has the name of the MX host for its only reverse name (RFC 1912 section 2.1)."""
    for endpoint in endpoints:
        name = reverse_name(endpoint.address)
        yield from (Withdraw(name, PtrValue(old)) for old in endpoint.ptr_names if old != host.name)
        if host.name not in endpoint.ptr_names:
            yield Publish(name, PtrValue(host.name))


def shown_still(host: Host, sessions: dict[str, Session]) -> Iterator[Change]:
    """Yield that servers go on showing the certificates that they showed, where nothing is wrong with these."""
    shown: dict[tuple[str, ...], list[str]] = {}
    for address, session in sessions.items():
        chain = session.chain
        if chain is not None and chain.leaf is not None and chain.trust.fault is None and not chain.weakness:
            shown.setdefault(chain.leaf.dns_names, []).append(address)
    for names, addresses in shown.items():
        yield PresentCertificate(Service.SMTP, host.name, tuple(addresses), names, keeps_key=True)

"""Who has to act on a finding, computed from names and aliases: nobody mends what stands in the zone of another.

| what is to change | where it stands | who acts |
|---|---|---|
| a record | in the domain | `dns` |
| a record or a server | at the end of an alias that leads out of the domain | `alias-provider` |
| a record or a server | at or below an MX host outside the domain | `mx-owner` |
| a reverse name | in the zone of the address | `address-owner` |
| a server | in the domain, by the end of its aliases | `server` |
| answers of name servers, signatures | in the domain | `dns-host` |
| the place of the check | | `here` |

Names are all that can be seen: an administrator may well run the host of another domain too, so the words leave that
open. What lies below a name of the domain may be delegated to somebody else, which no answer of a resolver shows.
"""

from collections.abc import Iterator, Sequence

from mxproof.evidence import DnsData, Kind, Question
from mxproof.judge.codes import Code
from mxproof.judge.report import Duty, Finding
from mxproof.judge.vocabulary import Actor
from mxproof.mail.change import Change, Configure, PresentCertificate, Publish, ServePolicy, Service, Withdraw
from mxproof.mail.domain import MailDomain
from mxproof.survey.reading import reverse_name

DUTIES_MAX = 4
"""More than these tell nobody whom to write to first."""

_HERE = frozenset(
    {
        Code.RESOLVER_UNANSWERED,
        Code.PORT_25_BLOCKED,
        Code.DANE_UNJUDGED,
        Code.NS_UNANSWERED,
        Code.DNSBL_REFUSED,
        Code.DNSBL_UNANSWERED,
    }
)
_AT_RECORD = frozenset({Code.DMARC_REPORT_UNDELIVERABLE, Code.TLSRPT_UNDELIVERABLE})
"""What is wrong with a destination of reports is mended in the record that names it."""
_AT_ADDRESS = frozenset({Code.SENDER_PTR_MISSING, Code.SENDER_PTR_UNCONFIRMED})
_OF_OTHERS = frozenset({Code.STS_ENFORCE_BREAKS, Code.MX_BACKUP_REFUSED})
"""What is to be done about these is said by other findings, and so is who does it."""
_MENDED_AT = {Code.DANE_LEFTOVER: Kind.TLSA, Code.CERT_UNCHECKED: Kind.SMTP}
"""The kind of question that leads to whoever acts, where a finding rests on others beside it."""
_OF_NAME_SERVERS = frozenset(
    {
        Code.DOMAIN_MISSING,
        Code.MX_UNANSWERED,
        Code.MX_HOST_UNANSWERED,
        Code.STS_RECORD_UNANSWERED,
        Code.STS_POLICY_HOST_UNANSWERED,
        Code.DANE_UNANSWERED,
        Code.TLSRPT_UNANSWERED,
        Code.SPF_LOOKUP_FAILED,
        Code.DMARC_UNANSWERED,
        Code.DKIM_UNANSWERED,
    }
)
_OF_SENT_MAIL = ("spf-", "dmarc-", "dkim-", "sender-")
"""What is said of mail that the domain sends is mended at the name that it is said of, wherever the evaluation leads."""


def duties(domain: MailDomain, finding: Finding) -> tuple[Duty, ...]:
    """Return who has to act on `finding`: by its changes, or where it has none by the questions it rests on."""
    if finding.code in _HERE:
        return (Duty(Actor.HERE, domain.name),)
    if finding.code in _OF_OTHERS:
        return ()
    if finding.changes:
        return duties_of(domain, finding.changes)
    names_alone = finding.code in _OF_NAME_SERVERS or finding.code.startswith("ns-")
    if finding.code in _AT_RECORD:
        return (_at_record(domain, finding.evidence[0].name),)
    if finding.code in _AT_ADDRESS:
        return (Duty(Actor.ADDRESS_OWNER, finding.subject),)
    if finding.code == Code.DNSBL_LISTED:
        return (Duty(Actor.SERVER, finding.subject),)
    if finding.code.startswith("caa-"):
        return (_at_record(domain, finding.subject),)
    if finding.code.startswith(_OF_SENT_MAIL):
        name = _name_of_sent(domain, finding)
        return (_at_name_servers(domain, name) if names_alone else _at_record(domain, name),)
    found = (_of_question(domain, one, names_alone=names_alone) for one in _leading(finding))
    return _first(found)


def _name_of_sent(domain: MailDomain, finding: Finding) -> str:
    """Return the name of the record that has to change for mail that the domain sends."""
    match finding.code:
        case Code.DMARC_REPORT_UNDELIVERABLE:
            return finding.evidence[0].name
        case Code.SENDER_SPF_FAILED:
            return domain.name
        case Code.SENDER_HELO_REJECTED | Code.SENDER_HELO_OTHER:
            return str(finding.params["helo"])
        case _:
            return finding.subject


def _leading(finding: Finding) -> Iterator[Question]:
    kind = _MENDED_AT.get(Code(finding.code))
    yield from (one for one in finding.evidence if kind is None or one.kind is kind)


def duties_of(domain: MailDomain, changes: Sequence[Change]) -> tuple[Duty, ...]:
    """Return who has to make `changes`, in their order."""
    return _first(one for change in changes for one in _of_change(domain, change))


def _first(found: Iterator[Duty]) -> tuple[Duty, ...]:
    return tuple(dict.fromkeys(found))[:DUTIES_MAX]


def _of_change(domain: MailDomain, change: Change) -> Iterator[Duty]:
    match change:
        case Publish() | Withdraw():
            yield _at_record(domain, change.name)
        case ServePolicy():
            yield _at_policy_host(domain)
        case PresentCertificate() | Configure() if change.service is Service.HTTPS:
            yield _at_policy_host(domain)
        case PresentCertificate() | Configure() if change.service is Service.SMTP:
            yield _at_server(domain, _chain_of(domain, change.host))
        case Configure():
            yield _at_name_servers(domain, change.host)
        case _:
            return


def _of_question(domain: MailDomain, question: Question, *, names_alone: bool) -> Duty:
    if question.kind is Kind.SMTP:
        return _at_server(domain, _chain_of(domain, question.name))
    if question.kind is Kind.POLICY:
        return _at_policy_host(domain)
    return _at_name_servers(domain, question.name) if names_alone else _at_record(domain, question.name)


def _at_record(domain: MailDomain, name: str) -> Duty:
    address = _address_of(domain, name)
    if address is not None:
        return Duty(Actor.ADDRESS_OWNER, address)
    return Duty(Actor.DNS, domain.name) if _is_within(domain, name) else _elsewhere(domain, name)


def _at_name_servers(domain: MailDomain, name: str) -> Duty:
    return Duty(Actor.DNS_HOST, domain.name) if _is_within(domain, name) else _elsewhere(domain, name)


def _at_policy_host(domain: MailDomain) -> Duty:
    return _at_server(domain, (domain.policy_host.name, *domain.policy_host.aliases))


def _at_server(domain: MailDomain, chain: tuple[str, ...]) -> Duty:
    """Return who runs the server that a chain of aliases ends at."""
    first, last = chain[0], chain[-1]
    if _is_within(domain, last):
        return Duty(Actor.SERVER, first)
    return (
        Duty(Actor.ALIAS_PROVIDER, last, first) if _is_within(domain, first) else Duty(Actor.MX_OWNER, first)
    )


def _elsewhere(domain: MailDomain, name: str) -> Duty:
    """Return who keeps a name outside the domain: the provider behind an alias, or the owner of an MX host."""
    for chain in _chains(domain):
        if name in chain[1:] and _is_within(domain, chain[0]):
            return Duty(Actor.ALIAS_PROVIDER, name, chain[0])
    hosts = (one for host in domain.hosts for one in host.chain if _is_at_or_below(name, one))
    return Duty(Actor.MX_OWNER, next(hosts, name))


def _chains(domain: MailDomain) -> Iterator[tuple[str, ...]]:
    """Yield every way along aliases that was seen, the name asked for first."""
    yield (domain.record.name, *domain.record.aliases)
    yield (domain.policy_host.name, *domain.policy_host.aliases)
    for host in domain.hosts:
        yield host.chain
        for tlsa in (host.tlsa_target, host.tlsa_alias):
            data = tlsa.answer.data if tlsa is not None else None
            if tlsa is not None and isinstance(data, DnsData):
                yield (tlsa.question.name, *(alias.target for alias in data.chain))
    data = domain.tlsrpt.answer.data
    if isinstance(data, DnsData):
        yield (domain.tlsrpt.name, *(alias.target for alias in data.chain))


def _chain_of(domain: MailDomain, name: str) -> tuple[str, ...]:
    """Return the aliases from the MX name that `name` is, or is the target of."""
    return next((host.chain for host in domain.hosts if name in host.chain), (name,))


def _address_of(domain: MailDomain, name: str) -> str | None:
    """Return the address of an MX host whose reverse name stands at `name`."""
    if not name.endswith(".arpa"):
        return None
    every = (endpoint.address for host in domain.hosts for endpoint in host.endpoints)
    return next((one for one in every if reverse_name(one) == name), None)


def _is_within(domain: MailDomain, name: str) -> bool:
    return _is_at_or_below(name, domain.name)


def _is_at_or_below(name: str, parent: str) -> bool:
    return name == parent or name.endswith(f".{parent}")

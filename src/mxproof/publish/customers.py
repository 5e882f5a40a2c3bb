"""The domains of customers, all of them gone through: what `mxproof publish customers` does.

Each domain is looked at and published for as `publishing` does it, but nobody is waited for in between: what has to be waited for is gone
through again, all of it together, until the patience is over. After the first round policies are read once, and after the second those
certificates are ordered that are wanted then, as far as the limits of that go; so thousands of domains need one reload, and no more time
than the slowest of them. A customer whose aliases do not lead to us gets that far never, and no authority hears of its names.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from mxproof.evidence import Evidence
from mxproof.formats.mtasts import Policy
from mxproof.mail.fetch_state import FetchState
from mxproof.publish.customer import (
    CertificateWanted,
    CustomerTemplate,
    WantedAlias,
    customer_policy,
    wanted_aliases,
)
from mxproof.publish.patience import PAUSE_FIRST_S, PAUSE_MAX_S, Patience
from mxproof.publish.publishing import Publisher
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.state import PublishedState
from mxproof.publish.step import StepName, policy_host
from mxproof.publish.told_certificate import ToldCertificate
from mxproof.publish.wanted import WantedOf, WantedPolicy
from mxproof.store.journal.error import OccupiedError

_UNCERTIFIED = frozenset({FetchState.CERTIFICATE, FetchState.TLS_FAILED, FetchState.UNCONNECTED})
"""A host without a certificate refuses TLS, if not the connection."""
_SHOWN = frozenset({PublicationEnd.DONE, PublicationEnd.NOTHING})


class CustomerEnd(StrEnum):
    """How a customer's domain stands."""

    PUBLISHED = "published"
    PLANNED = "planned"
    WAITING = "waiting"
    CERTIFICATE = "certificate"
    """Its host shows no certificate that senders take, and nothing is announced before."""
    ALIASES = "aliases"
    """The customer has an alias to put into its zone."""
    UNFIT = "unfit"
    """By its MX records it can have no policy."""
    REFUSED = "refused"
    """It may not be published, or could not."""
    OCCUPIED = "occupied"
    """Another process is at it."""


class CustomerResult(msgspec.Struct, frozen=True):
    """What became of one customer's domain; `certificate` is the one that it wants, None where it has one.

    `order` is what became of it where an authority is asked for certificates, None where none is.
    """

    domain: str
    end: CustomerEnd
    aliases: tuple[WantedAlias, ...] = ()
    certificate: CertificateWanted | None = None
    publication: PublicationResult | None = None
    said: str = ""
    order: ToldCertificate | None = None


class Customers:
    """Goes through the domains of customers; `publisher` waits for nobody, and its folder has nothing read again.

    `published` is what was published of a domain last, `receiving` how its MX records are seen; `read_again` has policies read, and
    `obtain` orders certificates for hosts, each once in a call, and tells what became of them by host; that one is there is seen at the host.
    """

    def __init__(
        self,
        publisher: Publisher,
        template: CustomerTemplate,
        *,
        published: Callable[[str], PublishedState | None],
        receiving: Callable[[str], Evidence],
        read_again: Callable[[], None],
        pause: Callable[[float], None],
        patience_s: float,
        obtain: Callable[[Sequence[str]], Mapping[str, ToldCertificate]] = lambda hosts: {},
    ) -> None:
        self._publisher = publisher
        self._template = template
        self._published = published
        self._receiving = receiving
        self._read_again = read_again
        self._pause = pause
        self._patience_s = patience_s
        self._obtain = obtain

    def go_through(self, domains: Iterable[str], *, dry: bool = False) -> tuple[CustomerResult, ...]:
        """Publish for each of the domains, as far as that can be done now; raises KeeperError where policies cannot be read again."""
        found = {name: self._first(name, dry=dry) for name in dict.fromkeys(domains)}
        if any(map(_waits_for_policy, found.values())):
            self._read_again()
        patience, pause_s = Patience(self._patience_s, self._pause), PAUSE_FIRST_S
        orders: dict[str, ToldCertificate] = {}
        asked: set[str] = set()
        while any(map(_may_go_on, found.values())) and patience.waited_a_while(pause_s):
            pause_s = min(2 * pause_s, PAUSE_MAX_S)
            found = {name: self._again(one) if _may_go_on(one) else one for name, one in found.items()}
            wanted = {one.certificate.host for one in found.values() if one.certificate is not None}
            if wanted - asked:
                orders |= self._obtain(sorted(wanted - asked))
            asked |= wanted
        return tuple(_with_order(one, orders) for one in found.values())

    def _first(self, domain: str, *, dry: bool) -> CustomerResult:
        look = self._publisher.looks.published(domain)
        aliases = wanted_aliases(look, self._template)
        if aliases:
            return CustomerResult(domain, CustomerEnd.ALIASES, aliases)
        policy = customer_policy(self._receiving(domain), self._template, self._last(domain))
        if isinstance(policy, str):
            return CustomerResult(domain, CustomerEnd.UNFIT, said=policy)
        try:
            made = self._publisher.apply(domain, WantedPolicy(policy), WantedOf(), dry=dry)
        except OccupiedError:
            return CustomerResult(domain, CustomerEnd.OCCUPIED)
        return self._result(made)

    def _last(self, domain: str) -> Policy | None:
        state = self._published(domain)
        return state.policy_value() if state is not None else None

    def _again(self, before: CustomerResult) -> CustomerResult:
        try:
            return self._result(self._publisher.resume(before.domain))
        except OccupiedError:
            return CustomerResult(before.domain, CustomerEnd.OCCUPIED)

    def _result(self, made: PublicationResult) -> CustomerResult:
        end = CustomerEnd.REFUSED
        certificate = None
        if made.end in _SHOWN:
            end = CustomerEnd.PUBLISHED
        elif made.end is PublicationEnd.PLANNED:
            end = CustomerEnd.PLANNED
        elif made.end is PublicationEnd.WAITING:
            certificate = self._wanted(made)
            end = CustomerEnd.WAITING if certificate is None else CustomerEnd.CERTIFICATE
        return CustomerResult(made.domain, end, certificate=certificate, publication=made, said=made.said)

    def _wanted(self, made: PublicationResult) -> CertificateWanted | None:
        """Return the certificate that the policy waits for, None where it waits for something else."""
        if made.steps[0].step is not StepName.POLICY:
            return None
        host = policy_host(self._publisher.looks.published(made.domain))
        is_wanted = any(one.state in _UNCERTIFIED for one in host.fetches)
        return CertificateWanted(host.name) if is_wanted else None


def _with_order(one: CustomerResult, orders: Mapping[str, ToldCertificate]) -> CustomerResult:
    if one.certificate is None:
        return one
    return msgspec.structs.replace(one, order=orders.get(one.certificate.host))


def _may_go_on(one: CustomerResult) -> bool:
    return one.end in {CustomerEnd.WAITING, CustomerEnd.CERTIFICATE}


def _waits_for_policy(one: CustomerResult) -> bool:
    made = one.publication
    return made is not None and made.end is PublicationEnd.WAITING and made.steps[0].step is StepName.POLICY

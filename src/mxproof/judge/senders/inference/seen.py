"""From what a sender test saw to what became of the mail in each case, and to what that says of the sender."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from mxproof.formats.mtasts import POLICY_PATH
from mxproof.judge.senders.inference.case import CASES, Case
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.held import AGAIN_COUNTS_AFTER_S, NOTHING_HELD, HeldOver, held_of
from mxproof.judge.senders.inference.inferring import Inference, infer
from mxproof.judge.senders.inference.observation import SeenConnection, SeenFetch, SeenQuery, SenderTest
from mxproof.judge.senders.inference.table import table_of
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Host, MailDomain


class CaseSeen(msgspec.Struct, frozen=True):
    """A case of a run: its domain, what the sender did there, and what became of the mail, None where none was sent.

    `taken` is the connection that brought the mail, `fetches` those to its policy host. Where a second mail is what counts, all
    of that is about it, and `held` what may be remembered of the first.
    """

    case: Case
    domain: MailDomain
    queries: tuple[SeenQuery, ...]
    connections: tuple[SeenConnection, ...]
    fate: MailFate | None
    taken: SeenConnection | None = None
    held: HeldOver = NOTHING_HELD
    fetches: tuple[SeenFetch, ...] = ()


def cases_seen(test: SenderTest) -> tuple[CaseSeen, ...]:
    """Return every case of a run that this release knows."""
    asked = _by_domain(test.queries, (one.domain for one in test.cases))
    at = {one.domain: [] for one in test.cases}  # type: dict[str, list[SeenConnection]]
    domains = {one.domain: _domain(test, one.domain) for one in test.cases if one.case in CASES}
    hosts = {name: _hosts(test, domain) for name, domain in domains.items()}
    places = _places(hosts)
    for connection in test.connections:
        name = _domain_of(connection, hosts, places)
        if name:
            at[name].append(connection)
    return tuple(
        (_seen_again if CASES[one.case].again else _seen)(
            test, CASES[one.case], domains[one.domain], asked[one.domain], at[one.domain]
        )
        for one in test.cases
        if one.case in CASES
    )


def inferred(cases: Sequence[CaseSeen]) -> Inference:
    """Return what the cases to which mail was sent say of the sender."""
    sent = {one.case.id: one.fate for one in cases if one.fate is not None}
    return infer([table_of(one.case, one.domain, one.held) for one in cases if one.case.id in sent], sent)


def _domain(test: SenderTest, name: str) -> MailDomain:
    return assemble(msgspec.structs.replace(test.evidence, domain=name), test.begun)


def _hosts(test: SenderTest, domain: MailDomain) -> tuple[Host, ...]:
    """Return the MX hosts of a domain, those too that it has once it is another."""
    changes = any(
        one.domain == domain.name and CASES[one.case].again for one in test.cases if one.case in CASES
    )
    if not changes or test.later is None:
        return domain.hosts
    return (
        *domain.hosts,
        *assemble(msgspec.structs.replace(test.later, domain=domain.name), test.begun).hosts,
    )


def _places(hosts: Mapping[str, tuple[Host, ...]]) -> Mapping[str, frozenset[str]]:
    """Return the domains with a host at an address, by the address: several where hosts share it."""
    found: dict[str, frozenset[str]] = {}
    for domain, each in hosts.items():
        for host in each:
            for endpoint in host.endpoints:
                found[endpoint.address] = found.get(endpoint.address, frozenset()) | {domain}
    return found


def _domain_of(
    connection: SeenConnection,
    hosts: Mapping[str, tuple[Host, ...]],
    places: Mapping[str, frozenset[str]],
) -> str:
    """Return the domain that a connection is about, by its recipient, its name in SNI or its address; empty where none tells."""
    here = places.get(connection.address, frozenset())
    for recipient in connection.recipients:
        if (name := recipient.rpartition("@")[2].lower()) in here:
            return name
    named = connection.tls.server_name if connection.tls is not None else ""
    by_host = [name for name in here if any(host.name == named for host in hosts[name])]
    if named and len(by_host) == 1:
        return by_host[0]
    return next(iter(here)) if len(here) == 1 else ""


def _by_domain(queries: Iterable[SeenQuery], domains: Iterable[str]) -> Mapping[str, list[SeenQuery]]:
    found: dict[str, list[SeenQuery]] = {name: [] for name in domains}
    for query in queries:
        name = query.name
        while name and name not in found:
            name = name.partition(".")[2]
        if name:
            found[name].append(query)
    return found


def _seen(
    test: SenderTest,
    case: Case,
    domain: MailDomain,
    queries: list[SeenQuery],
    connections: list[SeenConnection],
) -> CaseSeen:
    taken = next((one for one in connections if one.headers is not None), None)
    fetches = _fetches(test, domain)
    fate = None
    if taken is not None:
        fate = _taken(case, domain, taken)
    elif connections or any(one.name == domain.name and one.type == "MX" for one in queries):
        fate = _waited(fetches) if case.policy_after_s else NOT_TAKEN
    return CaseSeen(case, domain, tuple(queries), tuple(connections), fate, taken, fetches=fetches)


def _fetches(test: SenderTest, domain: MailDomain) -> tuple[SeenFetch, ...]:
    """Return the connections to the policy host of a domain."""
    return tuple(one for one in test.fetches if one.host == domain.policy_host.name)


def _waited(fetches: tuple[SeenFetch, ...]) -> MailFate | None:
    """Return what became of a mail that nobody took where the policy comes late; None while it may still be waited for."""
    asked = [one for one in fetches if one.path == POLICY_PATH]
    return MailFate(policy_got=any(one.status for one in asked)) if asked else None


def _seen_again(
    test: SenderTest,
    case: Case,
    domain: MailDomain,
    queries: list[SeenQuery],
    connections: list[SeenConnection],
) -> CaseSeen:
    """Return what became of a second mail, which counts once the change has settled, and where this sender brought a first.

    A second one that was not taken shows itself by connections alone: who asks for names may do that without any mail.
    """
    changed_at = next((one.at for one in test.changes if one.case == case.id), None)
    first = next((one for one in connections if one.headers is not None), None)
    unsent = CaseSeen(case, domain, tuple(queries), (), None)
    if changed_at is None or first is None or first.at > changed_at or test.later is None:
        return unsent
    settled_at = changed_at + timedelta(seconds=AGAIN_COUNTS_AFTER_S)
    after = tuple(one for one in connections if one.at >= settled_at)
    if not after:
        return unsent
    taken = next((one for one in after if one.headers is not None), None)
    at = after[0].at if taken is None else taken.at
    before, later = (msgspec.structs.replace(one, domain=domain.name) for one in (test.evidence, test.later))
    fetches = _fetches(test, domain)
    held = held_of(before, fetches, first, changed_at, at)
    became = assemble(later, at)
    fate = NOT_TAKEN if taken is None else _taken(case, became, taken)
    return CaseSeen(case, became, tuple(queries), after, fate, taken, held, fetches)


def _taken(case: Case, domain: MailDomain, connection: SeenConnection) -> MailFate:
    host = next(
        host.name
        for host in domain.hosts
        if any(endpoint.address == connection.address for endpoint in host.endpoints)
    )
    named = case.names and connection.is_encrypted and connection.tls is not None
    name = connection.tls.server_name if named and connection.tls is not None else ""
    return MailFate(host, connection.is_encrypted, name)

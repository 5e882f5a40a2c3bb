"""What could not be found out about name servers from here, and so is no finding."""

from collections.abc import Iterator

from mxproof.evidence import Kind, Outcome, Question
from mxproof.judge.report import Unknown
from mxproof.mail.domain import MailDomain
from mxproof.mail.name_servers import NameServers, NameServersState, Response, response
from mxproof.survey.name_servers import TRANSPORTS, top_level


def unknowns(domain: MailDomain) -> tuple[Unknown, ...]:
    """Return what was asked and not found out; nothing where the name servers were not asked at all."""
    servers = domain.name_servers
    if servers.state is NameServersState.NOT_ASKED:
        return ()
    found = (*_not_resolved(domain), *_not_addressed(servers), *_not_measured(servers))
    return tuple(dict.fromkeys(found))


def _not_resolved(domain: MailDomain) -> Iterator[Unknown]:
    """Yield names whose servers the resolver does not tell."""
    servers = domain.name_servers
    if not servers.resolves:
        yield _unknown(
            Question(Kind.NS, top_level(domain.name)),
            "the resolver here does not answer for the top-level domain either, so its errors tell nothing",
        )
    for record in servers.records:
        if record.resolved.outcome is Outcome.NXDOMAIN and record.name == domain.name:
            yield _unknown(record.question, f"{record.name} does not exist, as far as the resolver knows")
        elif record.zone is None and record.resolved.outcome is not Outcome.NXDOMAIN:
            why = f"the name servers of {record.name} could not be found"
            yield _unknown(Question(Kind.NS, record.name), why)


def _not_addressed(servers: NameServers) -> Iterator[Unknown]:
    for zone in servers.zones:
        if not any(one.where.zone == zone.name for one in servers.served) and not zone.homeless:
            why = f"the addresses of the name servers of {zone.name} could not be found"
            yield _unknown(Question(Kind.NS, zone.name), why)


def _not_measured(servers: NameServers) -> Iterator[Unknown]:
    """Yield each way out of here over which nothing answers, once, and single questions that came to nothing."""
    for one in servers.served:
        for transport in TRANSPORTS:
            family, over = one.where.family, transport.upper()
            if (family, transport) not in servers.open:
                why = (
                    f"no name server at all answers over {over} and IPv{family} from here, which a filter"
                    " or a missing route on this side would explain"
                )
                yield Unknown(f"{over} over IPv{family}", why)
            elif response(one.over(transport)) is Response.UNKNOWN:
                server = f"{one.where.server} ({one.where.address})"
                why = f"{server} could not be asked for {one.name} over {over}"
                yield _unknown(one.question(transport), why)


def _unknown(question: Question, why: str) -> Unknown:
    return Unknown(str(question), why)

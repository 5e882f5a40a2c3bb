"""The words of values about servers: resolvers that fail, name servers that differ, lag or do not answer."""

from collections.abc import Callable, Mapping
from typing import Any

from mxproof.evidence import Outcome
from mxproof.formats.text import listed
from mxproof.judge.block import block
from mxproof.judge.catalogue.answer_words import UNANSWERED, why
from mxproof.judge.catalogue.zone_line import zone_line
from mxproof.judge.value import (
    AddressDifference,
    EdnsAnswer,
    FailingResolver,
    FailingServer,
    HeldRecords,
    LameAnswer,
    RecordDifference,
    SerialBehind,
    ServerAddresses,
    ServerDifference,
    ServersAtFault,
    TransportFailure,
)
from mxproof.mail.resolver import ResolverState


def resolver_fault(fault: FailingResolver) -> str:
    """Say in one sentence what is wrong on this side, and what was seen of it."""
    said = fault.answer.detail or why(fault.answer)
    match fault.state:
        case ResolverState.NO_ROUTE:
            return f"there is no network here, no route to the resolver of this machine ({said})"
        case ResolverState.SILENT:
            return f"the resolver of this machine does not answer ({said})"
        case _:
            return f"the resolver of this machine answers every question with an error ({said})"


def addressed(server: ServerAddresses) -> str:
    """Return the name of a server with its addresses."""
    return f"{server.server} ({', '.join(server.addresses)})"


def over(failure: TransportFailure) -> str:
    """Return a way of asking, and why it failed."""
    return f"{failure.transport.upper()} ({UNANSWERED[failure.outcome]})"


def at_fault(servers: ServersAtFault) -> str:
    """Say which servers do not answer what the resolver could not look up."""
    if servers.failing:
        return f"At fault: {'; '.join(map(failing, servers.failing))}"
    if not servers.asked:
        return "The name servers of that zone could not be asked from here"
    return "The name servers of that zone answer the same question from here, so the fault lies on the way to them"


def failing(one: FailingServer) -> str:
    """Say what one server answers in place of an answer."""
    words = {Outcome.SERVFAIL: "it answers SERVFAIL", Outcome.REFUSED: "it refuses"}
    return f"{one.server} ({one.address}), {words.get(one.outcome, UNANSWERED[one.outcome])}"


def lame(answer: LameAnswer) -> str:
    """Say how the answer shows that the server does not serve the zone."""
    if answer.is_referral:
        return "it answers with a referral"
    return f"it answers {answer.error}" if answer.error else "its answer is not authoritative"


def edns_answered(answer: EdnsAnswer) -> str:
    """Say what comes back to a query with EDNS."""
    return f"it answers {answer.rcode}" if answer.rcode else UNANSWERED[answer.outcome]


def servers_told(difference: ServerDifference) -> str:
    """Say who names which servers alone."""
    clauses = [f"only the zone above names {listed(difference.above)}"] if difference.above else []
    clauses += [f"only the zone itself names {listed(difference.own)}"] if difference.own else []
    return ", ".join(clauses)


def addresses_told(difference: AddressDifference) -> str:
    """Say which addresses stand in one place alone."""
    clauses = [f"only the zone above has {listed(difference.glue)}"] if difference.glue else []
    clauses += [f"only the zone itself has {listed(difference.own)}"] if difference.own else []
    return ", ".join(clauses)


def held_records(one: HeldRecords) -> str:
    """Say which records these servers hold, one a line."""
    servers = listed(one.servers)
    if not one.records:
        return f"{servers}: no {one.kind} record at {one.name}\n"
    return f"{servers}:{block(zone_line(one.name, value) for value in one.records)}"


def behind(serial: SerialBehind | None) -> str:
    """Return how far a serial number is behind, or nothing."""
    return f" (serial {serial.serial}, others have {serial.newest})" if serial is not None else ""


def difference_told(difference: RecordDifference) -> str:
    """Say how the records of servers differ."""
    if not difference.is_minority:
        return "the servers do not have the same record"
    return f"the record is not that of the others{behind(difference.behind)}"


BY_TYPE: Mapping[type, Callable[[Any], str]] = {
    ServerAddresses: addressed,
    TransportFailure: over,
    FailingServer: failing,
    ServersAtFault: at_fault,
    LameAnswer: lame,
    SerialBehind: behind,
    RecordDifference: difference_told,
    EdnsAnswer: edns_answered,
    ServerDifference: servers_told,
    AddressDifference: addresses_told,
    FailingResolver: resolver_fault,
}
"""How each of these values reads."""

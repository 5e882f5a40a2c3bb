"""Name servers that do not take queries with EDNS, and large answers that get lost (RFC 6891).

Whoever asks without EDNS is answered by such a server, so that it seems sound. A fault is claimed only where the same
address answers another form of the query, and where some server is seen to answer queries with EDNS from here.
"""

from collections.abc import Callable, Iterator

from mxproof.evidence import SMALL_BYTES, Answer, Edns, Kind, Outcome, Question, Transport
from mxproof.formats.text import listed
from mxproof.judge.checks.name_server_finding import addressed
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import AskedServers, EdnsAnswer, Value
from mxproof.mail.domain import MailDomain
from mxproof.mail.edns import EdnsAtServer, LargeAnswer, ServersEdns, understood
from mxproof.mail.name_servers import Response, dns_data, response, size_bytes
from mxproof.survey.edns import large, plain

BADVERS = "BADVERS"


def check(domain: MailDomain) -> Iterator[Finding]:
    """Yield what servers do with queries that have an OPT record, the worst first (RFC 6891 section 7)."""
    seen = domain.paths.edns if domain.paths is not None else None
    if seen is None:
        return
    yield from _at_servers(seen, Code.NS_EDNS_SILENT, Edns.ONLY, _silent)
    yield from _large(seen, Code.NS_ANSWER_LOST, Edns.ONLY, _lost)
    yield from _at_servers(seen, Code.NS_EDNS_REJECTED, Edns.ONLY, _rejected)
    yield from _large(seen, Code.NS_SIZE_IGNORED, Edns.SMALL, _ignored)
    yield from _at_servers(seen, Code.NS_EDNS_VERSION, Edns.VERSION_1, _version)


def _at_servers(
    seen: ServersEdns, code: Code, form: Edns, fault: Callable[[EdnsAtServer], EdnsAnswer | None]
) -> Iterator[Finding]:
    """Yield one finding for each answer that is a `fault`, with all servers that give it."""
    grouped: dict[EdnsAnswer, list[EdnsAtServer]] = {}
    for one in seen.servers:
        what = fault(one) if one.where.family in seen.open else None
        if what is not None:
            grouped.setdefault(what, []).append(one)
    for what, those in grouped.items():
        servers = addressed(one.where for one in those)
        asked = [
            question
            for one in those
            for question in (
                Question(Kind.SOA, seen.zone, server=one.where.address, transport=Transport.UDP),
                plain(seen.zone, one.where.address, form),
            )
        ]
        params: dict[str, Value] = {"zone": seen.zone, "servers": servers, "seen": what}
        yield Finding(code, listed(one.where.server for one in those), params, tuple(dict.fromkeys(asked)))


def _large(
    seen: ServersEdns, code: Code, form: Edns, fault: Callable[[EdnsAtServer, LargeAnswer], int]
) -> Iterator[Finding]:
    """Yield one finding for all large answers at fault, with the size of the largest of them."""
    found = [
        (server.where, one.record, size)
        for server in seen.servers
        for one in server.large
        if server.where.family in seen.open and (size := fault(server, one))
    ]
    if not found:
        return
    servers = addressed(dict.fromkeys(where for where, _, _ in found))
    params: dict[str, Value] = {
        "where": AskedServers(servers, tuple(dict.fromkeys(record.name for _, record, _ in found))),
        "servers": servers,
        "size": max(size for _, _, size in found),
        "small": SMALL_BYTES,
    }
    asked = [
        question
        for where, record, _ in found
        for question in (
            Question(record.kind, record.name, server=where.address, transport=Transport.TCP),
            large(record, where.address, form),
        )
    ]
    yield Finding(code, listed(where.server for where, _, _ in found), params, tuple(asked))


def _silent(one: EdnsAtServer) -> EdnsAnswer | None:
    """See silence, or what is no DNS, where a query without EDNS is answered."""
    fails = understood(one.usual) and response(one.only) is Response.FAILED
    return EdnsAnswer(one.only.outcome) if fails else None


def _rejected(one: EdnsAtServer) -> EdnsAnswer | None:
    """See an error where a query without EDNS is answered."""
    rejects = understood(one.usual) and response(one.only) is Response.ANSWERED and not understood(one.only)
    return _answer(one.only) if rejects else None


def _version(one: EdnsAtServer) -> EdnsAnswer | None:
    """See anything but BADVERS in answer to a version that there is not (RFC 6891 section 6.1.3)."""
    if not understood(one.only) or response(one.version_1) is Response.UNKNOWN:
        return None
    said = _answer(one.version_1)
    return None if said.rcode == BADVERS else said


def _answer(answer: Answer) -> EdnsAnswer:
    data = dns_data(answer)
    return EdnsAnswer(answer.outcome, data.rcode if data is not None else "")


def _lost(server: EdnsAtServer, one: LargeAnswer) -> int:
    """See a large answer that does not come over UDP, from a server whose small ones do."""
    is_lost = understood(server.only) and one.only.outcome is Outcome.TIMEOUT
    is_lost = is_lost and response(one.only) is Response.FAILED
    return one.size_bytes if is_lost and one.size_bytes > SMALL_BYTES else 0


def _ignored(_server: EdnsAtServer, one: LargeAnswer) -> int:
    """See an answer that is larger than the query says the client takes (RFC 6891 section 6.2.4)."""
    size = size_bytes(one.small)
    return size if size > SMALL_BYTES else 0

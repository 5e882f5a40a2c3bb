"""Where a change would be seen, and whether it is: the resolver, each name server, each address of a host.

A name server is called by its name and its address where both are known.
"""

from collections.abc import Iterator

from mxproof.evidence import (
    ANSWERED,
    Evidence,
    Kind,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
    once,
)
from mxproof.formats.cert import facts
from mxproof.formats.errors import FormatError
from mxproof.formats.mtasts import STRICT, read_policy
from mxproof.mail.change import (
    Change,
    Configure,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Wait,
    Withdraw,
)
from mxproof.remedy.records import KINDS, RecordFacts
from mxproof.survey.reading import POLICY_LABEL, addresses
from mxproof.survey.zone import servers

RESOLVER = "the resolver"
_CONNECTIONS = {Service.SMTP: Kind.SMTP, Service.HTTPS: Kind.POLICY}


def places(evidence: Evidence, change: Change) -> Iterator[tuple[str, bool | None]]:
    """Yield each place that would show a change, and whether it does; None where that could not be found out."""
    match change:
        case Publish() | Withdraw():
            yield from _record_places(evidence, change)
        case ServePolicy(domain, policy, at):
            host = f"{POLICY_LABEL}.{domain}"
            for question, answer in evidence.answers.items():
                elsewhere = at and question.at not in at
                if question.kind is Kind.POLICY and question.name == host and not elsewhere:
                    body = answer.data.body if isinstance(answer.data, PolicyData) else None
                    found = answer.outcome is Outcome.FOUND and body is not None
                    yield (
                        f"{host} at {question.at}",
                        read_policy(body or b"", STRICT) == policy if found else None,
                    )
        case PresentCertificate(service, host, at, names):
            for address in at:
                shown = _names_shown(evidence, Question(_CONNECTIONS[service], host, address))
                yield f"{host} at {address}", None if shown is None else set(names) <= set(shown)
        case Configure(Service.DNS, host):
            outcomes = [answer.outcome for one, answer in evidence.answers.items() if one.name == host]
            yield f"name servers of {host}", all(one in ANSWERED for one in outcomes) if outcomes else None
        case Configure(service, host, at):
            for address in at:
                answer = evidence.answer(Question(_CONNECTIONS[service], host, address))
                secured = not isinstance(answer.data, SmtpData) or answer.data.stage is SmtpStage.SECURED
                asked = answer.outcome is not Outcome.UNASKED
                yield f"{host} at {address}", answer.outcome is Outcome.FOUND and secured if asked else None
        case Wait():
            return


def _record_places(evidence: Evidence, change: Publish | Withdraw) -> Iterator[tuple[str, bool | None]]:
    kind = KINDS[type(change.record)]
    wanted = isinstance(change, Publish)
    names = _server_names(evidence)
    asked = dict.fromkeys(one.server for one in evidence.answers if one.server)
    for server in ("", *asked):
        answers = {
            Question(one.kind, one.name): answer
            for one, answer in evidence.answers.items()
            if one.server == server and one.name == change.name and not one.transport and not one.edns
        }
        if Question(kind, change.name) not in answers:
            if not server:
                yield RESOLVER, None
            continue
        held = RecordFacts(Evidence(evidence.domain, evidence.vantage, answers)).held(change.name, kind)
        where = f"{names[server]} ({server})" if server in names else server
        yield where or RESOLVER, None if held is None else (change.record in held) is wanted


@once
def _server_names(evidence: Evidence) -> dict[str, str]:
    """Return the name servers of all zones that were found, by their addresses."""
    zones = [one.name for one in evidence.answers if one.kind is Kind.NS and not one.server]
    named = [server for zone in zones for server in servers(evidence, zone)]
    return {address: server for server in reversed(named) for address in addresses(evidence, server)}


def _names_shown(evidence: Evidence, question: Question) -> tuple[str, ...] | None:
    data = evidence.answer(question).data
    tls = data.tls if isinstance(data, SmtpData | PolicyData) else None
    if tls is not None and tls.assumed is not None:
        return tls.assumed.names
    if tls is None or not tls.chain:
        return None
    try:
        return facts(tls.chain[0]).dns_names
    except FormatError:
        return ()

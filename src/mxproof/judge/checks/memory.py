"""What senders still hold from earlier; in no set of checks, since what is remembered is no fact of the domain."""

from collections.abc import Iterator
from math import ceil

from mxproof.formats.mtasts import LENIENT, Mode
from mxproof.judge.checks.mending import announced
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.senders.problem import level_of, unencrypted_problem
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.value import Value
from mxproof.mail.change import Awaited, Change, Configure, PresentCertificate, Service, Setting, Wait
from mxproof.mail.domain import Host, MailDomain, Session
from mxproof.mail.memory import LevelMemory, Memory, SenderMemory, SessionLevel


def check(domain: MailDomain, memories: tuple[SenderMemory, ...]) -> Iterator[Finding]:
    """Yield what of the memories is against what the domain is now (RFC 8461 section 5.1)."""
    for memory in memories:
        if isinstance(memory, LevelMemory):
            for host in domain.hosts:
                yield from _fallen(domain, host, memory.level)
        else:
            yield from _outliving(domain, memory)


def _outliving(domain: MailDomain, memory: Memory) -> Iterator[Finding]:
    """Yield the enforced policy that is still in force for whoever holds it."""
    policy, until = memory.policy(LENIENT), memory.ends_at(LENIENT)
    if policy is None or policy.mode is not Mode.ENFORCE or until <= domain.at:
        return
    words: dict[str, Value] = {
        "domain": domain.name,
        "fetched": memory.fetched_at,
        "until": until,
        "patterns": policy.mx,
    }
    wait = Wait(domain.name, Awaited.MAX_AGE, ceil((until - domain.at).total_seconds()), until)
    # Whoever holds it under the id of today has no reason to look for another text.
    record = domain.record.strict
    fresh = announced(domain) if record is not None and record.id == memory.id else ()
    changes = (*fresh, wait)
    yield Finding(
        Code.STS_MEMORY_OUTLIVES, domain.policy_host.name, words, (domain.record.question,), changes
    )


def _fallen(domain: MailDomain, host: Host, level: SessionLevel) -> Iterator[Finding]:
    """Yield that sessions with a host are less secure than an earlier one was."""
    found: dict[str, Session] = {}
    for endpoint in host.endpoints:
        session = endpoint.session(host.name)
        if session.is_settled and level_of(host, session, RFC8461) < level:
            found[endpoint.address] = session
    if not found:
        return
    seen = tuple(_seen(session) for session in found.values())
    words: dict[str, Value] = {
        "domain": domain.name,
        "host": host.name,
        "addresses": tuple(found),
        "seen": seen,
    }
    addresses = tuple(found)
    changes: tuple[Change, ...] = (
        Configure(Service.SMTP, host.name, addresses, Setting.STARTTLS),
        PresentCertificate(Service.SMTP, host.name, addresses, (host.name,), keeps_key=False),
    )
    yield Finding(
        Code.TLS_LEVEL_FELL, host.name, words, tuple(one.question for one in found.values()), changes
    )


def _seen(session: Session) -> str:
    """Say in what a session falls short of one over TLS with a valid certificate."""
    problem = unencrypted_problem(session)
    if problem is not None:
        return problem.detail
    fault = session.chain.trust.detail if session.chain is not None else ""
    return fault or "the certificate does not name the host"

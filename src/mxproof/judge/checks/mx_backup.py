"""MX hosts that behave otherwise than those before them: where mail ends when the first ones are out of reach.

A sender tries the hosts in order of preference, so a fault of a backup shows on the day of an outage only. What it would
cost is worked out by every sender at the backups alone.
"""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Outcome, Question
from mxproof.formats.cert import covers
from mxproof.judge.checks.mending import certificate, withdrawn_addresses
from mxproof.judge.checks.seen import deciding, is_whole, unlisted
from mxproof.judge.codes import Code
from mxproof.judge.enforcing import otherwise
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.value import Value
from mxproof.mail.change import Change, Configure, Service, Setting
from mxproof.mail.domain import Endpoint, Host, MailDomain, Session, SessionState, TlsaState

_WITHOUT_TLS = frozenset(
    {SessionState.NO_STARTTLS, SessionState.STARTTLS_REJECTED, SessionState.HANDSHAKE_FAILED}
)
_KNOWN_TLSA = frozenset({TlsaState.ABSENT, TlsaState.INSECURE, TlsaState.PRESENT})


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the hosts behind the first ones, and the second family of each (RFC 5321 sections 5.1 and 5.2)."""
    if domain.blocked:
        return
    for host in domain.hosts:
        yield from _ipv6_broken(domain, host)
    reachable = [host for host in domain.hosts if host.endpoints]
    best = min((host.preference for host in reachable), default=0)
    first = tuple(host for host in reachable if host.preference == best)
    backups = tuple(host for host in reachable if host.preference > best)
    if backups and not all(_is_sound(domain, host) for host in backups) and _is_known(domain, backups):
        yield from _refused(domain, first, backups)
        yield from _plain(domain, first, backups)


def _ipv6_broken(domain: MailDomain, host: Host) -> Iterator[Finding]:
    """See a host that whoever prefers IPv6 waits for, where IPv6 works from here."""
    of_ipv6 = [one for one in host.endpoints if ":" in one.address and not one.is_withheld]
    answers_ipv4 = any(
        session.is_settled for one in host.endpoints if ":" not in one.address for session in one.sessions
    )
    if not of_ipv6 or not answers_ipv4 or not all(map(_is_dead, of_ipv6)):
        return
    through = _through_ipv6(domain)
    if through is None and any(one.sessions[0].state is not SessionState.REFUSED for one in of_ipv6):
        return
    addresses = tuple(one.address for one in of_ipv6)
    words: dict[str, Value] = {
        "host": host.name,
        "addresses": addresses,
        "seen": tuple(one.sessions[0].answer for one in of_ipv6),
    }
    questions = (*(one.sessions[0].question for one in of_ipv6), *([through] if through is not None else []))
    others = (MendingWay("withdraw", withdrawn_addresses(host.target, addresses)),)
    yield Finding(Code.MX_IPV6_BROKEN, host.name, words, questions, others=others)


def _is_dead(endpoint: Endpoint) -> bool:
    return all(
        one.answer.outcome in {Outcome.TIMEOUT, Outcome.REFUSED} and not one.transcript
        for one in endpoint.sessions
    )


def _through_ipv6(domain: MailDomain) -> Question | None:
    """Return a connection over IPv6 that came through, None where none is known to."""
    sessions = (one for host in domain.hosts for endpoint in host.endpoints for one in endpoint.sessions)
    for session in sessions:
        if ":" in session.question.at and session.transcript:
            return session.question
    for fetch in domain.policy_host.fetches:
        if ":" in fetch.address and fetch.tls is not None:
            return fetch.question
    return None


def _is_sound(domain: MailDomain, host: Host) -> bool:
    """Tell whether hardly a sender can have anything against a host: it is listed, and its certificates hold.

    They hold for its name, and where it has TLSA records, for these as well.
    """
    if any(one.name == host.name for one in unlisted(domain)) or host.tlsa_target.state not in _KNOWN_TLSA:
        return False
    return all(_serves(host, session) for endpoint in host.endpoints for session in endpoint.sessions[:1])


def _serves(host: Host, session: Session) -> bool:
    chain = session.chain
    if session.state is not SessionState.SECURED or chain is None or chain.leaf is None:
        return False
    if chain.trust.fault is not None or not covers(chain.leaf, host.name):
        return False
    bound = host.tlsa_target.state is TlsaState.PRESENT
    return not bound or any(chain.matched_by(one) is not None for one in host.tlsa_target.usable)


def _is_known(domain: MailDomain, backups: tuple[Host, ...]) -> bool:
    """Tell whether all that the senders would go by was seen."""
    sessions = (one for host in backups for endpoint in host.endpoints for one in endpoint.sessions)
    return all(is_whole(host) for host in domain.hosts) and all(
        one.state is not SessionState.UNKNOWN for one in sessions
    )


def _refused(domain: MailDomain, first: tuple[Host, ...], backups: tuple[Host, ...]) -> Iterator[Finding]:
    would = otherwise(_with(domain, first), _with(domain, backups))
    if would.refusing:
        yield _finding(domain, Code.MX_BACKUP_REFUSED, first, backups, outage=would)


def _plain(domain: MailDomain, first: tuple[Host, ...], backups: tuple[Host, ...]) -> Iterator[Finding]:
    """See backups of which none has TLS, where all before them have."""
    if _states(first) == {SessionState.SECURED} and _states(backups) <= _WITHOUT_TLS:
        found = _finding(domain, Code.MX_BACKUP_PLAIN, first, backups)
        changes = tuple(change for host in backups for change in _with_tls(host))
        yield msgspec.structs.replace(found, changes=changes)


def _with_tls(host: Host) -> Iterator[Change]:
    addresses = tuple(endpoint.address for endpoint in host.endpoints)
    yield Configure(Service.SMTP, host.name, addresses, Setting.STARTTLS)
    yield certificate(host, host.name, addresses)


def _states(hosts: tuple[Host, ...]) -> set[SessionState]:
    return {endpoint.sessions[0].state for host in hosts for endpoint in host.endpoints}


def _with(domain: MailDomain, hosts: tuple[Host, ...]) -> MailDomain:
    """Return the domain as it is while no other host can be reached."""
    names = {host.name for host in hosts}
    exchanges = tuple(one for one in domain.mx.exchanges if one.name in names)
    mx = msgspec.structs.replace(domain.mx, exchanges=exchanges, unprobed=())
    return msgspec.structs.replace(domain, mx=mx, hosts=hosts)


def _finding(
    domain: MailDomain, code: Code, first: tuple[Host, ...], backups: tuple[Host, ...], **params: Value
) -> Finding:
    words: dict[str, Value] = {
        "domain": domain.name,
        "first": tuple(host.name for host in first),
        "backups": tuple(host.name for host in backups),
        **params,
    }
    subject = backups[0].name if len(backups) == 1 else domain.name
    return Finding(code, subject, words, deciding(domain, (*first, *backups)))

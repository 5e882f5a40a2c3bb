"""Port 25 of every MX host at every address, up to and with STARTTLS."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from mxproof.evidence import Question
from mxproof.judge.checks.mending import address_record, certificate, shown_still, withdrawn_addresses
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.value import Value
from mxproof.mail.change import Change, Configure, Service, Setting
from mxproof.mail.domain import Host, MailDomain, Session, SessionState
from mxproof.mail.transcript import last_reply

_FAULTS = {
    SessionState.NO_STARTTLS: Code.STARTTLS_MISSING,
    SessionState.STARTTLS_REJECTED: Code.STARTTLS_REJECTED,
    SessionState.HANDSHAKE_FAILED: Code.TLS_HANDSHAKE_FAILED,
    SessionState.EARLY_DATA: Code.STARTTLS_EARLY_DATA,
    SessionState.TURNED_AWAY: Code.SMTP_TURNED_AWAY,
    SessionState.REFUSED: Code.SMTP_UNREACHABLE,
    SessionState.BROKEN: Code.SMTP_BROKEN,
    SessionState.EHLO_REJECTED: Code.SMTP_EHLO_REJECTED,
    SessionState.HELO_ONLY: Code.SMTP_EHLO_REJECTED,
    SessionState.HELO_AT_ONCE: Code.SMTP_EHLO_REJECTED,
    SessionState.UNKNOWN: Code.SMTP_UNANSWERED,
}
_SETTINGS = {
    Code.STARTTLS_MISSING: Setting.STARTTLS,
    Code.STARTTLS_REJECTED: Setting.STARTTLS,
    Code.STARTTLS_EARLY_DATA: Setting.STARTTLS,
    Code.STARTTLS_REPEATED: Setting.STARTTLS,
    Code.TLS_HANDSHAKE_FAILED: Setting.TLS,
    Code.TLS_VERSION_OLD: Setting.TLS,
    Code.SMTP_TURNED_AWAY: Setting.ANSWERING,
    Code.SMTP_UNREACHABLE: Setting.ANSWERING,
    Code.SMTP_BROKEN: Setting.ANSWERING,
    Code.SMTP_EHLO_REJECTED: Setting.ANSWERING,
}
"""How the server should behave; of one that did not answer nothing is known that could be wrong."""

_REFUSING = frozenset({SessionState.EHLO_REJECTED, SessionState.HELO_ONLY, SessionState.HELO_AT_ONCE})


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the sessions with each MX host (RFC 5321 section 3.1, RFC 3207 section 4, RFC 8461 section 7.2)."""
    if domain.blocked:
        yield _blocked(domain)
        return
    for host in domain.hosts:
        found: dict[Code, dict[str, Session]] = defaultdict(dict)
        for endpoint in host.endpoints:
            for session in () if endpoint.is_withheld else endpoint.sessions:
                for code in _faults(session):
                    found[code].setdefault(endpoint.address, session)
        for code, sessions in found.items():
            yield _finding(domain, host, code, sessions)


def _faults(session: Session) -> Iterator[Code]:
    if session.state in _FAULTS:
        yield _FAULTS[session.state]
    elif session.tls is not None and session.tls.outdated:
        yield Code.TLS_VERSION_OLD
    if session.repeats_starttls:
        yield Code.STARTTLS_REPEATED
    if session.speaks_early and session.state is not SessionState.EARLY_DATA:
        yield Code.STARTTLS_EARLY_DATA


def _blocked(domain: MailDomain) -> Finding:
    """Say that nothing at all was reached, which is more likely a firewall here than the fault of every host."""
    sessions = [session for host in domain.hosts for one in host.endpoints for session in one.sessions]
    words: dict[str, Value] = {
        "domain": domain.name,
        "count": len({session.question.at for session in sessions}),
    }
    return Finding(Code.PORT_25_BLOCKED, domain.name, words, tuple(session.question for session in sessions))


def _finding(domain: MailDomain, host: Host, code: Code, sessions: dict[str, Session]) -> Finding:
    words: dict[str, Value] = {
        "domain": domain.name,
        "host": host.name,
        "addresses": tuple(sessions),
        "seen": tuple(_seen(session) for session in sessions.values()),
    }
    questions = tuple(session.question for session in sessions.values())
    if code is Code.SMTP_UNREACHABLE:
        questions = (*questions, *_come_through(domain))
    others: tuple[MendingWay, ...] = ()
    if code is Code.SMTP_UNREACHABLE and len(sessions) < len(host.endpoints):
        words["address_records"] = tuple(address_record(host.target, one) for one in sessions)
        others = (MendingWay("withdraw", withdrawn_addresses(host.target, sessions)),)
    changes = tuple(_mending(host, code, sessions))
    return Finding(code, host.name, words, questions, changes, others=others)


def _come_through(domain: MailDomain) -> tuple[Question, ...]:
    """Return the first connection that came through, without which one refused would tell nothing."""
    every = (session for host in domain.hosts for one in host.endpoints for session in one.sessions)
    through = (one.question for one in every if one.state not in {SessionState.REFUSED, SessionState.UNKNOWN})
    return tuple(islice(through, 1))


def _mending(host: Host, code: Code, sessions: dict[str, Session]) -> Iterator[Change]:
    """Yield what the server should do, and the certificate that it then shows where none was seen."""
    setting = _SETTINGS.get(code)
    if setting is None:
        return
    yield Configure(Service.SMTP, host.name, tuple(sessions), setting)
    if all(session.chain is None for session in sessions.values()):
        if setting is not Setting.ANSWERING or code is Code.SMTP_BROKEN:
            yield certificate(host, host.name, sessions)
    else:
        yield from shown_still(host, sessions)


def _seen(session: Session) -> Value:
    """Return the server's last words, or the TLS version agreed on, or how the connection ended."""
    said = [line.text for line in session.transcript if line.side == "S"]
    if session.state in _REFUSING:
        return last_reply(session.transcript) or session.answer
    if session.tls is not None:
        return session.tls.version
    if session.state in {SessionState.STARTTLS_REJECTED, SessionState.TURNED_AWAY} and said:
        return said[-1]
    return session.answer

"""How the servers behind port 25 behave beside what decides whether mail arrives: pauses, limits, names, extensions."""

import re
from collections.abc import Iterator

from mxproof.evidence import Outcome, SmtpData, SmtpStage
from mxproof.formats.cert import covers
from mxproof.formats.names import is_host, is_localhost
from mxproof.judge.checks.seen import is_whole
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import OfferedExtensions, Value
from mxproof.mail.domain import Endpoint, Host, MailDomain, Session, SessionState
from mxproof.mail.reverse_name import PtrState
from mxproof.mail.transcript import last_reply

SLOW_MS = 2000
"""Nobody's greeting takes that long who does not wait on purpose, or for a look-up that fails."""
TELLING = ("8BITMIME", "REQUIRETLS", "SIZE", "SMTPUTF8")
"""The extensions without which some mail does not pass."""

_LIMIT = rb"(?i)too (many|fast|much)|\brate|limit|throttl|slow down|concurren|exceeded"
"""What servers write that have enough of a client, whatever its address."""

_MASKED = r"X{4,}[A-Z]?"
"""observed: what Cisco's inspection of ESMTP makes of an extension that it does not let pass
(https://www.cisco.com/c/en/us/support/docs/security/asa-5500-x-series-next-generation-firewalls/113423-asa-esmtp-smtp-inspection.html)."""


def check(domain: MailDomain) -> Iterator[Finding]:
    """Remark on greetings, limits, names and extensions (RFC 5321 sections 4.1.1.1, 4.3.1 and 4.5.3.2, RFC 1870 section 6)."""
    if domain.blocked:
        return
    for host in domain.hosts:
        yield from _limited(host)
        yield from _held_up(host)
        yield from _slow(host)
        yield from _masked(host)
        yield from _named(host)
        yield from _in_order(host)
    yield from _differing(domain)


def _first(host: Host) -> Iterator[tuple[Endpoint, Session]]:
    """Yield each address with the session in which the MX name was asked for."""
    for endpoint in host.endpoints:
        if not endpoint.is_withheld and endpoint.sessions:
            yield endpoint, endpoint.sessions[0]


def _limited(host: Host) -> Iterator[Finding]:
    """See a server that has enough of this client, and says nothing of what others get."""
    away = [
        session
        for _, session in _first(host)
        if session.state is SessionState.TURNED_AWAY and re.search(_LIMIT, last_reply(session.transcript))
    ]
    if away:
        said = tuple(dict.fromkeys(last_reply(one.transcript) for one in away))
        yield _finding(host, Code.SMTP_RATE_LIMITED, away, seen=said)


def _held_up(host: Host) -> Iterator[Finding]:
    """See a server that has begun to greet and does not come to an end."""
    held = [session for _, session in _first(host) if _is_held_up(session)]
    if held:
        yield _finding(host, Code.SMTP_TARPIT, held)


def _is_held_up(session: Session) -> bool:
    data = session.answer.data
    begun = isinstance(data, SmtpData) and data.stage is SmtpStage.GREETING and bool(data.transcript)
    return begun and session.answer.outcome is Outcome.TIMEOUT


def _slow(host: Host) -> Iterator[Finding]:
    slow = [session for _, session in _first(host) if session.greeted_ms >= SLOW_MS]
    if slow:
        slowest_ms = max(one.greeted_ms for one in slow)
        yield _finding(host, Code.SMTP_GREETING_SLOW, slow, slowest_ms=slowest_ms)


def _masked(host: Host) -> Iterator[Finding]:
    """See extensions that a device on the way made illegible, where STARTTLS is missing (RFC 3207 section 6)."""
    masked = [
        (session, tuple(one for one in session.extensions if re.fullmatch(_MASKED, one)))
        for _, session in _first(host)
        if session.state is SessionState.NO_STARTTLS
    ]
    masked = [(session, seen) for session, seen in masked if seen]
    if masked:
        seen = tuple(dict.fromkeys(one for _, those in masked for one in those))
        yield _finding(host, Code.STARTTLS_MASKED, [session for session, _ in masked], seen=seen)


def _named(host: Host) -> Iterator[Finding]:
    """See a server whose name for itself is nowhere else (RFC 5321 section 4.1.1.1)."""
    odd = [
        (endpoint, session) for endpoint, session in _first(host) if _is_oddly_named(host, endpoint, session)
    ]
    if odd:
        names = tuple(dict.fromkeys(session.called for _, session in odd))
        found = _finding(host, Code.SMTP_NAME_OTHER, [session for _, session in odd], names=names)
        reverse = (question for endpoint, _ in odd for question in endpoint.ptr_questions)
        yield Finding(found.code, found.subject, found.params, (*found.evidence, *host.questions, *reverse))


def _is_oddly_named(host: Host, endpoint: Endpoint, session: Session) -> bool:
    name = session.called
    leaf = session.chain.leaf if session.chain is not None else None
    if not name or leaf is None or endpoint.ptr_state is PtrState.UNKNOWN or not is_whole(host):
        return False
    if not is_host(name) or is_localhost(name) or "." not in name:
        return True
    return name not in {host.name, *host.chain, *endpoint.ptr_names} and not covers(leaf, name)


def _in_order(host: Host) -> Iterator[Finding]:
    """Yield what all addresses of a host offer, where each takes mail over a TLS that is in force."""
    sessions = [session for _, session in _first(host)]
    sound = bool(sessions) and all(map(_is_sound, sessions)) and is_whole(host)
    if not sound or len(sessions) != len(host.endpoints):
        return
    versions = tuple(sorted({one.tls.version for one in sessions if one.tls is not None}))
    common = set.intersection(*(set(one.extensions) for one in sessions))
    offered = tuple(one for one in sessions[0].extensions if one in common)
    found = _finding(host, Code.SMTP_OK, sessions, versions=versions, offered=offered)
    yield Finding(found.code, found.subject, found.params, (*host.questions, *found.evidence))


def _is_sound(session: Session) -> bool:
    outdated = session.tls is None or session.tls.outdated
    return session.state is SessionState.SECURED and not (
        outdated or session.repeats_starttls or session.speaks_early
    )


def _differing(domain: MailDomain) -> Iterator[Finding]:
    """See servers of which one takes mail that another one refuses (RFC 6531 section 3.5, RFC 8689 section 4.2.1)."""
    offered: dict[tuple[str, ...], list[Session]] = {}
    for host in domain.hosts:
        for _, session in _first(host):
            if session.extensions and session.state is SessionState.SECURED:
                telling = tuple(sorted(one for one in session.extensions if one.split()[0] in TELLING))
                offered.setdefault(telling, []).append(session)
    if len(offered) > 1:
        common = set.intersection(*map(set, offered))
        seen = tuple(
            OfferedExtensions(
                tuple(dict.fromkeys(one.question.at for one in sessions)),
                tuple(one for one in telling if one not in common),
            )
            for telling, sessions in offered.items()
        )
        questions = tuple(one.question for sessions in offered.values() for one in sessions)
        params: dict[str, Value] = {"domain": domain.name, "seen": seen}
        yield Finding(Code.SMTP_EXTENSIONS_DIFFER, domain.name, params, questions)


def _finding(host: Host, code: Code, sessions: list[Session], **params: Value) -> Finding:
    addresses = tuple(dict.fromkeys(session.question.at for session in sessions))
    words: dict[str, Value] = {"host": host.name, "addresses": addresses, **params}
    return Finding(code, host.name, words, tuple(session.question for session in sessions))

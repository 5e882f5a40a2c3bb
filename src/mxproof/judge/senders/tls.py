"""A session as one sender goes on with it where TLS does not work as it should (RFC 3207 section 4)."""

import msgspec

from mxproof.judge.senders.library import shaken
from mxproof.judge.senders.problem import Problem, early_problem, outdated_problem, unencrypted_problem
from mxproof.judge.senders.traits import EarlyText, FallBack, RefusedEhlo, Traits
from mxproof.mail.domain import Session, SessionState

_HANDSHAKE_FAILED = frozenset({SessionState.HANDSHAKE_FAILED})
_FINAL = {
    FallBack.ALWAYS: frozenset[SessionState](),
    FallBack.REFUSED: _HANDSHAKE_FAILED,
    FallBack.NEVER: _HANDSHAKE_FAILED | {SessionState.STARTTLS_REJECTED},
}
"""The sessions after which nothing goes out in clear text."""
_GREETED_BADLY = frozenset({SessionState.HELO_ONLY, SessionState.HELO_AT_ONCE, SessionState.EHLO_REJECTED})
_SAYS_HELO = {
    RefusedEhlo.HELO: frozenset({SessionState.HELO_ONLY}),
    RefusedEhlo.HELO_AT_ONCE: frozenset({SessionState.HELO_ONLY, SessionState.HELO_AT_ONCE}),
    RefusedEhlo.NOT_KNOWN: frozenset({SessionState.HELO_ONLY, SessionState.HELO_AT_ONCE}),
}
"""The sessions in which HELO helps."""


def gone_on(session: Session, traits: Traits) -> Session:
    """Return the session as it goes on for a sender that meets what was seen in it."""
    if session.is_sound:
        return session
    return _greeted(_spoilt(shaken(session, traits), traits), traits)


def _spoilt(session: Session, traits: Traits) -> Session:
    """Return the session as it ends where a sender takes what comes in the clear for the beginning of the handshake."""
    if early_problem(session) is None or traits.early_text != (EarlyText.HANDSHAKE,):
        return session
    return msgspec.structs.replace(session, state=SessionState.HANDSHAKE_FAILED, chain=None)


def _greeted(session: Session, traits: Traits) -> Session:
    """Return the session as it goes on for a sender that meets an error in answer to EHLO inside TLS."""
    if session.state not in _GREETED_BADLY:
        return session
    if session.state in _SAYS_HELO.get(traits.refused_ehlo, frozenset()):
        return msgspec.structs.replace(session, state=SessionState.HELO_ONLY)
    passed_over = traits.refused_ehlo is RefusedEhlo.PASSED_OVER
    state = SessionState.SECURED if passed_over else SessionState.EHLO_REJECTED
    return msgspec.structs.replace(session, state=state)


def unsure_greeting(session: Session, traits: Traits) -> Problem | None:
    """Return that EHLO inside TLS is put off, where it is not known whether the sender then says HELO, which is taken."""
    unsure = traits.refused_ehlo is RefusedEhlo.NOT_KNOWN and session.state is SessionState.HELO_AT_ONCE
    if not unsure:
        return None
    return unencrypted_problem(msgspec.structs.replace(session, state=SessionState.EHLO_REJECTED))


def broken_starttls(session: Session, traits: Traits) -> Problem | None:
    """Return why a sender gives up that does not fall back to clear text then, None where STARTTLS is not what breaks."""
    early = early_problem(session) if traits.early_text == (EarlyText.DEFERRED,) else None
    if early is not None:
        return early
    if traits.fall_back is not FallBack.ALWAYS and True not in traits.outdated_tls:
        outdated = outdated_problem(session)
        if outdated is not None:
            return outdated
    return unencrypted_problem(session) if session.state in _FINAL[traits.fall_back] else None


def lost_inside(session: Session) -> bool:
    """Tell whether the session ended, or went wrong, after its handshake."""
    return session.state is SessionState.BROKEN and session.tls is not None


def is_encrypted(session: Session, traits: Traits) -> bool:
    """Tell whether a session that takes the mail is one over TLS."""
    outdated = session.tls is not None and session.tls.outdated
    if traits.clear_text_again and outdated and True not in traits.outdated_tls:
        return False
    return session.state in {SessionState.SECURED, SessionState.HELO_ONLY}

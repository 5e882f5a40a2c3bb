"""A session as one sender goes on with it where TLS does not work as it should (RFC 3207 section 4)."""

import msgspec

from mxproof.judge.senders.problem import Problem, unencrypted_problem
from mxproof.judge.senders.traits import RefusedEhlo, Traits
from mxproof.mail.domain import Session, SessionState

_BROKEN = frozenset({SessionState.STARTTLS_REJECTED, SessionState.HANDSHAKE_FAILED})
_GREETED_BADLY = frozenset({SessionState.HELO_ONLY, SessionState.EHLO_REJECTED})


def greeted(session: Session, traits: Traits) -> Session:
    """Return the session as it goes on for a sender that meets an error in answer to EHLO inside TLS."""
    if session.state not in _GREETED_BADLY or traits.refused_ehlo is RefusedEhlo.HELO:
        return session
    passed_over = traits.refused_ehlo is RefusedEhlo.PASSED_OVER
    state = SessionState.SECURED if passed_over else SessionState.EHLO_REJECTED
    return msgspec.structs.replace(session, state=state)


def broken_starttls(session: Session, traits: Traits) -> Problem | None:
    """Return why a sender that does not fall back to clear text gives up, None where STARTTLS is not what breaks."""
    broken = session.state in _BROKEN and not traits.falls_back
    return unencrypted_problem(session) if broken else None


def is_encrypted(session: Session, traits: Traits) -> bool:
    """Tell whether a session that takes the mail is one over TLS."""
    outdated = session.tls is not None and session.tls.outdated
    if traits.clear_text_again and outdated and True not in traits.outdated_tls:
        return False
    return session.state in {SessionState.SECURED, SessionState.HELO_ONLY}

"""What TLS libraries make of a certificate that is not meant for a server (RFC 5280 sections 4.2.1.3 and 4.2.1.12).

| in the certificate | OpenSSL | GnuTLS | Go | rustls | not known |
|---|---|---|---|---|---|
| a key usage without anything that TLS does | invalid | no handshake | valid | valid | invalid |
| a key usage with something of TLS, and no digital signatures | valid | no handshake | valid | valid | valid |
| any purpose as its extended key usage, and not that of a server | invalid | valid | valid | invalid | valid |

observed: Postfix 3.7.11 and Sendmail 8.18.1 (OpenSSL), Exim 4.98.2 and Courier 1.4.1 (GnuTLS), chasquid 1.15 (Go), November
2026. The column of rustls is general knowledge of its verifier and was not run. Where DANE-EE vouches for the certificate
nothing of this counts (RFC 7672 section 3.1.1), but for a handshake that does not come about.
"""

import msgspec

from mxproof.formats.cert import CertificateFacts
from mxproof.judge.senders.traits import Library, Traits
from mxproof.mail.domain import Session, SessionState

_HEEDS_KEY_USAGE = frozenset({Library.OPENSSL, Library.GNUTLS, Library.UNKNOWN})
_WANTS_SERVERS = frozenset({Library.OPENSSL, Library.RUSTLS})
_SECURED = frozenset({SessionState.SECURED, SessionState.HELO_ONLY, SessionState.EHLO_REJECTED})


def shaken(session: Session, traits: Traits) -> Session:
    """Return the session as it ends for a sender whose library breaks a handshake off for the key usage."""
    leaf = session.chain.leaf if session.chain is not None else None
    if traits.library is not Library.GNUTLS or leaf is None or leaf.key_signs:
        return session
    if session.state not in _SECURED:
        return session
    return msgspec.structs.replace(session, state=SessionState.HANDSHAKE_FAILED)


def misuse(leaf: CertificateFacts, library: Library) -> str:
    """Say why the certificate does not serve a server with this library, empty where it does."""
    if library in _HEEDS_KEY_USAGE and not leaf.key_serves:
        return unmeant(leaf)
    return unmeant(leaf) if library in _WANTS_SERVERS and leaf.for_anything else ""


def unmeant(leaf: CertificateFacts) -> str:
    """Say in what the certificate is not meant for a server to some library, empty where it is."""
    if not leaf.key_serves:
        return "its key usage has nothing in it that TLS does with the key of a server"
    if not leaf.key_signs:
        return "its key usage has no digitalSignature, without which GnuTLS breaks the handshake off"
    return (
        "its extended key usage is any, and not serverAuth, which OpenSSL and rustls ask for"
        if leaf.for_anything
        else ""
    )

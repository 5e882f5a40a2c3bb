"""What TLS libraries make of a chain that they do not all take (RFC 5280 sections 4.2.1.3, 4.2.1.6 and 4.2.1.12).

| in the certificate | OpenSSL | GnuTLS | Go | rustls | not known |
|---|---|---|---|---|---|
| a key usage without anything that TLS does | invalid | no handshake | valid | valid | invalid |
| a key usage with something of TLS, and no digital signatures | valid | no handshake | valid | valid | valid |
| any purpose as its extended key usage, and not that of a server | invalid | valid | valid | invalid | valid |
| the same in that of an authority | invalid | invalid | valid | invalid | valid |
| server gated cryptography and no more, there or there | valid | invalid | valid | invalid | invalid |
| a DNS name with bytes beyond ASCII beside others | valid | valid | no handshake | valid | valid |
| so many authorities between it and its root at most | 10 | 15 | any | 6 | any |
| so many certificates sent at most | any | 16 | any | any | any |
| two certificates for an authority, the first of which leads nowhere | invalid | invalid | valid | valid | valid |
| up to TLS 1.2, suites without an AEAD | offered | offered | offered | not | unclear |
| up to TLS 1.2, suites without ECDHE | offered | offered | not | not | unclear |

observed: Postfix 3.7.11 and 3.10.13 and Sendmail 8.18.1 (OpenSSL), gnutls-cli 3.8.9, Exim 4.98.2 and Courier 1.4.1 (GnuTLS),
chasquid 1.15 (Go), November 2026. Of Go the six rows before the last two are from golang/go src/crypto/x509/verify.go and parser.go; the
column of rustls is from rustls/webpki src/verify_cert.rs and was not run. The last two rows are from golang/go
src/crypto/tls/defaults.go (since Go 1.22, and seen in xhit/go-simple-mail issue 100) and rustls/rustls src/crypto/ring/mod.rs. Where DANE-EE vouches for the certificate nothing of
this counts (RFC 7672 section 3.1.1), but for a handshake that does not come about.
"""

from collections.abc import Iterator

import msgspec

from mxproof.formats.cert import CertificateFacts, Purpose
from mxproof.formats.tls_offer import Offer
from mxproof.judge.codes import Code
from mxproof.judge.senders.traits import Library, Traits
from mxproof.mail.domain import Session, SessionState
from mxproof.mail.trust import Chain
from mxproof.survey.tls import NEWEST

_HEEDS_KEY_USAGE = frozenset({Library.OPENSSL, Library.GNUTLS, Library.UNKNOWN})
_LEAF_PURPOSES = {
    Library.OPENSSL: {Purpose.SERVERS, Purpose.GATED},
    Library.GNUTLS: {Purpose.SERVERS, Purpose.ANYTHING},
    Library.GO: {*Purpose},
    Library.RUSTLS: {Purpose.SERVERS},
    Library.UNKNOWN: {Purpose.SERVERS, Purpose.ANYTHING},
}
_AUTHORITY_PURPOSES = {**_LEAF_PURPOSES, Library.GNUTLS: {Purpose.SERVERS}}
_AUTHORITIES_MAX = {Library.OPENSSL: 10, Library.GNUTLS: 15, Library.RUSTLS: 6}
_SENT_MAX = {Library.GNUTLS: 16}
_TAKES_FIRST = frozenset({Library.OPENSSL, Library.GNUTLS})
_SECURED = frozenset(
    {
        SessionState.SECURED,
        SessionState.HELO_ONLY,
        SessionState.HELO_AT_ONCE,
        SessionState.EHLO_REJECTED,
    }
)
_OFFERED = {
    Library.GO: frozenset({Offer.TLS_1_2, Offer.ECDHE_CBC}),
    Library.RUSTLS: frozenset({Offer.TLS_1_2}),
}
"""What a library offers up to TLS 1.2, where that is not everything."""
_ODD_NAMES = "one of its DNS names has bytes beyond ASCII in it, with which Go breaks the handshake off"
_FORKED = "of several certificates for one authority the first leads to no trusted root, and OpenSSL and GnuTLS try no other"
_PURPOSES = {
    Purpose.ANYTHING: "is any, and not serverAuth, which OpenSSL and rustls ask for",
    Purpose.GATED: "is server gated cryptography, and not serverAuth, which GnuTLS and rustls ask for",
}


def shaken(session: Session, traits: Traits) -> Session:
    """Return the session as it ends for a sender whose library breaks a handshake off for the certificate."""
    if session.state not in _SECURED:
        return session
    if finds_no_suite(session, traits.library):
        return msgspec.structs.replace(session, state=SessionState.HANDSHAKE_FAILED)
    leaf = session.chain.leaf if session.chain is not None else None
    if leaf is None or not _breaks_off(leaf, traits.library):
        return session
    return msgspec.structs.replace(session, state=SessionState.HANDSHAKE_FAILED, refused=frozenset())


def finds_no_suite(session: Session, library: Library) -> bool:
    """Tell whether a server with a TLS in force has said that nothing suits it of what this library offers."""
    offered = _OFFERED.get(library)
    if offered is None or session.tls is None or session.state not in _SECURED:
        return False
    return not session.tls.outdated and session.tls.version != NEWEST and offered <= session.refused


def trusts(chain: Chain, library: Library) -> bool:
    """Tell whether a chain that is trusted otherwise is to this library, and a handshake comes about."""
    return chain.is_usual or (
        untaken(chain, library) is None and not (chain.leaf and _breaks_off(chain.leaf, library))
    )


def _breaks_off(leaf: CertificateFacts, library: Library) -> bool:
    return (library is Library.GNUTLS and not leaf.key_signs) or (
        library is Library.GO and not leaf.names_in_ascii
    )


def unshaken(leaf: CertificateFacts) -> tuple[Code, str]:
    """Return why some library breaks a handshake off for the certificate; there has to be a reason."""
    if leaf.key_signs:
        return Code.CERT_UNREADABLE, _ODD_NAMES
    return Code.CERT_PURPOSE_WRONG, _unmeant(leaf)


def untaken(chain: Chain, library: Library) -> tuple[Code, str] | None:
    """Return why a chain that is trusted otherwise does not serve a server with this library, None where it does."""
    leaf = chain.leaf
    if leaf is None or chain.is_usual:
        return None
    if library in _HEEDS_KEY_USAGE and not leaf.key_serves:
        return Code.CERT_PURPOSE_WRONG, _unmeant(leaf)
    if leaf.purpose not in _LEAF_PURPOSES[library]:
        return Code.CERT_PURPOSE_WRONG, _unmeant(leaf)
    allowed = _AUTHORITY_PURPOSES[library]
    authority = next((one for one in chain.authorities if one.purpose not in allowed), None)
    if authority is not None:
        return Code.CERT_PURPOSE_WRONG, _of_authority(authority)
    if not chain.first_way and library in _TAKES_FIRST:
        return Code.CERT_UNTRUSTED, _FORKED
    deep = len(chain.authorities) > _AUTHORITIES_MAX.get(library, len(chain.authorities))
    many = len(chain.certificates) > _SENT_MAX.get(library, len(chain.certificates))
    return (Code.CERT_UNTRUSTED, _long(chain)) if deep or many else None


def taken_by_some(chain: Chain) -> Iterator[tuple[Code, str]]:
    """Yield what keeps some library from taking the chain, and not all of them."""
    leaf = chain.leaf
    if leaf is None:
        return
    if not leaf.key_signs or leaf.purpose in _PURPOSES:
        yield Code.CERT_PURPOSE_WRONG, _unmeant(leaf)
    else:
        odd = (one for one in chain.authorities if one.purpose in _PURPOSES)
        yield from ((Code.CERT_PURPOSE_WRONG, _of_authority(one)) for one in list(odd)[:1])
    if not leaf.names_in_ascii:
        yield Code.CERT_UNREADABLE, _ODD_NAMES
    if not chain.first_way:
        yield Code.CERT_UNTRUSTED, _FORKED
    deep, many = min(_AUTHORITIES_MAX.values()), min(_SENT_MAX.values())
    if len(chain.authorities) > deep or len(chain.certificates) > many:
        yield Code.CERT_UNTRUSTED, _long(chain)


def _unmeant(leaf: CertificateFacts) -> str:
    """Say in what the certificate is not meant for a server to some library, or to any."""
    if not leaf.key_serves:
        return "its key usage has nothing in it that TLS does with the key of a server"
    if not leaf.key_signs:
        return "its key usage has no digitalSignature, without which GnuTLS breaks the handshake off"
    return f"its extended key usage {_PURPOSES.get(leaf.purpose, 'is not that of servers')}"


def _of_authority(one: CertificateFacts) -> str:
    said = _PURPOSES.get(one.purpose, "is not that of servers")
    return f"the extended key usage of the authority {one.subject} above it {said}"


def _long(chain: Chain) -> str:
    of = {name: _AUTHORITIES_MAX[name] for name in (Library.RUSTLS, Library.OPENSSL, Library.GNUTLS)}
    limits = ", ".join(f"{most} for {name}" for name, most in of.items())
    between = (
        f"{len(chain.authorities)} authorities stand between it and its root, where no more than {limits} may"
    )
    sent = (
        f"{len(chain.certificates)} certificates are sent, of which GnuTLS takes {_SENT_MAX[Library.GNUTLS]}"
    )
    return between if len(chain.authorities) > min(_AUTHORITIES_MAX.values()) else sent

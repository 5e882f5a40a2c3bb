"""Why a session does not meet what a sender demands of it."""

from functools import lru_cache

import msgspec

from mxproof.formats.cert import CertificateFacts
from mxproof.formats.mtasts import Policy
from mxproof.formats.names import NAME_CHARACTERS_MAX, canonical, folded, patterns_covering
from mxproof.formats.result_type import ResultType
from mxproof.formats.text import listed
from mxproof.judge.codes import Code
from mxproof.judge.senders.library import unshaken, untaken
from mxproof.judge.senders.traits import JudgedName, Library, Traits
from mxproof.mail.domain import Endpoint, Host, Session, SessionState
from mxproof.mail.memory import SessionLevel
from mxproof.mail.trust import Chain, TrustFault

_COMPARISONS_CACHED_MAX = 64


class Problem(msgspec.Struct, frozen=True):
    """One failure: its result type, the finding that explains it, and what was seen, in a few words."""

    result_type: ResultType
    code: Code
    detail: str


FAULTS = {
    TrustFault.ABSENT: (ResultType.VALIDATION_FAILURE, Code.CERT_UNREADABLE),
    TrustFault.UNREADABLE: (ResultType.VALIDATION_FAILURE, Code.CERT_UNREADABLE),
    TrustFault.EXPIRED: (ResultType.CERTIFICATE_EXPIRED, Code.CERT_EXPIRED),
    TrustFault.NOT_YET_VALID: (ResultType.VALIDATION_FAILURE, Code.CERT_NOT_YET_VALID),
    TrustFault.SELF_SIGNED: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_SELF_SIGNED),
    TrustFault.INCOMPLETE: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_CHAIN_INCOMPLETE),
    TrustFault.ISSUER_NO_AUTHORITY: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_ISSUER_NO_AUTHORITY),
    TrustFault.PURPOSE: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_PURPOSE_WRONG),
    TrustFault.NAME_LIMITED: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_NAME_LIMITED),
    TrustFault.SIGNATURE_WEAK: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_SIGNATURE_WEAK),
    TrustFault.UNTRUSTED: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_UNTRUSTED),
}

_NO_SUITE = "server and sender have no cipher suite in common"
_UNENCRYPTED = {
    SessionState.NO_STARTTLS: (
        ResultType.STARTTLS_NOT_SUPPORTED,
        Code.STARTTLS_MISSING,
        "STARTTLS is not offered",
    ),
    SessionState.STARTTLS_REJECTED: (
        ResultType.STARTTLS_NOT_SUPPORTED,
        Code.STARTTLS_REJECTED,
        "STARTTLS is offered and then answered with an error",
    ),
    SessionState.HANDSHAKE_FAILED: (
        ResultType.VALIDATION_FAILURE,
        Code.TLS_HANDSHAKE_FAILED,
        "the TLS handshake fails",
    ),
    SessionState.EHLO_REJECTED: (
        ResultType.VALIDATION_FAILURE,
        Code.SMTP_EHLO_REJECTED,
        "inside TLS the server answers EHLO with an error",
    ),
}


# Until Python 3.12 each look-up of a member on its class costs as much as a call, and every sender makes hundreds.
_PTR, _TARGET, _NO_NAME, _BY_POLICY = JudgedName.PTR, JudgedName.TARGET, JudgedName.NONE, JudgedName.POLICY


def unencrypted_problem(session: Session) -> Problem | None:
    """Return why the session has no TLS, None where it has (RFC 8461 section 4.2, RFC 7672 section 2.2)."""
    found = _UNENCRYPTED.get(session.state)
    if found is None:
        return None
    result_type, code, detail = found
    if session.state is SessionState.HANDSHAKE_FAILED and session.tls and not session.chain:
        return early_problem(session)
    if session.state is SessionState.HANDSHAKE_FAILED and session.tls and session.refused:
        return Problem(result_type, Code.TLS_SUITES_OLD, _NO_SUITE)
    if session.state is SessionState.HANDSHAKE_FAILED and session.chain and session.chain.leaf:
        code, why = unshaken(session.chain.leaf)
        return Problem(result_type, code, f"no handshake comes about with this certificate: {why}")
    return Problem(
        result_type, code, f"{detail} ({session.answer.detail})" if session.answer.detail else detail
    )


def early_problem(session: Session) -> Problem | None:
    """Return that the server speaks in the clear behind its 220 to STARTTLS and a handshake follows, else None."""
    if not session.speaks_early or session.tls is None:
        return None
    detail = "the server says more in the clear behind its 220 to STARTTLS"
    return Problem(ResultType.VALIDATION_FAILURE, Code.STARTTLS_EARLY_DATA, detail)


def outdated_problem(session: Session) -> Problem | None:
    """Return that the server speaks no TLS in force (RFC 8461 section 7.2, RFC 8996), None where it does.

    Senders differ: some libraries still make such a session when nothing better is offered, others have given it up.
    """
    if session.tls is None or not session.tls.outdated:
        return None
    detail = f"the server speaks nothing newer than {session.tls.version}, which many senders do not speak"
    return Problem(ResultType.VALIDATION_FAILURE, Code.TLS_VERSION_OLD, detail)


def level_of(host: Host, session: Session, traits: Traits) -> SessionLevel:
    """Return how well a session is secured to whoever verifies certificates for the MX name."""
    if session.state is not SessionState.SECURED or session.chain is None:
        return SessionLevel.PLAIN
    leaf = session.chain.leaf
    verified = leaf is not None and session.chain.trust.fault is None and names_host(leaf, host.name, traits)
    return SessionLevel.VERIFIED if verified else SessionLevel.ENCRYPTED


def judged_names(host: Host, endpoint: Endpoint | None, judged: JudgedName) -> tuple[str, ...]:
    """Return the names of the host that a sender compares; none where the reverse name is missing."""
    if judged is _PTR:
        return endpoint.ptr_names if endpoint is not None else ()
    return (host.target if judged is _TARGET else host.name,)


def mx_problem(host: Host, endpoint: Endpoint | None, policy: Policy, traits: Traits) -> Problem | None:
    """Return why the host is not one of the policy's, None where a pattern matches (RFC 8461 section 4.1)."""
    judged = traits.policy_name
    if judged in {_NO_NAME, _BY_POLICY}:
        return None
    names = judged_names(host, endpoint, judged)
    if any(policy.matches(name) or (traits.deep_wildcards and _is_deep(name, policy)) for name in names):
        return None
    shown = " and ".join(names) or "no reverse name"
    detail = f"{shown} matches no mx pattern of the policy ({listed(policy.mx)})"
    return Problem(ResultType.MX_MISMATCH, _name_code(host, names, judged, Code.STS_MX_UNLISTED), detail)


def certificate_problem(
    host: Host, endpoint: Endpoint, chain: Chain | None, policy: Policy, traits: Traits
) -> Problem | None:
    """Return why the certificate does not serve, None where it does (RFC 8461 section 4.2)."""
    judged = traits.certificate_name
    if chain is None or chain.leaf is None:
        return Problem(ResultType.VALIDATION_FAILURE, Code.CERT_UNREADABLE, "no certificate could be read")
    if chain.trust.fault is not None:
        result_type, code = FAULTS[chain.trust.fault]
        return Problem(result_type, code, chain.trust.detail)
    refusal = untaken(chain, traits.library)
    if refusal is not None:
        return Problem(ResultType.CERTIFICATE_NOT_TRUSTED, *refusal)
    if not traits.weak_key_at_mx and chain.weakness:
        return Problem(ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_KEY_WEAK, chain.weakness)
    if judged is _NO_NAME:
        return None
    if judged is _BY_POLICY:
        return _pattern_problem(host, chain.leaf, policy, traits)
    names = judged_names(host, endpoint, judged)
    if any(names_host(chain.leaf, name, traits) for name in names):
        return None
    missing = " or ".join(names) or "a reverse name, which is missing"
    detail = f"the certificate names {listed(chain.leaf.dns_names)}, not {missing}"
    code = _name_code(host, names, judged, Code.CERT_NAME_MISMATCH)
    return Problem(ResultType.CERTIFICATE_HOST_MISMATCH, code, detail)


def names_host(leaf: CertificateFacts, host: str, traits: Traits) -> bool:
    """Tell whether the certificate is one for `host` to a sender (RFC 9525 section 6)."""
    names = certificate_names(leaf, traits)
    return any(one in names for one in patterns_covering(host))


def certificate_names(leaf: CertificateFacts, traits: Traits) -> tuple[str, ...]:
    """Return the names of a certificate that count for a sender.

    observed: of several common names each counts for OpenSSL, and none for GnuTLS.
    """
    several = len(leaf.common_names) > 1
    if leaf.dns_names or not traits.common_name or (several and traits.library is not Library.OPENSSL):
        return leaf.dns_names
    return tuple(map(folded, leaf.common_names))


def _pattern_problem(host: Host, leaf: CertificateFacts, policy: Policy, traits: Traits) -> Problem | None:
    """Return why a certificate does not satisfy the mx patterns as Postfix has them in a policy map."""
    match = match_list(policy.mx)
    if match is None:
        detail = f"Postfix does not understand what the policy makes of its match list ({listed(policy.mx)})"
        return Problem(ResultType.VALIDATION_FAILURE, Code.STS_POLICY_AMBIGUOUS, detail)
    names = certificate_names(leaf, traits)
    if is_matched(names, match, host.name):
        return None
    detail = f"the certificate names {listed(names)}, none of which is in the policy"
    # A certificate that is right for its host fails here only for what the policy does not list.
    code = Code.STS_MX_UNLISTED if names_host(leaf, host.name, traits) else Code.CERT_NAME_MISMATCH
    return Problem(ResultType.CERTIFICATE_HOST_MISMATCH, code, detail)


def match_list(patterns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what Postfix compares names with where a daemon writes `match=` and the patterns, joined by colons.

    None where that is no attribute to it, and mail waits: nothing behind the `=`, or space, comma or control
    characters in between. observed: the daemon takes leading asterisks away, Postfix cuts at every colon.
    """
    joined = ":".join(pattern.lstrip("*") for pattern in patterns)
    if not joined or not joined.isprintable() or any(mark in joined for mark in " ,"):
        return None
    return tuple(filter(None, joined.split(":")))


@lru_cache(maxsize=_COMPARISONS_CACHED_MAX)
def is_matched(names: tuple[str, ...], match: tuple[str, ...], host: str) -> bool:
    """Tell whether a name of the certificate satisfies a match list as Postfix compares them.

    observed: `.example.com` is matched by any name below at any depth, a wildcard in the certificate covers a plain
    name (postconf(5), smtp_tls_secure_cert_match), and a final dot is part of a name. `hostname` is the MX name.
    """
    plain = [host if one == "hostname" else one for one in match if not one.startswith(".")]
    covering = {cover for one in plain if one == canonical(one) for cover in patterns_covering(one)}
    parents = {one.removeprefix(".") for one in match if one.startswith(".")}
    return any(name in covering or _is_below(name, parents) for name in names)


def _is_deep(name: str, policy: Policy) -> bool:
    return _is_below(name, {one.removeprefix("*.") for one in policy.mx if one.startswith("*.")})


def _is_below(name: str, parents: set[str]) -> bool:
    labels = name.split(".") if len(name) <= NAME_CHARACTERS_MAX else []
    return any(".".join(labels[place:]) in parents for place in range(1, len(labels)))


def _name_code(host: Host, names: tuple[str, ...], judged: JudgedName, plain: Code) -> Code:
    if judged is _PTR and host.name not in names:
        return Code.PTR_OTHER_NAME if names else Code.PTR_MISSING
    return Code.MX_ALIAS if judged is _TARGET and host.is_alias else plain

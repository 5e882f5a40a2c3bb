"""Why a session does not meet what a sender demands of it."""

from functools import lru_cache

import msgspec

from mxproof.formats.cert import covers
from mxproof.formats.mtasts import Policy
from mxproof.formats.names import NAME_CHARACTERS_MAX, canonical, patterns_covering
from mxproof.formats.result_type import ResultType
from mxproof.formats.text import listed
from mxproof.judge.codes import Code
from mxproof.judge.senders.traits import JudgedName
from mxproof.mail.domain import Endpoint, Host, Session, SessionState
from mxproof.mail.trust import Chain, TrustFault

OUTDATED_VERSIONS = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"})
_COMPARISONS_CACHED_MAX = 64


class Problem(msgspec.Struct, frozen=True):
    """One failure: its result type, the finding that explains it, and what was seen, in a few words."""

    result_type: ResultType
    code: Code
    detail: str


_FAULTS = {
    TrustFault.ABSENT: (ResultType.VALIDATION_FAILURE, Code.CERT_UNREADABLE),
    TrustFault.UNREADABLE: (ResultType.VALIDATION_FAILURE, Code.CERT_UNREADABLE),
    TrustFault.EXPIRED: (ResultType.CERTIFICATE_EXPIRED, Code.CERT_EXPIRED),
    TrustFault.NOT_YET_VALID: (ResultType.VALIDATION_FAILURE, Code.CERT_NOT_YET_VALID),
    TrustFault.SELF_SIGNED: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_SELF_SIGNED),
    TrustFault.INCOMPLETE: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_CHAIN_INCOMPLETE),
    TrustFault.UNTRUSTED: (ResultType.CERTIFICATE_NOT_TRUSTED, Code.CERT_UNTRUSTED),
}

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
}


def unencrypted_problem(session: Session) -> Problem | None:
    """Return why the session has no TLS, None where it has (RFC 8461 section 4.2, RFC 7672 section 2.2)."""
    found = _UNENCRYPTED.get(session.state)
    if found is None:
        return None
    result_type, code, detail = found
    return Problem(
        result_type, code, f"{detail} ({session.answer.detail})" if session.answer.detail else detail
    )


def outdated_problem(session: Session) -> Problem | None:
    """Return that the server speaks no TLS in force (RFC 8461 section 7.2, RFC 8996), None where it does.

    Senders differ: some libraries still make such a session when nothing better is offered, others have given it up.
    """
    if session.tls is None or session.tls.version not in OUTDATED_VERSIONS:
        return None
    detail = f"the server speaks nothing newer than {session.tls.version}, which many senders do not speak"
    return Problem(ResultType.VALIDATION_FAILURE, Code.TLS_VERSION_OLD, detail)


def judged_names(host: Host, endpoint: Endpoint | None, judged: JudgedName) -> tuple[str, ...]:
    """Return the names of the host that a sender compares; none where the reverse name is missing."""
    if judged is JudgedName.PTR:
        return endpoint.ptr_names if endpoint is not None else ()
    return (host.target if judged is JudgedName.TARGET else host.name,)


def mx_problem(host: Host, endpoint: Endpoint | None, policy: Policy, judged: JudgedName) -> Problem | None:
    """Return why the host is not one of the policy's, None where a pattern matches (RFC 8461 section 4.1)."""
    if judged in {JudgedName.NONE, JudgedName.POLICY}:
        return None
    names = judged_names(host, endpoint, judged)
    if any(policy.matches(name) for name in names):
        return None
    shown = " and ".join(names) or "no reverse name"
    detail = f"{shown} matches no mx pattern of the policy ({listed(policy.mx)})"
    return Problem(ResultType.MX_MISMATCH, _name_code(host, names, judged, Code.STS_MX_UNLISTED), detail)


def certificate_problem(
    host: Host, endpoint: Endpoint, chain: Chain | None, policy: Policy, judged: JudgedName
) -> Problem | None:
    """Return why the certificate does not serve, None where it does (RFC 8461 section 4.2)."""
    if chain is None or chain.leaf is None:
        return Problem(ResultType.VALIDATION_FAILURE, Code.CERT_UNREADABLE, "no certificate could be read")
    if chain.trust.fault is not None:
        result_type, code = _FAULTS[chain.trust.fault]
        return Problem(result_type, code, chain.trust.detail)
    if judged is JudgedName.NONE:
        return None
    if judged is JudgedName.POLICY:
        if _is_patterned(chain.leaf.dns_names, policy.mx):
            return None
        detail = f"the certificate names {listed(chain.leaf.dns_names)}, none of which is in the policy"
        # A certificate that is right for its host fails here only for what the policy does not list.
        code = Code.STS_MX_UNLISTED if covers(chain.leaf, host.name) else Code.CERT_NAME_MISMATCH
        return Problem(ResultType.CERTIFICATE_HOST_MISMATCH, code, detail)
    names = judged_names(host, endpoint, judged)
    if any(covers(chain.leaf, name) for name in names):
        return None
    missing = " or ".join(names) or "a reverse name, which is missing"
    detail = f"the certificate names {listed(chain.leaf.dns_names)}, not {missing}"
    code = _name_code(host, names, judged, Code.CERT_NAME_MISMATCH)
    return Problem(ResultType.CERTIFICATE_HOST_MISMATCH, code, detail)


@lru_cache(maxsize=_COMPARISONS_CACHED_MAX)
def _is_patterned(names: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    """Tell whether a name of the certificate satisfies a policy pattern as Postfix compares them.

    observed: Postfix takes `*.example.com` as `.example.com`, which any name below matches at any depth, and a
    wildcard in the certificate covers a plain pattern (postconf(5), smtp_tls_secure_cert_match).
    """
    covering = {cover for pattern in patterns for cover in patterns_covering(pattern)}
    parents = {pattern.removeprefix("*.") for pattern in patterns if pattern.startswith("*.")}
    return any(name in covering or _is_below(name, parents) for name in map(canonical, names))


def _is_below(name: str, parents: set[str]) -> bool:
    labels = name.split(".") if len(name) <= NAME_CHARACTERS_MAX else []
    return any(".".join(labels[place:]) in parents for place in range(1, len(labels)))


def _name_code(host: Host, names: tuple[str, ...], judged: JudgedName, plain: Code) -> Code:
    if judged is JudgedName.PTR:
        return Code.PTR_OTHER_NAME if names else Code.PTR_MISSING
    return Code.MX_ALIAS if judged is JudgedName.TARGET and host.is_alias else plain

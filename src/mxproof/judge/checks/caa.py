"""Whether the certificates of MX hosts and policy host may be issued again (RFC 8659).

CAA records bind no sender. They bind the authority when the certificate is renewed, and what fails then is seen when the old
one ends. A look-up that failed is never taken for a name without records.
"""

from collections.abc import Iterator, Sequence

from mxproof.formats.caa import ISSUE, ISSUE_WILD
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.caa import HostCaa
from mxproof.mail.domain import MailDomain


def check(domain: MailDomain) -> Iterator[Finding]:
    """Compare the issuer of each live certificate with those that may issue (RFC 8659 section 3)."""
    hosts = domain.caa or ()
    yield from _grouped(Code.CAA_NOBODY_ALLOWED, [one for one in hosts if _allows_nobody(one)])
    yield from _grouped(Code.CAA_ISSUER_FORBIDDEN, [one for one in hosts if _forbids_issuer(one)])
    yield from _grouped(Code.CAA_INVALID, [one for one in hosts if _has_faults(one)])
    yield from _grouped(Code.CAA_UNANSWERED, [one for one in hosts if one.is_unanswered])
    yield from _grouped(Code.CAA_ISSUER_UNKNOWN, [one for one in hosts if _is_issuer_unknown(one)])
    for one in hosts:
        yield from _grouped(Code.CAA_MISSING, [one] if one.question is None else [])
    yield from _grouped(Code.CAA_OK, [one for one in hosts if _allows_issuer(one)])


def allowed(one: HostCaa) -> tuple[str, ...] | None:
    """Return who may issue for a host, None for everybody, or where that is not known."""
    return one.policy.allowed(wildcard=one.wildcard) if one.policy is not None else None


def _allows_nobody(one: HostCaa) -> bool:
    return bool(one.session) and allowed(one) == ()


def _forbids_issuer(one: HostCaa) -> bool:
    may = allowed(one)
    return bool(may) and bool(one.names) and not {*one.names} & {*(may or ())}


def _allows_issuer(one: HostCaa) -> bool:
    return bool(one.names) and bool({*one.names} & {*(allowed(one) or ())})


def _is_issuer_unknown(one: HostCaa) -> bool:
    return bool(one.session) and bool(allowed(one)) and not one.names


def _has_faults(one: HostCaa) -> bool:
    return one.policy is not None and bool(one.policy.malformed or one.policy.unknown)


def _grouped(code: Code, those: Sequence[HostCaa]) -> Iterator[Finding]:
    """Yield one finding for all hosts of which the same is to be said."""
    alike: dict[tuple[object, ...], list[HostCaa]] = {}
    for one in those:
        owner = one.question.name if one.question is not None else ""
        told = () if code is Code.CAA_INVALID else (allowed(one), one.issuer)
        alike.setdefault((owner, *told), []).append(one)
    for hosts in alike.values():
        first = hosts[0]
        policy = first.policy
        names = tuple(one.host for one in hosts)
        owner = first.question.name if first.question is not None else ""
        tag = ISSUE_WILD if first.wildcard and policy is not None and policy.issuewild is not None else ISSUE
        params: dict[str, Value] = {
            "hosts": names,
            "owner": owner,
            "issuer": first.issuer,
            "allowed": allowed(first) or (),
            "lines": tuple(f'{owner}. CAA 0 {tag} "{name}"' for name in first.names[:1]),
            "property": tag,
            "critical": policy.critical if policy is not None else (),
            "faults": (*policy.malformed, *(tag.encode() for tag in policy.unknown))
            if policy is not None
            else (),
        }
        asked = dict.fromkeys(
            question
            for one in hosts
            for question in (*one.asked, *((one.session,) if one.session is not None else ()))
        )
        yield Finding(code, owner or names[0], params, tuple(asked))

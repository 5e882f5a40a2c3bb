"""What a bounce said, joined with what a check of the domain finds now: a pure function over both.

| joined | when |
|---|---|
| confirmed | the sender that reported would refuse now for the same reason, if only by what one name server tells; or the check finds a fault behind the cause, at the host that failed where the text names it |
| changed | the sender would refuse now for another reason, or the fault is at another host: one is repaired and the next one shows |
| not found | all that the cause rests on was asked, of the resolver and of every name server, and the fault is not there |
| not looked for | something of that was not asked or did not answer, or no check of a domain asks about it |

The cause leads to the result types of a session and to finding codes (`mxproof.explain.causes.cause`); those of the report
are compared with them. A bounce is about the past: what is not found may have been repaired since, live on in a
sender's memory of an older policy, or be what one name server tells and the others do not.
"""

from datetime import datetime
from itertools import zip_longest

import msgspec

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import Cause, CauseKind, Failing
from mxproof.explain.explanation import Claim, Explanation, Joined, JoinStanding, LookedFor
from mxproof.explain.join_words import beyond, sentences
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.server_version import CheckedDomain, JudgedVersion
from mxproof.formats.names import is_address
from mxproof.formats.result_type import ResultType
from mxproof.judge.catalogue import joined as as_one_text
from mxproof.judge.codes import Code
from mxproof.judge.report import Delivery, Report, WordedFinding
from mxproof.judge.vocabulary import Security, Severity, Verdict
from mxproof.mail.domain import Host

FINDINGS_TOLD_MAX = 3
NOT_ASKED_MAX = 5

_STANDING = {
    LookedFor.CONFIRMED: JoinStanding.CONFIRMED,
    LookedFor.CHANGED: JoinStanding.CHANGED,
    LookedFor.NOT_FOUND: JoinStanding.GONE,
    LookedFor.NOT_LOOKED_FOR: JoinStanding.UNKNOWN,
}
_WANTING_FIX = (LookedFor.CONFIRMED, LookedFor.CHANGED)
_REFUSING = (Verdict.REFUSED, Verdict.AT_RISK)
_HINTS = frozenset({Code.MX_ALIAS, Code.STS_MEMORY_OUTLIVES})
"""Findings that lead to a refusal by some senders only, so that they prove nothing by themselves."""
_CERTIFICATE_FAULTS = {
    ResultType.CERTIFICATE_HOST_MISMATCH,
    ResultType.CERTIFICATE_EXPIRED,
    ResultType.CERTIFICATE_NOT_TRUSTED,
    ResultType.VALIDATION_FAILURE,
}
_DIFFERING = frozenset({Code.NS_MAIL_DIFFERS, Code.NS_ADDRESSES_DIFFER})
"""That name servers differ; whether one of them explains the bounce is judged by each of their versions."""


class _Seen(msgspec.Struct, frozen=True):
    """What the check has to say about one claim."""

    claim: Claim
    cause: Cause
    delivery: Delivery | None
    behind: tuple[WordedFinding, ...]
    checked: CheckedDomain


def join(explanation: Explanation, checked: CheckedDomain) -> Joined:
    """Return what a check says about the first cause of the explanation."""
    report = checked.report
    claim = explanation.causes[0] if explanation.causes else None
    unseen = beyond_a_check(explanation)
    if claim is None or unseen:
        return _joined_to_nothing(report.domain, report.observed_at, report.vantage.simulated, unseen)
    cause = CATALOGUE[claim.code]
    sender = explanation.reporter.sender
    delivery = next((one for one in report.senders if one.id == sender), None)
    alone = next((one for one in checked.alone if one.id == sender), None)
    seen = _Seen(claim, cause, alone, _behind(cause, alone, report), checked)
    found = _found_now(seen)
    not_asked = () if found else _not_asked(seen)
    joined = found or (LookedFor.NOT_LOOKED_FOR if not_asked else LookedFor.NOT_FOUND)
    version = _guilty_version(seen) if joined is LookedFor.NOT_FOUND else None
    told = _differing(report) if joined is LookedFor.NOT_FOUND else seen.behind if found else ()
    joined = LookedFor.CONFIRMED if version is not None else joined
    unjudged = (_unjudged(report) if _rests_on_dane(cause) else None) or _cut_off(report)
    steps, otherwise = _mending((unjudged,) if joined is LookedFor.NOT_LOOKED_FOR and unjudged else told)
    return Joined(
        domain=report.domain,
        observed_at=report.observed_at,
        simulated=report.vantage.simulated,
        standing=_STANDING[joined],
        sender=delivery.id if delivery else None,
        outcome=delivery.outcome if delivery else None,
        findings=tuple(one.code for one in told),
        words=" ".join(sentences(joined, explanation, cause, delivery, told, not_asked, checked, version)),
        fix=as_one_text(steps, otherwise),
        steps=steps,
        otherwise=otherwise,
        joined=joined,
        not_asked=not_asked,
        who=told[0].who if steps and told else "",
        verified=_verified(told),
    )


def _mending(told: tuple[WordedFinding, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the whole fix: the steps of all findings of the first one's kind, side by side, and the other ways."""
    same = [one for one in told if one.code == told[0].code]
    side_by_side = (step for steps in zip_longest(*(one.steps for one in same)) for step in steps if step)
    ways = (way for one in same for way in one.otherwise)
    return tuple(dict.fromkeys(side_by_side)), tuple(dict.fromkeys(ways))


def _verified(told: tuple[WordedFinding, ...]) -> str:
    """Return what was verified of the fix, where it is that of one finding alone."""
    is_alone = len([one for one in told if one.code == told[0].code]) == 1 if told else False
    return told[0].verified.words if is_alone and told[0].verified else ""


def unlooked(
    explanation: Explanation,
    at: datetime,
    *,
    domain: str = "",
    simulated: str = "",
    missing: tuple[str, ...] = (),
) -> Joined:
    """Return that nothing was asked at the moment `at`: `missing` for want of a domain, or what no check asks about."""
    return _joined_to_nothing(domain, at, simulated, beyond_a_check(explanation) or missing)


def beyond_a_check(explanation: Explanation) -> tuple[str, ...]:
    """Return what the first cause rests on and no check of a domain that receives mail asks about."""
    if not explanation.causes:
        return ()
    claim = explanation.causes[0]
    cause = CATALOGUE[claim.code]
    if explanation.decided_by is not Side.RECEIVER and cause.findings:
        return ()
    if cause.failing is Failing.SENDING_ADDRESS:
        address = next((one for one in (claim.host,) if one and is_address(one)), "")
        return (f"the address that sent{f', {address}' if address else ''}: its names and its reputation",)
    if cause.kind is CauseKind.AUTHENTICATION:
        domain = claim.domain or explanation.domain
        return (f"what {domain or 'the domain of the sender'} publishes for SPF, DKIM and DMARC",)
    if explanation.decided_by is Side.RECEIVER:
        return ("the receiver, which decided this by a rule of its own",)
    return ("the machine that sends, and its settings",)


def _joined_to_nothing(domain: str, at: datetime, simulated: str, not_asked: tuple[str, ...]) -> Joined:
    return Joined(
        domain=domain,
        observed_at=at,
        simulated=simulated,
        standing=JoinStanding.UNKNOWN,
        sender=None,
        outcome=None,
        findings=(),
        words=beyond(not_asked),
        fix="",
        not_asked=not_asked,
    )


def _behind(cause: Cause, delivery: Delivery | None, report: Report) -> tuple[WordedFinding, ...]:
    """Return the findings behind the cause: those it leads to, the ones that the sender itself names first."""
    named = delivery.because if delivery is not None else ()
    wanted = {code.value for code in cause.findings if code not in _DIFFERING}
    found = [one for one in report.findings if one.code in wanted and one.severity is not Severity.OK]
    return tuple(sorted(found, key=lambda one: one.code not in named))[:FINDINGS_TOLD_MAX]


def _found_now(seen: _Seen) -> LookedFor | None:
    """Tell whether the fault or another one is there, None where neither is."""
    proof = [one for one in seen.behind if one.code not in _HINTS]
    host = seen.claim.host or ""
    is_there = not _is_of_domain(host, seen.checked) or any(
        _is_about(one, host, seen.checked) for one in proof
    )
    if seen.delivery is not None and seen.delivery.outcome in _REFUSING:
        if _same_type(seen.cause, seen.delivery):
            return LookedFor.CONFIRMED
        return LookedFor.CONFIRMED if proof and is_there else LookedFor.CHANGED
    if not proof:
        return None
    return LookedFor.CONFIRMED if is_there else LookedFor.CHANGED


def _is_of_domain(host: str, checked: CheckedDomain) -> bool:
    return any(host in _names(one) for one in checked.domain.hosts)


def _names(host: Host) -> frozenset[str]:
    return frozenset((*host.chain, *(one.address for one in host.endpoints)))


def _is_about(found: WordedFinding, name: str, checked: CheckedDomain) -> bool:
    """Tell whether a finding is about the host that is called `name`, or about no host of the domain at all."""
    words = f"{found.subject} {found.summary}"  # what it rests on may be about other hosts too
    mine = next((_names(one) for one in checked.domain.hosts if name in _names(one)), frozenset())
    others = {other for one in checked.domain.hosts for other in _names(one)} - mine
    return any(one in words for one in mine) or not any(one in words for one in others)


def _cut_off(report: Report) -> WordedFinding | None:
    """Return that the resolver here does not answer, which tells what to do about it."""
    return next((one for one in report.findings if one.code == Code.RESOLVER_UNANSWERED), None)


def _same_type(cause: Cause, delivery: Delivery) -> bool:
    """Tell whether an attempt of the sender ends as the cause did; faults of a certificate count as one."""
    types = {attempt.result_type for attempt in delivery.attempts if attempt.result_type is not None}
    wanted = _CERTIFICATE_FAULTS if cause.result_type in _CERTIFICATE_FAULTS else {cause.result_type}
    return bool(types & wanted)


def _not_asked(seen: _Seen) -> tuple[str, ...]:
    """Return what the cause rests on that was not asked, or did not answer."""
    report, domain = seen.checked.report, seen.checked.domain
    missing: list[str] = []
    if _rests_on_dane(seen.cause) and _unjudged(report) is not None:
        missing.append("DNSSEC, by a resolver that validates")
    host = seen.claim.host or ""
    is_named = host in seen.claim.because and not is_address(host)
    if host and is_named and seen.checked.asked and host not in seen.checked.asked:
        missing.append(f"{host}, to which the check of {report.domain} does not lead")
    if seen.delivery is None or seen.delivery.outcome is Verdict.UNKNOWN:
        missing += [one.question for one in report.unknowns]
    missing += seen.checked.unserved
    is_lab = seen.checked.served is not None and bool(report.vantage.simulated)
    if not domain.compared and not is_lab:  # a lab may have no name server but its resolver
        missing.append(f"the name servers of {report.domain}, one by one")
    return tuple(dict.fromkeys(missing))[:NOT_ASKED_MAX]


def _rests_on_dane(cause: Cause) -> bool:
    return cause.demanded_by is not Security.MTA_STS


def _unjudged(report: Report) -> WordedFinding | None:
    """Return that DANE could not be judged for want of a resolver that validates, which tells how to have it judged."""
    return next((one for one in report.findings if one.code == Code.DANE_UNJUDGED), None)


def _differing(report: Report) -> tuple[WordedFinding, ...]:
    """Return that name servers do not have the same records."""
    return tuple(one for one in report.findings if one.code in _DIFFERING)[:FINDINGS_TOLD_MAX]


def _guilty_version(seen: _Seen) -> JudgedVersion | None:
    """Return the name servers by whose records the sender would refuse for the same reason."""
    for version in seen.checked.versions:
        delivery = next(
            (one for one in version.report.senders if seen.delivery and one.id == seen.delivery.id), None
        )
        behind = _behind(seen.cause, delivery, version.report)
        again = _Seen(
            seen.claim,
            seen.cause,
            delivery,
            behind,
            msgspec.structs.replace(seen.checked, report=version.report),
        )
        if _found_now(again) is LookedFor.CONFIRMED:
            return version
    return None

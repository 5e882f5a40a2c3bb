"""What a bounce said, joined with what a check of the domain finds now: a pure function over both.

| standing | when |
|---|---|
| confirmed | the sender that reported would refuse now for the same reason; or it is no modelled sender, and the check finds a fault behind the cause |
| changed | the sender would refuse now for another reason: one fault is repaired and the next one shows |
| gone | none of this is found, and the sender would deliver |
| unknown | something that decides it could not be found out, or the check does not ask about it |

The cause leads to the result types of a session and to finding codes (`mxproof.explain.causes.cause`); those of the report
are compared with them. A bounce is about the past: what is gone may have been repaired since, or live on in a
sender's memory of an older policy.
"""

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import Cause
from mxproof.explain.explanation import Explanation, Joined, JoinStanding
from mxproof.explain.knowledge.rule import Side
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.report import Delivery, Report, WordedFinding
from mxproof.judge.vocabulary import Security, Severity, Verdict

FINDINGS_TOLD_MAX = 3

_WANTING_FIX = (JoinStanding.CONFIRMED, JoinStanding.CHANGED)
_REFUSING = (Verdict.REFUSED, Verdict.AT_RISK)
_CERTIFICATE_FAULTS = {
    ResultType.CERTIFICATE_HOST_MISMATCH,
    ResultType.CERTIFICATE_EXPIRED,
    ResultType.CERTIFICATE_NOT_TRUSTED,
    ResultType.VALIDATION_FAILURE,
}
_OUTCOME_WORDS = {
    Verdict.REFUSED: "would refuse now",
    Verdict.AT_RISK: "may refuse now",
    Verdict.DELIVERS: "would deliver now",
    Verdict.UNKNOWN: "cannot be told now",
}
_REMEMBERED = (
    "A sender that fetched an older policy keeps to it until its max_age is over, whatever is published now;"
    " --cached-policy tells `mxproof check` of it."
)
_NOT_ASKED = (
    "The receiver decided this about the sender; a check of how mail arrives at a domain does not ask it."
)


def join(explanation: Explanation, report: Report) -> Joined:
    """Return what the report of a check says about the first cause of the explanation."""
    cause = CATALOGUE[explanation.causes[0].code] if explanation.causes else None
    delivery = next((one for one in report.senders if one.id == explanation.reporter.sender), None)
    found = _behind(cause, delivery, report)
    standing = _standing(explanation, cause, delivery, found, report)
    mending = found[0] if found and standing in _WANTING_FIX else None
    if standing is JoinStanding.UNKNOWN:
        mending = (_unjudged(report) if _rests_on_dane(cause) else None) or _cut_off(report)
    return Joined(
        domain=report.domain,
        observed_at=report.observed_at,
        simulated=report.vantage.simulated,
        standing=standing,
        sender=delivery.id if delivery else None,
        outcome=delivery.outcome if delivery else None,
        findings=tuple(one.code for one in found),
        words=" ".join(_sentences(explanation, cause, delivery, found, standing, report)),
        fix=mending.fix if mending else "",
        steps=mending.steps if mending else (),
        otherwise=mending.otherwise if mending else (),
        who=mending.who if mending else "",
        verified=mending.verified.words if mending and mending.verified else "",
    )


def _behind(cause: Cause | None, delivery: Delivery | None, report: Report) -> tuple[WordedFinding, ...]:
    """Return the findings behind the cause: those it leads to, the ones that the sender itself names first."""
    if cause is None:
        return ()
    named = delivery.because if delivery is not None else ()
    wanted = {code.value for code in cause.findings}
    found = [one for one in report.findings if one.code in wanted and one.severity is not Severity.OK]
    return tuple(sorted(found, key=lambda one: one.code not in named))[:FINDINGS_TOLD_MAX]


def _standing(
    explanation: Explanation,
    cause: Cause | None,
    delivery: Delivery | None,
    found: tuple[WordedFinding, ...],
    report: Report,
) -> JoinStanding:
    if cause is None or explanation.decided_by is Side.RECEIVER or not cause.findings:
        return JoinStanding.UNKNOWN
    if delivery is not None:
        if delivery.outcome in _REFUSING:
            return JoinStanding.CONFIRMED if _same_type(cause, delivery) else JoinStanding.CHANGED
        return JoinStanding.GONE if delivery.outcome is Verdict.DELIVERS else JoinStanding.UNKNOWN
    if any(one.severity is Severity.ERROR for one in found):
        return JoinStanding.CONFIRMED
    open_question = report.unknowns or (_rests_on_dane(cause) and _unjudged(report) is not None)
    return JoinStanding.UNKNOWN if open_question else JoinStanding.GONE


def _rests_on_dane(cause: Cause | None) -> bool:
    return cause is not None and cause.demanded_by is not Security.MTA_STS


def _unjudged(report: Report) -> WordedFinding | None:
    """Return that DANE could not be judged for want of a resolver that validates, which tells how to have it judged."""
    return next((one for one in report.findings if one.code == Code.DANE_UNJUDGED), None)


def _cut_off(report: Report) -> WordedFinding | None:
    """Return that the resolver here does not answer, which tells what to do about it."""
    return next((one for one in report.findings if one.code == Code.RESOLVER_UNANSWERED), None)


def _same_type(cause: Cause, delivery: Delivery) -> bool:
    """Tell whether an attempt of the sender ends as the cause did; faults of a certificate count as one."""
    types = {attempt.result_type for attempt in delivery.attempts if attempt.result_type is not None}
    wanted = _CERTIFICATE_FAULTS if cause.result_type in _CERTIFICATE_FAULTS else {cause.result_type}
    return bool(types & wanted)


def _sentences(
    explanation: Explanation,
    cause: Cause | None,
    delivery: Delivery | None,
    found: tuple[WordedFinding, ...],
    standing: JoinStanding,
    report: Report,
) -> list[str]:
    if cause is None:
        return ["The text states no cause that a check could confirm."]
    if explanation.decided_by is Side.RECEIVER or not cause.findings:
        return [_NOT_ASKED]
    told = [_ended(one.summary) for one in found]
    if standing is JoinStanding.CONFIRMED:
        sentences = ["The check finds the reason.", *told]
    elif standing is JoinStanding.CHANGED:
        sentences = ["The check does not find this reason any more, but another one.", *told]
    elif standing is JoinStanding.GONE:
        sentences = [
            "The check does not find this reason: it was repaired since, or the sender judged by what it holds."
        ]
    else:
        why = report.unknowns[0] if report.unknowns else None
        unjudged = _unjudged(report) if _rests_on_dane(cause) else None
        reason = f": {why.question}: {why.why}" if why else ""
        known = unjudged or _cut_off(report)
        sentences = [
            _ended(f"The check cannot tell: {known.summary}" if known else f"The check cannot tell{reason}")
        ]
    if delivery is not None:
        bounce = delivery.bounce.transient or delivery.bounce.final if delivery.bounce is not None else None
        said = f": {bounce}" if bounce else ""
        sentences.append(_ended(f"{delivery.name} {_OUTCOME_WORDS[delivery.outcome]}{said}"))
    if cause.demanded_by is Security.MTA_STS:
        sentences.append(_REMEMBERED)
    return sentences


def _ended(sentence: str) -> str:
    sentence = _capital(sentence.strip())
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

"""From evidence to the report: assemble the nouns, let every sender try, state every finding.

The weight of a finding is computed: it is an error where it is among the reasons of a sender that decides and does
not simply deliver, whatever its weight in the catalogue. What was needed and not found out is listed as unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from mxproof.evidence import Evidence, Question
from mxproof.formats.text import listed
from mxproof.judge.acting import duties, duties_of
from mxproof.judge.catalogue import CATALOGUE, in_words, names_readers
from mxproof.judge.catalogue.answer_words import why
from mxproof.judge.checks import earlier, findings
from mxproof.judge.checks.name_server_unknowns import unknowns as name_server_unknowns
from mxproof.judge.codes import BOGUS_CAUSES, OF_SILENCE, Code
from mxproof.judge.report import SCHEMA_VERSION, Delivery, Finding, Report, Summary, Unknown, WordedFinding
from mxproof.judge.senders import SENDERS, Traits, deliver
from mxproof.judge.together import whole
from mxproof.judge.value import Value
from mxproof.judge.vocabulary import WORST_FIRST, Severity, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain, SessionState
from mxproof.mail.memory import SenderMemory
from mxproof.survey.check_set import FULL_SETS, CheckSet
from mxproof.survey.inbound import is_silent, unanswered
from mxproof.survey.reading import addresses_beyond
from mxproof.survey.tls import unanswered as unanswered_offers

UNKNOWNS_MAX = 100
SENDERS_NAMED_MAX = 3

_ABSENCES = frozenset({Code.STS_ABSENT, Code.TLSRPT_MISSING})
"""What the domain does not have is told after what it has and what does not work, where both weigh the same."""
_CAUSES = frozenset({Code.STS_POLICY_DIFFERS, *BOGUS_CAUSES})
"""What brings other findings about; it is told before those that weigh as much."""
_OF_MEMORY = frozenset({Code.STS_MEMORY_OUTLIVES, Code.TLS_LEVEL_FELL})
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2, Severity.OK: 3}
_HELD_OFF = {
    SessionState.TURNED_AWAY: "the server turned this client away",
    SessionState.EARLY_DATA: "the server spoke before TLS began",
}


def report_on(
    evidence: Evidence,
    *,
    now: datetime,
    memories: tuple[SenderMemory, ...] = (),
    senders: Sequence[Traits] = SENDERS,
) -> Report:
    """Return the report on `evidence` as of `now`, for senders that may still hold `memories`."""
    observed_at = evidence.observed_at()
    domain = assemble(evidence, now)
    asked = CheckSet.ARRIVAL in domain.sets
    deliveries = tuple(deliver(domain, traits, memories) for traits in senders) if asked else ()
    remembered = _remembered(domain, memories) if _stumbles_over_memory(deliveries) else ()
    since = tuple(earlier.check(domain, memories)) if asked else ()
    found = founded((*findings(domain), *since, *remembered), evidence)
    stated = _stated(domain, found, deliveries, _computed(domain, found, senders))
    return Report(
        schema_version=SCHEMA_VERSION,
        domain=evidence.domain,
        observed_at=observed_at,
        vantage=evidence.vantage,
        summary=_summary(evidence.domain, deliveries) if asked else _without_senders(domain, stated),
        senders=deliveries,
        findings=stated,
        unknowns=_unknowns(evidence, domain),
        judged_at=None if now == observed_at else now,
        not_asked=tuple(one for one in FULL_SETS if one not in domain.sets),
    )


def founded(found: Sequence[Finding], evidence: Evidence) -> tuple[Finding, ...]:
    """Return the findings, each resting on what was answered; one that tells of a silence rests on that."""
    return tuple(
        one
        if one.code in OF_SILENCE
        else msgspec.structs.replace(one, evidence=tuple(_answered(one.evidence, evidence)))
        for one in found
    )


def _answered(questions: Sequence[Question], evidence: Evidence) -> Iterator[Question]:
    for one in dict.fromkeys(questions):
        if not is_silent(one, evidence.answer(one).outcome):
            yield one


def _stumbles_over_memory(deliveries: Sequence[Delivery]) -> bool:
    return any(_OF_MEMORY & set(sender.because) for sender in deliveries)


def _remembered(domain: MailDomain, memories: tuple[SenderMemory, ...]) -> tuple[Finding, ...]:
    from mxproof.judge.checks import memory  # noqa: PLC0415 - seldom does a sender stumble over what it remembers

    return tuple(memory.check(domain, memories))


def _computed(domain: MailDomain, found: Sequence[Finding], senders: Sequence[Traits]) -> Mapping[str, Value]:
    """Return the params that come from the models, where a finding has words for them."""
    if not any(names_readers(one.code) for one in found):
        return {}
    from mxproof.judge.senders.readers import readers  # noqa: PLC0415 - few findings have words for them

    return readers(domain, senders)


def _stated(
    domain: MailDomain,
    found: Sequence[Finding],
    deliveries: Sequence[Delivery],
    computed: Mapping[str, Value],
) -> tuple[WordedFinding, ...]:
    worded = [_worded(domain, finding, whole(finding, found), deliveries, computed) for finding in found]
    return tuple(sorted(worded, key=_order))


def _order(finding: WordedFinding) -> tuple[int, int, bool, bool]:
    """Return what findings are sorted by, worst first."""
    return (
        _WEIGHT[finding.severity],
        -len(finding.affects),
        finding.code not in _CAUSES,
        finding.code in _ABSENCES,
    )


def _worded(
    domain: MailDomain,
    finding: Finding,
    mended: Finding,
    deliveries: Sequence[Delivery],
    computed: Mapping[str, Value],
) -> WordedFinding:
    """Return a finding in words; `mended` is the same with all that its fix mends."""
    code = Code(finding.code)
    severity, affects = weight_of(code, deliveries)
    if severity is Severity.OK:
        return in_words(finding, severity, affects, computed)
    acting = (duties(domain, mended), *(duties_of(domain, way.changes) for way in mended.others))
    return in_words(finding, severity, affects, computed, acting, mended)


def weight_of(code: Code, deliveries: Sequence[Delivery]) -> tuple[Severity, tuple[str, ...]]:
    """Return how much a finding matters, and the ids of the senders that do not simply deliver for it."""
    reason = Code.DNSSEC_BOGUS if code in BOGUS_CAUSES else code
    affected = [sender for sender in deliveries if reason in sender.because]
    stops = any(
        sender.decides and sender.outcome in {Verdict.REFUSED, Verdict.AT_RISK} for sender in affected
    )
    severity = Severity.ERROR if stops else CATALOGUE[code].severity
    return severity, tuple(sender.id for sender in affected)


def worst(deliveries: Sequence[Delivery]) -> Verdict:
    """Return the worst outcome over the senders that decide."""
    return next(
        verdict
        for verdict in WORST_FIRST
        if any(one.decides and one.outcome is verdict for one in deliveries)
    )


def _summary(domain: str, deliveries: Sequence[Delivery]) -> Summary:
    """Say the worst outcome over the senders that decide, who is concerned, and how many are not."""
    deciding = [sender for sender in deliveries if sender.decides]
    outcome = worst(deliveries)
    if outcome is Verdict.DELIVERS:
        return Summary(outcome, f"All {len(deciding)} modelled senders deliver to {domain}.")
    concerned = [sender for sender in deciding if sender.outcome is outcome]
    whom = _listed(concerned, len(deciding))
    said = {
        Verdict.REFUSED: f"{whom}: mail to {domain} is refused",
        Verdict.AT_RISK: f"{whom}: mail to {domain} is at risk",
        Verdict.UNKNOWN: f"{whom}: whether mail to {domain} arrives could not be found out",
    }[outcome]
    delivering = sum(sender.outcome is Verdict.DELIVERS for sender in deciding)
    of_all = "" if len(concerned) > SENDERS_NAMED_MAX else f" of {len(deciding)} modelled senders"
    rest = f"; {delivering}{of_all} deliver" if delivering else ""
    return Summary(outcome, f"{said}{rest}.")


def _without_senders(domain: MailDomain, stated: Sequence[WordedFinding]) -> Summary:
    """Say that nobody asked whether mail arrives, and what was found in the sets that were asked."""
    counts = [(weight, sum(one.severity is weight for one in stated)) for weight in _WEIGHT]
    told = [
        f"{count} {weight}{'s' * (count > 1)}"
        for weight, count in counts
        if count and weight is not Severity.OK
    ]
    return Summary(
        Verdict.UNKNOWN,
        f"Whether mail for {domain.name} arrives was not asked. In {listed(domain.sets)}: {', '.join(told) or 'nothing wrong'}.",
    )


def _listed(senders: Sequence[Delivery], all_of: int) -> str:
    """Name up to SENDERS_NAMED_MAX senders without what stands in brackets behind their names."""
    if len(senders) == all_of:
        return f"All {all_of} modelled senders"
    if len(senders) > SENDERS_NAMED_MAX:
        return f"{len(senders)} of {all_of} modelled senders"
    names = [sender.name.partition(" (")[0] for sender in senders]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _unknowns(evidence: Evidence, domain: MailDomain) -> tuple[Unknown, ...]:
    """List the needed questions without an answer, and what is beyond the limits."""
    arrival = unanswered(evidence) if CheckSet.ARRIVAL in domain.sets else ()
    needed = (*arrival, *_unanswered_sets(evidence, domain))
    listed = [Unknown(str(question), why(evidence.answer(question))) for question in needed]
    found = (*listed, *_held_off(domain), *_beyond_limits(evidence, domain), *name_server_unknowns(domain))
    return tuple(islice(found, UNKNOWNS_MAX))


def _unanswered_sets(evidence: Evidence, domain: MailDomain) -> tuple[Question, ...]:
    """Return what the sets beyond arrival needed and nobody answered, but silence that is a finding by itself."""
    offers = unanswered_offers(evidence) if CheckSet.TLS in domain.sets else ()
    spf = domain.spf.strangers if domain.spf is not None else ()
    return (*dict.fromkeys(question for one in spf for question in one.unanswered), *offers)


def _held_off(domain: MailDomain) -> Iterator[Unknown]:
    """Yield the sessions that the server ended before it could be known what other clients get."""
    for host in domain.hosts:
        for endpoint in host.endpoints:
            for session in endpoint.sessions:
                if session.state in _HELD_OFF:
                    yield Unknown(str(session.question), _HELD_OFF[session.state])


def _beyond_limits(evidence: Evidence, domain: MailDomain) -> Iterator[Unknown]:
    yield from (
        Unknown(f"SMTP {one.name}", "beyond the limit of hosts that are probed") for one in domain.mx.unprobed
    )
    names = (("POLICY", domain.policy_host.name), *(("SMTP", host.name) for host in domain.hosts))
    for kind, name in names:
        for address in addresses_beyond(evidence, name):
            yield Unknown(f"{kind} {address} ({name})", "beyond the limit of addresses that are probed")

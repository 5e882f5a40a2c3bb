"""Two observations of a domain compared: what changed, and for whom it matters.

For whom a fact matters is judged and not guessed: the one fact is put into what was before, and taken out of what is now,
and every sender is asked again. What only one of the observations holds (the servers of a new MX host) is there in both
trials, so that a fact is not blamed for what nobody looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from mxproof.evidence import Answer, Evidence, PolicyData, Question
from mxproof.judge.conclusion import weighs
from mxproof.judge.difference import (
    DIFFERENCE_VERSION,
    Course,
    Difference,
    FindingShift,
    LookedAt,
    MomentSeen,
    SenderCourse,
    SenderState,
    Shift,
)
from mxproof.judge.faring import is_worse
from mxproof.judge.judging import report_on
from mxproof.judge.report import Delivery, Report, WordedFinding
from mxproof.judge.senders import SENDERS, Traits, deliver
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import SenderMemory
from mxproof.mail.observed_fact import FactKind, FactName, ObservedFact, observed_facts

FACTS_TRIED_MAX = 40
"""Facts that are tried one by one; for any beyond, whoever fares otherwise counts as concerned."""

_KINDS = tuple(FactKind)
_TOLD_ALONE = frozenset({FactKind.ADDRESS, FactKind.POLICY, FactKind.CERTIFICATE, FactKind.SERVER})
"""What is told where it was looked at once; of records those that say where mail goes, and with which key."""
_RECORDS_TOLD_ALONE = frozenset({"CNAME", "TLSA"})
_NOT_LOOKED_AT = ObservedFact((), ())


class JudgedEvidence(msgspec.Struct, frozen=True):
    """Evidence as it is judged: as of `now`, for senders that hold `memories`, and what it came to."""

    evidence: Evidence
    now: datetime
    memories: tuple[SenderMemory, ...]
    report: Report


def seen(
    evidence: Evidence, *, now: datetime | None = None, memories: tuple[SenderMemory, ...] = ()
) -> JudgedEvidence:
    """Return evidence with its report, by default as of when it was observed."""
    at = now or evidence.observed_at()
    return JudgedEvidence(evidence, at, memories, report_on(evidence, now=at, memories=memories))


def difference(old: JudgedEvidence, new: JudgedEvidence, fail_on: Severity = Severity.ERROR) -> Difference:
    """Return what changed from `old` to `new`; a new finding that weighs as much as `fail_on` is for the worse."""
    assert old.evidence.domain == new.evidence.domain, "what is compared is about one domain"
    pairs = list(zip(old.report.senders, new.report.senders, strict=True))
    senders = tuple(_sender(one, other) for one, other in pairs if _does(one) != _does(other))
    appeared = tuple(_appeared(old.report, new.report))
    return Difference(
        schema_version=DIFFERENCE_VERSION,
        domain=new.evidence.domain,
        course=_course(senders, appeared, fail_on),
        before=MomentSeen(old.report.observed_at, old.report.summary),
        after=MomentSeen(new.report.observed_at, new.report.summary),
        senders=senders,
        shifts=tuple(_shifts(old, new)),
        appeared=appeared,
        gone=tuple(_gone(old.report, new.report)),
    )


def _does(sender: Delivery) -> tuple[object, ...]:
    """Return all that a sender does, as far as anybody notices."""
    return sender.outcome, sender.security, sender.bounce


def _sender(before: Delivery, after: Delivery) -> SenderCourse:
    return SenderCourse(
        id=after.id,
        name=after.name,
        confidence=after.confidence,
        course=_sender_course(before, after),
        before=_state(before),
        after=_state(after),
    )


def _state(sender: Delivery) -> SenderState:
    return SenderState(sender.outcome, sender.security, sender.because, sender.bounce)


def _sender_course(before: Delivery, after: Delivery) -> Course:
    """Return which way it went for one sender; what was not known before is neither better nor worse now."""
    if is_worse(before, after):
        return Course.WORSE
    if is_worse(after, before):
        return Course.BETTER
    if after.outcome is Verdict.UNKNOWN is not before.outcome:
        return Course.UNKNOWN
    if before.outcome is Verdict.UNKNOWN is not after.outcome:
        return Course.BETTER if after.outcome is Verdict.DELIVERS else Course.WORSE
    return Course.SAME


def _course(senders: Sequence[SenderCourse], appeared: Sequence[FindingShift], fail_on: Severity) -> Course:
    """Return which way it went as a whole: the worst of the senders that decide, and of what was newly found."""
    courses = {one.course for one in senders if one.decides}
    if any(one.is_graver and weighs(one.severity, fail_on) for one in appeared):
        courses.add(Course.WORSE)
    worst_first = (Course.WORSE, Course.UNKNOWN, Course.BETTER)
    return next((course for course in worst_first if course in courses), Course.SAME)


def _appeared(old: Report, new: Report) -> Iterator[FindingShift]:
    """Yield what was not found before, or weighed otherwise; what is in order counts for nothing."""
    weights = {(one.code, one.subject): one.severity for one in old.findings}
    for one in new.findings:
        was = weights.get((one.code, one.subject))
        if one.severity not in (Severity.OK, was):
            yield _finding(one, None if was is Severity.OK else was)


def _gone(old: Report, new: Report) -> Iterator[FindingShift]:
    """Yield what was found before and is not any more."""
    left = {(one.code, one.subject) for one in new.findings if one.severity is not Severity.OK}
    for one in old.findings:
        if one.severity is not Severity.OK and (one.code, one.subject) not in left:
            yield _finding(one, None)


def _finding(one: WordedFinding, was: Severity | None) -> FindingShift:
    return FindingShift(one.code, one.severity, one.subject, one.summary, one.affects, was)


class _Changed(msgspec.Struct, frozen=True):
    """Facts that changed in the same way, and from which value to which."""

    facts: tuple[FactName, ...]
    before: ObservedFact
    after: ObservedFact
    questions: tuple[Question, ...]
    sight: LookedAt = LookedAt.BOTH

    @property
    def kind(self) -> FactKind:
        """What the facts are about."""
        return self.facts[0].kind


def _shifts(old: JudgedEvidence, new: JudgedEvidence) -> Iterator[Shift]:
    before, after = _facts(old), _facts(new)
    concerned = _Concerned(old, new)
    found = [
        *_changed(before, after),
        *_alone(before, after, LookedAt.BEFORE),
        *_alone(after, before, LookedAt.AFTER),
    ]
    for number, one in enumerate(sorted(found, key=lambda one: (_KINDS.index(one.kind), one.facts[0]))):
        yield Shift(
            kind=one.kind,
            names=tuple(dict.fromkeys(fact.name for fact in one.facts)),
            about=tuple(dict.fromkeys(fact.about for fact in one.facts if fact.about)),
            before=one.before.lines,
            after=one.after.lines,
            matters_to=_whom(one, number, concerned),
            why=one.after.why or one.before.why,
            sight=one.sight,
        )


def _whom(one: _Changed, number: int, concerned: "_Concerned") -> tuple[str, ...]:
    if one.sight is not LookedAt.BOTH:
        return ()
    return concerned.by(one) if number < FACTS_TRIED_MAX else concerned.at_all


def _facts(sight: JudgedEvidence) -> dict[FactName, ObservedFact]:
    return observed_facts(sight.evidence, assemble(sight.evidence, sight.now))


Facts = Mapping[FactName, ObservedFact]


def _changed(old: Facts, new: Facts) -> list[_Changed]:
    """Return what both hold and differ in.

    One name whose addresses show the same is told once, and so is one certificate under several names.
    """
    differing = {
        fact: (before, after)
        for fact, before in old.items()
        if (after := new.get(fact)) is not None and before.lines != after.lines
    }
    return [
        _Changed(
            facts,
            *differing[facts[0]],
            tuple(dict.fromkeys(question for fact in facts for question in old[fact].questions)),
        )
        for facts in _alike(differing)
    ]


def _alone(here: Facts, other: Facts, sight: LookedAt) -> Iterator[_Changed]:
    """Yield what was looked at once and is something; what shows the same elsewhere, as a server that moved, is left out."""
    known = {(_whose(fact), one.lines) for fact, one in other.items()}
    found = {
        fact: (one, one)
        for fact, one in here.items()
        if fact not in other
        and one.lines != ()
        and _is_told_alone(fact)
        and (_whose(fact), one.lines) not in known
    }
    for facts in _alike(found):
        one = here[facts[0]]
        before, after = (one, _NOT_LOOKED_AT) if sight is LookedAt.BEFORE else (_NOT_LOOKED_AT, one)
        yield _Changed(facts, before, after, (), sight)


def _is_told_alone(fact: FactName) -> bool:
    return fact.kind in _TOLD_ALONE or (fact.kind is FactKind.RECORD and fact.about in _RECORDS_TOLD_ALONE)


def _alike(differing: Mapping[FactName, tuple[ObservedFact, ObservedFact]]) -> list[tuple[FactName, ...]]:
    """Return the facts put together that are about one thing and show the same."""
    together: dict[object, list[FactName]] = {}
    for fact, (before, after) in differing.items():
        together.setdefault((_whose(fact), before.lines, after.lines), []).append(fact)
    return [tuple(facts) for facts in together.values()]


def _whose(fact: FactName) -> tuple[FactKind, str]:
    return fact.kind, "" if fact.kind is FactKind.CERTIFICATE else fact.name


class _Concerned:
    """For whom a change matters, by trial."""

    def __init__(self, old: JudgedEvidence, new: JudgedEvidence) -> None:
        self._old = old
        self._new = new
        pairs = zip(old.report.senders, new.report.senders, strict=True)
        self.at_all = tuple(one.id for one, other in pairs if _does(one) != _does(other))
        self._all_before = _overlaid(new.evidence, old.evidence)
        self._all_after = _overlaid(old.evidence, new.evidence)
        self._before = _deliveries(old, self._all_before)
        self._after = _deliveries(new, self._all_after)

    def by(self, one: _Changed) -> tuple[str, ...]:
        """Return the ids of the senders that do something else for this change alone."""
        if one.kind is FactKind.VANTAGE:
            put_in = msgspec.structs.replace(self._all_before, vantage=self._all_after.vantage)
            taken_out = msgspec.structs.replace(self._all_after, vantage=self._all_before.vantage)
        else:
            put_in = _with_fact(self._all_before, self._all_after, one)
            taken_out = _with_fact(self._all_after, self._all_before, one)
        trials = (
            (self._before, _deliveries(self._old, put_in)),
            (self._after, _deliveries(self._new, taken_out)),
        )
        concerned = {
            then.id
            for as_it_is, otherwise in trials
            for then, other in zip(as_it_is, otherwise, strict=True)
            if _does(then) != _does(other)
        }
        return tuple(sender.id for sender in SENDERS if sender.id in concerned)


def _overlaid(below: Evidence, above: Evidence) -> Evidence:
    """Return `above` with the answers that only `below` holds added, and the trust anchors of both."""
    anchors = tuple(dict.fromkeys((*above.vantage.anchors, *below.vantage.anchors)))
    vantage = msgspec.structs.replace(above.vantage, anchors=anchors)
    return msgspec.structs.replace(above, vantage=vantage).with_answers(
        (question, answer) for question, answer in below.answers.items() if question not in above.answers
    )


def _with_fact(into: Evidence, other: Evidence, one: _Changed) -> Evidence:
    """Return evidence in which this one fact is as in `other`."""
    return into.with_answers(
        (question, _with_part(into.answer(question), other.answer(question), one.kind))
        for question in one.questions
    )


def _with_part(into: Answer, other: Answer, kind: FactKind) -> Answer:
    """Return the other answer, or of an answer of a policy host the part that the fact is about: policy or certificate."""
    here, there = into.data, other.data
    if not (isinstance(here, PolicyData) and isinstance(there, PolicyData)):
        return other
    if kind is FactKind.POLICY:
        return msgspec.structs.replace(other, data=msgspec.structs.replace(there, tls=here.tls))
    return msgspec.structs.replace(into, data=msgspec.structs.replace(here, tls=there.tls))


def _deliveries(
    sight: JudgedEvidence, evidence: Evidence, senders: Sequence[Traits] = SENDERS
) -> list[Delivery]:
    domain = assemble(evidence, sight.now)
    return [deliver(domain, traits, sight.memories) for traits in senders]

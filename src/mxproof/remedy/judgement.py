"""What every sender does once changes are made, judged no more often than what was altered calls for.

    Judge(evidence, now, memories, senders).after(changes) -> JudgedWorld

Two sets of changes that leave the same answers are one question, and a sender is asked again only where an answer
differs that it looks at: one without DANE reads no TLSA record, one without MTA-STS no policy, only one that judges by
reverse names reads those. `judgements` counts how often a sender was really asked.

What the changes leave unseen at a server that was seen under another name is supposed to be the same there, and said so
(`Supposition.SAME_SERVER`): an SMTP server that shows one certificate to every name asked for shows it to one more.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from mxproof.evidence import Answer, Evidence, Kind, Outcome, Question, SmtpData
from mxproof.judge.report import Delivery
from mxproof.judge.senders import Traits, deliver
from mxproof.judge.senders.traits import JudgedName
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Change
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.apply import Applied, Assumption, Supposition, apply
from mxproof.survey.inbound import wanted
from mxproof.survey.reading import POLICY_LABEL, STS_LABEL, TLSRPT_LABEL

SECONDARY_LAG_S = 300
"""How long after the first name server the last one of a zone has a change, unless somebody knows better."""

Altered = frozenset[tuple[Question, Answer | None]]
"""Answers that differ from those observed; None for one that is left out."""


IsMet = Callable[[int, Delivery], bool]
"""Whether the sender at this place does what is wanted of it."""
Profile = tuple[bool, bool, bool]
"""Whether a sender knows MTA-STS, DANE, and judges by reverse names."""


class JudgedWorld(msgspec.Struct, frozen=True):
    """The world after some changes: its evidence, the domain in it, and how each sender fares, in their order."""

    applied: Applied
    domain: MailDomain
    deliveries: tuple[Delivery, ...]


class Judge:
    """One domain as observed, and the memory of every judgement about it; its name servers follow within `lag_s`."""

    def __init__(
        self,
        evidence: Evidence,
        now: datetime,
        memories: tuple[SenderMemory, ...],
        senders: Sequence[Traits],
        lag_s: int = SECONDARY_LAG_S,
    ) -> None:
        self.evidence = evidence
        self.now = now
        self.memories = memories
        self.senders = tuple(senders)
        self.lag_s = lag_s
        self.judgements = 0
        self._profiles = frozenset(map(_profile, self.senders))
        self._looked_at: dict[Altered, dict[Profile, Altered]] = {}
        self._differences: dict[int, tuple[Evidence, Altered]] = {}
        self._order = list(range(len(self.senders)))
        self._applied: dict[tuple[Change, ...], Applied] = {}
        self._domains: dict[tuple[Altered, datetime], MailDomain] = {}
        self._deliveries: dict[tuple[str, Altered, datetime, tuple[SenderMemory, ...]], Delivery] = {}

    def after(self, changes: Sequence[Change]) -> JudgedWorld:
        """Return the world after `changes`; what is waited for has gone by before."""
        applied = self.applied(changes)
        at = self.now + timedelta(seconds=applied.waited_s)
        domain = self.domain_in(applied.evidence, at)
        return JudgedWorld(applied, domain, self.deliveries(applied.evidence, at, self.memories))

    def applied(self, changes: Sequence[Change]) -> Applied:
        """Return the evidence after `changes`, in their order, made once."""
        key = tuple(changes)
        found = self._applied.get(key)
        if found is None:
            found = self._applied[key] = with_same_servers(apply(key, self.evidence))
        return found

    def take_note(self, deliveries: Sequence[Delivery]) -> None:
        """Take what each sender does with the evidence as it was observed for known."""
        nothing: Altered = frozenset()
        for found in deliveries:
            self._deliveries[found.id, nothing, self.now, self.memories] = found

    def domain_in(self, evidence: Evidence, at: datetime) -> MailDomain:
        """Return the domain in this evidence at this moment, assembled once."""
        key = self._altered(evidence), at
        found = self._domains.get(key)
        if found is None:
            found = self._domains[key] = assemble(evidence, at)
        return found

    def deliveries(
        self, evidence: Evidence, at: datetime, memories: tuple[SenderMemory, ...]
    ) -> tuple[Delivery, ...]:
        """Return what each sender does with this evidence at this moment, holding `memories`."""
        looked_at = self._seen_by_profile(self._altered(evidence))
        return tuple(
            self._delivery(traits, evidence, at, looked_at[_profile(traits)], memories)
            for traits in self.senders
        )

    def first_unmet(self, changes: Sequence[Change], is_met: IsMet) -> str | None:
        """Return a sender that does not do what is wanted after `changes`, None where all do.

        Senders that stood against earlier changes are asked first, so that most sets cost one judgement.
        """
        applied = self.applied(changes)
        at = self.now + timedelta(seconds=applied.waited_s)
        looked_at = self._seen_by_profile(self._altered(applied.evidence))
        for place in self._order:
            traits = self.senders[place]
            found = self._delivery(traits, applied.evidence, at, looked_at[_profile(traits)], self.memories)
            if not is_met(place, found):
                self._order.remove(place)
                self._order.insert(0, place)
                return traits.id
        return None

    def _seen_by_profile(self, altered: Altered) -> dict[Profile, Altered]:
        found = self._looked_at.get(altered)
        if found is None:
            found = _looked_at(altered, self.evidence.domain, self._profiles)
            self._looked_at[altered] = found
        return found

    def _delivery(
        self,
        traits: Traits,
        evidence: Evidence,
        at: datetime,
        seen: Altered,
        memories: tuple[SenderMemory, ...],
    ) -> Delivery:
        key = traits.id, seen, at, memories
        found = self._deliveries.get(key)
        if found is None:
            self.judgements += 1
            found = self._deliveries[key] = deliver(self.domain_in(evidence, at), traits, memories)
        return found

    def _altered(self, evidence: Evidence) -> Altered:
        """Return the answers that differ from those observed; the same evidence is compared once."""
        known = self._differences.get(id(evidence))
        if known is not None:
            return known[1]
        before, after = self.evidence.answers, evidence.answers
        differing = [(one, answer) for one, answer in after.items() if before.get(one) is not answer]
        gone = [(one, None) for one in before if one not in after]
        found = frozenset([*((one, _without_time(answer)) for one, answer in differing), *gone])
        self._differences[id(evidence)] = evidence, found
        return found


def _without_time(answer: Answer) -> Answer:
    return msgspec.structs.replace(answer, elapsed_ms=0)


def _profile(traits: Traits) -> Profile:
    reverse = JudgedName.PTR in {traits.policy_name, traits.certificate_name}
    return traits.mta_sts, traits.dane, reverse


def _looked_at(altered: Altered, domain: str, profiles: Iterable[Profile]) -> dict[Profile, Altered]:
    """Return the answers that can make a difference to a sender, by what kind of sender it is."""
    return {
        profile: frozenset(one for one in altered if _looks_at(profile, one[0], domain))
        for profile in profiles
    }


def _looks_at(profile: Profile, question: Question, domain: str) -> bool:
    mta_sts, dane, reverse = profile
    if question.name == f"{TLSRPT_LABEL}.{domain}":
        return False
    if question.name in {f"{STS_LABEL}.{domain}", f"{POLICY_LABEL}.{domain}"}:
        return mta_sts
    if question.kind is Kind.TLSA:
        return dane
    return reverse if question.kind is Kind.PTR else True


def with_same_servers(applied: Applied) -> Applied:
    """Return the world with what is unseen filled in where a server shows the same to every name it was asked for."""
    evidence, assumed = applied.evidence, list(applied.assumed)
    found: list[tuple[Question, Answer]] = []
    for question in applied.unseen:
        answer = _same_server(evidence, question) if question.kind is Kind.SMTP else None
        if answer is not None:
            found.append((question, answer))
            assumed.append(Assumption(Supposition.SAME_SERVER, f"{question.name} {question.at}"))
    if not found:
        return applied
    filled = evidence.with_answers(found)
    return Applied(filled, wanted(filled), tuple(dict.fromkeys(assumed)), applied.waited_s)


def _same_server(evidence: Evidence, question: Question) -> Answer | None:
    """Return the answer at the same address, where a session was secured there alike for each other name."""
    others = [
        answer
        for one, answer in evidence.answers.items()
        if one.kind is Kind.SMTP and one.at == question.at and answer.outcome is Outcome.FOUND
    ]
    shown = {(data.stage, data.tls) for answer in others if isinstance(data := answer.data, SmtpData)}
    return others[0] if len(shown) == 1 else None

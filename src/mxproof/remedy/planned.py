"""A planned state held against what is observed: the changes that lead to it, and what they leave to be asked.

    planned(state, evidence) -> Planned          wanted_for(state, survey)(evidence) -> questions

What the state does not say is taken from the evidence. Only names that a sender comes by are looked at, today or once it
is made: so a zone of a million names costs no more than one of ten. What stands at a name that nobody comes by today is
no change to anyone and put into the evidence as it is planned. All else that is new (a server at an address where nobody
looked, records of a zone that is not planned) is asked, where there is somebody to ask.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from mxproof.evidence import (
    ABSENT,
    CONNECTION_KINDS,
    UNASKED,
    Answer,
    Der,
    DnsData,
    Evidence,
    Kind,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    TlsaRecord,
)
from mxproof.formats.cert import facts
from mxproof.formats.mtasts import STRICT, Mode, Policy, read_policy
from mxproof.formats.tlsa import Tlsa, matching
from mxproof.judge.checks.mending import announced, tlsa_value
from mxproof.judge.checks.seen import served_policy
from mxproof.mail.assemble import assemble
from mxproof.mail.change import (
    Change,
    Configure,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    Withdraw,
)
from mxproof.remedy.apply import Assumption, Supposition, apply
from mxproof.remedy.key_roll import rolled
from mxproof.remedy.planned_zone import PLANNABLE, PlannedSet, PlannedZone
from mxproof.remedy.records import RecordFacts
from mxproof.survey import inbound
from mxproof.survey.reading import POLICY_LABEL, STS_LABEL, addresses

PLANNING_ROUNDS_MAX = 40
"""More than any chain of names in planned zones is long."""

OwnedSet = tuple[str, Kind]
"""An owner name, and a type of records that may stand there."""
NEW_NAME_S = 0
"""How long caches hold that a name is not there which nobody has asked for, since nothing led to it."""
Survey = Callable[[Evidence], tuple[Question, ...]]
"""What is still wanted of the evidence so far."""


class PlannedCertificate(msgspec.Struct, frozen=True):
    """The chain (leaf first) that the server of `host` will show, to whoever asks for that name or one that shows the same."""

    host: str
    chain: tuple[Der, ...]


class PlannedState(msgspec.Struct, frozen=True):
    """What is planned of a domain; what it leaves out stays as it is. Of two zones that say something, the first does.

    `mode` is that of the policy, whichever it is. `announces`: another policy comes with a record that has a new id, where
    no zone says anything of that record. `rolls_keys`: another certificate comes with the TLSA records that name it, where
    no zone says anything of those. `anchors` are the roots at which the chains of the certificates could end. `supposes`: nobody can be asked, so that a name which a part of a zone has, and
    nobody knows today, is taken to have no records of other types.
    """

    zones: tuple[PlannedZone, ...] = ()
    policy: Policy | None = None
    mode: Mode | None = None
    certificates: tuple[PlannedCertificate, ...] = ()
    anchors: tuple[Der, ...] = ()
    announces: bool = False
    rolls_keys: bool = False
    supposes: bool = False


class Planned(msgspec.Struct, frozen=True):
    """The changes that lead from the evidence to the planned state; the evidence has what the state alone tells."""

    evidence: Evidence
    changes: tuple[Change, ...]
    assumed: tuple[Assumption, ...] = ()


def planned(state: PlannedState, evidence: Evidence) -> Planned:
    """Return the changes to what is observed, and the evidence with what the state tells of names that are new."""
    told = _with_zones(state, evidence)
    served = _with_policy(state, told)
    return _with_certificates(state, served)


def wanted_for(state: PlannedState, survey: Survey) -> Survey:
    """Return the survey that goes on to what the planned zones lead to, once nothing else is wanted.

    First what stands today at the names that senders come by only then, and next what is behind them.
    """

    def wanted(evidence: Evidence) -> tuple[Question, ...]:
        first = survey(evidence)
        if first:
            return first
        made = _with_zones(state, evidence)
        today = tuple(one for one in made.evidence.answers if one not in evidence.answers)
        if today:
            return today
        unseen = apply(made.changes, made.evidence).unseen
        asked = dict.fromkeys(_where_it_leads(made, one) for one in unseen)
        return tuple(one for one in asked if one not in evidence.answers)

    return wanted


def idle(state: PlannedState, evidence: Evidence) -> tuple[PlannedZone, ...]:
    """Return the zones that say nothing of any name which senders come by, today or once the state is made."""
    made = planned(state, evidence)
    worlds = (made.evidence, apply(made.changes, made.evidence).evidence)
    names = {one for world in worlds for one in _come_by(RecordFacts(world), inbound.needed(world))}
    return tuple(zone for zone in state.zones if all(zone.said(*one) is None for one in names))


def _where_it_leads(made: Planned, question: Question) -> Question:
    """Return what to ask today for a question of the planned state: of a name that becomes an alias, its target."""
    if question.kind in CONNECTION_KINDS:
        return question
    known = RecordFacts(made.evidence)
    for change in made.changes:
        match change:
            case Publish():
                known.publish(change)
            case Withdraw():
                known.withdraw(change)
    return Question(question.kind, known.walk(question)[-1])


def _with_zones(state: PlannedState, evidence: Evidence) -> Planned:
    """Return the record changes; names that senders come by only then, and nobody has asked for, are taken for new."""
    known = RecordFacts(evidence)
    current = _come_by(known, inbound.needed(evidence))
    told: dict[Question, Answer] = {}
    publishing: dict[Change, None] = {}
    assumed: list[Assumption] = []
    for _ in range(PLANNING_ROUNDS_MAX):
        made = evidence.with_answers(told.items())
        every = (*_record_changes(state, evidence, current), *publishing)
        after = apply(every, made).evidence
        come_by = _come_by(RecordFacts(after), inbound.needed(after))
        found = {one: None for one in come_by if one not in current and _is_known(known, evidence, one)}
        if found:
            current |= found
            continue
        new = dict(_told(state, after, current, publishing))
        if new.keys() <= told.keys() and state.supposes:
            new = dict(_supposed(state, after))
            assumed += (
                Assumption(Supposition.NO_OTHER_RECORDS, f"{one.name} {one.kind.value}") for one in new
            )
        if new.keys() <= told.keys():
            absent = dict(_absent_today(made, after))
            return Planned(made.with_answers(absent.items()), every, tuple(assumed))
        told.update(new)
    raise AssertionError("the names of planned zones do not come to an end")


def _absent_today(made: Evidence, after: Evidence) -> Iterator[tuple[Question, Answer]]:
    """Yield what is answered today to each question that senders ask only then, for as long as caches may hold it."""
    facts = RecordFacts(made)
    for question in inbound.needed(after):
        if question.kind not in PLANNABLE or question in made.answers:
            continue
        answer = facts.answer(question, after.observed_at())
        end = facts.walk(question)[-1]
        seen = (made.answers.get(Question(kind, end)) for kind in (question.kind, Kind.CNAME))
        ttl_s = next((one.ttl_s for one in seen if one is not None), None)
        if answer is not None and answer.outcome in ABSENT:
            yield question, msgspec.structs.replace(answer, ttl_s=ttl_s)


def _is_known(known: RecordFacts, evidence: Evidence, owned: OwnedSet) -> bool:
    name, kind = owned
    return known.held(name, kind) is not None or Question(kind, name) in evidence.answers


def _record_changes(state: PlannedState, evidence: Evidence, current: Iterable[OwnedSet]) -> Iterator[Change]:
    """Yield the changes at every name that a sender comes by today, what goes before what comes."""
    known = RecordFacts(evidence)
    gone: dict[Change, None] = {}
    new: dict[Change, None] = {}
    for name, kind in current:
        then = _said(state, name, kind)
        now = known.held(name, kind)
        if now is None and Question(kind, name) in evidence.answers:
            now = ()  # the look-up failed, which is no reason for a record not to be published
        if now is None or then is None:
            continue
        gone.update(dict.fromkeys(Withdraw(name, one) for one in now if one not in then.records))
        new.update(dict.fromkeys(Publish(name, one, then.ttl_s) for one in then.records if one not in now))
    yield from (*gone, *new)


def _come_by(known: RecordFacts, questions: Iterable[Question]) -> dict[OwnedSet, None]:
    """Return each name on the way of each question, with the types of records that may stand there."""
    found: dict[OwnedSet, None] = {}
    for question in questions:
        if question.kind in PLANNABLE:
            for name in known.walk(question):
                found.setdefault((name, Kind.CNAME))
                found.setdefault((name, question.kind))
    return found


def _said(state: PlannedState, name: str, kind: Kind) -> PlannedSet | None:
    return next((said for zone in state.zones if (said := zone.said(name, kind)) is not None), None)


def _told(
    state: PlannedState, after: Evidence, current: Mapping[OwnedSet, None], publishing: dict[Change, None]
) -> Iterator[tuple[Question, Answer]]:
    """Yield what the zones tell of names that senders come by only in the planned state; `publishing` gets the records."""
    known = RecordFacts(after)
    for question in inbound.needed(after):
        if question.kind not in PLANNABLE:
            continue
        name = known.walk(question)[-1]
        for kind in dict.fromkeys((Kind.CNAME, question.kind)):
            said = None if (name, kind) in current else _said(state, name, kind)
            if said is not None and (said.records or kind is question.kind):
                publishing.update(dict.fromkeys(Publish(name, one, said.ttl_s) for one in said.records))
                is_new = bool(said.records) and kind is Kind.CNAME  # an alias has nothing beside it
                outcome, rcode = (Outcome.NXDOMAIN, "NXDOMAIN") if is_new else (Outcome.EMPTY, "NOERROR")
                data = DnsData(rcode, known.security(name))
                yield Question(kind, name), Answer(outcome, after.observed_at(), data, NEW_NAME_S)
                break


def _supposed(state: PlannedState, after: Evidence) -> Iterator[tuple[Question, Answer]]:
    """Yield that there are no records of types that a part of a zone does not say at its names, or below them."""
    known = RecordFacts(after)
    for question in inbound.wanted(after):
        if question.kind in CONNECTION_KINDS:
            continue
        name = known.walk(question)[-1]
        host = name.partition("._tcp.")[2] or name
        if any(zone.has(host) for zone in state.zones):
            data = DnsData("NOERROR", known.security(name))
            yield Question(question.kind, name), Answer(Outcome.EMPTY, after.observed_at(), data)


def _with_policy(state: PlannedState, made: Planned) -> Planned:
    """Return the changes with the policy that will be served, if it is another one."""
    domain = assemble(made.evidence, made.evidence.observed_at())
    policy = state.policy or served_policy(domain)
    if policy is not None and state.mode is not None:
        policy = msgspec.structs.replace(policy, mode=state.mode)
    if policy is None or (state.policy is None and state.mode is None):
        return made
    evidence, host = made.evidence, f"{POLICY_LABEL}.{domain.name}"
    after = apply(made.changes, evidence).evidence
    asked = [Question(Kind.POLICY, host, at) for at in addresses(after, host)]
    evidence = evidence.with_answers((one, UNASKED) for one in asked if one not in evidence.answers)
    if all(_policy_of(evidence.answer(one)) == policy for one in asked):
        return made
    record = f"{STS_LABEL}.{domain.name}"
    unsaid = state.announces and _said(state, record, Kind.TXT) is None
    more = (ServePolicy(domain.name, policy), *(announced(domain) if unsaid else ()))
    return Planned(evidence, (*made.changes, *more), made.assumed)


def _policy_of(answer: Answer) -> Policy | None:
    return read_policy(answer.data.body, STRICT) if isinstance(answer.data, PolicyData) else None


def _with_certificates(state: PlannedState, made: Planned) -> Planned:
    """Return the changes with the certificates that will be shown where others are seen, or nothing is."""
    evidence, changes = _with_anchors(made.evidence, state.anchors), list(made.changes)
    after = apply(changes, evidence).evidence
    if state.rolls_keys and state.certificates:
        chains = {one.host: one.chain for one in state.certificates}
        domain = assemble(after, after.observed_at())
        changes += rolled(chains, domain, lambda name: _said(state, name, Kind.TLSA) is not None)
        after = apply(changes, evidence).evidence
    for one in state.certificates:
        is_policy_host = one.host == f"{POLICY_LABEL}.{evidence.domain}"
        kind, service = (Kind.POLICY, Service.HTTPS) if is_policy_host else (Kind.SMTP, Service.SMTP)
        at = addresses(after, one.host)
        missing = [Question(kind, one.host, address) for address in at]
        evidence = evidence.with_answers((new, UNASKED) for new in missing if new not in evidence.answers)
        for name in _shown_alike(evidence, kind, one.host, at):
            changes += _shown(one, service, name, at, evidence, after)
    return Planned(evidence, tuple(changes), made.assumed)


def _with_anchors(evidence: Evidence, anchors: Sequence[Der]) -> Evidence:
    """Return the evidence with `anchors` beside those in its vantage."""
    every = tuple(sorted({*evidence.vantage.anchors, *anchors}))
    vantage = msgspec.structs.replace(evidence.vantage, anchors=every)
    return msgspec.structs.replace(evidence, vantage=vantage) if anchors else evidence


def _shown_alike(evidence: Evidence, kind: Kind, host: str, at: Sequence[str]) -> tuple[str, ...]:
    """Return the host, and the other names for which its server shows the same certificate today."""
    shown = {_leaf(evidence.answer(Question(kind, host, address))) for address in at}
    others = (
        one.name
        for one, answer in evidence.answers.items()
        if one.kind is kind and one.at in at and _leaf(answer) is not None and _leaf(answer) in shown
    )
    return tuple(dict.fromkeys((host, *others)))


def _leaf(answer: Answer) -> Der | None:
    data = answer.data
    tls = data.tls if isinstance(data, SmtpData | PolicyData) else None
    return tls.chain[0] if tls is not None and tls.chain else None


def _shown(
    one: PlannedCertificate,
    service: Service,
    name: str,
    at: tuple[str, ...],
    evidence: Evidence,
    after: Evidence,
) -> Iterator[Change]:
    """Yield that the certificate is shown; before it, that the server takes mail, where no TLS was seen there."""
    kind = Kind.SMTP if service is Service.SMTP else Kind.POLICY
    seen = {address: _leaf(evidence.answer(Question(kind, name, address))) for address in at}
    mute = tuple(address for address, leaf in seen.items() if leaf is None)
    if mute and service is Service.SMTP:
        yield Configure(service, name, mute, Setting.ANSWERING)
    leaf = facts(one.chain[0])
    keys = [facts(shown).spki_der for shown in seen.values() if shown is not None]
    keeps_key = bool(keys) and all(key == leaf.spki_der for key in keys)
    named = (record for record in _tlsa(evidence, after) if matching(record, one.chain) is not None)
    if not all(shown == one.chain[0] for shown in seen.values()):
        yield PresentCertificate(
            service,
            name,
            at,
            leaf.dns_names,
            keeps_key,
            tuple(map(tlsa_value, named)),
            is_at_hand=True,
            chain=one.chain,
        )


def _tlsa(*worlds: Evidence) -> tuple[Tlsa, ...]:
    """Return every TLSA record that is answered in any of them."""
    return tuple(
        dict.fromkeys(
            Tlsa(one.usage, one.selector, one.matching_type, one.association)
            for evidence in worlds
            for answer in evidence.answers.values()
            if isinstance(answer.data, DnsData)
            for one in answer.data.records
            if isinstance(one, TlsaRecord)
        )
    )

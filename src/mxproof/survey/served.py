"""The survey of how mail arrives as each name server tells it, beside what the resolver says.

```
each of MX at D, TXT at _mta-sts.D and _smtp._tls.D, TLSA of each MX host, addresses in the zone of D
   ──NS of the names above it up to the zone cut ── each server: A, AAAA
                ── one address of each server: SOA ── answered: the records themselves
where the servers differ: all that the survey of each version would ask
```
A resolver shows what one of the servers said. Whoever sends mail asks by way of another resolver, and that asks
another server. The serial number is asked for first, so that a silent server costs one question; records of the
domain's own zone and TLSA records elsewhere are compared, other addresses of providers are not, for they differ by
design. The function is pure and monotone, but for its bounds: more answers only add questions.
"""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import (
    ABSENT,
    ANSWERED,
    Answer,
    DnsData,
    DnsRecord,
    Evidence,
    Kind,
    OtherRecord,
    Outcome,
    Question,
    Transport,
    once,
)
from mxproof.survey import inbound
from mxproof.survey.name_servers import ALIASES_ASKED_MAX, asked_servers
from mxproof.survey.reading import (
    FAMILY_KINDS,
    POLICY_LABEL,
    STS_LABEL,
    TLSRPT_LABEL,
    addresses,
    alias_chain,
    askable,
    mx_set,
    tlsa_bases,
    tlsa_name,
)
from mxproof.survey.zone import ServerAddress, contents, cuts, zone_of

HOSTS_COMPARED_MAX = 4
"""MX hosts, the most preferred ones, whose records are asked for at each name server."""
RECORDS_COMPARED_MAX = 24
VERSIONS_MAX = 4
"""Versions of one zone that are followed to where they lead."""

_SERIAL_AT = 2
_ADDRESS_KINDS = frozenset(FAMILY_KINDS.values())
_Content = tuple[frozenset[bytes | DnsRecord], str | None]


class RecordSet(msgspec.Struct, frozen=True, order=True):
    """The records of one type at one owner name, which stand in `zone`."""

    kind: Kind
    name: str
    zone: str


class ZoneVersion(msgspec.Struct, frozen=True):
    """What some servers of a zone hold of the records in which its servers differ; `serial` None where not told."""

    servers: tuple[ServerAddress, ...]
    serial: int | None
    held: tuple[tuple[RecordSet, Answer], ...]


class ComparedZone(msgspec.Struct, frozen=True):
    """The servers of one zone side by side.

    `versions` are two or more, or none where the servers agree; `silent` are the servers that gave no answer of their
    own, each with what came of asking; `asked` counts all.
    """

    name: str
    versions: tuple[ZoneVersion, ...]
    silent: tuple[tuple[ServerAddress, Answer], ...]
    asked: int

    @property
    def differs_in_addresses_only(self) -> bool:
        """Tell whether the servers differ in nothing but addresses."""
        return {one.kind for version in self.versions for one, _ in version.held} <= _ADDRESS_KINDS

    @property
    def differs_by_design(self) -> bool:
        """Tell whether servers of one and the same version of the zone lead clients to different addresses."""
        return self.differs_in_addresses_only and len({one.serial for one in self.versions}) == 1


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer, in order of urgency."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys((*inbound.needed(evidence), *_needed(evidence))))


@once
def compared(evidence: Evidence) -> tuple[ComparedZone, ...]:
    """Return the zones whose servers were asked for the records of mail; none by one look where they were not."""
    if Question(Kind.NS, evidence.domain) not in evidence.answers:
        return ()
    records = _records(evidence)
    zones = (_compared(evidence, zone, records) for zone in dict.fromkeys(one.zone for one in records))
    return tuple(zone for zone in zones if zone.asked)


def as_served(evidence: Evidence, version: ZoneVersion) -> Evidence:
    """Return `evidence` as a resolver would have it that asks the servers of `version`.

    Signatures are taken to be as good as those of the version that was seen. What an alias that others do not have
    leads to is left out, and so unknown.
    """
    held = {(record.kind, record.name): answer for record, answer in version.held}
    answers = dict(evidence.answers)
    for question, answer in evidence.answers.items():
        if question.server or not isinstance(answer.data, DnsData):
            continue
        walk = _walk(evidence, question)
        changed = next((name for name in walk if (question.kind, name) in held), None)
        if changed is None:
            continue
        other = _replaced(answer, walk.index(changed), held[question.kind, changed])
        if other is None:
            del answers[question]
        else:
            answers[question] = other
    return Evidence(evidence.domain, evidence.vantage, answers)


def as_resolved(evidence: Evidence) -> Evidence:
    """Return `evidence` as the resolver alone gave it, without what was asked of the servers themselves."""
    kept = {question: answer for question, answer in evidence.answers.items() if not question.server}
    return Evidence(evidence.domain, evidence.vantage, kept)


def _needed(evidence: Evidence) -> Iterator[Question]:
    questions = _compared_questions(evidence)
    for question in questions:
        for name in _walk(evidence, question):
            yield from (Question(Kind.NS, cut) for cut in cuts(name))
    records = _records(evidence)
    for zone in dict.fromkeys(one.zone for one in records):
        for server in asked_servers(evidence, zone):
            yield from (Question(FAMILY_KINDS[family], server) for family in evidence.vantage.families)
        for where in _addressed(evidence, zone):
            yield _serial_question(where)
    for record in records:
        for where in _addressed(evidence, record.zone):
            if _answers(evidence.answer(_serial_question(where))):
                yield _question(record, where)
    for side_by_side in compared(evidence):
        for version in side_by_side.versions[:VERSIONS_MAX]:
            yield from inbound.needed(as_served(evidence, version))


@once
def _compared_questions(evidence: Evidence) -> tuple[Question, ...]:
    """Return what the resolver was asked and answered that decides where mail goes, and how."""
    domain = evidence.domain
    asked = [
        Question(Kind.MX, domain),
        Question(Kind.TXT, f"{STS_LABEL}.{domain}"),
        Question(Kind.TXT, f"{TLSRPT_LABEL}.{domain}"),
    ]
    hosts = [one.name for one in mx_set(evidence).exchanges if askable(one.name)][:HOSTS_COMPARED_MAX]
    asked += (Question(Kind.TLSA, tlsa_name(base)) for host in hosts for base in _bases(evidence, host))
    for name in (*hosts, f"{POLICY_LABEL}.{domain}"):
        asked += (Question(FAMILY_KINDS[family], name) for family in evidence.vantage.families)
    answered = [one for one in asked if evidence.answer(one).outcome in ANSWERED]
    return tuple(dict.fromkeys(answered))[:RECORDS_COMPARED_MAX]


def _bases(evidence: Evidence, host: str) -> tuple[str, ...]:
    """Return the TLSA base domains where records count; without a resolver that validates, where some were found."""
    bases = tlsa_bases(evidence, host)
    if evidence.vantage.validating:
        return bases
    return tuple(one for one in bases if evidence.dns(Kind.TLSA, tlsa_name(one))[0].outcome is Outcome.FOUND)


@once
def _records(evidence: Evidence) -> tuple[RecordSet, ...]:
    """Return the records to compare, with their zones so far as these are known."""
    own = zone_of(evidence, evidence.domain)
    found: dict[RecordSet, None] = {}
    for question in _compared_questions(evidence):
        for name in _walk(evidence, question):
            zone = zone_of(evidence, name)
            if zone is not None and (zone == own or question.kind not in _ADDRESS_KINDS):
                found[RecordSet(question.kind, name, zone)] = None
    return tuple(found)[:RECORDS_COMPARED_MAX]


@once
def _walk(evidence: Evidence, question: Question) -> tuple[str, ...]:
    """Return the name of a question and those that it is an alias of."""
    if question.kind in _ADDRESS_KINDS:
        return alias_chain(evidence, question.name)[: 1 + ALIASES_ASKED_MAX]
    _, data = evidence.dns(question.kind, question.name)
    links = data.chain[:ALIASES_ASKED_MAX] if data is not None else ()
    return tuple(dict.fromkeys((question.name, *(link.target for link in links))))


@once
def _addressed(evidence: Evidence, zone: str) -> tuple[ServerAddress, ...]:
    """Return one address of each server of the zone."""
    first = {
        found[0]: ServerAddress(zone, server, found[0])
        for server in reversed(asked_servers(evidence, zone))
        if (found := addresses(evidence, server))
    }
    return tuple(sorted(first.values()))


def _serial_question(where: ServerAddress) -> Question:
    return Question(Kind.SOA, where.zone, server=where.address, transport=Transport.UDP)


def _question(record: RecordSet, where: ServerAddress) -> Question:
    return Question(record.kind, record.name, server=where.address)


def _answers(answer: Answer) -> bool:
    """Tell whether a server answers from the zone itself."""
    return answer.outcome is Outcome.FOUND and isinstance(answer.data, DnsData) and answer.data.authoritative


def _compared(evidence: Evidence, zone: str, records: tuple[RecordSet, ...]) -> ComparedZone:
    asked = [where for where in _addressed(evidence, zone) if _serial_question(where) in evidence.answers]
    answering = [where for where in asked if _answers(evidence.answer(_serial_question(where)))]
    silent = tuple(
        (where, evidence.answer(_serial_question(where))) for where in asked if where not in answering
    )
    told: dict[RecordSet, dict[ServerAddress, Answer]] = {}
    for record in records:
        for where in answering if record.zone == zone else ():
            answer = evidence.answer(_question(record, where))
            if _is_definite(answer):
                told.setdefault(record, {})[where] = answer
    differing = [one for one, by in told.items() if len(set(map(_content, by.values()))) > 1]
    versions: dict[tuple[_Content | None, ...], list[ServerAddress]] = {}
    for where in answering if differing else ():
        content = tuple(_content(told[one][where]) if where in told[one] else None for one in differing)
        versions.setdefault(content, []).append(where)
    return ComparedZone(
        name=zone,
        versions=tuple(
            ZoneVersion(
                tuple(those),
                _serial(evidence.answer(_serial_question(those[0]))),
                tuple((one, told[one][those[0]]) for one in differing if those[0] in told[one]),
            )
            for those in versions.values()
        ),
        silent=silent,
        asked=len(asked),
    )


def _is_definite(answer: Answer) -> bool:
    """Tell whether an answer came whole and from a server of the zone."""
    whole = answer.outcome is Outcome.FOUND or answer.outcome in ABSENT
    return whole and isinstance(answer.data, DnsData) and answer.data.authoritative


def _content(answer: Answer) -> _Content:
    data = answer.data if isinstance(answer.data, DnsData) else None
    target = data.chain[0].target if data is not None and data.chain else None
    return (frozenset(), target) if target is not None else (contents(data), None)


def _serial(answer: Answer) -> int | None:
    """Return the serial number in an SOA record (RFC 1035 section 3.3.13)."""
    records = answer.data.records if isinstance(answer.data, DnsData) else ()
    for record in records:
        fields = record.text.split() if isinstance(record, OtherRecord) else []
        if len(fields) > _SERIAL_AT and fields[_SERIAL_AT].isdigit():
            return int(fields[_SERIAL_AT])
    return None


def _replaced(answer: Answer, place: int, held: Answer) -> Answer | None:
    """Return a resolver's answer with what a server holds at one place of the walk, None where it leads elsewhere."""
    seen, data = answer.data, held.data
    assert isinstance(seen, DnsData), "only answers with a message are replaced"
    assert isinstance(data, DnsData), "a version is made of answers with a message"
    if data.chain:
        same = place < len(seen.chain) and seen.chain[place].target == data.chain[0].target
        return answer if same else None
    replaced = DnsData(data.rcode, secure=seen.secure, records=data.records, chain=seen.chain[:place])
    return msgspec.structs.replace(answer, outcome=held.outcome, data=replaced, ttl_s=held.ttl_s)

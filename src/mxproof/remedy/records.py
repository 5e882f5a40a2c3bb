"""The records behind the answers of a resolver: taken apart by owner name, altered, and put together again.

An answer is a walk along aliases to an owner name, and the records of one type there. Taken apart, answers of several
questions tell of the same alias and the same owner, so that a change to one name alters all answers whose walk comes
by it, and no other:

    answers -> RecordFacts -> publish, withdraw -> answer(question)

What was never seen stays unknown: a walk that leaves the known names has no answer, and is for the survey to ask. An
owner with an alias has no other records (RFC 1034 section 3.6.2), so what stands there once the alias has gone is
known to be nothing.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import datetime

import msgspec

from mxproof.evidence import (
    ABSENT,
    CONNECTION_KINDS,
    AddressRecord,
    Alias,
    Answer,
    CaaRecord,
    DnsData,
    DnsRecord,
    Edns,
    Evidence,
    Kind,
    MxRecord,
    NameRecord,
    Outcome,
    Question,
    TlsaRecord,
    TxtRecord,
    once,
)
from mxproof.mail.change import (
    CaaValue,
    CnameValue,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PtrValue,
    Publish,
    RecordValue,
    TlsaValue,
    TxtValue,
    Withdraw,
)
from mxproof.survey.reading import ALIASES_MAX

KINDS: dict[type, Kind] = {
    Ipv4Value: Kind.A,
    Ipv6Value: Kind.AAAA,
    CnameValue: Kind.CNAME,
    PtrValue: Kind.PTR,
    MxValue: Kind.MX,
    TxtValue: Kind.TXT,
    TlsaValue: Kind.TLSA,
    CaaValue: Kind.CAA,
}


class KnownRecords(msgspec.Struct, frozen=True):
    """The records of one type at one owner name, none where it has none; `secure` by DNSSEC, `ttl_s` None if unknown."""

    records: tuple[DnsRecord, ...] = ()
    secure: bool = False
    ttl_s: int | None = None


class RecordFacts:
    """What is known of owner names, to be altered one record at a time."""

    def __init__(self, evidence: Evidence) -> None:
        self.assumed: list[tuple[str, Kind]] = []
        self._sets: dict[tuple[str, Kind], KnownRecords] = {}
        self._kinds: dict[str, list[Kind]] = {}
        self._below: dict[str, dict[str, None]] = {}
        self._aliases: dict[str, Alias] = {}
        self._secure: dict[str, bool] = {}
        self._emptied: set[str] = set()
        self._vacated: set[str] = set()
        self._touched: set[str] = set()
        self._signed: set[str] = set()
        self._on_walk: Mapping[Question, frozenset[str]] = {}
        for question, answer in evidence.answers.items():
            is_signature = question.edns is Edns.SIGNED
            if question.kind not in CONNECTION_KINDS and not question.server and not is_signature:
                self._learn(question, answer)
        self._on_walk = {
            one: frozenset((one.name, *(alias.target for alias in _chain(answer)), *self.walk(one)))
            for one, answer in evidence.answers.items()
            if one.kind not in CONNECTION_KINDS
        }

    def copy(self) -> "RecordFacts":
        """Return the same facts, to be altered apart from these."""
        other = copy(self)
        vars(other).update(
            assumed=list(self.assumed),
            _sets=dict(self._sets),
            _kinds={name: list(kinds) for name, kinds in self._kinds.items()},
            _below={name: dict(below) for name, below in self._below.items()},
            _aliases=dict(self._aliases),
            _secure=dict(self._secure),
            _emptied=set(self._emptied),
            _vacated=set(self._vacated),
            _touched=set(self._touched),
            _signed=set(self._signed),
        )
        return other

    def publish(self, change: Publish) -> None:
        """Add one record; where nothing is known of its set, it is taken for all there is, and `assumed` says so."""
        kind, name = KINDS[type(change.record)], change.name
        self._touched.add(name)
        if isinstance(change.record, CnameValue):
            self._aliases[name] = Alias(name, change.record.target, change.ttl_s or 0)
            return
        known = self._sets.get((name, kind))
        if known is None and name not in self._emptied:
            self.assumed.append((name, kind))
        before = known or KnownRecords(secure=self.security(name))
        records = tuple(dict.fromkeys((*before.records, record_of(change.record))))
        ttl_s = change.ttl_s if change.ttl_s is not None else before.ttl_s
        self._keep(name, kind, KnownRecords(records, before.secure, ttl_s))

    def withdraw(self, change: Withdraw) -> None:
        """Take one record away, which need not be there."""
        kind, name = KINDS[type(change.record)], change.name
        self._touched.add(name)
        if isinstance(change.record, CnameValue):
            if name in self._aliases and self._aliases[name].target == change.record.target:
                del self._aliases[name]
                self._emptied.add(name)
            return
        known = self._sets.get((name, kind))
        if known is not None:
            gone = record_of(change.record)
            kept = tuple(record for record in known.records if record != gone)
            self._sets[name, kind] = msgspec.structs.replace(known, records=kept)
            if not kept:
                self._vacated.add(name)

    def sign(self, name: str) -> None:
        """Have every answer that comes by `name` secure from there on, and by a name below it.

        Whoever signs a zone signs all that is in it. Where another zone begins is not seen, so that none is taken to.
        """
        self._signed.add(name)
        for owner, kind in self._known_below(name):
            self._sets[owner, kind] = msgspec.structs.replace(self._sets[owner, kind], secure=True)

    def concerns(self, question: Question) -> bool:
        """Tell whether a change lies on the walk of a question of the evidence, as it was answered or as it would be.

        A walk leaves its old way only at a name that was changed, so that its old names tell of both.
        """
        names = self._on_walk[question]
        return not self._touched.isdisjoint(names) or (
            bool(self._signed) and any(map(self._is_signed, names))
        )

    def _is_signed(self, name: str) -> bool:
        return not self._signed.isdisjoint(_at_and_above(name))

    def answer(self, question: Question, at: datetime) -> Answer | None:
        """Return what the resolver would answer, None where that is not known."""
        walk = self.walk(question)
        chain = tuple(self._aliases[name] for name in walk[:-1])
        end = walk[-1]
        if end in self._aliases and question.kind is not Kind.CNAME:
            return Answer(Outcome.SERVFAIL, at, detail=f"the aliases of {question.name} have no end")
        known = self._sets.get((end, question.kind))
        if known is None:
            if end not in self._emptied and question.kind is not Kind.CNAME:
                return None
            known = KnownRecords(secure=self.security(end))
        if question.kind is Kind.CNAME and end in self._aliases:
            alias = self._aliases[end]
            known = KnownRecords((NameRecord(alias.target),), self.security(end), alias.ttl_s)
        secure = known.secure and all(self.security(alias.name) for alias in chain)
        exists = bool(known.records) or self._exists(end)
        outcome = Outcome.FOUND if known.records else Outcome.EMPTY if exists else Outcome.NXDOMAIN
        rcode = "NXDOMAIN" if outcome is Outcome.NXDOMAIN else "NOERROR"
        return Answer(outcome, at, DnsData(rcode, secure, known.records, chain), known.ttl_s)

    def held(self, name: str, kind: Kind) -> tuple[RecordValue, ...] | None:
        """Return the records of one type at this very name, whose alias is not followed; None where they are not known."""
        if kind is Kind.CNAME:
            if name in self._aliases:
                return (CnameValue(self._aliases[name].target),)
            return () if name in self._emptied or name in self._kinds else None
        if name in self._aliases:
            return ()
        known = self._sets.get((name, kind))
        if known is None:
            return () if name in self._emptied else None
        return tuple(value for one in known.records if (value := value_of(kind, one)) is not None)

    def ttl_s(self, name: str, kind: Kind) -> int | None:
        """Return the time to live of the records of one type at this very name, None where it is not known."""
        if kind is Kind.CNAME:
            return (self._aliases[name].ttl_s or None) if name in self._aliases else None
        known = self._sets.get((name, kind))
        return known.ttl_s if known is not None and known.records else None

    def _learn(self, question: Question, answer: Answer) -> None:
        data = answer.data
        if not isinstance(data, DnsData) or not (answer.outcome is Outcome.FOUND or answer.outcome in ABSENT):
            return
        for alias in data.chain:
            self._aliases[alias.name] = alias
            if data.secure:  # of an answer that is not, any name on the way may be the reason
                self._secure.setdefault(alias.name, True)
        end = data.chain[-1].target if data.chain else question.name
        if question.kind is Kind.CNAME and data.records:
            target = next(record.name for record in data.records if isinstance(record, NameRecord))
            self._aliases[end] = Alias(end, target, answer.ttl_s or 0)
            self._secure[end] = data.secure
            return
        if answer.outcome is Outcome.NXDOMAIN:
            self._emptied.add(end)
        self._keep(end, question.kind, KnownRecords(data.records, data.secure, answer.ttl_s))

    def _keep(self, name: str, kind: Kind, known: KnownRecords) -> None:
        """Know a set of records, and by every name above it that something is known below."""
        if (name, kind) not in self._sets:
            self._kinds.setdefault(name, []).append(kind)
            for parent in _at_and_above(name):
                self._below.setdefault(parent, {})[name] = None
        self._sets[name, kind] = known

    def walk(self, question: Question) -> tuple[str, ...]:
        """Return the owner names on the way, the last of which has no alias that this question follows."""
        names = [question.name]
        while question.kind is not Kind.CNAME and names[-1] in self._aliases and len(names) <= ALIASES_MAX:
            target = self._aliases[names[-1]].target
            if target in names:
                break
            names.append(target)
        return tuple(names)

    def _exists(self, name: str) -> bool:
        """Tell whether a name is there: it or one below it has a record (RFC 8020), or it was seen to be there."""
        if any(self._sets[owner, kind].records for owner, kind in self._known_below(name)):
            return True
        if any(owner == name or owner.endswith(f".{name}") for owner in self._aliases):
            return True
        gone = name in self._emptied or name in self._vacated
        return not gone and name in self._kinds

    def _known_below(self, name: str) -> Iterator[tuple[str, Kind]]:
        """Yield the sets known at `name` and below it."""
        for owner in self._below.get(name, ()):
            yield from ((owner, kind) for kind in self._kinds[owner])

    def security(self, name: str) -> bool:
        """Return whether answers about `name` are secure, as those about the nearest known name say."""
        if self._is_signed(name):
            return True
        own = [self._sets[name, kind].secure for kind in self._kinds.get(name, ())]
        if name in self._secure or own:
            return self._secure.get(name, True) and all(own)
        for parent in _at_and_above(name)[1:-1]:
            near = [self._sets[key].secure for key in self._known_below(parent)]
            if near:
                return all(near)
        return False


@once
def facts_of(evidence: Evidence) -> RecordFacts:
    """Return the facts of `evidence`, which a copy is made of before they are altered."""
    return RecordFacts(evidence)


def _at_and_above(name: str) -> list[str]:
    """Return a name and every name above it but the root, the lowest first."""
    labels = name.split(".")
    return [".".join(labels[place:]) for place in range(len(labels))]


def record_of(value: RecordValue) -> DnsRecord:
    """Return a record as an answer holds it."""
    match value:
        case Ipv4Value(address) | Ipv6Value(address):
            return AddressRecord(address)
        case MxValue(preference, exchange):
            return MxRecord(preference, exchange)
        case TxtValue():
            return TxtRecord(value.octets())
        case TlsaValue(usage, selector, matching_type, association):
            return TlsaRecord(usage, selector, matching_type, bytes.fromhex(association))
        case CaaValue(flags, tag, text):
            return CaaRecord(flags, tag, text.encode("latin-1"))
        case CnameValue(target) | PtrValue(target):
            return NameRecord(target)


def value_of(kind: Kind, record: DnsRecord) -> RecordValue | None:
    """Return the record of an answer to `kind` as a change has it, None for one of a type that no change is about."""
    match record:
        case AddressRecord(address):
            return Ipv6Value(address) if kind is Kind.AAAA else Ipv4Value(address)
        case MxRecord(preference, exchange):
            return MxValue(preference, exchange)
        case TxtRecord(text):
            return TxtValue.of(text)
        case TlsaRecord(usage, selector, matching_type, association):
            return TlsaValue(usage, selector, matching_type, association.hex())
        case CaaRecord(flags, tag, value):
            return CaaValue(flags, tag, value.decode("latin-1"))
        case NameRecord(name) if kind in {Kind.CNAME, Kind.PTR}:
            return CnameValue(name) if kind is Kind.CNAME else PtrValue(name)
        case _:
            return None


def _chain(answer: Answer) -> tuple[Alias, ...]:
    return answer.data.chain if isinstance(answer.data, DnsData) else ()

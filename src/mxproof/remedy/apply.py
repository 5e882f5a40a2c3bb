"""Changes applied to evidence: what would be observed once they are made.

    apply(changes, evidence) -> Applied

An answer that no change touches stays the very answer that was observed. An answer that the changes and what is known
settle is put in its place. All else is left out, so that the survey wants it again: `unseen` lists it, and it is asked
live or stays unknown, never guessed. What has to be supposed to go on at all (a certificate that is not issued yet, a
server that will answer) is in `assumed`, to be said aloud.

A wait changes no answer; `waited_s` is how much later the changed world is to be judged.
"""

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from types import MappingProxyType

import msgspec

from mxproof.evidence import (
    ANSWERED,
    CONNECTION_KINDS,
    Answer,
    AssumedLeaf,
    Der,
    DnsData,
    Edns,
    Evidence,
    Kind,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
    TlsaRecord,
    TlsData,
)
from mxproof.formats.mtasts import print_policy
from mxproof.mail.change import (
    Change,
    Configure,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    Wait,
    Withdraw,
)
from mxproof.remedy.records import RecordFacts, facts_of, record_of
from mxproof.remedy.zone_version import lagging, with_current_servers
from mxproof.survey.inbound import wanted
from mxproof.survey.reading import POLICY_LABEL

ROUNDS_MAX = 100
"""More than any chain of dependent questions is long."""
HEADER_BYTES = 12
"""Of a DNS message: whether the server speaks of a zone of its own (RFC 1035 section 4.1.1)."""
ASSUMED_TLS = ("TLSv1.3", "TLS_AES_128_GCM_SHA256")

_CONNECTIONS = {Service.SMTP: Kind.SMTP, Service.HTTPS: Kind.POLICY}
_POLICY_HEADERS = (("content-type", "text/plain"),)


class Supposition(StrEnum):
    """What is supposed without having been seen."""

    CERTIFICATE = "certificate"
    """That the host will show a trusted certificate with the names."""
    SERVING = "serving"
    """That an address at which no policy could be fetched will serve this one."""
    NO_OTHER_RECORDS = "no-other-records"
    """That no further records of the type stand at a name that was not asked about, or whose look-up failed."""
    ANSWERING = "answering"
    """That the server at an address takes mail over TLS once it is configured."""
    TTL = "ttl"
    """That no cache holds a record for longer than the answer said, which a resolver may have held for a while."""
    SECONDARY_LAG = "secondary-lag"
    """That every name server of the zone has a change within a given time after the first of them."""
    RENEWED = "renewed"
    """That a certificate which ends before the last step is renewed in time, with the names and the key it has."""
    SAME_SERVER = "same-server"
    """That the server at an address shows to one more name what it shows to every other."""


class Assumption(msgspec.Struct, frozen=True):
    """One supposition, and the name or address that it is about; `within_s` is the time that is part of it, if one is."""

    what: Supposition
    subject: str
    within_s: int | None = None


class Applied(msgspec.Struct, frozen=True):
    """Evidence as it would be; `unseen` are questions whose answers the changes leave open."""

    evidence: Evidence
    unseen: tuple[Question, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    waited_s: int = 0


def apply(changes: Sequence[Change], evidence: Evidence) -> Applied:
    """Return `evidence` as it would be after `changes`, in their order."""
    evidence = with_current_servers(changes, evidence)
    facts = facts_of(evidence).copy()
    settled: dict[Question, Answer] = {}
    reopened: set[Question] = set()
    assumed: list[Assumption] = []
    waited_s = 0
    for change in changes:
        match change:
            case Publish():
                facts.publish(change)
            case Withdraw():
                facts.withdraw(change)
            case Wait():
                waited_s += change.seconds
            case Configure(Service.DNS, host, _, Setting.SIGNED):
                facts.sign(host)
            case Configure(Service.DNS, _, at, Setting.CURRENT | Setting.ANSWERING) if at:
                pass  # made before all others
            case Configure():
                opened = _reopened(change, evidence)
                reopened.update(opened)
                for question in opened:
                    if _is_failed_tlsa(question, evidence.answer(question)):
                        settled[question] = _without_records(evidence.answer(question))
                        assumed.append(Assumption(Supposition.NO_OTHER_RECORDS, f"{question.name} TLSA"))
            case ServePolicy() | PresentCertificate():
                for question in _concerned(change, evidence):
                    before = settled.get(question, evidence.answer(question))
                    configured = question in reopened
                    settled[question], supposed = _connected(change, before, configured=configured)
                    assumed += (Assumption(what, f"{question.name} {question.at}") for what in supposed)
    altered, unseen = _altered(evidence, facts, settled, reopened - settled.keys())
    assumed += (Assumption(Supposition.NO_OTHER_RECORDS, f"{name} {kind}") for name, kind in facts.assumed)
    return Applied(altered, unseen, tuple(dict.fromkeys(assumed)), waited_s)


def _altered(
    evidence: Evidence, facts: RecordFacts, settled: dict[Question, Answer], reopened: set[Question]
) -> tuple[Evidence, tuple[Question, ...]]:
    """Return the evidence with every answer that a change touches replaced or left out, and new names followed.

    What it calls for and does not answer comes with it.
    """
    at = evidence.observed_at()
    answers = {one: answer for one, answer in evidence.answers.items() if one not in reopened} | settled
    behind = lagging(evidence)
    for question, answer in evidence.answers.items():
        # How a changed record will be signed is not known here, and no sender is judged by it.
        is_signature = question.edns is Edns.SIGNED
        untouched = question.kind in CONNECTION_KINDS or is_signature or not facts.concerns(question)
        if untouched or question in reopened or _takes_no_part(question, behind):
            continue
        after = (
            facts.answer(question, at) if not question.server else _of_server(facts, question, answer, behind)
        )
        if after is None:
            answers.pop(question, None)
        else:
            answers[question] = after
    altered = msgspec.structs.replace(evidence, answers=MappingProxyType(answers))
    return _followed(altered, lambda one: None if one in reopened else facts.answer(one, at))


def _takes_no_part(question: Question, behind: Collection[tuple[str, str]]) -> bool:
    """Tell whether a name server takes part in no change of its zone, or was asked for the serial number beside it."""
    told_apart = question.server and behind and question.kind is Kind.SOA
    return bool(told_apart) or any(question.server == address for _, address in behind)


def _of_server(
    facts: RecordFacts, question: Question, before: Answer, behind: Collection[tuple[str, str]]
) -> Answer | None:
    """Return what a server says of a change, beside one that takes no part in it; None where all say the same."""
    known = facts.answer(msgspec.structs.replace(question, server=""), before.at) if behind else None
    if known is None or not isinstance(known.data, DnsData) or not isinstance(before.data, DnsData):
        return None
    own = msgspec.structs.replace(known.data, wire=before.data.wire[:HEADER_BYTES])
    return msgspec.structs.replace(known, data=own)


def _followed(
    evidence: Evidence, answered: Callable[[Question], Answer | None]
) -> tuple[Evidence, tuple[Question, ...]]:
    """Return the evidence with the answers to what is newly wanted, as far as they are known, and what stays wanted."""
    for _ in range(ROUNDS_MAX):
        left = wanted(evidence)
        asked = [one for one in left if one.kind not in CONNECTION_KINDS]
        found = [(one, answer) for one in asked if (answer := answered(one)) is not None]
        if not found:
            return evidence, left
        evidence = evidence.with_answers(found)
    raise AssertionError("the survey does not come to an end")


def _concerned(change: ServePolicy | PresentCertificate, evidence: Evidence) -> list[Question]:
    """Return the connections that the change is about."""
    if isinstance(change, ServePolicy):
        name = f"{POLICY_LABEL}.{change.domain}"
        return [
            one
            for one, answer in evidence.answers.items()
            if one.kind is Kind.POLICY
            and one.name == name
            and answer.outcome is not Outcome.UNASKED
            and (not change.addresses or one.at in change.addresses)
        ]
    kind = _CONNECTIONS[change.service]
    asked = [Question(kind, change.host, address) for address in change.addresses]
    return [one for one in asked if one in evidence.answers]


def _reopened(change: Configure, evidence: Evidence) -> list[Question]:
    """Return the questions whose answers nobody knows once a server behaves otherwise."""
    if change.service is Service.DNS:
        return [
            one for one in evidence.answers if one.kind not in CONNECTION_KINDS and one.name == change.host
        ]
    kinds = {_CONNECTIONS[change.service]}
    if change.setting is Setting.TLS:
        kinds.add(Kind.TLS)
    return [
        one
        for one in evidence.answers
        if one.kind in kinds and one.name == change.host and one.at in change.addresses
    ]


def _is_failed_tlsa(question: Question, answer: Answer) -> bool:
    """Tell whether name servers fail for TLSA records, most often since they have none and do not say so.

    RFC 7672 section 2.2.1 and RFC 7671 section 10.2: servers that take a type that they do not know for an error.
    """
    return question.kind is Kind.TLSA and answer.outcome not in ANSWERED


def _without_records(before: Answer) -> Answer:
    return Answer(Outcome.EMPTY, before.at, DnsData("NOERROR", secure=False))


def _connected(
    change: ServePolicy | PresentCertificate, before: Answer, *, configured: bool
) -> tuple[Answer, list[Supposition]]:
    """Return what a connection would come to, and what has to be supposed for it.

    A server that is `configured` before is supposed to take mail over TLS, whatever it did when it was seen.
    """
    if isinstance(change, PresentCertificate) and change.service is Service.SMTP and configured:
        return _taking_mail(change, before), [Supposition.ANSWERING, *_supposed(change)]
    if isinstance(change, ServePolicy):
        seen = before.data if isinstance(before.data, PolicyData) else PolicyData()
        tls, supposed = seen.tls, [] if seen.tls is not None and not configured else [Supposition.SERVING]
        if tls is not None and configured:
            tls = TlsData(*ASSUMED_TLS, tls.chain, tls.assumed)
        if tls is None:
            tls = TlsData(
                *ASSUMED_TLS, (), AssumedLeaf((f"{POLICY_LABEL}.{change.domain}",), keeps_key=False)
            )
        served = PolicyData(200, _POLICY_HEADERS, print_policy(change.policy), tls)
        return Answer(Outcome.FOUND, before.at, served), supposed
    data = before.data
    if not isinstance(data, SmtpData | PolicyData):
        return before, _supposed(change)
    with_leaf = _shown(change, data.tls or TlsData(*ASSUMED_TLS, ()), keeps_key=change.keeps_key)
    if isinstance(data, SmtpData):
        early = data.early if data.stage is SmtpStage.SECURED else b""
        secured = msgspec.structs.replace(data, tls=with_leaf, stage=SmtpStage.SECURED, early=early)
        answer = msgspec.structs.replace(before, outcome=Outcome.FOUND, data=secured, detail="")
    else:
        answer = msgspec.structs.replace(before, data=msgspec.structs.replace(data, tls=with_leaf))
    return answer, _supposed(change)


def _supposed(change: PresentCertificate) -> list[Supposition]:
    return [] if change.chain else [Supposition.CERTIFICATE]


def _taking_mail(change: PresentCertificate, before: Answer) -> Answer:
    """Return a session with a sound server that shows this certificate."""
    seen = before.data.tls if isinstance(before.data, SmtpData) else None
    chain, assumed = (seen.chain, seen.assumed) if seen is not None else ((), None)
    tls = _shown(change, TlsData(*ASSUMED_TLS, chain, assumed), keeps_key=change.keeps_key and bool(chain))
    return Answer(Outcome.FOUND, before.at, SmtpData(SmtpStage.SECURED, (), ("STARTTLS",), tls))


def _shown(change: PresentCertificate, seen: TlsData, *, keeps_key: bool) -> TlsData:
    """Return the handshake with the chain at hand, or with a leaf that is only supposed.

    The key that is kept after an earlier change is the one that came with it.
    """
    if change.chain:
        return msgspec.structs.replace(seen, chain=tuple(map(Der, change.chain)), assumed=None)
    matches = (record_of(value) for value in change.matches)
    records = tuple(one for one in matches if isinstance(one, TlsaRecord))
    if keeps_key and seen.assumed is not None and not seen.assumed.keeps_key:
        keeps_key, records = False, (*seen.assumed.matches, *records)
    leaf = AssumedLeaf(change.names, keeps_key, records, change.is_at_hand)
    return msgspec.structs.replace(seen, assumed=leaf)

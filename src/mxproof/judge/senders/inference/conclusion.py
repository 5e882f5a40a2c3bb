"""What a sender test comes to, for two readers: whether the mail server is safe, and what a model of it should say.

Version 1 of the contract that `mxproof sendertest report --format json` prints; words are made of it by the renderers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from mxproof.judge.senders.inference.case import Proper, Topic
from mxproof.judge.senders.inference.inferring import Agreement, Inference, compare
from mxproof.judge.senders.inference.observation import SenderTest
from mxproof.judge.senders.inference.seen import CaseSeen, cases_seen, inferred
from mxproof.judge.senders.inference.setting import SETTINGS, ServerSetting
from mxproof.judge.senders.traits import Traits

SENDERTEST_REPORT_VERSION: Final = 1
_TRAITS: Final = {Topic.MTA_STS: "mta_sts", Topic.DANE: "dane"}
"""The trait of a sender that has the mechanism."""


class Became(StrEnum):
    """What became of the mail to a case."""

    ENCRYPTED = "delivered-over-tls"
    CLEAR_TEXT = "delivered-in-clear-text"
    HELD = "not-delivered"
    UNSENT = "not-sent"
    """The sender did not so much as ask for the domain."""


class Conduct(StrEnum):
    """How that stands to what the RFCs ask."""

    PROPER = "proper"
    LAX = "lax"
    """It delivered where it should not."""
    STRICT = "strict"
    """It did not deliver where it should."""
    OPEN = "open"
    UNSENT = "not-sent"


class Honoured(StrEnum):
    """Whether a sender goes by a mechanism."""

    YES = "yes"
    PARTLY = "partly"
    """It has the mechanism, and delivers in some case where it should not."""
    NO = "no"
    UNKNOWN = "unknown"


class ToldCase(msgspec.Struct, frozen=True):
    """A case with what was seen in it; `tls` is the version of the session that took the mail.

    `policy_waited_ms` is the longest that was waited for a policy that comes late, until it was there or was given up: 0 where it
    does not come late, or nobody asked for it.
    """

    case: str
    topic: Topic
    title: str
    proper: Proper
    became: Became
    conduct: Conduct
    host: str
    tls: str
    attempts: int
    policy_waited_ms: int = 0


class ToldMechanism(msgspec.Struct, frozen=True):
    """A mechanism with the cases where the sender is too lax, or too strict."""

    mechanism: Topic
    honoured: Honoured
    lax: tuple[str, ...]
    strict: tuple[str, ...]


class ToldTrait(msgspec.Struct, frozen=True):
    """What a trait may be, and the cases that show it; `shown` is false where nothing distinguishes."""

    trait: str
    shown: bool
    words: tuple[str, ...]
    cases: tuple[str, ...]


class ToldDifference(msgspec.Struct, frozen=True):
    """A trait in which a model and what was seen are not the same."""

    trait: str
    agreement: Agreement
    seen: tuple[str, ...]
    model: tuple[str, ...]


class SenderTlsReport(msgspec.Struct, frozen=True):
    """What a TLS report said of the domain of a case; `case` is empty where it names a domain that is none of a case."""

    organization: str
    case: str
    domain: str
    policy_type: str
    success: int
    failure: int
    result_types: tuple[str, ...]


class ToldBounce(msgspec.Struct, frozen=True):
    """What a bounce said of the mail to a case: `action` and `status` as in RFC 3464, `diagnostic` in the words of the sender."""

    case: str
    action: str
    status: str
    diagnostic: str


class ToldModel(msgspec.Struct, frozen=True):
    """A model beside what was seen: how many traits are the same, and which are not."""

    id: str
    name: str
    same: int
    differences: tuple[ToldDifference, ...]

    @property
    def different(self) -> tuple[str, ...]:
        """The traits that the model has wrong."""
        return tuple(one.trait for one in self.differences if one.agreement is Agreement.DIFFERENT)


class SenderTestReport(msgspec.Struct, frozen=True):
    """The whole of what a run shows; `models` are those of this release, the nearest first.

    `reports` are those that came for the domains that want some, `bounces` what came back to the address of the run, `lost` counts
    what was not taken or not noted, by kind: there what a case shows may be wrong. `contradictions` are cases in which the sender did
    what nothing known explains together with the rest.
    """

    sendertest_report_version: int
    software: str
    run: str
    begun: datetime
    ended: datetime
    mechanisms: tuple[ToldMechanism, ...]
    cases: tuple[ToldCase, ...]
    contradictions: tuple[str, ...]
    settings: tuple[ServerSetting, ...]
    traits: tuple[ToldTrait, ...]
    models: tuple[ToldModel, ...]
    reports: tuple[SenderTlsReport, ...] = ()
    lost: dict[str, int] = {}
    bounces: tuple[ToldBounce, ...] = ()

    @property
    def sent(self) -> int:
        """How many cases were sent to."""
        return sum(one.became is not Became.UNSENT for one in self.cases)


def concluded(test: SenderTest, models: Sequence[Traits], software: str) -> SenderTestReport:
    """Return what a run shows, held against `models`; `software` is what judges now."""
    seen = cases_seen(test)
    inference = inferred(seen)
    told = tuple(map(_case, seen))
    mechanisms = tuple(_mechanism(topic, inference, told) for topic in _TRAITS)
    wanting = {one.mechanism for one in mechanisms if one.honoured is Honoured.NO}
    return SenderTestReport(
        SENDERTEST_REPORT_VERSION,
        software,
        test.run,
        test.begun,
        test.ended,
        mechanisms,
        told,
        inference.contradictions,
        tuple(one for one in SETTINGS if one.mechanism in wanting),
        tuple(ToldTrait(one.trait, one.is_shown, one.words, one.cases) for one in inference.shown),
        _models(inference, models),
        tuple(_reports(test)),
        dict(test.lost),
        tuple(_bounces(test)),
    )


def _reports(test: SenderTest) -> Iterable[SenderTlsReport]:
    cases = {one.domain: one.case for one in test.cases}
    for report in test.reports:
        for one in report.policies:
            yield SenderTlsReport(
                report.organization,
                cases.get(one.domain, ""),
                one.domain,
                one.type,
                one.success,
                one.failure,
                one.result_types,
            )


def _bounces(test: SenderTest) -> Iterable[ToldBounce]:
    cases = {one.domain: one.case for one in test.cases}
    for bounce in test.bounces:
        for one in bounce.recipients:
            case = cases.get(one.recipient.rpartition("@")[2].lower())
            if case is not None:
                yield ToldBounce(case, one.action, one.status, one.diagnostic)


def _case(seen: CaseSeen) -> ToldCase:
    became, taken = _became(seen), seen.taken
    return ToldCase(
        seen.case.id,
        seen.case.topic,
        seen.case.title,
        seen.case.proper,
        became,
        Conduct.LAX if _is_astray(seen) else _conduct(seen.case.proper, became),
        taken.host if taken is not None else "",
        taken.tls.version if taken is not None and taken.tls is not None else "",
        len(seen.connections),
        max((one.elapsed_ms for one in seen.fetches), default=0) if seen.case.policy_after_s else 0,
    )


def _is_astray(seen: CaseSeen) -> bool:
    """Tell whether the mail was taken by the host that should get none."""
    label = seen.case.astray
    return bool(label) and seen.taken is not None and seen.taken.host.startswith((f"{label}.", f"{label}-"))


def _became(seen: CaseSeen) -> Became:
    if seen.fate is None:
        return Became.UNSENT
    if not seen.fate.is_taken:
        return Became.HELD
    return Became.ENCRYPTED if seen.fate.encrypted else Became.CLEAR_TEXT


def _conduct(proper: Proper, became: Became) -> Conduct:
    if became is Became.UNSENT:
        return Conduct.UNSENT
    if proper is Proper.OPEN:
        return Conduct.OPEN
    if became is Became.HELD:
        return Conduct.PROPER if proper is Proper.REFUSE else Conduct.STRICT
    return Conduct.LAX if proper is Proper.REFUSE else Conduct.PROPER


def _mechanism(topic: Topic, inference: Inference, cases: Iterable[ToldCase]) -> ToldMechanism:
    here = [one for one in cases if one.topic is topic]
    lax = tuple(one.case for one in here if one.conduct is Conduct.LAX)
    strict = tuple(one.case for one in here if one.conduct is Conduct.STRICT)
    words = next(one.words for one in inference.shown if one.trait == _TRAITS[topic])
    honoured: dict[tuple[str, ...], Honoured] = {
        ("yes",): Honoured.PARTLY if lax else Honoured.YES,
        ("no",): Honoured.NO,
    }
    return ToldMechanism(topic, honoured.get(words, Honoured.UNKNOWN), lax, strict)


def _models(inference: Inference, models: Sequence[Traits]) -> tuple[ToldModel, ...]:
    """Return all models, those first that have least wrong and most right."""
    told = [_model(inference, model) for model in models]
    return tuple(sorted(told, key=lambda one: (len(one.different), -one.same)))


def _model(inference: Inference, model: Traits) -> ToldModel:
    compared = compare(inference, model)
    differences = tuple(
        ToldDifference(one.shown.trait, one.agreement, one.shown.words, one.model)
        for one in compared
        if one.agreement in {Agreement.DIFFERENT, Agreement.NEW}
    )
    same = sum(one.agreement is Agreement.SAME for one in compared)
    return ToldModel(model.id, model.name, same, differences)

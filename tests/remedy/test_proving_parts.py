"""What is printed of fixes that were judged: which stand in for which, what they rest on, and what is said where none holds."""

import functools

import msgspec
import pytest

from mxproof.evidence import Der
from mxproof.judge.catalogue import paragraph
from mxproof.judge.catalogue.proof_words import not_yet, withheld
from mxproof.judge.codes import Code
from mxproof.judge.report import VerifiedFix, WordedFinding
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Confidence, Remedied, Verdict
from mxproof.mail.change import (
    Awaited,
    Change,
    MxValue,
    PresentCertificate,
    Publish,
    Service,
    TlsaValue,
    Wait,
)
from mxproof.mail.memory import LevelMemory, Memory, SessionLevel
from mxproof.remedy.proving import _held, _is_of_old_key, _Judged, _reasons, _Trial, _with_earlier_names
from support_moments import deliveries, does
from support_scenarios import SeenScenario
from support_world import collect
from support_worlds import ADDRESSES, GOOD, INCIDENT, MX1, MX2

V4, V6, OTHER = ADDRESSES
HOST = "mta-sts.example.com"


def shown(
    host: str = MX1,
    at: tuple[str, ...] = (V4, V6),
    names: tuple[str, ...] = (MX1,),
    service: Service = Service.SMTP,
    *,
    keeps_key: bool = False,
    chain: tuple[Der, ...] = (),
) -> PresentCertificate:
    return PresentCertificate(service, host, at, names, keeps_key=keeps_key, chain=chain)


def test_a_certificate_has_the_names_too_that_an_earlier_one_has_the_same_server_show() -> None:
    mx = Publish("example.com", MxValue(10, MX1))
    made = (
        shown(),
        mx,
        shown(at=(V6,), names=("second.example.com",)),
        shown(names=("third.example.com", MX1)),
    )
    assert list(_with_earlier_names(made)) == [
        shown(),
        mx,
        shown(at=(V6,), names=("second.example.com", MX1)),
        shown(names=("third.example.com", MX1, "second.example.com")),
    ]


def test_names_are_handed_on_from_certificate_to_certificate() -> None:
    second, third = (shown(names=(f"{name}.example.com",)) for name in ("second", "third"))
    assert list(_with_earlier_names((shown(), second, third))) == [
        shown(),
        shown(names=("second.example.com", MX1)),
        shown(names=("third.example.com", "second.example.com", MX1)),
    ]


@pytest.mark.parametrize(
    "other",
    [
        shown(MX2, names=(MX2,)),
        shown(at=(OTHER,), names=("second.example.com",)),
        shown(service=Service.HTTPS, names=(HOST,)),
    ],
    ids=["another host", "another address", "another service"],
)
def test_a_certificate_of_another_server_has_its_own_names_alone(other: PresentCertificate) -> None:
    assert list(_with_earlier_names((shown(), other))) == [shown(), other]


TLSA = Publish(f"_25._tcp.{MX1}", TlsaValue(3, 1, 1, "ab" * 32))


@pytest.mark.parametrize(
    ("own", "done", "is_of_old_key"),
    [
        ((TLSA,), (shown(),), True),
        ((Publish("example.com", MxValue(10, MX1)), TLSA), (TLSA, shown()), True),
        ((TLSA,), (), False),
        ((TLSA,), (TLSA,), False),
        ((TLSA,), (shown(keeps_key=True),), False),
        ((TLSA,), (shown(chain=(Der(b"at hand"),)),), False),
        ((TLSA,), (shown(service=Service.HTTPS),), False),
        ((Publish("example.com", MxValue(10, MX1)),), (shown(),), False),
        ((shown(),), (shown(),), False),
        ((), (shown(),), False),
    ],
)
def test_records_name_an_old_key_that_are_published_after_a_certificate_which_may_have_come_with_another(
    own: tuple[Change, ...], done: tuple[Change, ...], *, is_of_old_key: bool
) -> None:
    assert _is_of_old_key(own, done) is is_of_old_key


def test_the_reasons_are_those_of_affected_senders_that_decide_and_may_refuse() -> None:
    after = (
        does("google", Verdict.REFUSED, because=("first", "second")),
        does("mox", Verdict.AT_RISK, because=("second", "third")),
        does("rfc8461", because=("delivers",)),
        does("courier", Verdict.UNKNOWN, because=("unknown",)),
        does("kumomta", Verdict.REFUSED, because=("unaffected",)),
        does("chasquid", Verdict.REFUSED, because=("guessed",), confidence=Confidence.GUESS),
    )
    affected = frozenset({"google", "mox", "rfc8461", "courier", "chasquid"})
    assert _reasons(after, affected) == ("first", "second", "third")
    assert _reasons(after, frozenset()) == ()


WAIT = Wait("example.com", Awaited.MAX_AGE, 60, GOOD.at)
HELD = Memory(GOOD.policy, GOOD.at, "20260601")


@pytest.mark.parametrize(
    ("memories", "waits"), [((), False), ((LevelMemory(SessionLevel.PLAIN),), False), ((HELD,), True)]
)
def test_a_wait_counts_only_where_a_policy_is_remembered(
    memories: tuple[Memory | LevelMemory, ...], *, waits: bool
) -> None:
    senders = tuple(one for one in SENDERS if one.id == "rfc8461")
    trial = _Trial(collect(GOOD), GOOD.at, memories, senders, (deliveries()["rfc8461"],))
    assert (trial.verified((WAIT,)) is trial.verified(())) is not waits
    assert trial.verified((TLSA, TLSA)) is trial.verified((TLSA,))


@functools.cache
def alias() -> WordedFinding:
    """Return the finding of an alias that has two ways beside the best one."""
    report = SeenScenario(collect(INCIDENT), (), INCIDENT.at).report()
    finding = next(one for one in report.findings if one.code == Code.MX_ALIAS)
    return msgspec.structs.replace(finding, otherwise=("Say so.", *map(paragraph, finding.ways)))


def fix(standing: Remedied, words: str = "") -> VerifiedFix:
    return VerifiedFix(standing, (), words, ("along",), ("then",), (), ())


MENDS, UNSEEN, HARMS = fix(Remedied.MENDS), fix(Remedied.UNKNOWN), fix(Remedied.HARMS)


def test_where_the_best_way_holds_the_others_are_printed_that_hold_and_were_seen_whole() -> None:
    first, second = alias().ways
    held = _held(
        alias(), _Judged(MENDS, holds=True), [_Judged(UNSEEN, holds=True), _Judged(MENDS, holds=True)]
    )
    assert (held.steps, held.changes, held.verified) == (alias().steps, alias().changes, MENDS)
    assert held.ways == (msgspec.structs.replace(second, verified=MENDS),)
    assert held.otherwise == ("Say so.", paragraph(second))
    plain = _held(alias(), None, [_Judged(MENDS, holds=True), _Judged(HARMS, holds=False)])
    assert (plain.steps, plain.verified) == (alias().steps, None)
    assert plain.ways == (msgspec.structs.replace(first, verified=MENDS),)


def test_where_the_best_way_does_not_hold_the_first_that_does_stands_in_for_it() -> None:
    first, second = alias().ways
    both = [_Judged(MENDS, holds=True)] * 2
    held = _held(alias(), _Judged(HARMS, holds=False), both)
    assert (held.steps, held.changes, held.duties) == (first.steps, first.changes, first.duties)
    assert held.verified == MENDS
    assert held.ways == (msgspec.structs.replace(second, verified=MENDS),)


@pytest.mark.parametrize(
    ("best", "others", "why"),
    [
        (_Judged(HARMS, holds=False), [], withheld(HARMS, Code.MX_ALIAS)),
        (_Judged(HARMS, holds=False), [_Judged(MENDS, holds=False)] * 2, withheld(HARMS, Code.MX_ALIAS)),
        (
            _Judged(MENDS, holds=False, clashes=("cert-expired",), is_early=True),
            [_Judged(MENDS, holds=True)] * 2,
            not_yet(("cert-expired",)),
        ),
    ],
    ids=["nothing else", "nothing that holds", "too early"],
)
def test_where_no_way_holds_or_it_is_too_early_a_sentence_says_why(
    best: _Judged, others: list[_Judged], why: str
) -> None:
    held = _held(alias(), best, others)
    assert (held.steps, held.changes, held.ways, held.duties) == ((), (), (), ())
    assert (held.otherwise, held.verified) == ((why, "Say so."), best.fix)

"""What of several findings stands first, what each rests on, and how much each weighs: by those whom it stops, and by its cause."""

import pytest

from mxproof.judge.checks import findings
from mxproof.judge.codes import BOGUS_CAUSES, Code
from mxproof.judge.judging import UNKNOWNS_MAX, founded, report_on, weight_of, worst
from mxproof.judge.report import Delivery, Finding
from mxproof.judge.vocabulary import WORST_FIRST, Confidence, Severity, Verdict
from mxproof.mail.assemble import assemble
from mxproof.survey.reading import ADDRESSES_MAX
from support_certificates import NOW
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, MX1, WORLDS

DELIVERS, AT_RISK, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED, Verdict.UNKNOWN


def sender(id_: str, outcome: Verdict, *because: Code, is_guess: bool = False) -> Delivery:
    confidence = Confidence.GUESS if is_guess else Confidence.OBSERVED
    return Delivery(id_, id_, outcome, confidence, None, because, None, ())


@pytest.mark.parametrize(
    ("deliveries", "severity", "affects"),
    [
        ((sender("a", REFUSED, Code.MX_ALIAS),), Severity.ERROR, ("a",)),
        ((sender("a", AT_RISK, Code.MX_ALIAS),), Severity.ERROR, ("a",)),
        ((sender("a", UNKNOWN, Code.MX_ALIAS),), Severity.WARNING, ("a",)),
        ((sender("a", DELIVERS, Code.MX_ALIAS),), Severity.WARNING, ("a",)),
        ((sender("a", REFUSED, Code.MX_ALIAS, is_guess=True),), Severity.WARNING, ("a",)),
        ((sender("a", REFUSED, Code.MX_NULL),), Severity.WARNING, ()),
        (
            (sender("a", DELIVERS, Code.MX_ALIAS), sender("b", REFUSED), sender("c", REFUSED, Code.MX_ALIAS)),
            Severity.ERROR,
            ("a", "c"),
        ),
        ((), Severity.WARNING, ()),
    ],
)
def test_a_finding_is_an_error_where_it_stops_a_sender_that_decides(
    deliveries: tuple[Delivery, ...], severity: Severity, affects: tuple[str, ...]
) -> None:
    assert weight_of(Code.MX_ALIAS, deliveries) == (severity, affects)


@pytest.mark.parametrize("code", BOGUS_CAUSES)
def test_what_makes_signatures_bogus_weighs_as_that_they_are(code: Code) -> None:
    stopped = (sender("a", REFUSED, Code.DNSSEC_BOGUS), sender("b", DELIVERS))
    assert weight_of(code, stopped) == (Severity.ERROR, ("a",))
    assert weight_of(Code.DNSSEC_BOGUS, stopped) == (Severity.ERROR, ("a",))
    assert weight_of(code, (sender("a", REFUSED, code),))[1] == ()


def test_the_worst_is_that_of_those_who_decide() -> None:
    for place, outcome in enumerate(WORST_FIRST):
        others = [sender(f"{number}", one) for number, one in enumerate(WORST_FIRST[place:])]
        guess = sender("guess", WORST_FIRST[0], is_guess=True)
        assert worst([guess, *others[::-1]]) is outcome


def test_a_finding_rests_once_on_each_question_that_was_answered_and_on_silence_where_it_tells_of_that() -> (
    None
):
    evidence = collect(GOOD.zone_with("_mta-sts.example.com TXT !timeout"))
    silent = next(one for one in evidence.answers if one.name == "_mta-sts.example.com")
    answered = next(one for one in evidence.answers if one.name == MX1)
    rests = (answered, silent, answered, silent)
    found = founded(
        [Finding(code, MX1, {}, rests) for code in (Code.MX_ALIAS, Code.STS_RECORD_UNANSWERED)], evidence
    )
    assert [one.evidence for one in found] == [(answered,), rests]
    assert [one.code for one in found] == [Code.MX_ALIAS, Code.STS_RECORD_UNANSWERED]


WEIGHTS = [Severity.ERROR, Severity.WARNING, Severity.NOTICE, Severity.OK]


@pytest.mark.parametrize(
    "world",
    [
        WORLDS[Code.STS_POLICY_DIFFERS].world,
        GOOD.but(smtp={"192.0.2.2": Smtp(names=("other.example.net",))}).zone_with(
            "_smtp._tls.example.com TXT", "192.0.2.1 PTR h.example.net"
        ),
        GOOD.zone_with("_smtp._tls.example.com TXT", "_mta-sts.example.com TXT", "mta-sts.example.com A"),
    ],
    ids=["policies differ", "a name", "nothing there"],
)
def test_findings_stand_by_weight_then_by_how_many_they_stop_then_causes_and_absences_last(
    world: ZoneWorld,
) -> None:
    report = report_on(collect(world), now=world.at)
    causes, absences = {Code.STS_POLICY_DIFFERS, *BOGUS_CAUSES}, {Code.STS_ABSENT, Code.TLSRPT_MISSING}
    order = [
        (WEIGHTS.index(one.severity), -len(one.affects), one.code not in causes, one.code in absences)
        for one in report.findings
    ]
    assert order == sorted(order)
    assert len(set(order)) > 1
    made = [(one.code, one.subject) for one in findings(assemble(collect(world), world.at))]
    assert sorted(made) == sorted((one.code, one.subject) for one in report.findings)


def test_of_two_that_stop_as_many_the_one_that_brings_about_the_other_stands_first() -> None:
    report = report_on(collect(WORLDS[Code.STS_POLICY_DIFFERS].world), now=NOW)
    errors = [one.code for one in report.findings if one.severity is Severity.ERROR]
    assert errors[:1] == [Code.STS_POLICY_DIFFERS] or Code.STS_POLICY_DIFFERS not in errors
    weights = [one.code for one in report.findings if one.severity is report.findings[0].severity]
    assert weights[0] == Code.STS_POLICY_DIFFERS


def test_a_report_says_when_it_was_judged_only_where_that_is_another_moment() -> None:
    evidence = collect(GOOD)
    at = evidence.observed_at()
    same, later = report_on(evidence, now=at), report_on(evidence, now=at.replace(year=at.year + 1))
    assert (same.observed_at, same.judged_at) == (at, None)
    assert (later.observed_at, later.judged_at) == (at, at.replace(year=at.year + 1))


def test_no_more_unknowns_are_listed_than_there_is_room_for_and_those_without_an_answer_first() -> None:
    lines = [f"example.com MX {place} h{place}.example.com" for place in (1, 2)]
    many = [
        f"h{place}.example.com A 198.51.100.{number}"
        for place in (1, 2)
        for number in range(1, ADDRESSES_MAX + 60)
    ]
    world = GOOD.zone_with(*lines, *many, "_mta-sts.example.com TXT !timeout")
    found = report_on(collect(world), now=world.at).unknowns
    assert len(found) == UNKNOWNS_MAX
    assert found[0].question == "TXT _mta-sts.example.com"

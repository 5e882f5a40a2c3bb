"""What is said of SPF where several names, addresses and records meet, and what each rests on."""

from functools import cache

import msgspec

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.formats.spf import examine_spf
from mxproof.judge.checks import spf
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.spf import GreetingEvaluation, HostEvaluation, Spf, VisitedRecord
from mxproof.survey.spf import Greeting
from mxproof.survey.spf_evaluation import Client, Evaluation, SpfCause, SpfResult
from support_certificates import NOW
from support_world import collect
from support_worlds import GOOD

OWN = Question(Kind.TXT, "example.com")
FIRST, SECOND, THIRD = (Question(Kind.TXT, f"{name}.example.net") for name in ("a", "b", "c"))
ADDRESSES = tuple(
    Question(kind, name) for name in ("mx1.example.com", "mx2.example.com") for kind in (Kind.A, Kind.AAAA)
)
SESSIONS = (
    Question(Kind.SMTP, "mx1.example.com", "192.0.2.1"),
    Question(Kind.SMTP, "mx1.example.com", "2001:db8::1"),
    Question(Kind.SMTP, "mx2.example.com", "192.0.2.2"),
)
MX = Question(Kind.MX, "example.com")


@cache
def good() -> MailDomain:
    return assemble(collect(GOOD), NOW)


def came_to(
    result: SpfResult, *asked: Question, cause: SpfCause | None = None, domain: str = "example.com"
) -> Evaluation:
    return Evaluation(result, cause, domain, "", None, (), (), asked, ())


def greeted(name: str, address: str, result: SpfResult, *asked: Question) -> GreetingEvaluation:
    return GreetingEvaluation(Greeting("mx", name, Client(4, address, name, name)), came_to(result, *asked))


def visited(question: Question, text: bytes = b"v=spf1 -all", *, large: bool = False) -> VisitedRecord:
    return VisitedRecord(question, examine_spf(text), 1, 600, large)


def said(
    *strangers: Evaluation,
    hosts: tuple[HostEvaluation, ...] = (),
    greetings: tuple[GreetingEvaluation, ...] = (),
    records: tuple[VisitedRecord, ...] = (),
) -> list[Finding]:
    text = b"v=spf1 mx -all"
    seen = Spf(
        "example.com",
        OWN,
        Answer(Outcome.FOUND, NOW),
        (text,),
        examine_spf(text),
        strangers or (came_to(SpfResult.FAIL, OWN),),
        hosts,
        greetings,
        (),
        records,
    )
    return list(spf.check(msgspec.structs.replace(good(), spf=seen)))


def only(found: list[Finding], code: Code) -> Finding:
    (finding,) = (one for one in found if one.code == code)
    return finding


def test_a_helo_name_of_several_addresses_is_told_once_with_its_first_result_and_all_that_each_rests_on() -> (
    None
):
    found = said(
        greetings=(
            greeted("a.example.net", "192.0.2.1", SpfResult.FAIL, FIRST, OWN),
            greeted("b.example.net", "192.0.2.2", SpfResult.PASS, SECOND),
            greeted("a.example.net", "192.0.2.3", SpfResult.SOFTFAIL, THIRD, FIRST),
            greeted("c.example.net", "192.0.2.4", SpfResult.PERMERROR, SECOND),
            greeted("a.example.net", "192.0.2.5", SpfResult.NEUTRAL),
        )
    )
    told = {one.subject: one for one in found if one.code == Code.SPF_HELO_FAILED}
    assert list(told) == ["a.example.net", "c.example.net"]
    first, second = told.values()
    assert dict(first.params) == {"addresses": ("192.0.2.1", "192.0.2.3"), "result": "fail"}
    assert first.evidence == (MX, *ADDRESSES, *SESSIONS, FIRST, OWN, THIRD)
    assert dict(second.params) == {"addresses": ("192.0.2.4",), "result": "permerror"}
    assert second.evidence == (MX, *ADDRESSES, *SESSIONS, SECOND)


def test_an_included_record_rests_on_the_way_to_it_and_on_itself() -> None:
    ptr = b"v=spf1 ptr -all"
    found = said(
        records=(visited(OWN), visited(FIRST, ptr, large=True), visited(SECOND, ptr), visited(THIRD))
    )
    told = [(one.subject, one.evidence) for one in found if one.code == Code.SPF_PTR]
    assert told == [("a.example.net", (OWN, FIRST)), ("b.example.net", (OWN, FIRST, SECOND))]
    large = only(found, Code.SPF_ANSWER_LARGE)
    assert (large.subject, large.evidence) == ("a.example.net", (OWN, FIRST))
    assert dict(large.params) == {"domain": "example.com", "count": 1, "size": 600}


def test_hosts_that_are_not_covered_are_told_together_with_each_address_and_result_once() -> None:
    found = said(
        hosts=(
            HostEvaluation("mx1.example.com", "192.0.2.1", came_to(SpfResult.FAIL, OWN, FIRST)),
            HostEvaluation("mx1.example.com", "2001:db8::1", came_to(SpfResult.PASS, THIRD)),
            HostEvaluation("mx2.example.com", "192.0.2.2", came_to(SpfResult.SOFTFAIL, OWN, SECOND)),
            HostEvaluation("mx3.example.com", "192.0.2.3", came_to(SpfResult.FAIL, OWN)),
        )
    )
    uncovered = only(found, Code.SPF_MX_UNCOVERED)
    assert dict(uncovered.params) == {
        "addresses": (
            "mx1.example.com (192.0.2.1)",
            "mx2.example.com (192.0.2.2)",
            "mx3.example.com (192.0.2.3)",
        ),
        "results": ("fail", "softfail"),
    }
    assert uncovered.evidence == (MX, *ADDRESSES, OWN, FIRST, SECOND)


def test_an_error_that_both_families_meet_is_told_once_and_two_errors_each() -> None:
    error = SpfResult.PERMERROR
    voids = came_to(error, OWN, cause=SpfCause.VOIDS)
    assert [one.code for one in said(voids, voids)] == [Code.SPF_VOIDS_MANY]
    syntax = came_to(error, FIRST, cause=SpfCause.SYNTAX, domain="a.example.net")
    found = said(voids, syntax)
    assert [(one.code, one.subject, one.evidence) for one in found] == [
        (Code.SPF_VOIDS_MANY, "example.com", (OWN,)),
        (Code.SPF_INVALID, "a.example.net", (FIRST,)),
    ]


def test_one_family_that_passes_makes_the_record_open_and_rests_on_that_alone() -> None:
    found = said(came_to(SpfResult.FAIL, OWN), came_to(SpfResult.PASS, FIRST))
    assert [(one.code, one.evidence) for one in found] == [(Code.SPF_OPEN, (FIRST,))]
    mixed = said(came_to(SpfResult.NEUTRAL, OWN), came_to(SpfResult.FAIL, FIRST))
    assert mixed == []
    soft = said(came_to(SpfResult.SOFTFAIL, OWN, FIRST), came_to(SpfResult.FAIL, FIRST, SECOND))
    assert [(one.code, one.params["result"], one.evidence) for one in soft] == [
        (Code.SPF_OK, "softfail", (OWN, FIRST, SECOND))
    ]

"""What is asked of each name server of a domain: the records of mail, and an alias beside each name that has some."""

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Outcome, Question, Vantage
from mxproof.survey import authentication
from mxproof.survey.paths import alias_questions, beside_aliases, keys, needed, records, wanted
from mxproof.survey.served import HOSTS_COMPARED_MAX
from support_world import ZoneWorld, collect
from support_worlds import GOOD, INCIDENT, MX1, MX2, PATHS

RECEIVED = (
    Question(Kind.MX, "example.com"),
    Question(Kind.TXT, "_mta-sts.example.com"),
    Question(Kind.TXT, "_smtp._tls.example.com"),
)
HOST_OF_POLICY = Question(Kind.A, "mta-sts.example.com")


def beside(world: ZoneWorld) -> tuple[Question, ...]:
    return beside_aliases(collect(world))


def test_one_look_up_of_each_name_with_records_is_held_against_an_alias() -> None:
    whole = (*RECEIVED, HOST_OF_POLICY, Question(Kind.A, MX1), Question(Kind.A, MX2))
    assert beside(GOOD) == whole
    assert alias_questions(collect(GOOD)) == tuple(Question(Kind.CNAME, one.name) for one in whole)
    six = GOOD.zone_with(f"{MX1} A")
    assert beside(six) == (*RECEIVED, HOST_OF_POLICY, Question(Kind.AAAA, MX1), Question(Kind.A, MX2))


def test_a_name_that_was_found_by_an_alias_is_not_asked_for_one() -> None:
    assert beside(INCIDENT) == (*RECEIVED, HOST_OF_POLICY)


@pytest.mark.parametrize("said", ["", "!timeout", "!servfail", "!bogus", "!nxdomain"])
def test_a_name_whose_records_were_not_found_is_not_asked_for_an_alias(said: str) -> None:
    world = GOOD.zone_with(f"_mta-sts.example.com TXT {said}".strip())
    assert beside(world) == (
        RECEIVED[0],
        *RECEIVED[2:],
        HOST_OF_POLICY,
        Question(Kind.A, MX1),
        Question(Kind.A, MX2),
    )


def test_records_of_an_answer_that_failed_are_none() -> None:
    evidence = collect(GOOD)
    failed = msgspec.structs.replace(evidence.answer(HOST_OF_POLICY), outcome=Outcome.BOGUS)
    assert HOST_OF_POLICY not in beside_aliases(evidence.with_answers([(HOST_OF_POLICY, failed)]))


def test_of_many_hosts_some_are_held_against_an_alias() -> None:
    many = [f"example.com MX 10 mx{number:02}.example.com" for number in range(HOSTS_COMPARED_MAX + 1)]
    many += [f"mx{number:02}.example.com A 192.0.2.1" for number in range(HOSTS_COMPARED_MAX + 1)]
    assert len(beside(GOOD.zone_with(*many))) == len(RECEIVED) + 1 + HOSTS_COMPARED_MAX


def test_a_host_that_cannot_be_asked_for_is_left_out() -> None:
    odd = beside(GOOD.zone_with("example.com MX 10 192.0.2.1", f"example.com MX 20 {MX2}"))
    assert odd == (*RECEIVED, HOST_OF_POLICY, Question(Kind.A, MX2))


def test_the_records_that_decide_are_those_of_mail_received_and_of_mail_sent() -> None:
    evidence = Evidence("example.com", Vantage(selectors=("s1", "")))
    assert keys(evidence) == ("s1._domainkey.example.com",)
    assert records(evidence) == (*RECEIVED, *authentication.records(evidence, keys(evidence)))


def test_what_is_answered_is_wanted_no_more() -> None:
    evidence = collect(PATHS)
    assert {*alias_questions(evidence)} <= {*needed(evidence)}
    assert wanted(evidence) == ()
    (first, *_) = needed(evidence)
    assert wanted(evidence.without([first])) == (first,)

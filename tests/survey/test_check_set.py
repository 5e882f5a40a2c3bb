"""Sets of checks: what is asked of them, and what evidence tells of it."""

import pytest

from mxproof.evidence import Evidence, Vantage
from mxproof.survey import inbound, served
from mxproof.survey.check_set import (
    DEFAULT_SETS,
    CheckSet,
    as_recorded,
    asked_sets,
    survey_of,
    with_required,
)

START = Evidence("example.com")


def test_evidence_that_names_no_set_is_of_the_default() -> None:
    assert as_recorded(DEFAULT_SETS) == ()
    assert asked_sets(START) == DEFAULT_SETS


@pytest.mark.parametrize("sets", [(CheckSet.SPF,), (CheckSet.ARRIVAL,), tuple(CheckSet)])
def test_what_is_recorded_is_read_back(sets: tuple[CheckSet, ...]) -> None:
    assert asked_sets(Evidence("example.com", Vantage(sets=as_recorded(sets)))) == sets


def test_a_set_of_a_later_version_is_passed_over() -> None:
    assert asked_sets(Evidence("example.com", Vantage(sets=("spf", "to-come")))) == (CheckSet.SPF,)


def test_the_default_asks_what_it_asked_before_sets_had_names() -> None:
    assert survey_of(DEFAULT_SETS)(START) == served.wanted(START)
    assert survey_of((CheckSet.ARRIVAL,))(START) == inbound.wanted(START)


def test_a_question_that_several_sets_want_is_asked_once() -> None:
    wanted = survey_of(tuple(CheckSet))(START)
    assert len(wanted) == len(set(wanted))
    assert set(wanted) >= set(survey_of((CheckSet.SPF,))(START))


def test_name_servers_are_compared_in_what_arrival_asks() -> None:
    assert with_required((CheckSet.NAME_SERVERS,)) == DEFAULT_SETS
    assert with_required((CheckSet.DMARC,)) == (CheckSet.DMARC,)


@pytest.mark.parametrize("one", CheckSet)
def test_what_is_asked_of_the_mail_hosts_or_of_reports_is_nothing_without_arrival(one: CheckSet) -> None:
    alone = {
        CheckSet.ARRIVAL,
        CheckSet.NAME_SERVER_PATHS,
        CheckSet.SPF,
        CheckSet.DMARC,
        CheckSet.DKIM,
        CheckSet.SENDING,
        CheckSet.DNSBL,
    }
    assert with_required((one,)) == ((one,) if one in alone else (CheckSet.ARRIVAL, one))

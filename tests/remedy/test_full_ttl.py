"""Times to live are those that the name servers give, whatever is left of them in the resolver's cache."""

import msgspec
import pytest

from mxproof.evidence import Alias, Answer, DnsData, Evidence, Kind, Outcome, Question
from mxproof.remedy.full_ttl import with_full_ttls
from mxproof.remedy.planning import plan_for
from support_scenarios import AT, seen

INCIDENT = seen("incident").evidence
MX = Question(Kind.MX, "example.com")
ADDRESS = Question(Kind.A, "mxi1.example.com")
SERVER = "203.0.113.53"
FULL_S, LEFT_S = 7200, 12


def _lived(answer: Answer, ttl_s: int) -> Answer:
    assert isinstance(answer.data, DnsData)
    chain = tuple(Alias(one.name, one.target, ttl_s) for one in answer.data.chain)
    return msgspec.structs.replace(
        answer, data=msgspec.structs.replace(answer.data, chain=chain), ttl_s=ttl_s
    )


def _counted_down(*asked: Question) -> Evidence:
    """Return evidence in which the resolver has little left of what a name server gives for longer."""
    answers = {one: _lived(INCIDENT.answers[one], LEFT_S) for one in asked}
    full = {
        msgspec.structs.replace(one, server=SERVER): _lived(INCIDENT.answers[one], FULL_S) for one in asked
    }
    return INCIDENT.with_answers((answers | full).items())


def test_a_record_lives_as_long_as_its_server_says() -> None:
    assert with_full_ttls(_counted_down(MX)).answer(MX).ttl_s == FULL_S


@pytest.mark.parametrize("given", [(FULL_S, 60), (60, FULL_S)])
def test_of_servers_that_differ_the_one_that_gives_longest_counts(given: tuple[int, int]) -> None:
    for asked in (MX, ADDRESS):
        found = INCIDENT.answers[asked]
        servers = [
            (msgspec.structs.replace(asked, server=server), _lived(found, ttl_s))
            for server, ttl_s in zip((SERVER, "198.51.100.53"), given, strict=True)
        ]
        full = with_full_ttls(INCIDENT.with_answers(((asked, _lived(found, LEFT_S)), *servers)))
        assert full.answer(asked) == _lived(found, FULL_S)


def test_so_does_every_alias_on_the_way_to_it() -> None:
    data = with_full_ttls(_counted_down(ADDRESS)).answer(ADDRESS).data
    assert isinstance(data, DnsData)
    assert {one.ttl_s for one in data.chain} == {FULL_S}


def test_a_time_to_live_is_never_made_shorter() -> None:
    short = msgspec.structs.replace(MX, server=SERVER)
    evidence = INCIDENT.with_answers(
        ((MX, _lived(INCIDENT.answers[MX], FULL_S)), (short, _lived(INCIDENT.answers[MX], LEFT_S)))
    )
    assert with_full_ttls(evidence).answer(MX).ttl_s == FULL_S


def test_what_no_server_was_asked_for_stays_as_it_is() -> None:
    absent = Answer(Outcome.NXDOMAIN, AT, DnsData("NXDOMAIN", secure=False), LEFT_S)
    asked = Question(Kind.A, "nowhere.example.com")
    evidence = INCIDENT.with_answers(((asked, absent),))
    assert with_full_ttls(evidence).answer(asked) == absent


def test_a_plan_waits_for_what_the_servers_give_and_not_for_what_a_cache_had_left() -> None:
    low = _counted_down(MX, ADDRESS)
    full = with_full_ttls(low)
    assert full != low
    assert plan_for(low, now=AT).ways == plan_for(full, now=AT).ways

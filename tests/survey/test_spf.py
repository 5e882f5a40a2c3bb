"""What the survey of SPF asks, and that it has an end."""

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Question, Transport
from mxproof.mail.spf import spf_of
from mxproof.survey.check_set import CheckSet
from mxproof.survey.spf import greetings, needed, wanted
from support_evidence import Spy
from support_sending import SENDING, SPF_WORLDS
from support_world import Smtp, ZoneWorld, collect

ALONE = {code: world.but(sets=(CheckSet.SPF,)) for code, world in SPF_WORLDS.items()}


@pytest.mark.parametrize("world", ALONE.values(), ids=ALONE.keys())
def test_all_that_is_read_is_asked(world: ZoneWorld) -> None:
    evidence = collect(world)
    spy = Spy(evidence.answers)
    spf_of(msgspec.structs.replace(evidence, answers=spy))
    read = {one for one in spy.read if one.kind is not Kind.SMTP}
    assert read - set(needed(evidence)) == set()
    assert wanted(evidence) == ()


def test_the_first_questions_wait_for_nothing() -> None:
    assert wanted(Evidence("example.com")) == (
        Question(Kind.TXT, "example.com"),
        Question(Kind.MX, "example.com"),
    )


def test_a_look_up_that_fails_is_asked_of_each_server_of_its_zone() -> None:
    world = SENDING.zone_with("_spf.example.net TXT !timeout").but(sets=(CheckSet.SPF,))
    at_servers = {one for one in collect(world).answers if one.server}
    assert at_servers == {
        Question(Kind.TXT, "_spf.example.net", server="203.0.113.53", transport=transport)
        for transport in (Transport.UDP, Transport.TCP)
    }


def test_a_sound_domain_has_no_server_asked() -> None:
    answers = collect(SENDING.but(sets=(CheckSet.SPF,))).answers
    assert Question(Kind.TXT, "example.com") in answers
    assert [one for one in answers if one.server] == []


def test_hosts_are_looked_at_by_their_names_and_by_those_they_greet_with() -> None:
    called = SENDING.but(smtp={"192.0.2.2": Smtp(name="mx.example.com")})
    names = {greeting.name for greeting, _ in greetings(collect(called))}
    assert names == {"mx1.example.com", "mx2.example.com", "mx.example.com"}
    alone = {greeting.name for greeting, _ in greetings(collect(SENDING.but(sets=(CheckSet.SPF,))))}
    assert alone == {"mx1.example.com", "mx2.example.com"}

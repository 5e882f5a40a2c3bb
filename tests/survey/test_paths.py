"""What the survey of the ways to each name server asks, and that it has an end."""

from functools import cache

import msgspec

from mxproof.evidence import Answer, Evidence, Kind, Outcome, Question, Vantage
from mxproof.survey.paths import alias_questions, beside_aliases, keys, needed, records, wanted
from mxproof.survey.served import HOSTS_COMPARED_MAX
from support_world import ZoneWorld, collect
from support_worlds import MX1, MX2, NAMED, NS1, NS2, PATHS

MX = Question(Kind.MX, "example.com")
STS = Question(Kind.TXT, "_mta-sts.example.com")
TLSRPT = Question(Kind.TXT, "_smtp._tls.example.com")
SPF = Question(Kind.TXT, "example.com")
DMARC = Question(Kind.TXT, "_dmarc.example.com")
INCLUDED = Question(Kind.TXT, "_spf.example.net")
KEY = Question(Kind.TXT, "s2._domainkey.example.com")
POLICY_HOST = Question(Kind.A, "mta-sts.example.com")
HOSTS = (Question(Kind.A, MX1), Question(Kind.A, MX2))


@cache
def evidence() -> Evidence:
    """Return what is seen where every server answers."""
    return collect(PATHS)


def resolved(world: ZoneWorld) -> Evidence:
    """Return what the resolver alone says of mail."""
    return collect(world.but(sets=(), name_servers=None))


def test_the_records_of_mail_received_stand_before_those_of_mail_sent() -> None:
    assert records(evidence()) == (MX, STS, TLSRPT, SPF, DMARC, INCLUDED)


def test_keys_are_asked_for_where_their_selectors_were_named() -> None:
    named = msgspec.structs.replace(evidence(), vantage=Vantage(selectors=("s2", "no selector")))
    assert (keys(evidence()), keys(named)) == ((), (KEY.name,))
    assert records(named) == (MX, STS, TLSRPT, SPF, DMARC, KEY, INCLUDED)


def test_the_first_questions_wait_for_nothing() -> None:
    zone_of = [Question(Kind.NS, one.name) for one in (MX, STS, TLSRPT, DMARC)]
    want = {MX, STS, TLSRPT, SPF, DMARC, *zone_of, Question(Kind.NS, "com")}
    assert set(wanted(Evidence("example.com"))) == want


def test_every_question_is_wanted_until_it_is_answered() -> None:
    assert wanted(evidence()) == ()
    without = {question: answer for question, answer in evidence().answers.items() if question != STS}
    assert wanted(msgspec.structs.replace(evidence(), answers=without)) == (STS,)


def test_each_question_is_put_once() -> None:
    every = needed(evidence())
    assert len(set(every)) == len(every)
    assert {one.server for one in every if one.name == MX.name and one.kind is Kind.MX} == {"", *NS1, *NS2}


def test_an_alias_is_looked_for_beside_each_record_that_was_found() -> None:
    found = (MX, STS, TLSRPT, POLICY_HOST, *HOSTS)
    assert beside_aliases(resolved(NAMED)) == found
    assert alias_questions(resolved(NAMED)) == tuple(Question(Kind.CNAME, one.name) for one in found)


def test_a_host_with_addresses_of_one_family_is_known_by_those() -> None:
    v6 = NAMED.zone_with(f"{MX1} A")
    assert Question(Kind.AAAA, MX1) in beside_aliases(resolved(v6))
    assert Question(Kind.A, MX1) not in beside_aliases(resolved(v6))


def test_no_alias_is_looked_for_where_there_is_one_nothing_or_no_answer() -> None:
    alias = NAMED.zone_with(f"{MX1} CNAME smol.example.com", "smol.example.com A 192.0.2.1")
    assert beside_aliases(resolved(alias)) == (MX, STS, TLSRPT, POLICY_HOST, HOSTS[1])
    for line in ("_mta-sts.example.com TXT", "_mta-sts.example.com TXT !timeout"):
        assert STS not in beside_aliases(resolved(NAMED.zone_with(line)))


def test_hosts_beyond_those_that_are_compared_are_left_out() -> None:
    count = HOSTS_COMPARED_MAX + 1
    many = NAMED.zone_with(
        *(f"example.com MX {place} mx{place}.example.com" for place in range(1, count + 1)),
        f"{MX1} AAAA",
        *(f"mx{place}.example.com A 192.0.2.1" for place in range(1, count + 1)),
    )
    names = [one.name for one in beside_aliases(resolved(many))][4:]
    assert names == [f"mx{place}.example.com" for place in range(1, count)]


def test_a_host_that_is_no_name_to_ask_for_is_passed_over_and_takes_no_place() -> None:
    literal = resolved(NAMED.zone_with("example.com MX 5 192.0.2.1", f"example.com MX 10 {MX1}"))
    found = Answer(Outcome.FOUND, NAMED.at, evidence().answer(HOSTS[0]).data)
    asked = literal.with_answers([(Question(Kind.A, "192.0.2.1"), found)])
    assert beside_aliases(asked) == (MX, STS, TLSRPT, POLICY_HOST, HOSTS[0])

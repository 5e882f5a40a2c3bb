"""What the survey of SPF asks, and that it has an end."""

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Evidence,
    Kind,
    MxRecord,
    Outcome,
    Question,
    SmtpData,
    SmtpLine,
    SmtpStage,
    Transport,
    TxtRecord,
)
from mxproof.mail.spf import spf_of
from mxproof.survey.check_set import CheckSet
from mxproof.survey.spf import FAILED_MAX, failed, greetings, needed, wanted
from mxproof.survey.spf_evaluation import Client, Evaluation, evaluate
from support_answers import Said, told
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


def evaluation(domain: str, said: Said) -> Evaluation:
    """Return what comes of a domain whose record is answered so."""
    evidence = told({Question(Kind.TXT, domain): said})
    return evaluate(evidence, Client(4, "", f"postmaster@{domain}", domain))


def test_three_look_ups_that_failed_are_asked_again_each_once() -> None:
    names = [f"d{number}.example" for number in range(FAILED_MAX + 1)]
    silent = [evaluation(name, Outcome.TIMEOUT) for name in (names[0], *names)]
    sound = [
        evaluation("a.example", Outcome.NXDOMAIN),
        evaluation("b.example", Outcome.UNASKED),
        evaluation("c.example", (TxtRecord(b"v=spf1 oops -all"),)),
    ]
    assert failed((*sound, *silent)) == tuple(Question(Kind.TXT, name) for name in names[:FAILED_MAX])
    assert failed(tuple(sound)) == ()


def greeted(world: ZoneWorld) -> list[tuple[str, str, str]]:
    """Return host, name and address of each greeting that is looked at."""
    found = (one for one, _ in greetings(collect(world.but(sets=(CheckSet.ARRIVAL, CheckSet.SPF)))))
    return sorted((one.host, one.name, one.client.address) for one in found)


MX1, MX2 = "mx1.example.com", "mx2.example.com"


def test_a_name_is_looked_at_from_each_address_that_greets_with_it() -> None:
    assert greeted(SENDING) == [
        (MX1, MX1, "192.0.2.1"),
        (MX1, MX1, "2001:db8::1"),
        (MX2, MX2, "192.0.2.2"),
    ]


def test_an_alias_greets_with_the_name_at_its_end() -> None:
    aliased = SENDING.zone_with(f"{MX2} CNAME smol.example.com", "smol.example.com A 192.0.2.2").but(
        smtp={"192.0.2.2": Smtp(name="smol.example.com")}
    )
    assert [name for host, name, _ in greeted(aliased) if host == MX2] == ["smol.example.com"]


def test_hosts_that_share_a_name_and_an_address_are_looked_at_once() -> None:
    aliased = SENDING.zone_with(f"{MX2} CNAME {MX1}")
    assert greeted(aliased) == [(MX1, MX1, "192.0.2.1"), (MX1, MX1, "2001:db8::1")]


def test_the_records_of_the_names_that_hosts_greet_with_are_asked_for() -> None:
    said: dict[Question, Said] = {
        Question(Kind.TXT, "example.com"): Outcome.NXDOMAIN,
        Question(Kind.MX, "example.com"): (MxRecord(10, MX1),),
        Question(Kind.A, MX1): (AddressRecord("192.0.2.1"),),
        Question(Kind.AAAA, MX1): Outcome.EMPTY,
    }
    assert wanted(told(said)) == (Question(Kind.TXT, MX1),)
    said[Question(Kind.TXT, MX1)] = (TxtRecord(b"v=spf1 a:out.example.com -all"),)
    assert wanted(told(said)) == (Question(Kind.A, "out.example.com"),)


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (
            (b"220 banner.example.com", b"EHLO probe", b"250-said.example.com at your service"),
            "said.example.com",
        ),
        ((b"220 banner.example.com", b"EHLO probe", b"250 SAID.example.com."), "said.example.com"),
        ((b"220 banner.example.com", b"EHLO probe", b"550 said.example.com wants you not"), ""),
        ((b"220 banner.example.com", b"EHLO probe", b"502 no", b"HELO probe", b"250 said.example.com"), ""),
        ((b"220 banner.example.com", b"EHLO probe", b"250 example.com"), ""),
        ((b"220 banner.example.com", b"EHLO probe", b"250 localhost"), ""),
        (
            (b"220 banner.example.com", b"EHLO probe", b"250-a.example.com", b"250 b.example.com"),
            "a.example.com",
        ),
        ((b"220 banner.example.com", b"EHLO probe"), ""),
        ((b"220 banner.example.com",), ""),
    ],
)
def test_a_host_calls_itself_what_it_answers_to_ehlo(lines: tuple[bytes, ...], want: str) -> None:
    transcript = tuple(SmtpLine("S" if line[:1].isdigit() else "C", line) for line in lines)
    evidence = told(
        {
            Question(Kind.MX, "example.com"): (MxRecord(10, MX1),),
            Question(Kind.A, MX1): (AddressRecord("192.0.2.1"),),
            Question(Kind.SMTP, MX1, "192.0.2.1"): SmtpData(SmtpStage.EHLO, transcript),
        }
    )
    names = [one.name for one, _ in greetings(evidence)]
    assert names == [MX1, want] if want else names == [MX1]

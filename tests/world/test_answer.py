"""What a world answers; that a lab serving it answers the same stands in tests/lab/test_scenarios.py."""

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Answer,
    Der,
    DnsData,
    Evidence,
    Kind,
    NameRecord,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
    Transport,
)
from mxproof.world.answer import answer, observed
from mxproof.world.dns_script import DnsScript
from mxproof.world.world import (
    AuthoritativeServer,
    DnsFault,
    PolicyServer,
    ResolverFault,
    RRset,
    ServerFault,
    SmtpServer,
    World,
    ZoneContents,
)
from support_certificates import NOW

ZONE = ZoneContents(
    "example.com",
    (
        RRset("mx.example.com", "A", (AddressRecord("192.0.2.1"),), ttl_s=60),
        RRset("alias.example.com", "CNAME", (NameRecord("mx.example.com"),)),
        RRset("example.com", "NS", (NameRecord("ns.example.com"),)),
    ),
)
NS = "192.0.2.53"
NAME_SERVER = AuthoritativeServer("ns.example.com", (NS,))
SERVER = SmtpServer("mx.example.com", ("192.0.2.1",), chain=(Der(b"own"),))
WORLD = World(zones=(ZONE,), name_servers=(NAME_SERVER,), smtp_servers=(SERVER,))


def asked(kind: Kind, name: str, at: str = "", world: World = WORLD) -> Answer:
    return answer(world, Question(kind, name, at), NOW)


def test_what_a_name_server_says_by_a_script_is_left_unasked_and_nothing_else() -> None:
    scripted = msgspec.structs.replace(NAME_SERVER, scripts=(DnsScript("mx.example.com", "A"),))
    world = msgspec.structs.replace(WORLD, name_servers=(scripted,))
    assert told(Transport.UDP, world).outcome is Outcome.UNASKED
    assert told(Transport.UDP, world, "alias.example.com").outcome is Outcome.FOUND


def told(transport: Transport, world: World = WORLD, name: str = "mx.example.com") -> Answer:
    return answer(world, Question(Kind.A, name, server=NS, transport=transport), NOW)


def with_server(**changes: object) -> World:
    return msgspec.structs.replace(WORLD, smtp_servers=(msgspec.structs.replace(SERVER, **changes),))


def smtp(world: World, name: str = "mx.example.com") -> tuple[Outcome, SmtpData]:
    got = asked(Kind.SMTP, name, "192.0.2.1", world)
    assert isinstance(got.data, SmtpData)
    return got.outcome, got.data


def test_an_answer_may_be_kept_as_long_as_the_shortest_lived_record_in_it() -> None:
    got = asked(Kind.A, "alias.example.com")
    assert (got.outcome, got.ttl_s) == (Outcome.FOUND, 60)
    assert (asked(Kind.A, "no.example.com").outcome, asked(Kind.A, "no.example.com").ttl_s) == (
        Outcome.NXDOMAIN,
        300,
    )


@pytest.mark.parametrize(
    ("fault", "want"),
    [
        (DnsFault.TIMEOUT, Outcome.TIMEOUT),
        (DnsFault.SERVFAIL, Outcome.SERVFAIL),
        (DnsFault.REFUSED, Outcome.REFUSED),
        (DnsFault.NXDOMAIN, Outcome.NXDOMAIN),
        (DnsFault.TRUNCATE, Outcome.FOUND),
        (DnsFault.BOGUS, Outcome.BOGUS),
        (DnsFault.BOGUS_UNEXPLAINED, Outcome.BOGUS),
        (DnsFault.WRONG_ID, Outcome.UNASKED),
    ],
)
def test_a_fault_of_the_resolver_is_what_its_client_comes_away_with(fault: DnsFault, want: Outcome) -> None:
    world = msgspec.structs.replace(WORLD, resolver_faults=(ResolverFault("mx.example.com", fault),))
    assert asked(Kind.A, "mx.example.com", world=world).outcome is want


@pytest.mark.parametrize(
    ("fault", "udp", "tcp", "authoritative"),
    [
        (ServerFault.NONE, Outcome.FOUND, Outcome.FOUND, True),
        (ServerFault.SILENT, Outcome.TIMEOUT, Outcome.TIMEOUT, False),
        (ServerFault.TCP_REFUSED, Outcome.FOUND, Outcome.REFUSED, True),
        (ServerFault.TCP_SILENT, Outcome.FOUND, Outcome.TIMEOUT, True),
        (ServerFault.LAME, Outcome.REFUSED, Outcome.REFUSED, False),
        (ServerFault.NOT_AUTHORITATIVE, Outcome.FOUND, Outcome.FOUND, False),
    ],
)
def test_a_fault_of_a_name_server_is_its_own(
    fault: ServerFault, udp: Outcome, tcp: Outcome, authoritative: bool
) -> None:
    world = msgspec.structs.replace(WORLD, name_servers=(msgspec.structs.replace(NAME_SERVER, fault=fault),))
    over_udp = told(Transport.UDP, world)
    assert (over_udp.outcome, told(Transport.TCP, world).outcome) == (udp, tcp)
    assert (isinstance(over_udp.data, DnsData) and over_udp.data.authoritative) is authoritative
    assert asked(Kind.A, "mx.example.com", world=world).outcome is Outcome.FOUND


def test_a_name_server_may_hold_another_version_of_a_zone() -> None:
    older = msgspec.structs.replace(ZONE, rrsets=ZONE.rrsets[1:])
    own = msgspec.structs.replace(NAME_SERVER, zones=(older,))
    world = msgspec.structs.replace(WORLD, name_servers=(own,))
    assert told(Transport.UDP, world).outcome is Outcome.NXDOMAIN


def test_an_alias_is_the_whole_answer_of_a_name_server() -> None:
    got = told(Transport.UDP, name="alias.example.com")
    assert isinstance(got.data, DnsData)
    assert (got.outcome, len(got.data.chain), got.data.records) == (Outcome.FOUND, 1, ())


def test_where_nothing_stands_a_connection_is_refused() -> None:
    kinds = (asked(Kind.SMTP, "mx.example.com", "192.0.2.9"), asked(Kind.POLICY, "mta-sts.x", "192.0.2.9"))
    nobody = answer(WORLD, Question(Kind.A, "x.example.com", server="192.0.2.9"), NOW)
    assert {one.outcome for one in (*kinds, nobody)} == {Outcome.REFUSED}


def test_where_two_stand_at_one_address_the_last_does() -> None:
    later = msgspec.structs.replace(SERVER, tls_version="TLSv1.2")
    world = msgspec.structs.replace(WORLD, smtp_servers=(SERVER, later))
    tls = smtp(world)[1].tls
    assert tls is not None
    assert tls.version == "TLSv1.2"


def test_a_certificate_is_chosen_by_the_name_asked_for() -> None:
    world = with_server(by_sni=(("alias.example.com", (Der(b"other"),)),))
    chains = [
        tls.chain for name in ("mx.example.com", "alias.example.com") if (tls := smtp(world, name)[1].tls)
    ]
    assert chains == [(b"own",), (b"other",)]


@pytest.mark.parametrize(
    ("stage", "outcome", "last", "offers"),
    [
        (SmtpStage.GREETING, Outcome.FOUND, b"554 5.5.4 no", False),
        (SmtpStage.GREETING, Outcome.CLOSED, b"", False),
        (SmtpStage.EHLO, Outcome.FOUND, b"554 5.5.4 no", False),
        (SmtpStage.EHLO, Outcome.TIMEOUT, b"EHLO probe.example.net", False),
        (SmtpStage.STARTTLS, Outcome.FOUND, b"554 5.5.4 no", True),
        (SmtpStage.HANDSHAKE, Outcome.CLOSED, b"220 2.0.0 Ready to start TLS", True),
    ],
)
def test_a_server_says_how_far_it_lets_a_client_come(
    stage: SmtpStage, outcome: Outcome, last: bytes, offers: bool
) -> None:
    got, data = smtp(with_server(stage=stage, outcome=outcome, reply=b"554 5.5.4 no"))
    said = data.transcript[-1].text if data.transcript else b""
    assert (got, data.stage, said, "STARTTLS" in data.keywords) == (outcome, stage, last, offers)
    assert data.tls is None


def test_a_script_is_left_unasked() -> None:
    policy = PolicyServer("mta-sts.example.com", ("192.0.2.80",), script="slow")
    world = msgspec.structs.replace(with_server(script="slow-drip"), policy_servers=(policy,))
    got = (
        asked(Kind.SMTP, "mx.example.com", "192.0.2.1", world),
        asked(Kind.POLICY, "mta-sts.example.com", "192.0.2.80", world),
    )
    assert [one.outcome for one in got] == [Outcome.UNASKED, Outcome.UNASKED]


@pytest.mark.parametrize(
    ("outcome", "responds"), [(Outcome.FOUND, True), (Outcome.CLOSED, True), (Outcome.TIMEOUT, False)]
)
def test_a_policy_host_responds_unless_there_is_no_session(outcome: Outcome, responds: bool) -> None:
    host = PolicyServer("mta-sts.example.com", ("192.0.2.80",), b"version: STSv1\n", outcome=outcome)
    world = msgspec.structs.replace(WORLD, policy_servers=(host,))
    got = asked(Kind.POLICY, "mta-sts.example.com", "192.0.2.80", world)
    assert (got.outcome, isinstance(got.data, PolicyData)) == (outcome, responds)


def test_what_is_known_already_is_not_asked_again() -> None:
    question = Question(Kind.A, "mx.example.com")
    known = Answer(Outcome.TIMEOUT, NOW)

    def wanted(evidence: Evidence) -> tuple[Question, ...]:
        return tuple(
            one for one in (question, Question(Kind.MX, "example.com")) if one not in evidence.answers
        )

    got = observed(WORLD, Evidence("example.com").with_answers([(question, known)]), wanted, NOW)
    assert got.answer(question) is known
    assert got.dns(Kind.MX, "example.com")[0].outcome is Outcome.EMPTY


def test_a_survey_without_end_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        observed(WORLD, Evidence("example.com"), lambda _: (Question(Kind.MX, "example.com"),), NOW)

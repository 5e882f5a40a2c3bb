"""What a world answers where two things meet: a script and a fault, an alias and its end, a zone and the one below it."""

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    DnsData,
    Edns,
    GlueRecord,
    HelloData,
    Kind,
    NameRecord,
    Outcome,
    PolicyData,
    Question,
    SignedRecord,
    SmtpData,
    SmtpLine,
    SmtpStage,
    Transport,
)
from mxproof.formats.dnssec import DNSKEY, DS, NSEC, RRSIG, A
from mxproof.formats.tls_offer import Offer
from mxproof.world.answer import answer
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
from support_dnssec import signature_over

NS, AT = "192.0.2.53", "192.0.2.1"
ALIAS = RRset("alias.example.com", "CNAME", (NameRecord("mx.example.com"),), ttl_s=30)
LOST = RRset("lost.example.com", "CNAME", (NameRecord("no.example.com"),), ttl_s=600)
HOST = RRset("mx.example.com", "A", (AddressRecord(AT),), ttl_s=60)
OWN_NS = RRset("example.com", "NS", (NameRecord("ns.example.com"),))
LEADING = RRset("sub.example.com", "NS", (NameRecord("ns.sub.example.com"),), ttl_s=90)
GLUE = RRset("ns.sub.example.com", "A", (AddressRecord("192.0.2.54"),))
DS_OF_SUB = SignedRecord("sub.example.com", DS, 300, b"\0\1\x0d\2")
PROOFS = (
    DS_OF_SUB,
    SignedRecord("mx.example.com", RRSIG, 300, signature_over(A)),
    SignedRecord("example.com", DNSKEY, 300, b"\1\0\3\x0d"),
    SignedRecord("example.com", NSEC, 300, b"\0"),
)
ZONE = ZoneContents("example.com", (HOST, ALIAS, LOST, OWN_NS, LEADING, GLUE), secure=True, proofs=PROOFS)
BELOW = ZoneContents(
    "sub.example.com", (RRset("sub.example.com", "NS", (NameRecord("ns.sub.example.com"),)),)
)
NAME_SERVER = AuthoritativeServer("ns.example.com", (NS,))
SERVER = SmtpServer("mx.example.com", (AT,))
WORLD = World((ZONE, BELOW), name_servers=(NAME_SERVER,), smtp_servers=(SERVER,))


def resolved(kind: Kind, name: str, world: World = WORLD, edns: Edns = Edns.USUAL) -> Answer:
    return answer(world, Question(kind, name, edns=edns), NOW)


def told(
    kind: Kind,
    name: str,
    server: AuthoritativeServer = NAME_SERVER,
    *,
    transport: Transport = Transport.ANY,
    edns: Edns = Edns.USUAL,
) -> Answer:
    world = msgspec.structs.replace(WORLD, name_servers=(server,))
    return answer(world, Question(kind, name, server=NS, transport=transport, edns=edns), NOW)


def data(got: Answer) -> DnsData:
    assert isinstance(got.data, DnsData)
    return got.data


def faulty(name: str, fault: DnsFault) -> World:
    return msgspec.structs.replace(WORLD, resolver_faults=(ResolverFault(name, fault),))


def smtp(**changes: object) -> tuple[Answer, SmtpData]:
    world = msgspec.structs.replace(WORLD, smtp_servers=(msgspec.structs.replace(SERVER, **changes),))
    got = answer(world, Question(Kind.SMTP, "mx.example.com", AT), NOW)
    assert isinstance(got.data, SmtpData)
    return got, got.data


@pytest.mark.parametrize(
    ("name", "outcome", "ttl_s", "chain"),
    [
        ("mx.example.com", Outcome.FOUND, 60, ()),
        ("alias.example.com", Outcome.FOUND, 30, (Alias("alias.example.com", "mx.example.com", 30),)),
        ("lost.example.com", Outcome.NXDOMAIN, 300, (Alias("lost.example.com", "no.example.com", 600),)),
    ],
)
def test_an_answer_may_be_kept_as_long_as_its_shortest_lived_part_be_it_the_alias(
    name: str, outcome: Outcome, ttl_s: int, chain: tuple[Alias, ...]
) -> None:
    got = resolved(Kind.A, name)
    assert (got.outcome, got.ttl_s, data(got).chain) == (outcome, ttl_s, chain)


def test_with_checking_disabled_records_come_with_their_signatures_and_are_not_called_secure() -> None:
    plain, signed = resolved(Kind.A, "mx.example.com"), resolved(Kind.A, "mx.example.com", edns=Edns.SIGNED)
    assert data(plain).secure
    assert not data(signed).secure
    assert data(signed).records == (
        SignedRecord("mx.example.com", A, 60, bytes((192, 0, 2, 1))),
        PROOFS[1],
    )
    assert (signed.outcome, signed.ttl_s) == (plain.outcome, plain.ttl_s)


@pytest.mark.parametrize(
    ("kind", "name", "outcome", "records"),
    [
        (Kind.DS, "sub.example.com", Outcome.FOUND, (DS_OF_SUB,)),
        (Kind.DNSKEY, "example.com", Outcome.FOUND, (PROOFS[2],)),
        (Kind.DS, "none.example.com", Outcome.NXDOMAIN, (PROOFS[3],)),
        (Kind.DNSKEY, "mx.example.com", Outcome.EMPTY, (PROOFS[3],)),
        (Kind.TLSA, "mx.example.com", Outcome.EMPTY, (PROOFS[3],)),
    ],
)
def test_keys_and_their_digests_are_found_where_the_signer_made_them_and_else_denied(
    kind: Kind, name: str, outcome: Outcome, records: tuple[SignedRecord, ...]
) -> None:
    got = resolved(kind, name, edns=Edns.SIGNED)
    assert (got.outcome, data(got).records) == (outcome, records)


@pytest.mark.parametrize(
    ("fault", "said"), [(DnsFault.BOGUS, ("6 dnssec bogus",)), (DnsFault.BOGUS_UNEXPLAINED, ())]
)
def test_what_is_bogus_comes_to_who_disables_checking_and_to_nobody_else(
    fault: DnsFault, said: tuple[str, ...]
) -> None:
    world = faulty("mx.example.com", fault)
    got = resolved(Kind.A, "alias.example.com", world)
    assert (got.outcome, data(got).rcode, data(got).extended, data(got).records) == (
        Outcome.BOGUS,
        "SERVFAIL",
        said,
        (),
    )
    unchecked = resolved(Kind.A, "mx.example.com", world, Edns.SIGNED)
    assert (unchecked.outcome, data(unchecked).records[1:]) == (Outcome.FOUND, (PROOFS[1],))
    refused = resolved(Kind.A, "mx.example.com", faulty("mx.example.com", DnsFault.REFUSED), Edns.SIGNED)
    assert (refused.outcome, refused.data) == (Outcome.REFUSED, None)


def test_an_answer_that_was_cut_short_came_over_tcp_and_any_other_over_udp() -> None:
    cut = resolved(Kind.A, "mx.example.com", faulty("mx.example.com", DnsFault.TRUNCATE))
    assert (cut.outcome, data(cut).transport, data(cut).records) == (
        Outcome.FOUND,
        "tcp",
        HOST.records,
    )
    assert data(resolved(Kind.A, "mx.example.com")).transport == "udp"
    assert data(told(Kind.A, "mx.example.com", transport=Transport.TCP)).transport == "tcp"
    assert data(told(Kind.A, "mx.example.com")).transport == "udp"


def test_a_server_signs_its_own_version_of_a_zone() -> None:
    other = msgspec.structs.replace(PROOFS[1], data=signature_over(A) + b"other")
    own = msgspec.structs.replace(
        ZONE, rrsets=(msgspec.structs.replace(HOST, ttl_s=61), OWN_NS), proofs=(other,)
    )
    got = told(
        Kind.A,
        "mx.example.com",
        msgspec.structs.replace(NAME_SERVER, zones=(own,)),
        edns=Edns.SIGNED,
    )
    assert (got.outcome, got.ttl_s) == (Outcome.FOUND, 61)
    assert data(got).records == (SignedRecord("mx.example.com", A, 61, bytes((192, 0, 2, 1))), other)
    assert data(got).authoritative


@pytest.mark.parametrize("fault", [ServerFault.SILENT, ServerFault.LAME, ServerFault.TCP_REFUSED])
def test_a_script_is_left_unasked_whatever_else_is_wrong_with_the_server(fault: ServerFault) -> None:
    server = msgspec.structs.replace(
        NAME_SERVER, fault=fault, scripts=(DnsScript("other.example.com"), DnsScript("mx.example.com", "A"))
    )
    for transport in (Transport.UDP, Transport.TCP):
        got = told(Kind.A, "mx.example.com", server, transport=transport)
        assert got.outcome is Outcome.UNASKED
        assert NS in got.detail
    assert told(Kind.TXT, "mx.example.com", server).outcome is not Outcome.UNASKED


def test_a_script_of_the_resolver_is_none_of_the_name_servers() -> None:
    world = msgspec.structs.replace(WORLD, dns_scripts=(DnsScript("mx.example.com"),))
    assert resolved(Kind.A, "mx.example.com", world).outcome is Outcome.UNASKED
    assert answer(world, Question(Kind.A, "mx.example.com", server=NS), NOW).outcome is Outcome.FOUND


def test_a_version_of_edns_that_there_is_not_is_answered_so_by_a_server_that_answers() -> None:
    got = told(Kind.SOA, "example.com", edns=Edns.VERSION_1)
    assert (got.outcome, data(got).rcode, got.detail) == (Outcome.SERVFAIL, "BADVERS", "BADVERS")
    silent = msgspec.structs.replace(NAME_SERVER, fault=ServerFault.SILENT)
    assert told(Kind.SOA, "example.com", silent, edns=Edns.VERSION_1).outcome is Outcome.TIMEOUT


def test_a_server_leads_who_asks_where_to_and_refers_all_others() -> None:
    led = told(Kind.DELEGATION, "sub.example.com")
    assert (led.outcome, led.ttl_s, data(led).authoritative) == (Outcome.FOUND, 90, False)
    assert data(led).records == (*LEADING.records, GlueRecord("ns.sub.example.com", "192.0.2.54"))
    deeper = told(Kind.DELEGATION, "deep.sub.example.com")
    plain = told(Kind.A, "mx.sub.example.com")
    for got, words in ((deeper, "another zone"), (plain, "does not recurse")):
        assert (got.outcome, data(got).rcode, data(got).records) == (Outcome.SERVFAIL, "NOERROR", ())
        assert words in got.detail
    own = told(Kind.DELEGATION, "example.com")
    assert (own.outcome, data(own).authoritative, data(own).records) == (
        Outcome.FOUND,
        True,
        OWN_NS.records,
    )


def test_a_lame_server_does_not_even_lead() -> None:
    lame = msgspec.structs.replace(NAME_SERVER, fault=ServerFault.LAME)
    for kind, name in ((Kind.DELEGATION, "sub.example.com"), (Kind.A, "mx.example.com")):
        assert (told(kind, name, lame).outcome, data(told(kind, name, lame)).rcode) == (
            Outcome.REFUSED,
            "REFUSED",
        )


@pytest.mark.parametrize(
    "question",
    [
        Question(Kind.A, "mx.example.com", server="10.0.0.53"),
        Question(Kind.SMTP, "mx.example.com", "192.168.0.25"),
        Question(Kind.TLS, "mx.example.com", "127.0.0.1", offer=Offer.TLS_1_2),
        Question(Kind.POLICY, "mta-sts.example.com", "fe80::1"),
    ],
)
def test_an_address_that_is_not_public_is_not_asked_be_it_a_name_servers(question: Question) -> None:
    got = answer(WORLD, question, NOW)
    assert (got.outcome, got.data) == (Outcome.UNASKED, None)
    assert "not a public address" in got.detail


@pytest.mark.parametrize(
    ("stage", "outcome", "greeted_ms"),
    [
        (SmtpStage.SECURED, Outcome.FOUND, 700),
        (SmtpStage.EHLO, Outcome.FOUND, 700),
        (SmtpStage.GREETING, Outcome.TIMEOUT, 0),
        (SmtpStage.GREETING, Outcome.FOUND, 0),
    ],
)
def test_a_delay_is_that_of_the_greeting_only_where_the_greeting_was_whole(
    stage: SmtpStage, outcome: Outcome, greeted_ms: int
) -> None:
    got, dialogue = smtp(stage=stage, outcome=outcome, delay_ms=700)
    assert (got.elapsed_ms, dialogue.greeted_ms) == (700, greeted_ms)


def test_what_comes_early_stands_apart_from_the_dialogue_which_ends_with_the_220() -> None:
    _, dialogue = smtp(stage=SmtpStage.STARTTLS, early=b"250 surprise", reply=b"454 later")
    assert dialogue.transcript[-2:] == (
        SmtpLine("C", b"STARTTLS"),
        SmtpLine("S", b"220 2.0.0 Ready to start TLS"),
    )
    assert (dialogue.early, dialogue.tls) == (b"250 surprise", None)
    _, rejected = smtp(stage=SmtpStage.STARTTLS, reply=b"454 later")
    assert rejected.transcript[-1] == SmtpLine("S", b"454 later")


def test_behind_a_421_inside_tls_a_client_says_nothing_more_and_behind_another_refusal_helo() -> None:
    client = b"probe.example.net"
    for inside, verbs in ((b"421 4.7.0 no", [b"EHLO"]), (b"502 5.5.1 what", [b"EHLO", b"HELO"])):
        _, dialogue = smtp(inside=inside)
        assert dialogue.transcript[-2 * len(verbs) :] == tuple(
            line for verb in verbs for line in (SmtpLine("C", verb + b" " + client), SmtpLine("S", inside))
        )
    _, long = smtp(inside=b"250-mx\r\n250 SIZE 5")
    assert [line.text for line in long.transcript[-2:]] == [b"250-mx", b"250 SIZE 5"]


def test_a_server_agrees_to_the_offers_that_it_takes_and_refuses_the_others() -> None:
    world = msgspec.structs.replace(
        WORLD, smtp_servers=(msgspec.structs.replace(SERVER, tls_version="TLSv1.2"),)
    )

    def hello(offer: Offer) -> HelloData:
        got = answer(world, Question(Kind.TLS, "mx.example.com", AT, offer=offer), NOW)
        assert isinstance(got.data, HelloData)
        assert (got.outcome, got.data.stage) == (Outcome.FOUND, SmtpStage.HANDSHAKE)
        return got.data

    taken, refused = hello(Offer.TLS_1_2), hello(Offer.TLS_1_3)
    assert (taken.version, taken.alert, bool(taken.cipher)) == ("TLSv1.2", "", True)
    assert (refused.version, refused.cipher, refused.alert) == ("", "", "handshake_failure")


@pytest.mark.parametrize(
    ("outcome", "reply"), [(Outcome.FOUND, b"554 no"), (Outcome.CLOSED, b""), (Outcome.TIMEOUT, b"")]
)
def test_a_server_that_turns_a_client_away_does_so_before_any_offer(outcome: Outcome, reply: bytes) -> None:
    server = msgspec.structs.replace(SERVER, stage=SmtpStage.EHLO, outcome=outcome, reply=b"554 no")
    world = msgspec.structs.replace(WORLD, smtp_servers=(server,))
    got = answer(world, Question(Kind.TLS, "mx.example.com", AT, offer=Offer.TLS_1_2), NOW)
    assert (got.outcome, got.data) == (outcome, HelloData(SmtpStage.EHLO, reply=reply))


def test_a_policy_host_that_is_late_or_breaks_off_has_what_came_and_one_without_a_session_nothing() -> None:
    def fetched(**changes: object) -> Answer:
        host = PolicyServer("mta-sts.example.com", (AT,), b"version: STSv1\n", headers=(("X-Y", "z"),))
        world = msgspec.structs.replace(WORLD, policy_servers=(msgspec.structs.replace(host, **changes),))
        return answer(world, Question(Kind.POLICY, "mta-sts.example.com", AT), NOW)

    late = fetched(delay_ms=900, status=404)
    assert isinstance(late.data, PolicyData)
    assert (late.elapsed_ms, late.data.status, late.data.headers) == (900, 404, (("x-y", "z"),))
    cut = fetched(outcome=Outcome.CLOSED)
    assert isinstance(cut.data, PolicyData)
    assert (cut.outcome, cut.data.body) == (Outcome.CLOSED, b"version: STSv1\n")
    failed = fetched(outcome=Outcome.TLS_FAILED, delay_ms=900)
    assert (failed.outcome, failed.data, failed.elapsed_ms) == (Outcome.TLS_FAILED, None, 0)

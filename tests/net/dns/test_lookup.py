"""Every outcome of a DNS question, from servers that answer well, badly, or not at all."""

from collections.abc import Callable, Iterable

import dns.flags
import dns.message
import dns.name
import dns.rcode
import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    DnsData,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    TlsaRecord,
    Transport,
    TxtRecord,
)
from mxproof.net.asking import Asking, Peer
from mxproof.net.dns.attempt import FORMS
from mxproof.net.dns.lookup import ask_dns, validates
from mxproof.net.dns.message import DNS_BYTES_MAX
from mxproof.net.dns.udp import DatagramSockets
from support_clock import run
from support_dns import Respond, dns_server, framed, reply

MX = Question(Kind.MX, "example.com")
SOA = "example.com. 300 IN SOA ns.example.com. root.example.com. 1 2 3 4 60"


async def asked(question: Question, asking: Asking) -> Answer:
    with DatagramSockets() as sockets:
        return await ask_dns(question, asking, sockets)


async def validated(asking: Asking) -> tuple[bool, str]:
    with DatagramSockets() as sockets:
        return await validates(asking, sockets)


def ask(respond: Respond, question: Question = MX) -> Answer:
    async def scenario() -> Answer:
        async with dns_server(respond) as peer:
            return await asked(question, Asking((peer,)))

    return run(scenario())


def answered(*records: str, flags: int = 0) -> Respond:
    return lambda wire, _transport: [reply(wire, *records, flags=flags)]


def failing(rcode: dns.rcode.Rcode, *extended: tuple[int, str]) -> Respond:
    return lambda wire, _transport: [reply(wire, rcode=rcode, extended=extended)]


def dns_data(answer: Answer) -> DnsData:
    assert isinstance(answer.data, DnsData)
    return answer.data


@pytest.mark.parametrize(
    ("kind", "text", "want"),
    [
        (Kind.A, "192.0.2.1", AddressRecord("192.0.2.1")),
        (Kind.AAAA, "2001:DB8:0:0::1", AddressRecord("2001:db8::1")),
        (Kind.CNAME, "Target.Example.COM.", NameRecord("target.example.com")),
        (Kind.NS, "NS.example.com.", NameRecord("ns.example.com")),
        (Kind.PTR, "mx.example.com.", NameRecord("mx.example.com")),
        (Kind.MX, "10 MX.Example.com.", MxRecord(10, "mx.example.com")),
        (Kind.MX, "0 .", MxRecord(0, ".")),
        (Kind.TXT, '"v=STSv1; i" "d=a;"', TxtRecord(b"v=STSv1; id=a;", 2)),
        (Kind.TXT, '"\\195\\188"', TxtRecord(b"\xc3\xbc", 1)),
        (Kind.TLSA, f"3 1 1 {'0f' * 32}", TlsaRecord(3, 1, 1, b"\x0f" * 32)),
        (Kind.TLSA, r"\# 5 03 01 01 00ff", TlsaRecord(3, 1, 1, b"\x00\xff")),
        (Kind.DS, f"1 13 2 {'0f' * 32}", OtherRecord(f"1 13 2 {'0f' * 32}")),
    ],
)
def test_a_record_is_read_by_its_type(kind: Kind, text: str, want: object) -> None:
    answer = ask(answered(f"example.com. 300 IN {kind} {text}"), Question(kind, "example.com"))
    assert (answer.outcome, dns_data(answer).records, answer.ttl_s) == (Outcome.FOUND, (want,), 300)


def test_a_raw_utf8_label_can_be_asked_again_as_it_was_read() -> None:
    answer = ask(answered("example.com. 300 IN MX 10 b\\195\\188cher.example."))
    name = "b\\195\\188cher.example"
    assert dns_data(answer).records == (MxRecord(10, name),)
    again = ask(answered(f"{name}. 300 IN A 192.0.2.1"), Question(Kind.A, name))
    assert dns_data(again).records == (AddressRecord("192.0.2.1"),)


def test_the_raw_answer_its_transport_and_the_number_of_queries_are_kept() -> None:
    sent: list[bytes] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        sent.append(reply(wire, "example.com. 300 IN MX 10 mx.example.com."))
        return sent

    answer = ask(respond)
    data = dns_data(answer)
    assert (data.wire, data.transport, data.rcode, answer.attempts) == (sent[0], "udp", "NOERROR", 1)


def test_the_query_asks_for_recursion_signatures_and_validation() -> None:
    queries: list[dns.message.Message] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        queries.append(dns.message.from_wire(wire))
        return [reply(wire)]

    ask(respond)
    (query,) = queries
    assert query.flags & dns.flags.RD
    assert query.flags & dns.flags.AD
    assert not query.flags & dns.flags.CD
    assert query.ednsflags & dns.flags.DO
    assert query.payload == 1232


@pytest.mark.parametrize("flags", [0, dns.flags.AD])
def test_the_ad_bit_is_recorded_as_sent(flags: int) -> None:
    answer = ask(answered("example.com. 300 IN MX 10 mx.example.com.", flags=flags))
    assert dns_data(answer).secure == bool(flags)


def test_an_alias_chain_is_kept_in_order_and_lends_its_shortest_ttl() -> None:
    answer = ask(
        answered(
            "b.example.com. 20 IN CNAME c.example.net.",
            "a.example.com. 90 IN CNAME B.example.com.",
            "c.example.net. 50 IN A 192.0.2.1",
            "other.example.net. 10 IN A 192.0.2.2",
        ),
        Question(Kind.A, "a.example.com"),
    )
    assert answer.outcome == Outcome.FOUND
    assert answer.ttl_s == 20
    assert dns_data(answer).records == (AddressRecord("192.0.2.1"),)
    assert dns_data(answer).chain == (
        Alias("a.example.com", "b.example.com", 90),
        Alias("b.example.com", "c.example.net", 20),
    )


def test_an_alias_asked_for_as_such_is_not_followed() -> None:
    question = Question(Kind.CNAME, "a.example.com")
    answer = ask(
        answered("a.example.com. 90 IN CNAME b.example.com.", "b.example.com. 90 IN CNAME c."), question
    )
    assert (dns_data(answer).records, dns_data(answer).chain) == ((NameRecord("b.example.com"),), ())


@pytest.mark.parametrize(
    "records",
    [
        ["a.example.com. 9 IN CNAME b.example.com.", "b.example.com. 9 IN CNAME a.example.com."],
        [f"{'a' if n == 0 else n}.example.com. 9 IN CNAME {n + 1}.example.com." for n in range(20)],
    ],
    ids=["loop", "long"],
)
def test_an_endless_alias_chain_is_malformed(records: list[str]) -> None:
    answer = ask(answered(*records), Question(Kind.A, "a.example.com"))
    assert answer.outcome == Outcome.MALFORMED


def test_no_data_and_no_name_are_told_apart_and_last_as_long_as_the_soa_says() -> None:
    empty = ask(lambda wire, _: [reply(wire, authority=(SOA,))])
    assert (empty.outcome, empty.ttl_s) == (Outcome.EMPTY, 60)
    missing = ask(lambda wire, _: [reply(wire, authority=(SOA,), rcode=dns.rcode.NXDOMAIN)])
    assert (missing.outcome, missing.ttl_s, dns_data(missing).rcode) == (Outcome.NXDOMAIN, 60, "NXDOMAIN")


def test_a_dangling_alias_is_a_missing_name_with_its_chain() -> None:
    alias = "a.example.com. 9 IN CNAME gone.example.com."
    answer = ask(
        lambda wire, _: [reply(wire, alias, authority=(SOA,), rcode=dns.rcode.NXDOMAIN)],
        Question(Kind.A, "a.example.com"),
    )
    assert (answer.outcome, answer.ttl_s) == (Outcome.NXDOMAIN, 9)
    assert dns_data(answer).chain == (Alias("a.example.com", "gone.example.com", 9),)


def test_a_referral_is_not_taken_for_no_data() -> None:
    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        response = dns.message.from_wire(reply(wire, authority=("com. 300 IN NS a.example.",)))
        response.flags &= ~dns.flags.RA
        return [response.to_wire()]

    assert ask(respond).outcome == Outcome.SERVFAIL


@pytest.mark.parametrize(
    ("rcode", "want"),
    [
        (dns.rcode.SERVFAIL, Outcome.SERVFAIL),
        (dns.rcode.REFUSED, Outcome.REFUSED),
        (dns.rcode.NOTIMP, Outcome.SERVFAIL),
        (dns.rcode.BADVERS, Outcome.SERVFAIL),
    ],
)
def test_an_error_code_is_an_outcome_of_its_own(rcode: dns.rcode.Rcode, want: Outcome) -> None:
    answer = ask(failing(rcode))
    assert (answer.outcome, dns_data(answer).rcode) == (want, dns.rcode.to_text(rcode))


@pytest.mark.parametrize(
    ("code", "want"),
    [
        (6, Outcome.BOGUS),
        (7, Outcome.BOGUS),
        (8, Outcome.BOGUS),
        (9, Outcome.BOGUS),
        (10, Outcome.BOGUS),
        (12, Outcome.BOGUS),
        (22, Outcome.SERVFAIL),
        (65000, Outcome.SERVFAIL),
    ],
)
def test_an_extended_error_tells_failed_validation_from_other_failures(code: int, want: Outcome) -> None:
    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        if dns.message.from_wire(wire).question[0].name == dns.name.root:
            return [reply(wire, ROOT_SOA, flags=dns.flags.AD)]
        return [reply(wire, rcode=dns.rcode.SERVFAIL, extended=((code, "because"),))]

    answer = ask(respond)
    assert answer.outcome == want
    (extended,) = dns_data(answer).extended
    assert extended.startswith(f"{code} ")
    assert extended.endswith(": because")


def without_checking(*, validating: bool, failures: int = 1000) -> Respond:
    """Answer with so many failures first, but for queries with the CD bit and those for the root zone."""
    failed: list[bytes] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        query = dns.message.from_wire(wire)
        if query.question[0].name == dns.name.root:
            return [reply(wire, ROOT_SOA, flags=dns.flags.AD if validating else 0)]
        if query.flags & dns.flags.CD or len(failed) == failures:
            return [reply(wire, GOOD)]
        failed.append(wire)
        return [reply(wire, rcode=dns.rcode.SERVFAIL)]

    return respond


def test_an_unexplained_failure_that_checking_causes_is_bogus() -> None:
    answer = ask(without_checking(validating=True))
    assert (answer.outcome, answer.attempts) == (Outcome.BOGUS, 5)
    assert (dns_data(answer).rcode, dns_data(answer).records) == ("SERVFAIL", ())


def test_who_does_not_validate_is_not_believed_to_have_failed_to() -> None:
    assert ask(without_checking(validating=False)).outcome == Outcome.SERVFAIL


@pytest.mark.parametrize("failures", [1, 2])
def test_a_failure_that_passes_is_not_taken_for_failed_validation(failures: int) -> None:
    assert ask(without_checking(validating=True, failures=failures)).outcome == Outcome.FOUND


@pytest.mark.parametrize(
    ("rcode", "extended"),
    [(dns.rcode.SERVFAIL, ((22, "no reachable authority"),)), (dns.rcode.REFUSED, ())],
    ids=["said", "other"],
)
def test_a_failure_of_which_a_resolver_says_at_last_what_else_it_is_of_is_not_one_of_validation(
    rcode: dns.rcode.Rcode, extended: tuple[tuple[int, str], ...]
) -> None:
    """Nor is it asked with checking disabled."""
    usual, asked = without_checking(validating=True), list[int]()

    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        query = dns.message.from_wire(wire)
        if query.question[0].name != dns.name.root:
            asked.append(query.flags & dns.flags.CD)
            if len(asked) == 2:
                return [reply(wire, rcode=rcode, extended=extended)]
        return usual(wire, transport)

    assert ask(respond).outcome == Outcome.SERVFAIL
    assert asked == [0, 0]


def explaining(*, validating: bool, failures: int = 1000) -> Respond:
    """Answer with so many extended errors first, but for the root zone."""
    failed: list[bytes] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        if dns.message.from_wire(wire).question[0].name == dns.name.root:
            return [reply(wire, ROOT_SOA, flags=dns.flags.AD if validating else 0)]
        if len(failed) == failures:
            return [reply(wire, GOOD)]
        failed.append(wire)
        return [reply(wire, rcode=dns.rcode.SERVFAIL, extended=((6, ""),))]

    return respond


def test_an_extended_error_counts_that_a_validating_resolver_says_twice() -> None:
    assert ask(explaining(validating=True)).outcome == Outcome.BOGUS
    assert ask(explaining(validating=True, failures=1)).outcome == Outcome.FOUND
    assert ask(explaining(validating=False)).outcome == Outcome.SERVFAIL


def test_a_truncated_answer_is_asked_for_again_over_tcp() -> None:
    records = [f'example.com. 300 IN TXT "{n:0200}"' for n in range(20)]

    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        if transport == "tcp":
            return [framed(reply(wire, *records))]
        return [reply(wire, flags=dns.flags.TC)]

    answer = ask(respond, Question(Kind.TXT, "example.com"))
    assert (answer.outcome, dns_data(answer).transport) == (Outcome.FOUND, "tcp")
    assert len(dns_data(answer).records) == 20


def over_tcp(*messages: bytes) -> Respond:
    return lambda wire, transport: messages if transport == "tcp" else [reply(wire, flags=dns.flags.TC)]


def test_a_tcp_answer_cut_short_is_closed() -> None:
    assert ask(over_tcp(b"\x01\x00" + bytes(100))).outcome == Outcome.CLOSED


def test_a_tcp_answer_to_another_question_is_malformed() -> None:
    assert ask(over_tcp(framed(bytes(100)))).outcome == Outcome.MALFORMED


def test_an_answer_above_the_limit_of_bytes_keeps_the_part_below_it() -> None:
    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        if transport == "tcp":
            return [framed(reply(wire) + bytes(40_000))]
        return [reply(wire, flags=dns.flags.TC)]

    answer = ask(respond)
    assert (answer.outcome, len(dns_data(answer).wire)) == (Outcome.OVERSIZE, DNS_BYTES_MAX)


def test_an_answer_with_too_many_records_is_not_parsed() -> None:
    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        message = bytearray(reply(wire))
        message[6:8] = (201).to_bytes(2, "big")
        return [bytes(message)]

    assert ask(respond).outcome == Outcome.OVERSIZE


@pytest.mark.parametrize("change", [lambda message: message[:-1], lambda message: message + b"\0"])
def test_an_answer_that_does_not_parse_is_malformed_and_kept(change: Callable[[bytes], bytes]) -> None:
    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        return [change(reply(wire, "example.com. 300 IN MX 10 mx.example.com."))]

    answer = ask(respond)
    assert answer.outcome == Outcome.MALFORMED
    assert dns_data(answer).wire != b""


def stray(wire: bytes) -> Iterable[bytes]:
    good = reply(wire, "example.com. 300 IN MX 10 evil.example.com.")
    yield bytes([good[0] ^ 1]) + good[1:]
    yield good[:13] + b"o" + good[14:]
    yield wire
    yield good[:11]
    yield b""


def test_datagrams_with_another_id_or_question_are_passed_over() -> None:
    answer = ask(lambda wire, _: [*stray(wire), reply(wire, "example.com. 300 IN MX 10 mx.example.com.")])
    assert dns_data(answer).records == (MxRecord(10, "mx.example.com"),)
    assert answer.attempts == 1


def test_a_flood_of_datagrams_that_answer_nothing_is_waited_out_and_then_avoided() -> None:
    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        good = reply(wire, "example.com. 300 IN MX 10 mx.example.com.")
        return [framed(good)] if transport == "tcp" else [b"x"] * 100

    answer = ask(respond)
    assert (answer.outcome, answer.attempts, dns_data(answer).transport) == (Outcome.FOUND, len(FORMS), "tcp")


def in_upper_case(wire: bytes) -> bytes:
    """Return `wire` with its question, which is for the MX records of example.com, in capital letters."""
    return wire[:12] + wire[12:25].upper() + wire[25:]


@pytest.mark.parametrize("over_tcp_too", [True, False])
def test_a_question_echoed_in_other_letters_is_asked_again_over_tcp(over_tcp_too: bool) -> None:
    seen: list[str] = []

    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        seen.append(transport)
        good = reply(wire, "example.com. 300 IN MX 10 mx.example.com.")
        if transport == "tcp":
            return [framed(in_upper_case(good) if over_tcp_too else good)]
        return [in_upper_case(good)]

    async def scenario() -> list[Outcome]:
        async with dns_server(respond) as peer:
            with DatagramSockets() as sockets:
                answers = [await ask_dns(MX, Asking((peer,)), sockets) for _ in range(2)]
                return [answer.outcome for answer in answers]

    assert run(scenario()) == [Outcome.FOUND, Outcome.FOUND]
    assert seen == (["udp", "tcp", "udp"] if over_tcp_too else ["udp", "tcp", "udp", "tcp"])


def test_a_question_echoed_in_other_letters_with_no_answer_over_tcp_is_no_silence() -> None:
    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        good = reply(wire, "example.com. 300 IN MX 10 mx.example.com.")
        return [] if transport == "tcp" else [in_upper_case(good)]

    assert ask(respond).outcome == Outcome.MALFORMED


GOOD = "example.com. 300 IN MX 10 mx.example.com."


@pytest.mark.parametrize("rcode", [dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS, None])
def test_a_resolver_that_does_not_know_edns_is_asked_without(rcode: dns.rcode.Rcode | None) -> None:
    seen: list[int] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        query = dns.message.from_wire(wire)
        seen.append(query.edns)
        if query.edns < 0:
            return [reply(wire, GOOD)]
        return [] if rcode is None else [reply(wire, rcode=rcode)]

    async def scenario() -> list[Outcome]:
        async with dns_server(respond) as peer:
            with DatagramSockets() as sockets:
                answers = [await ask_dns(MX, Asking((peer,)), sockets) for _ in range(2)]
                return [answer.outcome for answer in answers]

    assert run(scenario()) == [Outcome.FOUND, Outcome.FOUND]
    assert seen == [0, -1, -1]


def test_a_formerr_without_a_question_is_an_answer_too() -> None:
    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        bare = wire[:2] + b"\x81\x81" + bytes(8)
        return [bare if dns.message.from_wire(wire).edns >= 0 else reply(wire, GOOD)]

    assert ask(respond).outcome == Outcome.FOUND


def test_what_cannot_be_read_is_asked_for_once_more_over_tcp() -> None:
    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        good = reply(wire, GOOD)
        return [framed(good)] if transport == "tcp" else [good[:-3]]

    assert ask(respond).outcome == Outcome.FOUND


def test_a_way_that_drops_datagrams_is_gone_round() -> None:
    answer = ask(lambda wire, transport: [framed(reply(wire, GOOD))] if transport == "tcp" else [])
    assert (answer.outcome, answer.attempts) == (Outcome.FOUND, len(FORMS))


def test_silence_is_a_timeout_after_several_attempts() -> None:
    answer = ask(lambda _wire, _transport: [])
    assert (answer.outcome, answer.data, answer.attempts) == (Outcome.TIMEOUT, None, len(FORMS))


def test_a_lost_datagram_is_asked_for_again() -> None:
    seen: list[bytes] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        seen.append(wire)
        return [reply(wire, "example.com. 300 IN MX 10 mx.example.com.")] if len(seen) > 1 else []

    answer = ask(respond)
    assert (answer.outcome, answer.attempts) == (Outcome.FOUND, 2)


def ask_both(first: Respond, second: Respond) -> Answer:
    async def scenario() -> Answer:
        async with dns_server(first) as one, dns_server(second) as two:
            return await asked(MX, Asking((one, two)))

    return run(scenario())


def test_the_next_resolver_is_asked_where_one_fails() -> None:
    good = answered("example.com. 300 IN MX 10 mx.example.com.")
    assert ask_both(failing(dns.rcode.SERVFAIL), good).outcome == Outcome.FOUND
    assert ask_both(failing(dns.rcode.REFUSED), good).attempts == 2
    assert ask_both(lambda _wire, _: [], good).outcome == Outcome.FOUND


def test_the_most_telling_failure_is_reported() -> None:
    silent: Respond = lambda _wire, _: []  # noqa: E731 - beside its like
    answer = ask_both(silent, failing(dns.rcode.SERVFAIL, (22, "")))
    assert answer.outcome == Outcome.SERVFAIL


def closed_port() -> Peer:
    async def scenario() -> Peer:
        async with dns_server(lambda _wire, _: []) as peer:
            return peer

    return run(scenario())


def test_a_resolver_that_does_not_run_refuses() -> None:
    answer = run(asked(MX, Asking((closed_port(),))))
    assert (answer.outcome, answer.attempts) == (Outcome.REFUSED, 1)


def test_a_resolver_is_asked_over_its_own_family_whichever_others_are_asked_over() -> None:
    answer = run(asked(MX, Asking((closed_port(),), families=(6,))))
    assert answer.outcome == Outcome.REFUSED


def test_a_name_server_of_a_family_that_is_not_asked_leaves_the_question_unasked() -> None:
    answer = run(asked(Question(Kind.MX, "example.com", server="::1"), Asking((), families=(4,))))
    assert answer.outcome == Outcome.UNASKED


@pytest.mark.parametrize("name", [f"{'a' * 64}.example.com", f"{'a.' * 140}com", "a..b"])
def test_a_name_that_dns_cannot_carry_is_not_asked(name: str) -> None:
    answer = run(asked(Question(Kind.MX, name), Asking((closed_port(),))))
    assert (answer.outcome, answer.attempts) == (Outcome.UNASKED, 0)


def test_a_name_server_is_asked_without_recursion_by_its_address() -> None:
    queries: list[dns.message.Message] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        queries.append(dns.message.from_wire(wire))
        return [reply(wire, "example.com. 300 IN CNAME elsewhere.example.")]

    async def scenario() -> Answer:
        async with dns_server(respond) as peer:
            asking = Asking((), connect_to={Peer("192.0.2.53", 53): peer})
            return await asked(Question(Kind.A, "example.com", server="192.0.2.53"), asking)

    answer = run(scenario())
    assert not queries[0].flags & dns.flags.RD
    assert (answer.outcome, dns_data(answer).records) == (Outcome.FOUND, ())


def ask_server(respond: Respond, transport: Transport) -> Answer:
    async def scenario() -> Answer:
        async with dns_server(respond) as peer:
            asking = Asking((), connect_to={Peer("192.0.2.53", 53): peer})
            question = Question(Kind.MX, "example.com", server="192.0.2.53", transport=transport)
            return await asked(question, asking)

    return run(scenario())


def only_whole_over_tcp(wire: bytes, transport: str) -> Iterable[bytes]:
    if transport == "udp":
        return [reply(wire, flags=dns.flags.TC | dns.flags.AA)]
    return [framed(reply(wire, "example.com. 300 IN MX 10 mx.example.com.", flags=dns.flags.AA))]


def test_a_question_for_udp_alone_ends_with_an_answer_cut_short() -> None:
    answer = ask_server(only_whole_over_tcp, Transport.UDP)
    assert (answer.outcome, answer.attempts, dns_data(answer).transport) == (Outcome.TRUNCATED, 1, "udp")
    assert (dns_data(answer).truncated, dns_data(answer).authoritative) == (True, True)
    assert (dns_data(answer).rcode, dns_data(answer).records) == ("NOERROR", ())


def test_a_question_for_tcp_alone_never_goes_over_udp() -> None:
    seen: list[str] = []

    def respond(wire: bytes, transport: str) -> Iterable[bytes]:
        seen.append(transport)
        return only_whole_over_tcp(wire, transport)

    answer = ask_server(respond, Transport.TCP)
    assert (answer.outcome, dns_data(answer).transport, seen) == (Outcome.FOUND, "tcp", ["tcp"])
    assert not dns_data(answer).truncated


def test_a_name_server_that_fails_is_not_suspected_of_failing_to_validate() -> None:
    """Only resolvers validate; what a name server says once, it means."""
    seen: list[bytes] = []

    def respond(wire: bytes, _transport: str) -> Iterable[bytes]:
        seen.append(wire)
        return [reply(wire, rcode=dns.rcode.SERVFAIL)]

    answer = ask_server(respond, Transport.UDP)
    assert (answer.outcome, len(seen), dns_data(answer).authoritative) == (Outcome.SERVFAIL, 1, False)


ROOT_SOA = ". 300 IN SOA ns. root. 1 2 3 4 60"


def validation(respond: Respond, trust_ad: bool | None = None) -> tuple[bool, str]:
    async def scenario() -> tuple[bool, str]:
        async with dns_server(respond) as peer:
            return await validated(Asking((peer,), trust_ad=trust_ad))

    return run(scenario())


def test_a_resolver_on_loopback_is_believed_once_it_sets_the_ad_bit() -> None:
    assert validation(answered(ROOT_SOA, flags=dns.flags.AD))[0]
    assert not validation(answered(ROOT_SOA))[0]
    assert not validation(failing(dns.rcode.REFUSED))[0]


def test_a_declaration_decides_without_a_question() -> None:
    assert validation(answered(ROOT_SOA), trust_ad=True)[0]
    assert not validation(answered(ROOT_SOA, flags=dns.flags.AD), trust_ad=False)[0]


def test_a_resolver_elsewhere_is_not_believed() -> None:
    assert not run(validated(Asking((Peer("192.0.2.53", 53),))))[0]
    assert not run(validated(Asking(())))[0]


@pytest.mark.parametrize(
    ("flags", "trusted", "want"), [(dns.flags.AD, True, True), (0, True, False), (dns.flags.AD, False, False)]
)
def test_a_resolver_elsewhere_is_believed_where_it_is_trusted_and_sets_the_ad_bit(
    flags: int, trusted: bool, want: bool
) -> None:
    """0.0.0.0 is no loopback address, although the system leads it to this machine."""

    async def scenario() -> bool:
        async with dns_server(answered(ROOT_SOA, flags=flags)) as peer:
            abroad = Peer("0.0.0.0", peer.port)
            return (await validated(Asking((abroad,), trusted=(abroad,) if trusted else ())))[0]

    assert run(scenario()) is want

"""What a DNS server says by a script: which queries it is for, and what goes out, byte by byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest

from mxproof.evidence import Transport
from mxproof.lab.dns_script import Scripts, converse, datagrams
from mxproof.world.dns_script import EVERY_NAME, DnsScript, Echo, Opt, QueryForm, Stray, StreamFault

NAME = "example.com."
ID = 0x1234
RECORD = "example.com. 300 IN MX 10 mx1.example.com."
OTHER = "example.com. 60 IN MX 20 mx2.example.com."
SCRIPT = DnsScript(EVERY_NAME)


def query(
    kind: str = "MX", *, edns: int | bool = 0, checking: bool = True, name: str = NAME
) -> dns.message.Message:
    made = dns.message.make_query(name, kind, use_edns=edns, id=ID)
    if not checking:
        made.flags |= dns.flags.CD
    return made


def sound(asked: dns.message.Message, *lines: str) -> bytes:
    response = dns.message.make_response(asked, recursion_available=True)
    response.flags |= dns.flags.AD
    response.answer = [_set(line) for line in lines or (RECORD,)]
    return response.to_wire()


def _set(line: str) -> dns.rrset.RRset:
    owner, ttl, rdclass, rdtype, data = line.split(None, 4)
    return dns.rrset.from_text(owner, int(ttl), rdclass, rdtype, data)


def wires(script: DnsScript, asked: dns.message.Message | None = None) -> list[bytes]:
    asked = query() if asked is None else asked
    return [one.data for one in datagrams(script, asked, sound(asked))]


def said(script: DnsScript, asked: dns.message.Message | None = None) -> dns.message.Message:
    (wire,) = wires(script, asked)
    return dns.message.from_wire(wire)


def texts(section: list[dns.rrset.RRset]) -> list[str]:
    return [one.to_text() for one in section]


@pytest.mark.parametrize(
    ("script", "is_found"),
    [
        (DnsScript("example.com"), True),
        (DnsScript(EVERY_NAME), True),
        (DnsScript("example.org"), False),
        (DnsScript("example.com", "MX"), True),
        (DnsScript("example.com", "TXT"), False),
        (DnsScript(EVERY_NAME, over=Transport.UDP), True),
        (DnsScript(EVERY_NAME, over=Transport.TCP), False),
    ],
)
def test_a_script_is_for_questions_of_its_name_its_type_and_its_transport(
    script: DnsScript, *, is_found: bool
) -> None:
    asked = query(name="eXample.COM.")
    assert Scripts([script]).find(asked, Transport.UDP) is (script if is_found else None)


@pytest.mark.parametrize(
    ("form", "asked", "is_found"),
    [
        (QueryForm.ANY, query(edns=False), True),
        (QueryForm.EDNS, query(edns=0), True),
        (QueryForm.EDNS, query(edns=1), True),
        (QueryForm.EDNS, query(edns=False), False),
        (QueryForm.EDNS_1, query(edns=1), True),
        (QueryForm.EDNS_1, query(edns=0), False),
        (QueryForm.PLAIN, query(edns=False), True),
        (QueryForm.PLAIN, query(edns=0), False),
        (QueryForm.CHECKED, query(), True),
        (QueryForm.CHECKED, query(checking=False), False),
        (QueryForm.UNCHECKED, query(checking=False), True),
        (QueryForm.UNCHECKED, query(), False),
    ],
)
def test_a_script_is_for_queries_of_its_form(
    form: QueryForm, asked: dns.message.Message, *, is_found: bool
) -> None:
    found = Scripts([DnsScript(EVERY_NAME, to=form)]).find(asked, Transport.UDP)
    assert (found is not None) is is_found


def test_the_first_script_that_is_for_a_query_is_played_and_the_next_once_that_is_over() -> None:
    once, ever = DnsScript(EVERY_NAME, skip=1, times=2, rcode="SERVFAIL"), DnsScript(EVERY_NAME)
    scripts = Scripts([once, ever])
    assert [scripts.find(query(), Transport.UDP) for _ in range(5)] == [ever, once, once, ever, ever]


def test_a_query_with_another_number_of_questions_is_for_no_script() -> None:
    asked = query()
    asked.question = []
    assert Scripts([SCRIPT]).find(asked, Transport.UDP) is None
    asked.question = query().question * 2
    assert Scripts([SCRIPT]).find(asked, Transport.UDP) is None


def test_a_script_that_changes_nothing_sends_what_the_records_say() -> None:
    response = said(SCRIPT)
    assert texts(response.answer) == [RECORD]
    assert response.flags & dns.flags.AD
    assert query().is_response(response)


def test_where_the_records_say_nothing_an_empty_response_goes_out() -> None:
    (one,) = datagrams(SCRIPT, query(), None)
    response = dns.message.from_wire(one.data)
    assert (response.rcode(), response.answer, response.flags & dns.flags.RA) == (
        dns.rcode.NOERROR,
        [],
        dns.flags.RA,
    )


def test_an_error_takes_the_records_and_the_mark_of_validation_away() -> None:
    response = said(DnsScript(EVERY_NAME, rcode="SERVFAIL"))
    assert (response.rcode(), response.answer) == (dns.rcode.SERVFAIL, [])
    assert not response.flags & dns.flags.AD


def test_an_answer_of_the_script_takes_the_place_of_that_of_the_records() -> None:
    asked = query()
    response = dns.message.from_wire(sound(asked))
    response.set_rcode(dns.rcode.NXDOMAIN)
    response.flags |= dns.flags.TC
    (one,) = datagrams(DnsScript(EVERY_NAME, answer=OTHER), asked, response.to_wire())
    sent = dns.message.from_wire(one.data)
    assert (sent.rcode(), texts(sent.answer)) == (dns.rcode.NOERROR, [OTHER])
    assert not sent.flags & dns.flags.TC


def test_an_answer_may_stand_beside_an_error() -> None:
    response = said(DnsScript(EVERY_NAME, answer=OTHER, rcode="NXDOMAIN"))
    assert (response.rcode(), texts(response.answer)) == (dns.rcode.NXDOMAIN, [OTHER])


def test_authority_and_additional_leave_the_answer_as_it_is() -> None:
    authority, additional = "example.com. 60 IN NS ns.example.com.", "ns.example.com. 60 IN A 192.0.2.53"
    response = said(DnsScript(EVERY_NAME, authority=authority, additional=additional))
    assert texts(response.answer) == [RECORD]
    assert texts(response.authority) == [authority]
    assert additional in texts(response.additional)


def test_a_record_may_stand_twice_and_a_line_may_count() -> None:
    (wire,) = wires(DnsScript(EVERY_NAME, answer=f"{RECORD}\n{RECORD}"))
    assert int.from_bytes(wire[6:8], "big") == 2
    counting = "example.com. 60 IN MX {n} mx{n}.example.com.\nexample.com. 60 IN MX 9 same.example.com."
    (wire,) = wires(DnsScript(EVERY_NAME, answer=counting, count=3))
    assert int.from_bytes(wire[6:8], "big") == 4, "the line that does not count is sent once"


def test_the_data_of_a_record_may_be_unsound() -> None:
    (wire,) = wires(DnsScript(EVERY_NAME, answer="example.com. 60 IN A \\# 3 c00002\nexample.com. 60 IN TXT"))
    assert bytes.fromhex("0001 0001 0000003c 0003 c00002") in wire
    assert bytes.fromhex("0010 0001 0000003c 0000") in wire


def test_extended_errors_are_told_in_the_opt_record() -> None:
    response = said(DnsScript(EVERY_NAME, rcode="SERVFAIL", extended=(6, 22)))
    codes = [one.code for one in response.options if isinstance(one, dns.edns.EDEOption)]
    assert codes == [6, 22]


def test_flags_are_set_and_taken_away_and_the_opcode_is_set() -> None:
    (wire,) = wires(DnsScript(EVERY_NAME, flags=("TC", "-QR", "-AD", "AA"), opcode=5))
    flags = int.from_bytes(wire[2:4], "big")
    assert flags & 0x0200
    assert flags & 0x0400
    assert not flags & 0x8000
    assert not flags & 0x0020
    assert flags >> 11 & 0xF == 5


def test_counts_may_lie() -> None:
    (wire,) = wires(DnsScript(EVERY_NAME, counts=(1, 2, 3, 4)))
    assert wire[4:12] == bytes((0, 1, 0, 2, 0, 3, 0, 4))


def test_a_message_is_cut_and_something_put_behind_it() -> None:
    (whole,) = wires(SCRIPT)
    assert wires(DnsScript(EVERY_NAME, keep=20, append="00ff")) == [whole[:20] + b"\0\xff"]


def test_bytes_of_the_script_are_sent_behind_the_id_of_the_query() -> None:
    assert wires(DnsScript(EVERY_NAME, wire="8180")) == [b"\x12\x34\x81\x80"]


@pytest.mark.parametrize(
    ("opt", "versions"), [(Opt.SAME, 0), (Opt.NONE, -1), (Opt.VERSION_1, 1)], ids=["same", "none", "1"]
)
def test_the_opt_record_is_that_of_the_script(opt: Opt, versions: int) -> None:
    assert said(DnsScript(EVERY_NAME, opt=opt)).edns == versions


@pytest.mark.parametrize(
    ("opt", "end", "more"),
    [
        (Opt.TWICE, "00002904d0000000000000" * 2, 2),
        (Opt.CUT_OPTION, "000f00ff", 1),
        (Opt.OWNED, "017800002904d0000000000000", 1),
    ],
)
def test_an_opt_record_that_is_none_stands_at_the_end_and_is_counted(opt: Opt, end: str, more: int) -> None:
    asked = query(edns=False)
    (plain,), (wire,) = wires(SCRIPT, asked), wires(DnsScript(EVERY_NAME, opt=opt), asked)
    assert int.from_bytes(wire[10:12], "big") == int.from_bytes(plain[10:12], "big") + more
    assert wire.endswith(bytes.fromhex(end))


def test_another_id_is_the_only_thing_that_is_other() -> None:
    (plain,), (wire,) = wires(SCRIPT), wires(DnsScript(EVERY_NAME, wrong_id=True))
    assert wire == (ID ^ 0xFFFF).to_bytes(2, "big") + plain[2:]


@pytest.mark.parametrize(
    ("echo", "questions"),
    [
        (Echo.SAME, ["Example.com. IN MX"]),
        (Echo.NONE, []),
        (Echo.TWICE, ["Example.com. IN MX"] * 2),
        (Echo.OTHER_NAME, ["another.example.org. IN MX"]),
        (Echo.OTHER_TYPE, ["Example.com. IN HINFO"]),
        (Echo.OTHER_CLASS, ["Example.com. CH MX"]),
        (Echo.UPPER, ["EXAMPLE.COM. IN MX"]),
        (Echo.LOWER, ["example.com. IN MX"]),
        (Echo.SWAPPED, ["eXAMPLE.COM. IN MX"]),
    ],
)
def test_the_question_comes_back_as_the_script_has_it(echo: Echo, questions: list[str]) -> None:
    asked = query(name="Example.com.")
    (wire,) = wires(DnsScript(EVERY_NAME, question=echo, answer=""), asked)
    read = dns.message.from_wire(wire, question_only=True)
    assert [one.to_text() for one in read.question] == questions
    assert int.from_bytes(wire[4:6], "big") == len(questions)


def test_a_silent_server_sends_its_strays_alone() -> None:
    assert wires(DnsScript(EVERY_NAME, silent=True)) == []
    assert len(wires(DnsScript(EVERY_NAME, silent=True, strays=2))) == 2


def test_copies_are_alike_and_come_from_where_the_script_says() -> None:
    sent = list(datagrams(DnsScript(EVERY_NAME, copies=3, other_source=True, strays=1), query(), None))
    assert [one.other_source for one in sent] == [True] * 4
    assert len({one.data for one in sent[1:]}) == 1


def test_strays_guess_one_id_after_the_other_and_hold_what_a_forger_wants_believed() -> None:
    *strays, _ = wires(DnsScript(EVERY_NAME, strays=3))
    assert [int.from_bytes(one[:2], "big") for one in strays] == [ID + 1, ID + 2, ID + 3]
    forged = dns.message.from_wire(strays[0])
    assert texts(forged.answer) == [f"{NAME} 300 IN MX 0 forged.example.org."]


def test_an_id_that_is_guessed_past_the_last_one_begins_anew() -> None:
    asked = query()
    asked.id = 0xFFFF
    assert wires(DnsScript(EVERY_NAME, strays=1), asked)[0][:2] == b"\0\0"


@pytest.mark.parametrize(
    ("kind", "answer"), [("A", [f"{NAME} 300 IN A 192.0.2.66"]), ("TXT", [])], ids=["address", "text"]
)
def test_what_a_stray_holds_goes_by_the_type_that_is_asked_for(kind: str, answer: list[str]) -> None:
    stray, _ = wires(DnsScript(EVERY_NAME, strays=1), query(kind))
    assert texts(dns.message.from_wire(stray).answer) == answer


@pytest.mark.parametrize(
    ("stray", "names"),
    [(Stray.WRONG_QUESTION, ["another.example.org."]), (Stray.OTHER_CASE, ["EXAMPLE.COM."])],
)
def test_a_stray_with_the_right_id_asks_something_else(stray: Stray, names: list[str]) -> None:
    wire, _ = wires(DnsScript(EVERY_NAME, strays=1, stray=stray))
    read = dns.message.from_wire(wire)
    assert (read.id, [one.name.to_text() for one in read.question]) == (ID, names)


def test_a_stray_is_our_own_query_or_too_short_for_a_header() -> None:
    own, _ = wires(DnsScript(EVERY_NAME, strays=1, stray=Stray.QUERY))
    short, _ = wires(DnsScript(EVERY_NAME, strays=1, stray=Stray.SHORT))
    assert (own, short) == (query().to_wire(), b"\x12\x34\x81")


@asynccontextmanager
async def _pair() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Yield the reader of a client and the writer of its server, over a connection of TCP."""
    accepted: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda _, writer: accepted.set_result(writer), "127.0.0.1", 0)
    async with server:
        reader, own = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer = await accepted
        try:
            yield reader, writer
        finally:
            own.close()
            writer.close()


def _conversed(script: DnsScript) -> tuple[bool, bytes]:
    """Return whether the connection goes on after a query, and all that the server sent."""

    async def talk() -> tuple[bool, bytes]:
        async with _pair() as (reader, writer):
            goes_on = await converse(script, query(), sound(query()), writer)
            writer.close()
            return goes_on, await reader.read()

    return asyncio.run(talk())


WIRE = wires(SCRIPT)[0]
LENGTH = len(WIRE).to_bytes(2, "big")


@pytest.mark.parametrize(
    ("fault", "goes_on", "sent"),
    [
        (StreamFault.NONE, True, LENGTH + WIRE),
        (StreamFault.BYTEWISE, True, LENGTH + WIRE),
        (StreamFault.TWICE, True, (LENGTH + WIRE) * 2),
        (StreamFault.SILENT, True, b""),
        (StreamFault.CLOSE, False, b""),
        (StreamFault.HALF, False, (LENGTH + WIRE)[: len(WIRE) // 2]),
        (StreamFault.LENGTH_ZERO, True, b"\0\0" + WIRE),
        (StreamFault.LENGTH_LONG, True, (len(WIRE) + 100).to_bytes(2, "big") + WIRE),
        (StreamFault.LENGTH_SHORT, True, (len(WIRE) // 2).to_bytes(2, "big") + WIRE),
    ],
)
def test_over_tcp_the_framing_is_broken_as_the_script_says(
    fault: StreamFault, sent: bytes, *, goes_on: bool
) -> None:
    assert _conversed(DnsScript(EVERY_NAME, stream=fault)) == (goes_on, sent)


def test_over_tcp_a_silent_server_says_nothing_and_keeps_the_connection() -> None:
    assert _conversed(DnsScript(EVERY_NAME, silent=True)) == (True, b"")


def test_over_tcp_the_response_to_another_query_may_come_first() -> None:
    goes_on, sent = _conversed(DnsScript(EVERY_NAME, stream=StreamFault.OTHER_FIRST))
    first = int.from_bytes(sent[:2], "big")
    assert goes_on
    other = dns.message.from_wire(sent[2 : 2 + first])
    assert (other.id, texts(other.answer)) == (ID ^ 0xFFFF, [f"{NAME} 300 IN MX 0 forged.example.org."])
    assert sent[2 + first :] == LENGTH + WIRE


def test_over_tcp_a_drip_comes_byte_by_byte_with_time_between(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    wait = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await wait(0)

    monkeypatch.setattr("mxproof.lab.dns_script.asyncio.sleep", sleep)
    assert _conversed(DnsScript(EVERY_NAME, stream=StreamFault.DRIP)) == (False, LENGTH + WIRE)
    assert len(slept) == len(LENGTH + WIRE)
    assert min(slept) > 0


def test_over_tcp_a_reset_is_one() -> None:
    async def talk() -> None:
        async with _pair() as (reader, writer):
            goes_on = await converse(
                DnsScript(EVERY_NAME, stream=StreamFault.RESET), query(), sound(query()), writer
            )
            assert goes_on is False
            with pytest.raises(ConnectionResetError):
                await reader.read()

    asyncio.run(talk())

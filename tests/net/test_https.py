"""Every way in which the fetch of a policy can go; whole is only what its framing says is whole."""

import asyncio
import gzip
import ssl
from types import MappingProxyType

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import Answer, Kind, Outcome, PolicyData, Question
from mxproof.formats.mtasts import POLICY_BYTES_MAX
from mxproof.net.asking import Asking
from mxproof.net.http_reading import INTERIM_RESPONSES_MAX
from mxproof.net.https import PlainResponse, ask_policy, plain_response
from mxproof.net.received_policy import HEADER_BYTES_MAX, PIECES_MAX
from support_certificates import INTERMEDIATE, leaf
from support_clock import run
from support_long import EXHAUSTIVE
from support_stream import Do, Handler, certified, closed_port, script, stream_server

NAME = "mta-sts.example.com"
ADDRESS = "192.0.2.80"
QUESTION = Question(Kind.POLICY, NAME, ADDRESS)
BODY = b"version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 86400\n"


def asking(way: tuple[str, int]) -> Asking:
    return Asking((), connect_to=MappingProxyType({(ADDRESS, 443): way}))


def fetch(handler: Handler, context: ssl.SSLContext | None = None) -> Answer:
    async def scenario() -> Answer:
        async with stream_server(handler, context or certified(NAME)) as peer:
            return await ask_policy(QUESTION, asking(peer))

    return run(scenario())


def answered(*steps: bytes | Do) -> Answer:
    return fetch(script(Do.READ_REQUEST, *steps))


def policy(answer: Answer) -> PolicyData:
    assert isinstance(answer.data, PolicyData)
    return answer.data


def head(status: str, *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode("latin-1")


def sized(body: bytes, *fields: str) -> bytes:
    return head("200 OK", f"Content-Length: {len(body)}", *fields) + body


CHUNKED = head("200 OK", "Transfer-Encoding: chunked")
UNSIZED = head("200 OK", "Content-Type: text/plain")


def test_a_whole_response_is_kept_with_its_headers_and_the_chain_as_sent() -> None:
    answer = answered(sized(BODY, "Content-Type: text/plain", "X-Odd: \xe9"), Do.HANG)
    got = policy(answer)
    assert answer.outcome == Outcome.FOUND
    assert (got.status, got.body) == (200, BODY)
    assert got.headers == (
        ("content-length", str(len(BODY))),
        ("content-type", "text/plain"),
        ("x-odd", "\xe9"),
    )
    assert got.tls is not None
    assert got.tls.chain == (leaf((NAME,)).der, INTERMEDIATE.der)


def test_the_request_is_one_plain_get_for_the_policy_host() -> None:
    heard: list[bytes] = []
    fetch(script(Do.READ_REQUEST, sized(BODY), heard=heard))
    lines = heard[0].decode().split("\r\n")
    assert lines[0] == "GET /.well-known/mta-sts.txt HTTP/1.1"
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:-2])}
    assert (fields["host"], fields["accept-encoding"], fields["connection"]) == (NAME, "identity", "close")


def test_sni_names_the_policy_host_and_alpn_http_1_1() -> None:
    context = certified("sni.policy.example")
    context.set_alpn_protocols(["h2", "http/1.1"])
    names: list[str | None] = []
    chosen: list[str | None] = []

    def note(_connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        names.append(name)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chosen.append(writer.get_extra_info("ssl_object").selected_alpn_protocol())
        await script(Do.READ_REQUEST, sized(BODY))(reader, writer)

    context.sni_callback = note
    fetch(handler, context)
    assert (names, chosen) == ([NAME], ["http/1.1"])


@pytest.mark.parametrize(
    "response",
    [
        sized(BODY),
        CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY),
        CHUNKED + b"".join(b"1;ext=x\r\n%c\r\n" % byte for byte in BODY) + b"0\r\nTrailer: x\r\n\r\n",
        head("103 Early Hints", "Link: x") + head("100 Continue") + sized(BODY),
        sized(BODY).replace(b"HTTP/1.1", b"HTTP/1.0"),
    ],
    ids=["length", "chunk", "chunks", "interim", "http-1.0"],
)
def test_a_body_is_whole_where_its_framing_says_so(response: bytes) -> None:
    answer = answered(response, Do.HANG)
    assert (answer.outcome, policy(answer).status, policy(answer).body) == (Outcome.FOUND, 200, BODY)


@pytest.mark.parametrize(
    "response",
    [
        sized(BODY).replace(b"HTTP/1.1", b"HTTP/9.9"),
        sized(BODY).replace(b"HTTP/1.1", b"HTTP/2.0"),
        sized(BODY).replace(b"200 OK", b"200 \x1b[2J"),
        sized(BODY, "X-A: a\x07"),
        sized(BODY, "X-A: a\x7f"),
        CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY),
        head("200 OK", "Transfer-Encoding: chunked", "Content-Length: 5") + b"0\r\n\r\n",
    ],
    ids=["9.9", "2.0", "reason", "control", "delete", "coding-in-1.0", "two-lengths"],
)
def test_what_the_library_lets_pass_and_is_no_http_is_malformed(response: bytes) -> None:
    answer = answered(response, Do.HANG)
    assert (answer.outcome, policy(answer).body) == (Outcome.MALFORMED, b"")


def test_a_higher_minor_version_is_http() -> None:
    assert answered(sized(BODY).replace(b"HTTP/1.1", b"HTTP/1.9")).outcome == Outcome.FOUND


@EXHAUSTIVE
def test_a_body_in_crumbs_is_given_up() -> None:
    assert answered(CHUNKED + b"1\r\nx\r\n" * PIECES_MAX + b"0\r\n\r\n").outcome == Outcome.FOUND
    assert answered(CHUNKED + b"1\r\nx\r\n" * (PIECES_MAX + 1)).outcome == Outcome.OVERSIZE


def test_a_body_that_ends_with_the_connection_needs_tls_to_confirm_the_end() -> None:
    confirmed = answered(UNSIZED + BODY)
    assert (confirmed.outcome, policy(confirmed).body) == (Outcome.FOUND, BODY)
    cut = answered(UNSIZED + BODY, Do.END)
    assert (cut.outcome, policy(cut).body) == (Outcome.MALFORMED, BODY)
    bare = answered(UNSIZED, Do.END)
    assert (bare.outcome, policy(bare).status, policy(bare).body) == (Outcome.MALFORMED, 200, b"")


@pytest.mark.parametrize("ending", [(), (Do.END,)], ids=["close_notify", "cut"])
@pytest.mark.parametrize(
    "response",
    [
        head("200 OK", f"Content-Length: {len(BODY) + 1}") + BODY,
        CHUNKED + b"%x\r\n%s\r\n" % (len(BODY), BODY),
        CHUNKED + b"%x\r\n%s" % (len(BODY) + 1, BODY),
    ],
)
def test_a_body_cut_short_is_malformed_and_kept(response: bytes, ending: tuple[Do, ...]) -> None:
    answer = answered(response, *ending)
    assert (answer.outcome, policy(answer).body) == (Outcome.MALFORMED, BODY)


def test_a_connection_reset_in_the_body_is_closed() -> None:
    answer = answered(head("200 OK", f"Content-Length: {len(BODY) + 1}") + BODY, Do.RESET)
    assert answer.outcome == Outcome.CLOSED


def test_a_connection_reset_behind_a_whole_response_does_no_harm() -> None:
    answer = answered(sized(BODY), Do.RESET)
    assert (answer.outcome, policy(answer).body) == (Outcome.FOUND, BODY)


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
def test_a_redirect_is_recorded_and_not_followed(status: str) -> None:
    heard: list[bytes] = []
    response = head(status, "Location: https://example.com/policy.txt", "Content-Length: 0")
    answer = fetch(script(Do.READ_REQUEST, response, heard=heard))
    assert answer.outcome == Outcome.FOUND
    assert policy(answer).status == int(status[:3])
    assert ("location", "https://example.com/policy.txt") in policy(answer).headers
    assert len(heard) == 1


@pytest.mark.parametrize("status", ["404 Not Found", "204 No Content", "500 Oh"])
def test_any_status_is_an_answer(status: str) -> None:
    answer = answered(head(status, "Content-Length: 0"))
    assert (answer.outcome, policy(answer).status) == (Outcome.FOUND, int(status[:3]))


def test_a_compressed_body_is_kept_as_it_came() -> None:
    packed = gzip.compress(BODY * 10_000)
    answer = answered(sized(packed, "Content-Encoding: gzip"))
    assert (answer.outcome, policy(answer).body) == (Outcome.FOUND, packed)


@pytest.mark.parametrize(
    "steps",
    [
        (sized(bytes(POLICY_BYTES_MAX + 1)),),
        (UNSIZED, b"x" * 1000, Do.FLOOD),
        (CHUNKED, b"8\r\nxxxxxxxx\r\n", Do.FLOOD),
    ],
    ids=["length", "endless", "endless-chunks"],
)
def test_a_body_above_the_limit_keeps_the_part_below_it(steps: tuple[bytes | Do, ...]) -> None:
    answer = answered(*steps)
    assert (answer.outcome, len(policy(answer).body)) == (Outcome.OVERSIZE, POLICY_BYTES_MAX)


def test_a_body_of_exactly_the_limit_is_whole() -> None:
    answer = answered(sized(bytes(POLICY_BYTES_MAX)))
    assert (answer.outcome, len(policy(answer).body)) == (Outcome.FOUND, POLICY_BYTES_MAX)


@pytest.mark.parametrize(
    "steps",
    [
        (head("200 OK", f"X: {'x' * HEADER_BYTES_MAX}"),),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", Do.FLOOD),
        (head("100 Continue") * (INTERIM_RESPONSES_MAX + 1) + sized(BODY),),
        (head("100 Continue"), Do.FLOOD),
        (CHUNKED + b"0\r\n", b"Trailer: x\r\n", Do.FLOOD),
    ],
)
def test_headers_above_their_limits_are_not_read_on(steps: tuple[bytes | Do, ...]) -> None:
    assert answered(*steps).outcome == Outcome.OVERSIZE


@pytest.mark.parametrize(
    "response",
    [
        b"220 mx.example.com ESMTP\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        head("101 Switching Protocols", "Upgrade: x"),
        head("200 OK", "Content-Length: 1", "Content-Length: 2") + b"x",
        head("200 OK", "Content-Length: -1"),
        head("200 OK", "Transfer-Encoding: gzip, chunked"),
        head("200 OK", "Bad header: x"),
        CHUNKED + b"zz\r\n",
    ],
)
def test_what_is_no_http_response_is_malformed(response: bytes) -> None:
    assert answered(response).outcome == Outcome.MALFORMED


@pytest.mark.parametrize("steps", [(), (b"HTTP/1.1 200 OK\r\nX: y\r\n",), (Do.END,)])
def test_a_connection_that_ends_before_the_response_is_closed(steps: tuple[bytes | Do, ...]) -> None:
    answer = answered(*steps)
    assert (answer.outcome, policy(answer).status) == (Outcome.CLOSED, 0)


def test_silence_behind_the_handshake_is_a_timeout_with_the_chain() -> None:
    answer = answered(Do.HANG)
    assert (answer.outcome, policy(answer).status) == (Outcome.TIMEOUT, 0)
    assert policy(answer).tls is not None


def test_a_body_that_drips_in_is_a_timeout_in_total() -> None:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(UNSIZED)
        while True:
            writer.write(b"x")
            await asyncio.sleep(1)

    answer = fetch(drip)
    assert (answer.outcome, policy(answer).status) == (Outcome.TIMEOUT, 200)
    assert policy(answer).body.startswith(b"xx")


def plain(*steps: bytes | Do) -> Answer:
    """Fetch from a server that knows nothing of TLS."""

    async def scenario() -> Answer:
        async with stream_server(script(*steps)) as peer:
            return await ask_policy(QUESTION, asking(peer))

    return run(scenario())


def test_a_server_without_tls_fails_the_handshake() -> None:
    answer = plain(Do.READ_SOME, b"HTTP/1.1 400 Bad Request\r\n\r\n", Do.HANG)
    assert (answer.outcome, answer.data) == (Outcome.TLS_FAILED, None)


def test_a_server_that_goes_away_in_the_handshake_is_closed() -> None:
    assert plain(Do.READ_SOME).outcome == Outcome.CLOSED
    assert plain(Do.READ_SOME, Do.RESET).outcome == Outcome.CLOSED


def test_a_port_where_nobody_listens_refuses() -> None:
    async def scenario() -> Answer:
        return await ask_policy(QUESTION, asking(await closed_port()))

    answer = run(scenario())
    assert (answer.outcome, answer.data) == (Outcome.REFUSED, None)


def by_the_library(response: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes] | None:
    """Return what h11 makes of a whole response, None where it makes nothing of it or wants more."""
    http = h11.Connection(h11.CLIENT)
    http.send(h11.Request(method="GET", target="/", headers=[("Host", "host")]))
    http.send(h11.EndOfMessage())
    http.receive_data(response)
    status, body = 0, b""
    headers: tuple[tuple[str, str], ...] = ()
    try:
        while not isinstance(event := http.next_event(), h11.EndOfMessage):
            match event:
                case h11.Response():
                    status = event.status_code
                    headers = tuple((name.decode(), value.decode("latin-1")) for name, value in event.headers)
                case h11.Data():
                    body += event.data
                case _:
                    return None
    except h11.RemoteProtocolError:
        return None
    return None if http.trailing_data[0] else (status, headers, body)


FIELDS = st.sampled_from(
    [
        "Content-Length: 3",
        "content-length:3",
        "Content-Length: 4",
        "Content-Length: +3",
        "Content-Length: 3, 3",
        "Content-Length:\t3",
        "Transfer-Encoding: chunked",
        "Content-Type:  text/plain ",
        "X-Empty:",
        "X Y: z",
        ": z",
        "X-Odd: \xe9",
        " folded",
        "Connection: keep-alive",
    ]
)


@given(
    status=st.sampled_from(
        ["200 OK", "200", "404 Not here", "204 No", "304 No", "100 Go on", "1000 No", "20"]
    ),
    version=st.sampled_from(["HTTP/1.1", "HTTP/1.0", "http/1.1"]),
    fields=st.lists(FIELDS, max_size=4),
    end=st.sampled_from(["\r\n", "\n"]),
    body=st.sampled_from([b"abc", b"", b"abcd", b"3\r\nabc\r\n0\r\n\r\n"]),
)
def test_what_is_read_as_plain_the_library_reads_alike(
    status: str, version: str, fields: list[str], end: str, body: bytes
) -> None:
    response = end.join([f"{version} {status}", *fields, "", ""]).encode("latin-1") + body
    plain = plain_response(response)
    library = by_the_library(response)
    assert plain is None or (None if plain.missing else (plain.status, plain.headers, plain.body)) == library


@pytest.mark.parametrize(
    ("response", "want"),
    [
        (sized(b"abc"), PlainResponse(200, (("content-length", "3"),), b"abc")),
        (
            sized(b"abc").replace(b": 3", b": 99999"),
            PlainResponse(200, (("content-length", "99999"),), b"abc", 99_996),
        ),
        (sized(b"abc").replace(b": 3", b": 000003"), None),
        (sized(b"abc")[:-1], PlainResponse(200, (("content-length", "3"),), b"ab", 1)),
        (sized(b"", "X-A: b "), PlainResponse(200, (("content-length", "0"), ("x-a", "b")), b"")),
        (sized(b"abc") + b"d", None),
        (sized(b"")[:-1], None),
        (sized(b"abc", "Content-Length: 3"), None),
        (sized(b"abc", "Transfer-Encoding: chunked"), None),
        (head("200 OK", "Transfer-Encoding: 3") + b"abc", None),
        (head("204 None", "Content-Length: 0"), None),
        (head("103 Hints", "Content-Length: 0"), None),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", None),
    ],
)
def test_plain_is_what_can_be_read_in_one_way_alone(response: bytes, want: PlainResponse | None) -> None:
    assert plain_response(response) == want


@pytest.mark.parametrize("behind", [b"", b"and more"])
def test_a_plain_body_that_comes_in_pieces_is_waited_for_and_nothing_behind_it(behind: bytes) -> None:
    response = sized(BODY)
    begun, middle = len(response) - len(BODY), len(response) - 5
    pieces = [response[:begun], response[begun:middle], response[middle:] + behind]
    answer = answered(*pieces)
    assert (answer.outcome, policy(answer).body) == (Outcome.FOUND, BODY)

"""The lab's policy hosts, asked by a real client: each fault does what its name says."""

import http.client
import socket
import ssl
import zlib
from functools import partial

import pytest

from mxproof.lab.https import BOMB_BYTES
from mxproof.lab.running import RunningLab
from mxproof.lab.scenario import Scenario
from support_lab import CLIENT_S_MAX, Fetched, careless, get, in_lab, reach, trusting, world
from support_long import EXHAUSTIVE

BODY = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n"
ADDRESS = ("203.0.113.80", 443)


def host(*lines: str) -> Scenario:
    return world(f"[[https]]\nbody = '''{BODY}'''\n" + "\n".join(lines))


def dial(lab: RunningLab) -> ssl.SSLSocket:
    raw = socket.create_connection(reach(lab, *ADDRESS), timeout=CLIENT_S_MAX)
    return careless().wrap_socket(raw, server_hostname="mta-sts.example.com")


def asked(lab: RunningLab) -> ssl.SSLSocket:
    connection = dial(lab)
    connection.sendall(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.example.com\r\n\r\n")
    return connection


def test_a_sound_host_serves_the_policy_under_a_trusted_certificate() -> None:
    want = Fetched(
        200,
        {"Content-Type": "text/plain", "Content-Length": str(len(BODY)), "Connection": "close"},
        BODY.encode(),
    )
    assert in_lab(host(), get) == want


def test_another_path_is_not_found() -> None:
    assert in_lab(host(), lambda lab: get(lab, path="/")).status == 404


def test_status_headers_and_content_type_are_as_the_world_says() -> None:
    redirect = host(
        "status = 301", 'content_type = "text/html"', 'headers = [["Location", "https://example.com/"]]'
    )
    answer = in_lab(redirect, get)
    assert (answer.status, answer.headers["Content-Type"], answer.headers["Location"]) == (
        301,
        "text/html",
        "https://example.com/",
    )


@pytest.mark.parametrize(
    ("certificate", "want"),
    [
        ("names = ['www.example.com']", "Hostname mismatch"),
        ("names = ['*.example.com']", ""),
        ("defect = 'self-signed'", "self-signed certificate"),
        ("defect = 'untrusted-ca'", "unable to get local issuer|self-signed certificate in"),
        ("defect = 'missing-intermediate'", "unable to get local issuer"),
        ("defect = 'expired'", "certificate has expired"),
        ("defect = 'not-yet-valid'", "not yet valid"),
    ],
)
def test_a_certificate_has_the_defect_of_the_world(certificate: str, want: str) -> None:
    one = host(f"certificate.{certificate}")
    if not want:
        assert in_lab(one, get).status == 200
        return
    with pytest.raises(ssl.SSLCertVerificationError, match=want):
        in_lab(one, get)


def test_a_common_name_alone_satisfies_only_a_client_that_reads_it() -> None:
    def client(lab: RunningLab, *, reads_common_name: bool) -> Fetched:
        context = trusting(lab)
        context.hostname_checks_common_name = reads_common_name
        return get(lab, context=context)

    one = host("certificate.defect = 'cn-only'")
    assert in_lab(one, partial(client, reads_common_name=True)).status == 200
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        in_lab(one, partial(client, reads_common_name=False))


def test_a_body_cut_short_ends_before_its_length() -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        in_lab(host("fault = 'cut-short'"), get)
    assert caught.value.partial == BODY.encode()[: len(BODY) // 2]


@EXHAUSTIVE
def test_a_huge_body_goes_on_after_any_sensible_limit() -> None:
    def client(lab: RunningLab) -> int:
        with asked(lab) as connection:
            return sum(len(connection.recv(16384)) for _ in range(64))

    assert in_lab(host("fault = 'huge'"), client) > 256 * 1024


def test_a_slow_body_comes_a_byte_at_a_time() -> None:
    def client(lab: RunningLab) -> bytes:
        with asked(lab) as connection:
            connection.settimeout(0.2)
            received = connection.recv(1000)
            with pytest.raises(TimeoutError):
                connection.recv(1000)
            return received

    head, _, body = in_lab(host("fault = 'slow'"), client).partition(b"\r\n\r\n")
    assert (head.splitlines()[0], body) == (b"HTTP/1.1 200 OK", b"")


def test_a_gzip_bomb_is_small_until_it_is_unpacked() -> None:
    def client(lab: RunningLab) -> tuple[int, int]:
        with asked(lab) as connection:
            response = http.client.HTTPResponse(connection)
            response.begin()
            assert response.headers["Content-Encoding"] == "gzip"
            packed = response.read(2000)
            response.close()
        return len(packed), len(zlib.decompressobj(wbits=31).decompress(packed))

    size, unpacked = in_lab(host("fault = 'gzip-bomb'"), client)
    assert unpacked > 500 * size
    assert BOMB_BYTES == 1024**3


def test_a_server_of_another_protocol_speaks_no_http() -> None:
    with pytest.raises(http.client.BadStatusLine, match="SSH"):
        in_lab(host("fault = 'not-http'"), get)


def test_a_server_without_tls_answers_the_handshake_in_the_clear() -> None:
    with pytest.raises(ssl.SSLError, match=r"WRONG_VERSION_NUMBER|HTTP"):
        in_lab(host("fault = 'not-tls'"), get)


def test_a_closing_server_ends_after_the_request_without_a_response() -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        in_lab(host("fault = 'close'"), get)


def test_a_resetting_server_resets() -> None:
    with pytest.raises(ConnectionResetError):
        in_lab(host("fault = 'reset'"), get)


def test_a_refusing_server_refuses() -> None:
    with pytest.raises(ConnectionRefusedError):
        in_lab(host("fault = 'refused'"), get)


def test_a_black_hole_never_answers() -> None:
    def client(lab: RunningLab) -> None:
        with socket.create_connection(reach(lab, *ADDRESS), timeout=0.2) as connection:
            connection.recv(1)

    with pytest.raises(TimeoutError):
        in_lab(host("fault = 'blackhole'"), client)


def test_two_hosts_of_one_name_serve_their_own_addresses() -> None:
    one = world(
        "[[https]]\nbody = 'a'\naddresses = ['203.0.113.1']\n[[https]]\nbody = 'b'\naddresses = ['203.0.113.2']\n"
    )

    def client(lab: RunningLab) -> list[bytes]:
        return [get(lab, address).body for address in ("203.0.113.1", "203.0.113.2")]

    assert in_lab(one, client) == [b"a", b"b"]


@pytest.mark.parametrize("request_bytes", [b"\r\n\r\n", b"GET\r\n\r\n", b"\xff" * 100 + b"\r\n\r\n"])
def test_a_client_that_speaks_no_http_is_let_go(request_bytes: bytes) -> None:
    def client(lab: RunningLab) -> bytes:
        with dial(lab) as connection:
            connection.sendall(request_bytes)
            return connection.recv(1000)

    assert in_lab(host(), client) == b""

"""TLS of the policy host: which certificate a client is shown, what is agreed upon, and how it ends."""

import ssl
from collections.abc import Callable

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from OpenSSL import SSL

from mxproof.serve.publish import tls
from mxproof.serve.publish.tls import ServerCertificate, ServerContexts, ServerTls, ServerTlsError, key_of
from support_pem import authorities
from support_policy_wire import HOST, MemoryClient, server_certificate, trusting_all
from support_publish import DOMAIN, OTHER

OTHER_HOST = f"mta-sts.{OTHER}"
CERTIFICATES = {HOST: DOMAIN, OTHER_HOST: OTHER}


def here(host: str) -> ServerCertificate | None:
    """Return the certificate of one of two hosts."""
    return server_certificate(CERTIFICATES[host]) if host in CERTIFICATES else None


def shaken(client: MemoryClient, contexts: ServerContexts | None = None) -> ServerTls:
    """Return the server's side after the handshake; raises ServerTlsError."""
    server = (ServerContexts(here) if contexts is None else contexts).begin()
    ended: list[bool] = []

    def carried(data: bytes) -> bytes:
        if data:
            server.feed(data)
        if not ended or not ended[-1]:
            ended.append(server.shake_hands())
        return server.outgoing()

    client.shake_hands(carried)
    assert ended == [False, True]
    return server


def test_each_host_is_shown_its_certificate_with_what_is_above_it() -> None:
    for host, domain in CERTIFICATES.items():
        client = MemoryClient(host)
        assert shaken(client).host == host
        assert client.tls.getpeercert(binary_form=True) == server_certificate(domain).leaf


def test_a_name_is_looked_for_in_lower_case_and_is_empty_where_there_is_none() -> None:
    asked: list[str] = []

    def find(host: str) -> ServerCertificate:
        asked.append(host)
        return server_certificate()

    for name in (HOST.upper(), None):
        shaken(MemoryClient(name, trusting_all()), ServerContexts(find))
    assert asked == [HOST, ""]


def begun(client: MemoryClient, contexts: ServerContexts) -> ServerTls:
    """Return a server that has heard the first words of a client."""
    server = contexts.begin()
    with pytest.raises(ssl.SSLWantReadError):
        client.tls.do_handshake()
    server.feed(client.said())
    return server


@pytest.mark.parametrize(
    ("shown", "is_unknown"),
    [(None, True), (ServerCertificate(b"none", (), b"none", server_certificate().not_after), False)],
    ids=["no certificate", "one that is none"],
)
def test_without_a_certificate_the_handshake_fails(
    shown: ServerCertificate | None, *, is_unknown: bool
) -> None:
    contexts = ServerContexts(lambda _: shown)
    server = begun(MemoryClient(), contexts)
    with pytest.raises(ServerTlsError):
        server.shake_hands()
    assert (server.is_of_unknown_host, len(contexts)) == (is_unknown, 0)


def test_a_name_that_is_not_ascii_is_none() -> None:
    """As a client may write it that does not hold to RFC 6066 section 3."""
    asked: list[str] = []
    client = MemoryClient("a" * 10, trusting_all())
    with pytest.raises(ssl.SSLWantReadError):
        client.tls.do_handshake()
    server = ServerContexts(asked.append).begin()
    server.feed(client.said().replace(b"a" * 10, b"a" * 9 + b"\xe9"))
    with pytest.raises(ServerTlsError):
        server.shake_hands()
    assert asked == [""]


def test_the_contexts_of_those_asked_for_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tls.CONTEXTS_MAX == 512
    monkeypatch.setattr(tls, "CONTEXTS_MAX", 1)
    contexts = ServerContexts(here)
    kept = []
    for host in (HOST, HOST, OTHER_HOST):
        shaken(MemoryClient(host), contexts)
        kept.append(len(contexts))
    assert kept == [1, 1, 1]
    monkeypatch.setattr(tls, "CONTEXTS_MAX", 2)
    shaken(MemoryClient(HOST), contexts)
    assert len(contexts) == 2


def test_of_those_that_are_kept_the_one_goes_that_nobody_asked_for_for_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    third = "mta-sts.example.org"
    found = {HOST: here(HOST), OTHER_HOST: here(OTHER_HOST), third: server_certificate("example.org")}
    made: list[ServerCertificate | None] = []
    context = tls._context

    def noted(certificate: ServerCertificate | None = None) -> SSL.Context:
        made.append(certificate)
        return context(certificate)

    monkeypatch.setattr(tls, "CONTEXTS_MAX", 2)
    monkeypatch.setattr(tls, "_context", noted)
    contexts = ServerContexts(found.get)
    for host in (HOST, OTHER_HOST, HOST, third, HOST, OTHER_HOST):
        shaken(MemoryClient(host), contexts)
    assert made == [None, *map(found.get, (HOST, OTHER_HOST, third, OTHER_HOST))]


@pytest.mark.parametrize(
    ("offered", "chosen"), [(["h2", "http/1.1"], "http/1.1"), (["h2"], None), ([], None)], ids=str
)
def test_http_1_1_is_chosen_where_it_is_offered(offered: list[str], chosen: str | None) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authorities()[0].root_pem().decode())
    context.set_alpn_protocols(offered)
    client = MemoryClient(context=context)
    shaken(client)
    assert client.tls.selected_alpn_protocol() == chosen


@pytest.mark.parametrize(
    "version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda one: one.name
)
def test_tls_1_2_and_1_3_are_spoken(version: ssl.TLSVersion) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authorities()[0].root_pem().decode())
    context.minimum_version = context.maximum_version = version
    client = MemoryClient(context=context)
    assert shaken(client).version == client.tls.version() == version.name.replace("_", ".")


def test_what_is_said_is_read_and_what_is_answered_is_among_what_is_outgoing() -> None:
    client = MemoryClient()
    server = shaken(client)
    assert (server.read(), server.outgoing()) == (None, b"")
    server.feed(client.say(b"a question"))
    assert (server.read(), server.read()) == (b"a question", None)
    server.write(b"an answer")
    client.hear(server.outgoing())
    assert client.read() == (b"an answer", False)
    server.end()
    client.hear(server.outgoing())
    assert client.read() == (b"", True)
    assert server.outgoing() == b""


def test_the_orderly_end_of_a_client_is_no_bytes_and_what_is_no_tls_is_an_error() -> None:
    client = MemoryClient()
    server = shaken(client)
    with pytest.raises(ssl.SSLWantReadError):
        client.tls.unwrap()
    server.feed(client.said())
    assert server.read() == b""
    broken = shaken(MemoryClient())
    broken.feed(b"\x17\x03\x03\x00\x20" + b"x" * 32)
    with pytest.raises(ServerTlsError, match=r"\Adecryption failed or bad record mac"):
        broken.read()


def test_an_error_of_tls_has_the_words_of_the_library_and_its_lack_is_the_clients_end() -> None:
    server = ServerContexts(here).begin()
    server.feed(b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises(ServerTlsError, match=r"\Ahttp request\Z"):
        server.shake_hands()
    ended = shaken(MemoryClient())
    ended.end()
    with pytest.raises(ServerTlsError, match=r"\Aprotocol is shutdown\Z"):
        ended.write(b"too late")


def public(key: PrivateKeyTypes) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def private(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "make",
    [
        lambda: ec.generate_private_key(ec.SECP256R1()),
        lambda: rsa.generate_private_key(65537, 1024),
        ed25519.Ed25519PrivateKey.generate,
        ed448.Ed448PrivateKey.generate,
    ],
    ids=["ec", "rsa", "ed25519", "ed448"],
)
def test_the_public_key_of_a_private_one_is_as_a_certificate_has_it(
    make: Callable[[], PrivateKeyTypes],
) -> None:
    key = make()
    assert key_of(private(key)) == public(key)


def test_a_key_that_cannot_sign_and_what_is_no_key_are_no_keys_of_a_server() -> None:
    assert key_of(private(x25519.X25519PrivateKey.generate())) is None
    assert key_of(b"none") is None


def test_a_certificate_with_the_key_of_another_is_shown_to_nobody() -> None:
    mixed = msgspec.structs.replace(server_certificate(), key=server_certificate(OTHER).key)
    server = begun(MemoryClient(), ServerContexts(lambda _: mixed))
    with pytest.raises(ServerTlsError):
        server.shake_hands()

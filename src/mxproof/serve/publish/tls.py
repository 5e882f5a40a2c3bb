"""TLS as a server for many names: each connection is shown the certificate of the host that it asks for (RFC 6066 section 3).

Bytes go in and bytes come out; sockets are the caller's. A context of OpenSSL takes thirty times the memory of what it is made from,
so those of the hosts that were asked for last are kept, and made when they are needed. Sessions are not resumed: a sender
comes once a day.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key
from OpenSSL import SSL

CONTEXTS_MAX = 512
RECORD_BYTES_MAX = 16 * 1024

_CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20"
_HTTP = b"http/1.1"
_UNKNOWN = object()
"""What a connection is marked with whose client asks for a host that has no certificate here."""
_KEYS = (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey, ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)
_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey


class ServerCertificate(msgspec.Struct, frozen=True, gc=False):
    """A certificate, those above it, and its key, all in DER; `not_after` is the end of the certificate."""

    leaf: bytes
    above: tuple[bytes, ...]
    key: bytes
    not_after: datetime


class ServerTlsError(Exception):
    """TLS failed; the text says how, in OpenSSL's words."""


Find = Callable[[str], ServerCertificate | None]
"""From what a client names, in lower case or empty, to the certificate that it is shown."""


def key_of(der: bytes) -> bytes | None:
    """Return the public key of a private one as a certificate has it (SubjectPublicKeyInfo), None where it is no key of a server."""
    try:
        return _private(der).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


class ServerContexts:
    """What every connection begins with; `find` says which certificate is shown."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._begin = _context()
        self._begin.set_tlsext_servername_callback(self._choose)
        self._kept: OrderedDict[ServerCertificate, SSL.Context] = OrderedDict()

    def __len__(self) -> int:
        """Return how many contexts are kept."""
        return len(self._kept)

    def begin(self) -> "ServerTls":
        """Return the server's side of a new connection."""
        return ServerTls(SSL.Connection(self._begin, None))

    def _choose(self, connection: SSL.Connection) -> None:
        """Choose the certificate; without one the handshake fails, for there is nothing that it could be made with."""
        certificate = self._find(named(connection))
        if certificate is None:
            connection.set_app_data(_UNKNOWN)
        else:
            with suppress(SSL.Error, ValueError):  # a certificate that OpenSSL makes nothing of is none
                connection.set_context(self._context_of(certificate))

    def _context_of(self, certificate: ServerCertificate) -> SSL.Context:
        found = self._kept.get(certificate)
        if found is None:
            found = self._kept[certificate] = _context(certificate)
            if len(self._kept) > CONTEXTS_MAX:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(certificate)
        return found


class ServerTls:
    """The server's side of one connection. `shake_hands` and `read` may raise ServerTlsError."""

    def __init__(self, connection: SSL.Connection) -> None:
        self._tls = connection
        self._tls.set_accept_state()

    @property
    def host(self) -> str:
        """The name that the client asked for, in lower case, empty where none."""
        return named(self._tls)

    @property
    def is_of_unknown_host(self) -> bool:
        """Tell whether the client asked for a host that has no certificate here."""
        return self._tls.get_app_data() is _UNKNOWN

    @property
    def version(self) -> str:
        """The version that was agreed upon, such as `TLSv1.3`."""
        return self._tls.get_protocol_version_name()

    def feed(self, data: bytes) -> None:
        """Take what the client sent."""
        self._tls.bio_write(data)

    def shake_hands(self) -> bool:
        """Go on with the handshake, and tell whether it is complete."""
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.Error as error:
            raise _failure(error) from None
        return True

    def read(self) -> bytes | None:
        """Return what the client said: no bytes at its orderly end, None where more must be fed first."""
        try:
            return self._tls.recv(RECORD_BYTES_MAX)
        except SSL.WantReadError:
            return None
        except SSL.ZeroReturnError:
            return b""
        except SSL.Error as error:
            raise _failure(error) from None

    def write(self, data: bytes) -> None:
        """Have `data` among what is outgoing; raises ServerTlsError."""
        try:
            self._tls.sendall(data)
        except SSL.Error as error:
            raise _failure(error) from None

    def end(self) -> None:
        """Say that nothing more will be sent; the client's own word is not waited for (RFC 8446 section 6.1)."""
        with suppress(SSL.Error):  # a stream that is broken already has no orderly end
            self._tls.shutdown()

    def outgoing(self) -> bytes:
        """Return what is to be sent to the client now, perhaps nothing."""
        sent = b""
        while True:
            try:
                sent += self._tls.bio_read(4 * RECORD_BYTES_MAX)
            except SSL.WantReadError:
                return sent


def named(connection: SSL.Connection) -> str:
    """Return the name that a client asks for (SNI), in lower case, empty where it names none that is ASCII."""
    name = connection.get_servername() or b""
    return name.decode("ascii", "replace").lower() if name.isascii() else ""


def _context(certificate: ServerCertificate | None = None) -> SSL.Context:
    """Return a context, with a certificate to show or for the one that chooses; raises SSL.Error and ValueError."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    # RFC 8461 section 3.3 asks for TLS 1.2 or later by way of RFC 7525, and RFC 9325 section 3.1.1 for no other.
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(_CIPHERS)
    context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_COMPRESSION)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    _set_protocol(context)
    if certificate is not None:
        context.use_certificate(x509.load_der_x509_certificate(certificate.leaf))
        for der in certificate.above:
            context.add_extra_chain_cert(x509.load_der_x509_certificate(der))
        context.use_privatekey(_private(certificate.key))
    return context


def _private(der: bytes) -> _Key:
    """Return a key that a server signs with; raises ValueError, TypeError and UnsupportedAlgorithm."""
    key = load_der_private_key(der, password=None)
    if not isinstance(key, _KEYS):
        raise ValueError("not a key of a server")
    return key


def _set_protocol(context: SSL.Context) -> None:
    """Choose HTTP/1.1, the only one that there is; who offers others alone is spoken to in it nonetheless."""
    context.set_alpn_select_callback(
        lambda _, offered: _HTTP if _HTTP in offered else SSL.NO_OVERLAPPING_PROTOCOLS
    )


def _failure(error: SSL.Error) -> ServerTlsError:
    """Return what an error of the library means."""
    queue = error.args[0] if error.args and isinstance(error.args[0], list) else ()
    return ServerTlsError(", ".join(reason for _, _, reason in queue) or "the client ended it")

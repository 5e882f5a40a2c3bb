"""TLS as a client that judges nothing: any version and any certificate, and the chain kept as the server sent it.

Whether a sender would accept what is seen here is judged later, from the record. So verification is off, and
outdated protocols and ciphers are offered too, in order that a server which knows nothing better is a finding with
its certificate rather than a failure without explanation. No secret ever crosses such a connection.

Bytes go in and bytes come out; sockets are the caller's. The OpenSSL is the one that the wheels of `cryptography` bring
along: it is the same on every machine, no system-wide configuration narrows what it offers, and it shows the chain by a
public way, which the standard library does only since Python 3.13. It offers a key of ML-KEM, so that its first message
takes two segments of TCP, as that of any client with OpenSSL 3.5 or later does; who fetches what is no secret offers a key of
P-256 and AES-128 before the rest, which every server of TLS 1.3 knows (RFC 8446 section 9.1): to make the other keys is a tenth of
a handshake, and the longer hash of the suite that comes first otherwise a twenty-fifth.
"""

import re
from contextlib import suppress
from functools import cache

from OpenSSL import SSL, crypto

from mxproof.evidence import Der, TlsData
from mxproof.formats.names import bare_address
from mxproof.net.key_exchange import DH_BITS_MAX, KeyExchange

CERTIFICATES_MAX = 256
"""More than fit into the 100 KiB that OpenSSL takes of a peer's certificates."""
TLS_RECORD_BYTES_MAX = 16 * 1024
"""As much as a record of TLS holds (RFC 8446 section 5.1)."""

PIECE_BYTES_MAX = 4 * 1024
"""As much as is read at once of what was said or is to be sent: the library clears so many bytes each time, and few are used."""

_LEGACY_SERVER_CONNECT = 0x4
"""SSL_OP_LEGACY_SERVER_CONNECT: without it a server of the time before RFC 5746 could not be told from one that has
no TLS at all."""
_USUAL_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z][a-z0-9-]{0,62}")
"""What nearly every name looks like; an address has a colon, or a digit where the last label begins."""
_PLAIN_GROUPS = b"P-256:X25519:P-384:P-521:X448"
"""A key of the first is sent; a server that knows only others asks for one of them (RFC 8446 section 4.1.4)."""
_PLAIN_SUITES = b"TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
"""The one that every server knows (RFC 8446 section 9.1) first: its hash is the one that processors have instructions for."""


class TlsError(Exception):
    """TLS failed; the text says how, in OpenSSL's words."""


class TlsCutError(Exception):
    """The connection ended without a close_notify alert: what came may not be all (RFC 8446 section 6.1)."""

    def __init__(self) -> None:
        super().__init__("the connection ended in the middle of TLS")


class Tls:
    """One TLS connection of a client, with `server_name` in SNI where that is possible.

    With `secret` it offers keys that also those of the future cannot find out.
    Feed it what the peer sent and send on what is `outgoing`. Every method may raise TlsError or TlsCutError.
    """

    def __init__(self, server_name: str, alpn: tuple[str, ...] = (), *, secret: bool = True) -> None:
        self._tls = SSL.Connection(_context(alpn, secret=secret), None)
        self._exchange = KeyExchange()
        self._tls.set_connect_state()
        if fits_sni(server_name):
            self._tls.set_tlsext_host_name(server_name.encode())

    @property
    def costly(self) -> bool:
        """Tell whether going on with the handshake takes arithmetic of a tenth of a second, for a thread of its own."""
        return self._exchange.costly

    def shake_hands(self) -> bool:
        """Go on with the handshake, and tell whether it is complete."""
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.Error as error:
            raise _failure(error) from None
        return True

    def seen(self) -> TlsData:
        """Return what a complete handshake showed."""
        return TlsData(
            version=self._tls.get_protocol_version_name(),
            cipher=self._tls.get_cipher_name() or "",
            chain=tuple(
                Der(crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate))
                for certificate in (self._tls.get_peer_cert_chain() or ())[:CERTIFICATES_MAX]
            ),
        )

    def read(self) -> bytes | None:
        """Return what the peer said: no bytes at its orderly end, None where more must be fed first."""
        try:
            return self._tls.recv(PIECE_BYTES_MAX)
        except SSL.WantReadError:
            return None
        except SSL.ZeroReturnError:
            return b""
        except SSL.Error as error:
            raise _failure(error) from None

    def written(self, data: bytes) -> bytes | None:
        """Return `data` as it goes out, or None where more must be fed first."""
        try:
            self._tls.sendall(data)
        except SSL.WantReadError:
            return None
        except SSL.Error as error:
            raise _failure(error) from None
        return self.outgoing()

    def ended(self) -> bytes:
        """Return the alert that says that nothing more will be sent; the peer's own is not waited for."""
        with suppress(SSL.Error):  # a stream that is broken already has no orderly end
            self._tls.shutdown()
        return self.outgoing()

    def outgoing(self) -> bytes:
        """Return what is to be sent to the peer now, perhaps nothing."""
        sent = b""
        try:
            while True:
                piece = self._tls.bio_read(PIECE_BYTES_MAX)
                sent += piece
                if len(piece) < PIECE_BYTES_MAX:  # that was all; to be told so costs as much again
                    return sent
        except SSL.WantReadError:
            return sent

    def feed(self, data: bytes) -> None:
        """Take what the peer sent; no bytes are the end of the connection."""
        self._exchange.feed(data)
        if self._exchange.excessive:
            raise TlsError(
                f"a Diffie-Hellman group of {self._exchange.dh_bits} bits, more than {DH_BITS_MAX} are not calculated with"
            )
        if data:
            self._tls.bio_write(data)
        else:
            self._tls.bio_shutdown()


def fits_sni(name: str) -> bool:
    """Tell whether `name` can stand in SNI (RFC 6066 section 3): ASCII, labels of at most 63 bytes, no end dot, no address."""
    if len(name) <= 255 and _USUAL_NAME.fullmatch(name):
        return True
    if not name.isascii() or len(name) > 255 or "\0" in name or bare_address(name) is not None:
        return False
    return all(0 < len(label) <= 63 for label in name.split("."))


@cache
def _context(alpn: tuple[str, ...], *, secret: bool = True) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_verify(SSL.VERIFY_NONE)
    context.set_min_proto_version(0)  # the oldest that there is
    # Nobody has a reason to renegotiate, and what a server chose then would be hidden from `KeyExchange`.
    context.set_options(_LEGACY_SERVER_CONNECT | SSL.OP_NO_RENEGOTIATION)
    context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    if not secret:
        context.set_tls13_ciphersuites(_PLAIN_SUITES)
        # The library has no public way to say so. Without it the other keys are offered as well, and all is as slow as it was.
        choose = getattr(getattr(SSL, "_lib", None), "SSL_CTX_set1_curves_list", None)
        if choose is not None:
            choose(getattr(context, "_context"), _PLAIN_GROUPS)  # noqa: B009 - as above
    if alpn:
        context.set_alpn_protos([name.encode() for name in alpn])
    return context


def _failure(error: SSL.Error) -> TlsError | TlsCutError:
    """Return what an error of the library means."""
    if isinstance(error, SSL.SysCallError):
        return TlsCutError()
    if isinstance(error, SSL.ZeroReturnError):
        return TlsError("the peer ended TLS")
    queue = error.args[0] if error.args else ()
    return TlsError(", ".join(reason for _, _, reason in queue) or "no reason given")

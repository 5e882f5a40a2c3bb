"""TLS as a client that judges nothing: any version and any certificate, and the chain kept as the server sent it.

Whether a sender would accept what is seen here is judged later, from the record. So verification is off, and
outdated protocols and ciphers are offered too, in order that a server which knows nothing better is a finding with
its certificate rather than a failure without explanation. No secret ever crosses such a connection.
"""

import ssl
from functools import cache

from mxproof.evidence import Der, TlsData
from mxproof.net.wire import Wire

CERTIFICATES_MAX = 20
_DER = 2  # _ssl.ENCODING_DER


async def secure(wire: Wire, server_name: str, alpn: tuple[str, ...] = ()) -> TlsData:
    """Lead the handshake on `wire` with `server_name` in SNI (RFC 8461 section 7.1, RFC 7672 section 8.1)."""
    tls = await wire.start_tls(_context(alpn), _sni(server_name))
    cipher = tls.cipher()
    return TlsData(
        version=tls.version() or "",
        cipher=cipher[0] if cipher else "",
        chain=tuple(Der(der) for der in _sent_chain(tls)[:CERTIFICATES_MAX]),
    )


@cache
def _context(alpn: tuple[str, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    # Without this a server of the time before RFC 5746 could not be told from one that has no TLS at all.
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    # An end without close_notify must be told from an orderly one: a body may have been cut there.
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def _sni(name: str) -> str | None:
    """Return `name` if it can stand in SNI (RFC 6066 section 3): ASCII, labels of at most 63 bytes, no end dot."""
    labels = name.split(".")
    fits = name.isascii() and len(name) <= 255 and all(0 < len(label) <= 63 for label in labels)
    return name if fits and "\0" not in name else None


def _sent_chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """Return the certificates as sent, leaf first.

    Python has a public way to them since 3.13; 3.10 to 3.12 have the same function on the object within, under the
    same name. Where neither is found the leaf alone is returned, by the way that has always been public.
    """
    public = getattr(tls, "get_unverified_chain", None)
    if public is not None:
        return tuple(public())
    within = getattr(getattr(tls, "_sslobj", None), "get_unverified_chain", None)
    if within is not None:
        return tuple(certificate.public_bytes(_DER) for certificate in within() or ())
    leaf = tls.getpeercert(binary_form=True)
    return (leaf,) if leaf else ()

"""Server side TLS of the lab: contexts made from issued certificates, one for each name where a server has several."""

import ssl
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

from mxproof.lab.ca import Issued

_OLD_CIPHERS = "DEFAULT@SECLEVEL=0"  # OpenSSL 3 offers TLS 1.0 at security level 0 only


def server_context(
    issued: Issued, by_name: Mapping[str, Issued] | None = None, *, tls10_only: bool = False
) -> ssl.SSLContext:
    """Return a context that shows `issued`, or the certificate of `by_name` that the client asks for by SNI."""
    context = _context(issued)
    if tls10_only:
        _limit_to_tls10(context)
    others = {name: _context(one) for name, one in (by_name or {}).items()}
    if others:

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            connection.context = others.get(name or "", context)

        context.sni_callback = choose
    return context


def _context(issued: Issued) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:  # the ssl module reads keys from files alone
        Path(file.name).write_bytes(issued.pem())
        context.load_cert_chain(file.name)
    return context


def _limit_to_tls10(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers(_OLD_CIPHERS)

"""Server side TLS of the lab: contexts made from issued certificates, one for each name where a server has several."""

import ssl
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

from mxproof.lab.ca import Issued

_ANY_CIPHERS = "DEFAULT@SECLEVEL=0"  # OpenSSL 3 offers TLS 1.0, and loads weak keys, at security level 0 only
_VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
}


def server_context(
    issued: Issued, by_name: Mapping[str, Issued] | None = None, *, only: str = ""
) -> ssl.SSLContext:
    """Return a context that shows `issued`, or the certificate of `by_name` that the client asks for by SNI.

    `only` is the version of TLS that it speaks, where that is not the newest.
    """
    context = _context(issued)
    if only in _VERSIONS:
        _limit(context, _VERSIONS[only])
    others = {name: _context(one) for name, one in (by_name or {}).items()}
    if others:

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            connection.context = others.get(name or "", context)

        context.sni_callback = choose
    return context


def _context(issued: Issued) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(_ANY_CIPHERS)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:  # the ssl module reads keys from files alone
        Path(file.name).write_bytes(issued.pem())
        context.load_cert_chain(file.name)
    return context


def _limit(context: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = version
        context.maximum_version = version

"""Server side TLS of the lab: contexts made from issued certificates, one for each name where a server has several."""

import ssl
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from mxproof.formats.tls_offer import Offer
from mxproof.lab.ca import Issued

_ANY_CIPHERS = "DEFAULT"
_LEVEL = "@SECLEVEL=0"  # OpenSSL 3 offers TLS 1.0, and loads weak keys, at security level 0 only
_CIPHERS = {
    Offer.TLS_1_2: "ECDHE+AESGCM:ECDHE+CHACHA20",
    Offer.ECDHE_CBC: "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA",
    Offer.KEY_TRANSPORT: "kRSA+AES",
    Offer.TLS_1_1: "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA",
    Offer.WEAK: "eNULL+aRSA:eNULL+aECDSA",
    Offer.ANONYMOUS: "aNULL",
}
"""The suites by which a server takes an offer; of those that are weak OpenSSL has left what does not encrypt."""
_VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
}


class _Alerting(ssl.SSLObject):
    """A connection of which an alert goes out too.

    asyncio gives a handshake up as soon as it fails, with the alert that says why still unsent. So it is told to wait for
    the client, which sends it first; the client then ends the connection.
    """

    def do_handshake(self) -> None:
        """Go on with the handshake."""
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError:
            raise ssl.SSLWantReadError from None


def server_context(
    issued: Issued,
    by_name: Mapping[str, Issued] | None = None,
    *,
    only: str = "",
    offers: Sequence[Offer] = (),
) -> ssl.SSLContext:
    """Return a context that shows `issued`, or the certificate of `by_name` that the client asks for by SNI.

    `only` is the version of TLS that it speaks, where that is not the newest; of `offers` it takes all and nothing else,
    where there are any.
    """
    context = _context(issued)
    if offers:
        _take(context, offers)
    elif only in _VERSIONS:
        _limit(context, _VERSIONS[only], _VERSIONS[only])
    others = {name: _context(one) for name, one in (by_name or {}).items()}
    if others:

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            connection.context = others.get(name or "", context)

        context.sni_callback = choose
    return context


def _context(issued: Issued) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslobject_class = _Alerting
    context.set_ciphers(_ANY_CIPHERS + _LEVEL)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:  # the ssl module reads keys from files alone
        Path(file.name).write_bytes(issued.pem())
        context.load_cert_chain(file.name)
    return context


def _take(context: ssl.SSLContext, offers: Sequence[Offer]) -> None:
    """Have a server take these offers."""
    suites = [_CIPHERS[one] for one in offers if one in _CIPHERS]
    context.set_ciphers(":".join(suites or [_ANY_CIPHERS]) + f":{_LEVEL}")
    older = set(offers) - {Offer.TLS_1_3}
    oldest = ssl.TLSVersion.TLSv1_2 if older else ssl.TLSVersion.TLSv1_3
    newest = ssl.TLSVersion.TLSv1_3 if Offer.TLS_1_3 in offers else ssl.TLSVersion.TLSv1_2
    if Offer.TLS_1_1 in older:
        oldest, newest = ssl.TLSVersion.TLSv1, newest if len(offers) > 1 else ssl.TLSVersion.TLSv1_1
    _limit(context, oldest, newest)


def _limit(context: ssl.SSLContext, oldest: ssl.TLSVersion, newest: ssl.TLSVersion) -> None:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = oldest
        context.maximum_version = newest

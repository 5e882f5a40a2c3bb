"""A path as OpenSSL finds it, which most senders verify with, for chains that `mail/certification_path` does not see hold.

`cryptography` has the profile of the web in mind and refuses what OpenSSL, GnuTLS and Go take: keys of other curves in
authorities, basic constraints that are not critical, name constraints with a leading dot, serial numbers of more than
20 bytes, policies that are critical. observed: posttls-finger of Postfix 3.7.11 took a chain with each of them.

OpenSSL's own limits do not reach far here, which are those of a security level: what a signature is made over and what
a certificate is for has to be looked at by whoever asks.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from OpenSSL import crypto

from mxproof.evidence import Der


def openssl_path(sent: Sequence[Der], anchors: tuple[Der, ...], when: datetime) -> tuple[Der, ...]:
    """Return the certificates from the leaf, the first of `sent`, to the one of `anchors` it leads to, or none."""
    leaf, *others = sent
    store = crypto.X509Store()
    store.set_flags(
        crypto.X509StoreFlags.PARTIAL_CHAIN
    )  # an anchor need not be a root (RFC 7672 section 3.1.2)
    store.set_time(when.astimezone(UTC))
    try:
        for anchor in anchors:
            store.add_cert(_loaded(anchor))
        context = crypto.X509StoreContext(store, _loaded(leaf), [_loaded(one) for one in others])
        return tuple(map(_der, context.get_verified_chain()))
    except (crypto.Error, crypto.X509StoreContextError):
        return ()


def _loaded(certificate: Der) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, certificate)


def _der(certificate: crypto.X509) -> Der:
    return Der(crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate))

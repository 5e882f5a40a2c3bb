"""The certificates of policy hosts, read from files, and read again when these change.

| what stands in the files | what is shown |
|---|---|
| the same as at the last look, and in force | the same |
| a chain whose leaf is for the host and in force, and its key | that |
| anything else: no file, a key of another certificate, another name, over, not begun, half written | the last that was good |

The last row has a fault that is told. A key and its certificate are two files, swapped one after the other by most tools:
between the two they do not fit, and the next look finds that they do.
"""

import os
import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from mxproof.formats.cert import covers, facts
from mxproof.formats.errors import FormatError
from mxproof.formats.text import listed
from mxproof.serve.publish.policies import policy_host
from mxproof.serve.publish.tls import ServerCertificate, key_of

CERTIFICATE_FILE_BYTES_MAX = 256 * 1024
ABOVE_MAX = 8
"""Certificates above the leaf: a chain has two or three."""

_PEM = re.compile(rb"-----BEGIN (?P<kind>[A-Z0-9 ]+)-----(?P<body>[A-Za-z0-9+/=\s]*)-----END (?P=kind)-----")

Stamp = tuple[tuple[int, int, int], ...]
"""Of each file its number, its size and when it was written: what changes when it does."""


class CertificateFiles(msgspec.Struct, frozen=True):
    """Where chain and key of a host are, with `{host}` and `{domain}` to be put in."""

    chain: str
    key: str

    def of(self, domain: str) -> tuple[str, str]:
        """Return both paths for a domain."""
        host = policy_host(domain)
        return self.chain.format(host=host, domain=domain), self.key.format(host=host, domain=domain)


class HostCertificate(msgspec.Struct, frozen=True, gc=False):
    """What is shown for a host, None where nothing ever was good; `fault` is of the files as they are, or empty."""

    certificate: ServerCertificate | None
    stamp: Stamp = ()
    fault: str = ""


def looked_at(
    domains: Iterable[str], files: CertificateFiles, before: Mapping[str, HostCertificate], now: datetime
) -> dict[str, HostCertificate]:
    """Return the certificate of each domain's policy host after a look at the files of all."""
    above = {one.certificate.above: one.certificate.above for one in before.values() if one.certificate}
    return {domain: _looked_at(domain, files, before.get(domain), now, above) for domain in domains}


def _looked_at(
    domain: str,
    files: CertificateFiles,
    before: HostCertificate | None,
    now: datetime,
    above: dict[tuple[bytes, ...], tuple[bytes, ...]],
) -> HostCertificate:
    """Look at one; `above` has each chain of authorities once, for most hosts have the same few."""
    chain, key = files.of(domain)
    last = None if before is None else before.certificate
    try:
        # What is read later may be newer than its stamp, and is then read again; never the other way round.
        stamp = _stamp(chain, key)
        if before is not None and not before.fault and stamp == before.stamp and not _is_over(last, now):
            return before
        found = _read(chain, key)
    except OSError as error:
        return HostCertificate(last, fault=f"{error.filename}: {error.strerror}")
    except FormatError as error:
        return HostCertificate(last, stamp, f"{chain}: {error}")
    if isinstance(found, str):
        return HostCertificate(last, stamp, found)
    host = policy_host(domain)
    if fault := _unfit(found, host, now):
        return HostCertificate(last, stamp, f"{chain}: {fault}")
    shared = above.setdefault(found.above, found.above)
    return HostCertificate(msgspec.structs.replace(found, above=shared), stamp)


def _is_over(certificate: ServerCertificate | None, now: datetime) -> bool:
    return certificate is not None and now > certificate.not_after


def _stamp(chain: str, key: str) -> Stamp:
    one = os.stat(chain)  # noqa: PTH116 - twenty thousand of them a look
    other = one if key == chain else os.stat(key)  # noqa: PTH116
    return (
        (one.st_ino, one.st_size, one.st_mtime_ns),
        (other.st_ino, other.st_size, other.st_mtime_ns),
    )


def _read(chain: str, key: str) -> ServerCertificate | str:
    """Return what both files hold, or what is wrong with it; raises OSError and FormatError."""
    ders = [der for kind, der in _blocks(chain) if kind == "CERTIFICATE"]
    if not ders:
        return f"{chain}: holds no certificate in PEM"
    private = [(kind, der) for kind, der in _blocks(key) if kind.endswith("PRIVATE KEY")]
    if len(private) != 1:
        return f"{key}: holds {len(private)} private keys in PEM where one was expected"
    ((kind, der),) = private
    public = None if kind.startswith("ENCRYPTED") else key_of(der)
    if public is None:
        return f"{key}: a private key that can be read without a password was expected"
    leaf, *above = ders
    if facts(leaf).spki_der != public:
        return f"{key}: is not the key of the certificate in {chain}"
    return ServerCertificate(leaf, tuple(above[:ABOVE_MAX]), der, facts(leaf).not_after)


def _blocks(path: str) -> list[tuple[str, bytes]]:
    with Path(path).open("rb") as file:
        text = file.read(CERTIFICATE_FILE_BYTES_MAX)
    found = []
    for block in _PEM.finditer(text):
        try:
            found.append((block["kind"].decode(), a2b_base64(block["body"])))
        except Base64Error:
            continue
    return found


def _unfit(certificate: ServerCertificate, host: str, now: datetime) -> str:
    """Return why no sender would take the certificate for this host, empty where it may."""
    leaf = facts(certificate.leaf)
    if not covers(leaf, host):
        return f"the certificate is not for {host} but for {listed(leaf.dns_names)}"
    if now > leaf.not_after:
        return f"the certificate ended at {leaf.not_after:%Y-%m-%dT%H:%M:%SZ}"
    if now < leaf.not_before:
        return f"the certificate begins at {leaf.not_before:%Y-%m-%dT%H:%M:%SZ}"
    return ""

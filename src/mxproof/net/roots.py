"""Where trust ends: the root certificates of this machine, or of a file, as DER.

Only read here; which of them a chain ends at is judged elsewhere. OpenSSL knows where its store is; the other places
are those of the distributions, for a Python that was built for another one.
"""

import binascii
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from mxproof.formats import ConfigError

ROOTS_BYTES_MAX = 16 * 1024 * 1024
DIRECTORY_FILES_MAX = 2000
SYSTEM_ROOTS = "those of the machine"
"""What evidence calls the roots that the machine trusts."""

_KNOWN_FILES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
    Path("/etc/ssl/cert.pem"),
    Path("/etc/ssl/ca-bundle.pem"),
)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----")
_DER_SEQUENCE = b"\x30"


def system_roots() -> tuple[bytes, ...]:
    """Return the roots that this machine trusts.

    Raises ConfigError where there are none: judged by an empty store, every server of the world would seem at fault.
    """
    import ssl  # noqa: PLC0415 - who reads one file, or none, does not ask OpenSSL

    paths = ssl.get_default_verify_paths()
    files = (Path(paths.cafile), *_KNOWN_FILES) if paths.cafile else _KNOWN_FILES
    for file in files:
        if roots := _from_file(file):
            return roots
    if paths.capath is not None and (roots := _from_directory(Path(paths.capath))):
        return roots
    raise ConfigError(
        "no trusted root certificates were found on this machine; name a file of them (--ca-file)"
    )


def roots_from(path: Path) -> tuple[bytes, ...]:
    """Return the root certificates in a file: any number in PEM, or one in DER.

    Raises ConfigError for a file that cannot be read or holds none.
    """
    try:
        data = _read(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    if roots := tuple(dict.fromkeys(_certificates(data))):
        return roots
    raise ConfigError(f"{path}: holds no certificate; PEM or DER was expected")


def _from_file(path: Path) -> tuple[bytes, ...]:
    try:
        return tuple(dict.fromkeys(_certificates(_read(path))))
    except OSError:
        return ()


def _from_directory(path: Path) -> tuple[bytes, ...]:
    try:
        files = sorted(islice(path.iterdir(), DIRECTORY_FILES_MAX))
    except OSError:
        return ()
    return tuple(dict.fromkeys(root for file in files if file.is_file() for root in _from_file(file)))


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(ROOTS_BYTES_MAX)


def _certificates(data: bytes) -> Iterator[bytes]:
    if data.startswith(_DER_SEQUENCE):
        yield data
        return
    for body in _PEM.findall(data):
        try:
            der = binascii.a2b_base64(body)
        except binascii.Error:
            continue
        if der.startswith(_DER_SEQUENCE):
            yield der

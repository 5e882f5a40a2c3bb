"""The certificates that an authority issued, in a folder: FOLDER/NAME.pem holds key and chain, and is swapped whole."""

import hashlib
from datetime import datetime
from pathlib import Path
from ssl import PEM_cert_to_DER_cert
from typing import Final

from mxproof.evidence import Der
from mxproof.formats.cert import covers, facts
from mxproof.formats.errors import ConfigError, FormatError
from mxproof.net.roots import roots_from
from mxproof.publish.keeper import KeeperError
from mxproof.store.whole import make_folder, replace_file

RENEWED_AT: Final = 1 / 3
"""The part of its life that a certificate has left when it is renewed, as authorities advise."""
EARLIER_AT_MOST: Final = 1 / 12
"""The part of its life by which chance has it renewed earlier, so that names that came together do not stay together."""
_PRIVATE: Final = 0o600
_END: Final = b"-----END CERTIFICATE-----"


class CertificateFolder:
    """The certificates that were issued, a file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Return where the certificate for a name is, with its key."""
        return self._folder / f"{name}.pem"

    def keep(self, name: str, key: bytes, chain: bytes) -> datetime:
        """Keep a certificate, and return when it ends; raises KeeperError where it is none for the name, or not written."""
        path = self.path(name)
        try:
            leaf = facts(Der(PEM_cert_to_DER_cert(_first(chain))))
        except (FormatError, ValueError):
            leaf = None
        if leaf is None or not covers(leaf, name):
            raise KeeperError(f"{path}: what the authority issued is no certificate for {name}")
        try:
            make_folder(self._folder)
            replace_file(path, [key.strip(), b"\n", chain.strip(), b"\n"], _PRIVATE)
        except OSError as error:
            raise KeeperError(f"{path}: was not written ({error.strerror or error})") from None
        return leaf.not_after

    def span(self, name: str) -> tuple[datetime, datetime] | None:
        """Return from when until when the certificate for a name is in force, None where there is none for it."""
        try:
            leaf = facts(Der(roots_from(self.path(name))[0]))
        except (ConfigError, FormatError):
            return None
        return (leaf.not_before, leaf.not_after) if covers(leaf, name) else None


def _first(chain: bytes) -> str:
    return chain.partition(_END)[0].decode("ascii", "replace") + _END.decode()


def renewed_from(name: str, begins: datetime, ends: datetime) -> datetime:
    """Return from when on a certificate is to be renewed: each name has its own moment, the same at every look."""
    life = ends - begins
    chance = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32
    return ends - life * RENEWED_AT - life * EARLIER_AT_MOST * chance

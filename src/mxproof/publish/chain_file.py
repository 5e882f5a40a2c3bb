"""The file that a mail server reads its key and chain from (`smtpd_tls_chain_files` of Postfix), swapped whole.

| file | holds |
|---|---|
| FILE | what is shown; a process of the server that starts now reads it |
| FILE.next | what is shown next, with owner and mode of FILE; no server reads it |

Files of certbot's `live/` are read once, when they are staged: links there move one after the other, and a server that reads them meanwhile
has the key of another certificate.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from shlex import quote
from ssl import DER_cert_to_PEM_cert
from typing import Final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from mxproof.evidence import Der
from mxproof.formats.cert import facts
from mxproof.formats.errors import ConfigError, FormatError
from mxproof.net.roots import roots_from
from mxproof.publish.keeper import KeeperError
from mxproof.store.whole import replace_file

KEY_BYTES_MAX: Final = 64 * 1024
SHOWN_CERTIFICATES_MAX: Final = 10
PRIVATE: Final = 0o600
"""The mode of a file that is new; it holds a key."""


class KeyedChain(msgspec.Struct, frozen=True):
    """A chain, leaf first, and the text of both as a server reads them from one file, the key before the chain."""

    chain: tuple[Der, ...]
    text: bytes


def read_keyed_chain(chain: Path, key: Path) -> KeyedChain:
    """Return what both files hold; raises KeeperError where they do not fit, as while somebody swaps them one after the other."""
    try:
        certificates = tuple(map(Der, roots_from(chain)))[:SHOWN_CERTIFICATES_MAX]
        leaf = facts(certificates[0])
        with key.open("rb") as file:
            secret = file.read(KEY_BYTES_MAX)
        public = load_pem_private_key(secret, None).public_key()
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        text = b"\n".join(
            (secret.strip(), *(DER_cert_to_PEM_cert(one).encode().strip() for one in certificates), b"")
        )
    except (ConfigError, FormatError) as error:
        raise KeeperError(str(error)) from None
    except OSError as error:
        raise KeeperError(f"{error.filename}: cannot be read ({error.strerror})") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeeperError(f"{key}: a private key that can be read without a password was expected") from None
    if leaf.spki_der != spki:
        raise KeeperError(f"{key}: is not the key of the certificate in {chain}")
    return KeyedChain(certificates, text)


class ChainFile:
    """The file at `path`; a link keeps leading where it leads."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self.next = self._path.with_name(f"{self._path.name}.next")

    def held(self) -> tuple[Der, ...]:
        """Return the chain that is shown, nothing where there is none."""
        return _chain_in(self._path)

    def staged(self) -> tuple[Der, ...]:
        """Return the chain that is to be shown next, nothing where there is none."""
        return _chain_in(self.next)

    def stage(self, keyed: KeyedChain) -> None:
        """Put what is shown next beside the file; raises KeeperError where that is not done."""
        try:
            self._keep_secret()
            self.next.unlink(missing_ok=True)
            replace_file(self.next, [keyed.text], PRIVATE)
            with suppress(FileNotFoundError):
                kept = self._path.stat()
                os.chown(self.next, kept.st_uid, kept.st_gid)
                self.next.chmod(kept.st_mode & 0o7777)
        except OSError as error:
            raise KeeperError(f"{self.next}: was not written ({error.strerror or error})") from None

    def _keep_secret(self) -> None:
        """Raise KeeperError where a key would come into a file without one that everybody may read."""
        with suppress(FileNotFoundError):
            everybody_reads = self._path.stat().st_mode & stat.S_IROTH
            if everybody_reads and b"PRIVATE KEY-----" not in self._path.read_bytes():
                raise KeeperError(
                    f"{self._path}: everybody may read it, and it holds no key so far; "
                    f"`chmod o= {quote(str(self._path))}` before a key comes into it"
                )

    def swap(self) -> None:
        """Have what was staged be shown; raises KeeperError where that is not done, and then nothing is changed."""
        try:
            self.next.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise KeeperError(f"{self._path}: was not swapped ({error.strerror or error})") from None

    def forget(self) -> None:
        """Take away what was staged."""
        with suppress(OSError):
            self.next.unlink(missing_ok=True)


def _chain_in(path: Path) -> tuple[Der, ...]:
    try:
        return tuple(map(Der, roots_from(path)))
    except ConfigError:
        return ()

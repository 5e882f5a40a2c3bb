"""Certificates that an authority issues, each for one name, kept in a folder and renewed early.

| a name | then |
|---|---|
| has no certificate | it is wanted: ordered in its turn, at most ORDERS of a run |
| has one with a third of its life left, less what chance gives each name | the same |
| an order failed | it is tried again after BACK_OFF_FIRST_S, twice as long each time, at most a day, and not at the same moment as others |

FOLDER/NAME.pem holds key and chain and is swapped whole, so that whoever reads it has both of one certificate.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from ssl import PEM_cert_to_DER_cert
from typing import Final

from mxproof.evidence import Der
from mxproof.formats.cert import covers, facts
from mxproof.formats.errors import ConfigError, FormatError
from mxproof.net.roots import roots_from
from mxproof.publish.acme_client import AcmeError, Issue, new_key
from mxproof.publish.challenge import Answerer
from mxproof.publish.keeper import KeeperError
from mxproof.publish.told_certificate import CERTIFICATE_VERSION, CertificateEnd, ToldCertificate
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.wanted_certificate_journal import WantedCertificate, WantedCertificateJournal
from mxproof.store.whole import replace_file

RENEWED_AT: Final = 1 / 3
"""The part of its life that a certificate has left when it is renewed, as authorities advise."""
EARLIER_AT_MOST: Final = 1 / 12
"""The part of its life by which chance has it renewed earlier, so that names that came together do not stay together."""
BACK_OFF_FIRST_S: Final = 600
BACK_OFF_MAX_S: Final = 86_400
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
            self._folder.mkdir(parents=True, exist_ok=True)
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


def tried_again_at(name: str, failures: int, now: datetime) -> datetime:
    """Return when an order that failed for the `failures`-th time is tried again."""
    wait_s = min(BACK_OFF_FIRST_S * 2 ** min(failures - 1, 16), BACK_OFF_MAX_S)
    chance = int.from_bytes(hashlib.sha256(f"{name} {failures}".encode()).digest()[:4]) / 2**32
    return now + timedelta(seconds=wait_s * (1 + chance / 4))


class Issuing:
    """Orders certificates, one after the other; `orders_max` at most in one run."""

    def __init__(
        self,
        journal: WantedCertificateJournal,
        folder: CertificateFolder,
        issue: Issue,
        answerer: Answerer,
        *,
        orders_max: int,
        now: Callable[[], datetime],
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._journal = journal
        self._folder = folder
        self._issue = issue
        self._answerer = answerer
        self._orders_max = orders_max
        self._now = now
        self._tell = tell

    def want(self, names: Sequence[str]) -> int:
        """Note that certificates are wanted, those that are there and not yet to be renewed left out; return for how many there was no room."""
        return self._journal.want([one for one in names if self.is_due(one)], self._now())

    def is_due(self, name: str) -> bool:
        """Tell whether a name has no certificate, or one that is to be renewed."""
        span = self._folder.span(name)
        return span is None or self._now() >= renewed_from(name, *span)

    def run(self) -> dict[str, CertificateEnd]:
        """Order what is wanted and may be tried now; return what became of each name.

        It ends with the first order of which the authority says, or shows, that no other one would fare better.
        """
        with self._journal.alone() as still_alone:
            due = self._journal.due(self._now(), self._orders_max)
            if due:
                try:
                    self._answerer.clean()
                except KeeperError as error:
                    self._tell(f"leftovers of earlier orders stay: {error}")
            found: dict[str, CertificateEnd] = {}
            for one in due:
                try:
                    found[one.name] = self._ordered(one.name, one.failures, still_alone)
                except AcmeError:
                    found[one.name] = CertificateEnd.FAILED
                    break
            return found

    def told(self, names: Sequence[str], ends: Mapping[str, CertificateEnd]) -> tuple[ToldCertificate, ...]:
        """Return how it stands with names; `ends` is what became of those that were ordered just now."""
        waiting = {one.name: one for one in self._journal.waiting()}
        return tuple(self._told(one, waiting.get(one), ends.get(one)) for one in dict.fromkeys(names))

    def _told(
        self, name: str, wanted: WantedCertificate | None, end: CertificateEnd | None
    ) -> ToldCertificate:
        span = self._folder.span(name)
        if end is None:
            is_late = wanted is not None and wanted.failures
            end = CertificateEnd.DUE if self.is_due(name) else CertificateEnd.KEPT
            end = CertificateEnd.WAITING if is_late and end is CertificateEnd.DUE else end
        return ToldCertificate(
            CERTIFICATE_VERSION,
            name,
            end,
            None if span is None else span[1],
            None if span is None else renewed_from(name, *span),
            wanted.next_at if wanted is not None and wanted.failures else None,
            wanted.said if wanted is not None else "",
        )

    def _ordered(self, name: str, failures: int, still_alone: StillAlone) -> CertificateEnd:
        """Order one; raises AcmeError, once it is noted, where that concerns all."""
        still_alone()
        if not self.is_due(name):
            self._journal.forget(name)
            return CertificateEnd.KEPT
        key = new_key()
        try:
            ends = self._folder.keep(name, key, self._issue((name,), key, self._answerer))
        except (AcmeError, KeeperError) as error:
            self._journal.failed(name, str(error), tried_again_at(name, failures + 1, self._now()))
            self._tell(f"{name}: no certificate: {error}")
            if isinstance(error, AcmeError) and error.concerns_all:
                raise
            return CertificateEnd.FAILED
        self._journal.forget(name)
        self._tell(f"{name}: a certificate until {ends:%Y-%m-%d %H:%M} UTC")
        return CertificateEnd.ISSUED

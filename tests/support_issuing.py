"""An authority that issues certificates for tests, and who orders of it: at a time of its own, with a real journal and folder."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from mxproof.publish.acme_client import AcmeError
from mxproof.publish.certificate_folder import CertificateFolder
from mxproof.publish.certificate_standing import CertificateStanding, OrderLimits
from mxproof.publish.challenge import Answerer, HttpAnswerer
from mxproof.publish.issuing import Issuing
from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal
from support_certificates import INTERMEDIATE, NOW, make
from support_new_store import new_store


class Authority:
    """Issues whatever is ordered, unless it refuses; `at` is the time."""

    def __init__(self, folder: Path) -> None:
        new_store(folder)
        self.folder = CertificateFolder(folder / "certificates")
        self.store = Journal(f"sqlite:{folder}/journal.db")
        self.journal = WantedCertificateJournal(self.store)
        self.elsewhere: set[str] = set()
        self.asked_where: list[str] = []
        self.proofs = folder / "proofs"
        self.refusing = ""
        self.is_gone = False
        self.is_away = False
        self.not_before: datetime | None = None
        self.ordered: list[str] = []
        self.at = NOW

    def issued(self, names: tuple[str, ...], key: bytes, answerer: Answerer) -> bytes:
        """Return a chain."""
        self.ordered += names
        if self.refusing:
            raise AcmeError(
                self.refusing,
                concerns_all=self.is_gone or self.is_away,
                not_before=self.not_before,
                is_away=self.is_away,
            )
        private = load_pem_private_key(key, None)
        made = make(names[0], INTERMEDIATE, names=names, key=private)  # type: ignore[arg-type]  # of a curve
        return made.certificate.public_bytes(Encoding.PEM)

    def issuing(
        self,
        orders_max: int = 10,
        issue: Callable[..., bytes] | None = None,
        *,
        in_an_hour: int = 100,
        directory: str = "https://acme.example/directory",
    ) -> Issuing:
        """Return who orders there."""
        orders = CertificateOrderJournal(self.store, directory)
        limits = OrderLimits(orders_max, in_an_hour)
        return Issuing(
            self.journal,
            orders,
            self.folder,
            CertificateStanding(self.journal, orders, self.folder, limits, lambda: self.at),
            issue or self.issued,
            HttpAnswerer(self.proofs),
            now=lambda: self.at,
            hindrance=self.hindrance,
        )

    def hindrance(self, name: str) -> str:
        """Say that a name leads elsewhere."""
        self.asked_where.append(name)
        return "it leads elsewhere" if name in self.elsewhere else ""

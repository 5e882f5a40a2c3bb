"""What became of certificates that were ordered: version 1 of what `publish certificates` prints as JSON."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

CERTIFICATE_VERSION: Final = 1


class CertificateEnd(StrEnum):
    """What became of the certificate for a name."""

    KEPT = "kept"
    """There is one, and it is not to be renewed yet."""
    ISSUED = "issued"
    DUE = "due"
    """It is to be ordered; nothing was done, as asked, or for it is not its turn yet."""
    WAITING = "waiting"
    """An order failed, and it is not tried again yet."""
    FAILED = "failed"


class ToldCertificate(msgspec.Struct, frozen=True):
    """The certificate for `name`: until when there is one, from when it is renewed, and when it is tried again; None for not at all.

    `said` is why the last order failed, empty for none.
    """

    schema_version: int
    name: str
    end: CertificateEnd
    ends: datetime | None
    renewed_from: datetime | None
    tried_again_at: datetime | None
    said: str

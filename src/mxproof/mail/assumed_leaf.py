"""A certificate that nobody has seen: what is supposed of it in place of the leaf that a server shows."""

from datetime import datetime, timedelta
from typing import Final

from mxproof.evidence import AssumedLeaf
from mxproof.formats.cert import CertificateFacts, Purpose

ASSUMED_LIFETIME: Final = timedelta(days=90)
"""How long a certificate that is only assumed is in force: as long as those of the most common authorities."""
ASSUMED_KEY, ASSUMED_SIGNATURE = "EC P-256", "ecdsa-with-sha256"


def assumed_leaf(assumed: AssumedLeaf, seen: CertificateFacts | None, now: datetime) -> CertificateFacts:
    """Return what is supposed of a certificate at `now`; `seen` is the leaf whose key it keeps, None for a key of its own."""
    return CertificateFacts(
        sha256="",
        subject="",
        issuer="",
        common_names=(),
        dns_names=assumed.names,
        names_in_ascii=True,
        other_names=(),
        not_before=now,
        not_after=now + ASSUMED_LIFETIME,
        serial="",
        key=seen.key if seen is not None else ASSUMED_KEY,
        signature_algorithm=ASSUMED_SIGNATURE,
        self_issued=False,
        is_ca=False,
        weak_key=seen is not None and seen.weak_key,
        weak_signature=False,
        purpose=Purpose.SERVERS,
        key_serves=True,
        key_signs=True,
        name_limits=None,
        spki_der=seen.spki_der if seen is not None else b"",
        subject_raw=b"",
        issuer_raw=b"",
    )

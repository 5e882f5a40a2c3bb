"""TLS reports as they arrive, to be put into a journal."""

from datetime import UTC, datetime

import msgspec

from mxproof.explain.tlsrpt.counted import CountedReport, counted
from mxproof.explain.tlsrpt.period import Period
from mxproof.formats.tlsrpt.found import Authenticated, FoundReport
from mxproof.formats.tlsrpt.reading import ReadReport
from mxproof.formats.tlsrpt.report import FailureDetails, TlsReport
from mxproof.store.journal.arrival import Arrival, Refusal
from support_tlsrpt import SOUND

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)
DAY = (SOUND.begin or AT).toordinal() - datetime(1970, 1, 1, tzinfo=UTC).toordinal()
EVER = Period(0, 100_000)


def report(
    found: TlsReport = SOUND,
    authenticated: Authenticated = Authenticated.UNKNOWN,
    domain: str = "",
) -> CountedReport:
    """Return a report as it is kept, whichever domains it is about; `domain` is that of its message."""
    return counted(FoundReport(ReadReport(found), "", domain, authenticated), lambda _: True)


def arrival(*reports: CountedReport, data: bytes = b"one", at: datetime = AT) -> Arrival:
    """Return what came with these reports."""
    return Arrival(data, "a test", at, reports)


def refused(data: bytes, at: datetime = AT, rule: str = "no-json") -> Arrival:
    """Return what came and could not be read."""
    return Arrival(data, "a test", at, refusal=Refusal(rule, "is no JSON\0"))


def altered(**fields: object) -> TlsReport:
    """Return the sound report with other fields."""
    return msgspec.structs.replace(SOUND, **fields)


def with_counts(success: int, failure: int, domain: str = "example.com", **fields: object) -> TlsReport:
    """Return the sound report of another domain with other counts, and one way for all failures."""
    (policy,) = SOUND.policies
    failures = (FailureDetails("certificate-expired", failure),) if failure else ()
    changed = msgspec.structs.replace(
        policy, domain=domain, success=success, failure=failure, failures=failures
    )
    return altered(policies=(changed,), **fields)


def signed_by_nobody_knows_whom(found: TlsReport = SOUND) -> CountedReport:
    """Return a report with a signature that could not be verified."""
    unknown = FoundReport(ReadReport(found), "", "", Authenticated.UNKNOWN, b"DKIM-Signature: a\r\n\r\n")
    return counted(unknown, lambda _: True)

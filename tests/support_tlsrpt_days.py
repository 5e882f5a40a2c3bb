"""Reports of these days: what is kept must not be too old, whenever the tests run."""

from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.formats.tlsrpt.report import FailureDetails, TlsReport
from mxproof.formats.tlsrpt.writing import print_report
from support_tlsrpt import SOUND


def report_of(
    days_ago: int = 1,
    *,
    success: int = 7,
    failure: int = 3,
    domain: str = "example.com",
    number: int = 0,
    reason: str = "",
    result_type: str = "certificate-expired",
) -> TlsReport:
    """Return the sound report as one of a whole day so many days ago."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = today - timedelta(days=days_ago)
    (policy,) = SOUND.policies
    details = FailureDetails(result_type, failure, receiving_mx="mx.example.com", reason=reason)
    changed = msgspec.structs.replace(
        policy, domain=domain, success=success, failure=failure, failures=(details,) if failure else ()
    )
    end = begin + timedelta(days=1, seconds=-1)
    return msgspec.structs.replace(
        SOUND, begin=begin, end=end, id=f"{begin:%Y%m%d}.{number}", policies=(changed,)
    )


def written(*arguments: int, **options: object) -> bytes:
    """Return such a report as JSON."""
    return print_report(report_of(*arguments, **options))  # type: ignore[arg-type]  # those of report_of

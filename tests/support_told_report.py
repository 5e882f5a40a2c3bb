"""TLS reports as they are told, made by hand for tests of forms."""

from datetime import UTC, datetime

import msgspec

from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.told import ToldFailure, ToldPolicy, ToldReport, ToldSessions
from mxproof.formats.tlsrpt.found import Authenticated

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
END = datetime(2026, 6, 1, 23, 59, 59, tzinfo=UTC)
FAILURE = ToldFailure("certificate-expired", 3, None, None, None, None, None)
WHOLE_FAILURE = ToldFailure(
    "certificate-expired",
    3,
    "mx.example.com",
    "198.51.100.1",
    "X509_V_ERR_CERT_HAS_EXPIRED",
    "dane_cert_expired",
    "cert-expired",
    receiving_ip="192.0.2.1",
    standing=RowStanding.CONFIRMED,
    words="It has been over since `2026-05-01`.",
    fix="Renew it:\n    certbot renew",
)
"""A failure of which all is known."""
POLICY = ToldPolicy("sts", "example.com", 7, 0, ())
"""A policy under which every session succeeded."""
REPORT = ToldReport(
    reporter="Example",
    report_id="",
    begin=BEGIN,
    end=END,
    source="report.json",
    authenticated=Authenticated.VERIFIED,
    policies=(),
    repairs=(),
    submitter=None,
    contact=None,
    sender=None,
    sessions=ToldSessions(7, 0, at_least=False),
)


def failing(*failures: ToldFailure) -> ToldPolicy:
    """Return the policy with failures; how many sessions failed is what they come to."""
    return msgspec.structs.replace(POLICY, failure=sum(one.count for one in failures), failures=failures)


def report_of(*policies: ToldPolicy) -> ToldReport:
    """Return the report with policies; its sessions are theirs."""
    sessions = ToldSessions(
        sum(one.success for one in policies), sum(one.failure for one in policies), at_least=False
    )
    return msgspec.structs.replace(REPORT, policies=policies, sessions=sessions)

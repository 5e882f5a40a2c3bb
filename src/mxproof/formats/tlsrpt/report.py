"""A TLS report as a value (RFC 8460 section 4.4).

What a sender left out is an empty text or an empty tuple; a time that could not be read is None. Counts are never added
here: several policies may count the same sessions, and one session may fail in several ways (section 4).
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.formats.result_type import ResultType

RESULT_TYPES = frozenset(set(ResultType) - {ResultType.MX_MISMATCH})
"""The eleven that a report may hold (RFC 8460 section 4.3)."""


class PolicyType(StrEnum):
    """What the sessions were to satisfy (RFC 8460 section 4.4)."""

    TLSA = "tlsa"
    STS = "sts"
    NO_POLICY_FOUND = "no-policy-found"


class FailureDetails(msgspec.Struct, frozen=True, gc=False):
    """Sessions that failed in one way: how many, and what the sender says of them.

    `result_type` is a value of ResultType where it is a known one, else as written; addresses are in canonical text and
    host names in lower case. `receiving_helo` is the name that the server greeted with, `reason` the
    failure-reason-code, `additional_information` a URI.
    """

    result_type: str
    count: int
    sending_ip: str = ""
    receiving_mx: str = ""
    receiving_helo: str = ""
    receiving_ip: str = ""
    reason: str = ""
    additional_information: str = ""


class ReportedPolicy(msgspec.Struct, frozen=True, gc=False):
    """The sessions under one policy: `success` and `failure` count them, `failures` say how they failed.

    `type` is a value of PolicyType where it is a known one, else as written. `strings` are the lines of an MTA-STS
    policy or TLSA records, one each, with their errors; `mx_hosts` the patterns of an MTA-STS policy. The domain of
    TLSA records is the TLSA base domain of an MX host, with some senders that of the recipient.
    """

    type: str
    domain: str
    success: int
    failure: int
    strings: tuple[str, ...] = ()
    mx_hosts: tuple[str, ...] = ()
    failures: tuple[FailureDetails, ...] = ()


class TlsReport(msgspec.Struct, frozen=True, gc=False):
    """One report: who made it, of what time, and the policies. `contact` is a mail address."""

    organization: str
    begin: datetime | None
    end: datetime | None
    contact: str
    id: str
    policies: tuple[ReportedPolicy, ...] = ()

    @property
    def submitter(self) -> str:
        """The domain of the sender that reports: that of its contact (RFC 8460 section 5.3), empty where it has none."""
        return self.contact.rpartition("@")[2].lower() if "@" in self.contact else ""

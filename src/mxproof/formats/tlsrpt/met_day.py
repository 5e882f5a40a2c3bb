"""What was met with one policy domain on one day: the sessions of our own sending, as a report of that day has them."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec

from mxproof.formats.tlsrpt.report import ReportedPolicy


class MetDay(msgspec.Struct, frozen=True, gc=False):
    """The sessions to one policy domain on one UTC day, by policy; each policy stands once, in an order that stays.

    `domain` is the policy domain: the recipient's for MTA-STS and where there is no policy, the TLSA base domain for DANE
    (RFC 8460 section 1.1). `record` is the TLSRPT record that was met with it last, empty for one of which only TLSA records
    were met: nobody looked for its record.
    """

    domain: str
    day: date
    policies: tuple[ReportedPolicy, ...]
    record: str = ""

    @property
    def begin(self) -> datetime:
        """The first moment of the day, in UTC."""
        return datetime.combine(self.day, time(), UTC)

    @property
    def end(self) -> datetime:
        """The last second of the day, as reports say it (RFC 8460 section 4.1)."""
        return self.begin + timedelta(days=1, seconds=-1)

    @property
    def sessions(self) -> int:
        """How often a policy was satisfied or not; one delivery attempt may count for several policies."""
        return sum(one.success + one.failure for one in self.policies)

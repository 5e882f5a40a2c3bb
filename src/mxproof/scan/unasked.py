"""What the depth of a scan does not ask: of whom nobody connected to no silence is told, in tables and in the report of a domain."""

from collections.abc import Collection, Iterable

import msgspec

from mxproof.evidence import NEVER
from mxproof.judge.codes import Code
from mxproof.judge.report import Report
from mxproof.mail.domain import MailDomain

NOT_ASKED = "not-asked"
"""What stands among the reasons of a verdict in place of a silence."""


def unasked_codes(domain: MailDomain) -> frozenset[Code]:
    """Return the codes that would tell of silence where the depth of the scan connects to nobody."""
    sessions = [one for host in domain.hosts for end in host.endpoints for one in end.sessions]
    ways = ((Code.SMTP_UNANSWERED, sessions), (Code.STS_POLICY_TIMEOUT, domain.policy_host.fetches))
    return frozenset(code for code, ones in ways if all(one.answer.at == NEVER for one in ones))


def reasons_asked(because: Iterable[str], unasked: Collection[str]) -> tuple[str, ...]:
    """Return the reasons of a verdict with `NOT_ASKED` in place of those that are codes of what was not asked."""
    return tuple(dict.fromkeys(NOT_ASKED if one in unasked else one for one in because))


def as_asked(report: Report, domain: MailDomain) -> Report:
    """Return a report that says nothing of servers to which nobody connected but that they were not asked."""
    unasked = unasked_codes(domain)
    return msgspec.structs.replace(
        report,
        findings=tuple(one for one in report.findings if one.code not in unasked),
        senders=tuple(
            msgspec.structs.replace(one, because=reasons_asked(one.because, unasked))
            for one in report.senders
        ),
    )

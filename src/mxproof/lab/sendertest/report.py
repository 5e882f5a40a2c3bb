"""TLS reports that come back for the domains of a sender test: what they say of these, and nothing else."""

from datetime import datetime

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.judge.senders.inference.observation import SeenPolicy, SeenReport

REPORT_MAIL_BYTES_MAX = 256 * 1024
POLICIES_KEPT_MAX = 100
_WORD_CHARACTERS_MAX = 120


def reports_of(message: bytes, at: datetime, client: str) -> list[SeenReport]:
    """Return the TLS reports in a message, none where there are none that can be read."""
    unread: list[FormatError] = []
    try:
        found = [one.read.report for one in reports_in(message, unread=unread)]
    except FormatError:
        return []
    return [
        SeenReport(
            at,
            client,
            one.organization[:_WORD_CHARACTERS_MAX],
            tuple(
                SeenPolicy(
                    policy.domain[:_WORD_CHARACTERS_MAX],
                    policy.type[:_WORD_CHARACTERS_MAX],
                    policy.success,
                    policy.failure,
                    tuple(dict.fromkeys(each.result_type[:_WORD_CHARACTERS_MAX] for each in policy.failures)),
                )
                for policy in one.policies[:POLICIES_KEPT_MAX]
            ),
        )
        for one in found
    ]

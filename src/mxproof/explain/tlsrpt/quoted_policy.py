"""The MTA-STS policy whose lines a row of a report quotes."""

from mxproof.formats.mtasts import LENIENT, Policy, read_policy
from mxproof.formats.tlsrpt.report import PolicyType, ReportedPolicy


def quoted_policy(row: ReportedPolicy) -> Policy | None:
    """Return the policy whose lines a row quotes, None where it quotes none that can be read."""
    if row.type != PolicyType.STS or not row.strings:
        return None
    lines = [line.strip() for line in row.strings]
    return read_policy("".join(f"{line}\r\n" for line in lines if line).encode("utf-8", "replace"), LENIENT)

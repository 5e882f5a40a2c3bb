"""What is said of a TLS report: version 1 of the contract that `tlsrpt read --format json` prints.

None is what the report does not say, or what was not looked for. Counts stand as they are in the report: those of several
policies may be the same sessions, so that `sessions` is what they come to.
"""

from datetime import datetime

import msgspec

from mxproof.explain.tlsrpt.policy_then import PolicyStanding
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.formats.mtasts import Mode
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.formats.tlsrpt.repair import Repair

TLS_REPORT_VERSION = 1


class ToldFailure(msgspec.Struct, frozen=True):
    """Sessions that failed in one way. `cause` is an id of `mxproof explain`, `finding` a code of `mxproof finding`.

    `reason` is the sender's own code. `standing` says whether it is so in the evidence, None where none was given, `words`
    what it means, and `fix` what the finding advises.
    """

    result_type: str
    count: int
    receiving_mx: str | None
    sending_ip: str | None
    reason: str | None
    cause: str | None
    finding: str | None
    receiving_ip: str | None = None
    receiving_helo: str | None = None
    additional_information: str | None = None
    standing: RowStanding | None = None
    words: str = ""
    fix: str = ""


class ToldPolicy(msgspec.Struct, frozen=True):
    """The sessions under one policy. `mode` is that of the MTA-STS policy that the report quotes.

    `standing` says how that policy stands to the one served, None where there is no evidence; `until` is when the last
    sender drops it. `would_refuse_a_day` is how many sessions a day would be refused if a policy in mode testing were
    enforced, of `sessions_a_day`.
    """

    type: str
    domain: str
    success: int
    failure: int
    failures: tuple[ToldFailure, ...]
    strings: tuple[str, ...] = ()
    mode: Mode | None = None
    standing: PolicyStanding | None = None
    until: datetime | None = None
    sessions_a_day: int | None = None
    would_refuse_a_day: int | None = None
    words: str = ""


class ToldSessions(msgspec.Struct, frozen=True):
    """The sessions of a report with none counted twice; `at_least` where policies may cover the same ones."""

    success: int
    failure: int
    at_least: bool


class ToldReport(msgspec.Struct, frozen=True, kw_only=True):
    """One report. `reporter` is the name of the organization, `submitter` the domain of the sender."""

    schema_version: int = TLS_REPORT_VERSION
    reporter: str
    report_id: str
    begin: datetime | None
    end: datetime | None
    source: str
    authenticated: Authenticated
    policies: tuple[ToldPolicy, ...]
    repairs: tuple[Repair, ...]
    submitter: str | None
    contact: str | None
    sender: str | None
    sessions: ToldSessions

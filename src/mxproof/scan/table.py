"""The tables that a scan writes as Parquet: their columns, in one place for whoever writes, reads and describes them.

A table only grows: a column keeps its name, type and meaning, and a new one is added behind. `version` counts up only where
an old query would misunderstand.
"""

from enum import StrEnum

import msgspec

TABLES_VERSION = 1


class ColumnType(StrEnum):
    """What the values of a column are, as SQL calls it."""

    TEXT = "VARCHAR"
    INTEGER = "BIGINT"
    FLAG = "BOOLEAN"
    TIME = "TIMESTAMP WITH TIME ZONE"
    TEXTS = "VARCHAR[]"


class Column(msgspec.Struct, frozen=True):
    """One column: its name, type, and what its values mean."""

    name: str
    type: ColumnType
    meaning: str


class Table(msgspec.Struct, frozen=True):
    """One table, a file a part in the folder of its name."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    version: int = TABLES_VERSION


_TEXT, _INTEGER, _FLAG, _TIME, _TEXTS = ColumnType

DOMAINS = Table(
    "domains",
    "A row a domain: what it publishes, and the worst that becomes of mail to it.",
    (
        Column("domain", _TEXT, "The domain, in lower case, international names in their ASCII form."),
        Column("part", _INTEGER, "The number of the part that its evidence is in."),
        Column("observed_at", _TIME, "When the last answer about it was complete."),
        Column(
            "outcome",
            _TEXT,
            "`delivers`, `at_risk`, `refused` or `unknown`: the worst over the senders that decide.",
        ),
        Column(
            "mx_state",
            _TEXT,
            "`listed`, `implicit` (no MX record), `null` (RFC 7505), `absent` (no such name) or `unknown`.",
        ),
        Column("mx", _TEXTS, "The MX hosts, best preference first."),
        Column(
            "provider", _TEXT, "Whose the first MX host is: a known system, or the organisation's domain."
        ),
        Column(
            "sts_record",
            _TEXT,
            "The record at `_mta-sts`: `valid`, `invalid`, `several`, `none` or `unknown`.",
        ),
        Column("sts_id", _TEXT, "The id of a valid record."),
        Column("sts_record_rules", _TEXTS, "The rules that the record breaks, by name."),
        Column(
            "policy_host",
            _TEXT,
            "What looking up the policy host came to: `resolved`, `nxdomain`, `no-address`, `unknown` and others.",
        ),
        Column(
            "policy_host_target", _TEXT, "The name at the end of the policy host's aliases, where it has any."
        ),
        Column(
            "policy_fetch",
            _TEXT,
            "The worst of the fetches over its addresses, `fetched` where all were good; none where nothing was fetched.",
        ),
        Column(
            "policy_certificate",
            _TEXT,
            "What is wrong with the certificate of the policy host: a fault of its chain, or `name`.",
        ),
        Column("policy_rules", _TEXTS, "The rules that the text of the policy breaks, by name."),
        Column(
            "sts_mode",
            _TEXT,
            "The mode of the policy as the RFC reads it: `enforce`, `testing`, `none`; none where there is no policy.",
        ),
        Column("sts_max_age_s", _INTEGER, "Its max_age in seconds."),
        Column("policy_mx", _TEXTS, "Its MX patterns."),
        Column("mx_unlisted", _TEXTS, "MX hosts that the policy does not list."),
        Column(
            "tlsrpt", _TEXT, "The record at `_smtp._tls`: `valid`, `invalid`, `several`, `none` or `unknown`."
        ),
        Column("tlsrpt_rua", _TEXTS, "Where it has reports sent."),
        Column("mx_secure", _FLAG, "Whether the MX answer is DNSSEC-secure."),
        Column(
            "dane",
            _TEXT,
            "`all` or `some` of the MX hosts have TLSA records that senders use, `none`, `unusable` or `unknown`.",
        ),
        Column("refused_by", _TEXTS, "The ids of the senders that decide and refuse mail to it."),
        Column("at_risk_by", _TEXTS, "Those that may refuse it."),
        Column("unknown_by", _TEXTS, "Those of which it could not be found out."),
        Column(
            "not_delivered_by",
            _TEXT,
            "The three lists as one text, `;` between them and `,` within: to count by, which is quick for a text.",
        ),
    ),
)

FINDINGS = Table(
    "findings",
    "A row a finding of a domain, as `mxproof finding CODE` explains it; none of the silence of whom the depth does not ask.",
    (
        Column("domain", _TEXT, "The domain."),
        Column("part", _INTEGER, "The number of its part."),
        Column("code", _TEXT, "The code of the finding."),
        Column("severity", _TEXT, "`error`, `warning`, `notice` or `ok`."),
        Column("subject", _TEXT, "The name or address that it is about."),
        Column("affects", _TEXTS, "The ids of the senders that do not simply deliver for it."),
        Column(
            "is_first",
            _FLAG,
            "Whether it is the domain's first of this code and severity, so that domains can be counted.",
        ),
    ),
)

VERDICTS = Table(
    "verdicts",
    "A row a domain and sender: what that sender does with mail for the domain.",
    (
        Column("domain", _TEXT, "The domain."),
        Column("part", _INTEGER, "The number of its part."),
        Column("sender", _TEXT, "The id of the sender."),
        Column("outcome", _TEXT, "`delivers`, `at_risk`, `refused` or `unknown`."),
        Column("decides", _FLAG, "Whether the sender counts in the outcome of the domain."),
        Column(
            "security", _TEXT, "`dane`, `mta-sts`, `opportunistic` or `none`; none where it does not deliver."
        ),
        Column(
            "because",
            _TEXTS,
            "The codes of the findings that are its reasons; `not-asked` in place of the silence of servers that the depth of the scan does not ask.",
        ),
    ),
)

TABLES = (DOMAINS, FINDINGS, VERDICTS)

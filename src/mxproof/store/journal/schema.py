"""The tables of the journal as they are now; `migrations` leads there from every earlier release.

| table | a row is | bound |
|---|---|---|
| `mxproof_report` | one report, told from others by its `fingerprint` | kept for the retention of reports |
| `mxproof_report_policy` | one policy in it, and the recipient domain that it counts for | as its report |
| `mxproof_report_failure` | one entry of failure-details, with its cause | as its report |
| `mxproof_report_raw` | what reports came in, packed | the retention of raw reports |
| `mxproof_report_refused` | what was refused, with the reason, for another try | REFUSED_MAX and REFUSED_BYTES_MAX |
| `mxproof_sender_day` | sessions that a sender reports of a day and a domain; the domain is empty for all of them | the retention of counts |
| `mxproof_failure_day` | the same by the way in which sessions failed | as that |
| `mxproof_watch` | one log that is followed: the place in it, and how its detector stands | one a log |
| `mxproof_sender_rhythm` | what is learnt of a sender in such a log: counts by hour of the week, no mail | SENDERS_MAX a log |
| `mxproof_alarm` | an alarm, and when it was told of | one a silence |

The days are those on which reports begin, counted from 1970-01-01 in UTC; times are seconds since then. What is to come has
its names: `mxproof_check` and `mxproof_evidence` of the watch.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

REVISION = "0002"
"""The newest revision in `migrations/versions`."""

METADATA = MetaData()
ROW_ID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the type is INTEGER."""

RAW = Table(
    "mxproof_report_raw",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("received_at", Float(53), nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index("mxproof_report_raw_received", "received_at"),
)
REPORT = Table(
    "mxproof_report",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),
    Column("submitter", Text, nullable=False),
    Column("report_id", Text, nullable=False),
    Column("begin_at", BigInteger),
    Column("end_at", BigInteger),
    Column("organization", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("authenticated", Text, nullable=False),
    Column("repairs", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("received_at", Float(53), nullable=False),
    Column("raw_id", ROW_ID, ForeignKey(RAW.c.id)),
    Index("mxproof_report_end", "end_at"),
    Index("mxproof_report_raw_id", "raw_id"),
)
POLICY = Table(
    "mxproof_report_policy",
    METADATA,
    Column("report", ROW_ID, ForeignKey(REPORT.c.id), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("recipient_domain", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("success", BigInteger, nullable=False),
    Column("failure", BigInteger, nullable=False),
    Column("strings", Text, nullable=False),
    Column("mx_hosts", Text, nullable=False),
    Index("mxproof_report_policy_recipient", "recipient_domain"),
)
FAILURE = Table(
    "mxproof_report_failure",
    METADATA,
    Column("report", ROW_ID, ForeignKey(REPORT.c.id), primary_key=True),
    Column("policy", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("result_type", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("sending_ip", Text, nullable=False),
    Column("receiving_mx", Text, nullable=False),
    Column("receiving_helo", Text, nullable=False),
    Column("receiving_ip", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("additional_information", Text, nullable=False),
    Column("cause", Text, nullable=False),
)
REFUSED = Table(
    "mxproof_report_refused",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("received_at", Float(53), nullable=False),
    Column("tried_at", Float(53), nullable=False),
    Column("source", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index("mxproof_report_refused_received", "received_at"),
)
SENDER_DAY = Table(
    "mxproof_sender_day",
    METADATA,
    Column("domain", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("submitter", Text, primary_key=True),
    Column("authenticated", Text, primary_key=True),
    Column("reports", BigInteger, nullable=False),
    Column("success", BigInteger, nullable=False),
    Column("failure", BigInteger, nullable=False),
    Column("tested", BigInteger, nullable=False),
    Column("overlapping", BigInteger, nullable=False),
    Index(
        "mxproof_sender_day_failed",
        *("day", "domain", "success", "failure"),
        postgresql_where=text("failure > 0"),
        sqlite_where=text("failure > 0"),
    ),
    sqlite_with_rowid=False,
)
FAILURE_DAY = Table(
    "mxproof_failure_day",
    METADATA,
    Column("domain", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("submitter", Text, primary_key=True),
    Column("authenticated", Text, primary_key=True),
    Column("result_type", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("cause", Text, primary_key=True),
    Column("receiving_mx", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
WATCH = Table(
    "mxproof_watch",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("detector", LargeBinary, nullable=False),
)
SENDER_RHYTHM = Table(
    "mxproof_sender_rhythm",
    METADATA,
    Column("watch", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("rhythm", LargeBinary, nullable=False),
)
ALARM = Table(
    "mxproof_alarm",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("watch", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("silent_since", Float(53), nullable=False),
    Column("alarmed_at", Float(53), nullable=False),
    Column("expected", Float(53), nullable=False),
    Column("chance", Float(53), nullable=False),
    Column("told_at", Float(53)),
    Index("mxproof_alarm_watch", "watch", "told_at"),
)

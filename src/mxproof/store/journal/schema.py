"""The tables of the journal, in days (UTC) and seconds since 1970-01-01; `migrations` leads there from earlier releases.

| table | a row is | bound |
|---|---|---|
| `mxproof_report` | one report, told from others by its `fingerprint` | kept for the retention of reports |
| `mxproof_report_policy` | one policy in it, and the recipient domain that it counts for | as its report |
| `mxproof_report_failure` | one entry of failure-details, with its cause | as its report |
| `mxproof_report_raw` | what reports came in, packed | the retention of raw reports |
| `mxproof_report_refused` | what was refused, with the reason, for another try | REFUSED_MAX and REFUSED_BYTES_MAX |
| `mxproof_report_unverified` | a report whose signature could not be verified yet | the retention of raw reports |
| `mxproof_report_mailbox` | a folder of IMAP, and up to which message it was read | one a folder that was ever named |
| `mxproof_sender_day` | sessions that a sender reports of a day and a domain; the domain is empty for all of them | the retention of counts |
| `mxproof_failure_day` | the same by the way in which sessions failed | as that |
| `mxproof_met_day` | one UTC day of our own sending: delivery attempts, and datagrams that were refused | the retention of what was met |
| `mxproof_met_policy` | sessions of a day with one policy domain, under one policy | `domains_max` and MET_POLICIES_MAX |
| `mxproof_met_failure` | the same by the way in which they failed | MET_WAYS_MAX a policy |
| `mxproof_outgoing_day` | a day whose reports are made | the retention of outgoing reports |
| `mxproof_outgoing_report` | one report that goes out, and what became of it | as that |
| `mxproof_outgoing_attempt` | one attempt to deliver it | ATTEMPTS_KEPT_MAX a report |
| `mxproof_outgoing_place` | a destination that refused reports | as reports |
| `mxproof_watched` | one domain that is watched, what holds of it, and who is at it until when | the configuration, and DOMAINS_OF_PAGES_MAX |
| `mxproof_check` | one check of a domain, and the frame of its evidence | the retention of checks |
| `mxproof_part` | an answer or a certificate, once for all checks that saw it | as the last of these |
| `mxproof_turn` | news of a domain, with what changed and for whom | the retention of news |
| `mxproof_notice` | what one channel has to be told of such news, and how that went | as that |
| `mxproof_digest` | up to when one channel has had its digest, and when the next is due | the configuration |
| `mxproof_maintenance` | a time in which trouble is expected, arranged on the pages | MAINTENANCE_MAX, and the retention of news |
| `mxproof_silence_log` | one log that is followed: the place in it, and how its detector stands | one a log |
| `mxproof_sender_rhythm` | what is learnt of a sender in such a log: counts by hour of the week, no mail | SENDERS_MAX a log |
| `mxproof_silence_alarm` | an alarm, and when it was told of | one a silence |

The tables of the pages are in `schema_of_pages`. Days count from 1970-01-01 in UTC, times are seconds since then.
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
)

from mxproof.store.journal.table_parts import ROW_ID, part_index

METADATA = MetaData()

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
    Index("mxproof_report_refused_rule", "rule", "received_at", "size"),
)
UNVERIFIED = Table(
    "mxproof_report_unverified",
    METADATA,
    Column("report", ROW_ID, ForeignKey(REPORT.c.id), primary_key=True),
    Column("tried_at", Float(53), nullable=False),
    Index("mxproof_report_unverified_tried", "tried_at"),
)
MAILBOX = Table(
    "mxproof_report_mailbox",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
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
    part_index("mxproof_sender_day_failed", "day", "domain", "success", "failure", where="failure > 0"),
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
MET_DAY = Table(
    "mxproof_met_day",
    METADATA,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("attempts", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("beyond", BigInteger, nullable=False),
)
MET_POLICY = Table(
    "mxproof_met_policy",
    METADATA,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("domain", Text, primary_key=True),
    Column("policy", LargeBinary, primary_key=True),
    Column("type", Text, nullable=False),
    Column("strings", Text, nullable=False),
    Column("mx_hosts", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("seen_at", Float(53), nullable=False),
    Column("success", BigInteger, nullable=False),
    Column("failure", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
MET_FAILURE = Table(
    "mxproof_met_failure",
    METADATA,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("domain", Text, primary_key=True),
    Column("policy", LargeBinary, primary_key=True),
    Column("way", LargeBinary, primary_key=True),
    Column("result_type", Text, nullable=False),
    Column("sending_ip", Text, nullable=False),
    Column("receiving_mx", Text, nullable=False),
    Column("receiving_helo", Text, nullable=False),
    Column("receiving_ip", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("additional_information", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
OUTGOING_DAY = Table(
    "mxproof_outgoing_day",
    METADATA,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("closed_at", Float(53), nullable=False),
)
OUTGOING_REPORT = Table(
    "mxproof_outgoing_report",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("day", Integer, nullable=False),
    Column("domain", Text, nullable=False),
    Column("report_id", Text, nullable=False, unique=True),
    Column("made_at", Float(53), nullable=False),
    Column("success", BigInteger, nullable=False),
    Column("failure", BigInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Float(53)),
    Column("first_at", Float(53)),
    Column("tries", Integer, nullable=False),
    Column("done_at", Float(53)),
    Column("destination", Text, nullable=False),
    Column("said", Text, nullable=False),
    Index("mxproof_outgoing_report_day", "day", "domain", unique=True),
    Index("mxproof_outgoing_report_due", "due_at"),
)
OUTGOING_ATTEMPT = Table(
    "mxproof_outgoing_attempt",
    METADATA,
    Column("report", ROW_ID, ForeignKey(OUTGOING_REPORT.c.id), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", Float(53), nullable=False),
    Column("destination", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("said", Text, nullable=False),
    Index("mxproof_outgoing_attempt_at", "at"),
)
OUTGOING_PLACE = Table(
    "mxproof_outgoing_place",
    METADATA,
    Column("destination", Text, primary_key=True),
    Column("refusals", Integer, nullable=False),
    Column("refused_at", Float(53), nullable=False),
    Column("avoided_until", Float(53)),
    Column("said", Text, nullable=False),
)
CHECK = Table(
    "mxproof_check",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("domain", Text, nullable=False),
    Column("observed_at", Float(53), nullable=False),
    Column("day", Integer, nullable=False),
    Column("took_s", Float(53), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("outcomes", Text, nullable=False),
    Column("frame", LargeBinary),
    Column("memories", LargeBinary),
    Index("mxproof_check_domain", "domain", "observed_at"),
    Index("mxproof_check_verdict", "domain", "day", "outcome"),
    Index("mxproof_check_observed", "observed_at"),
    part_index("mxproof_check_evidence", "day", "domain", where="frame IS NOT NULL"),
)
PART = Table(
    "mxproof_part",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("uses", BigInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
WATCHED = Table(
    "mxproof_watched",
    METADATA,
    Column("domain", Text, primary_key=True),
    Column("interval_s", Float(53), nullable=False),
    Column("added_at", Float(53), nullable=False),
    Column("due_at", Float(53), nullable=False),
    Column("turned_away", Integer, nullable=False),
    Column("held", LargeBinary, nullable=False),
    Column("settled", ROW_ID, ForeignKey(CHECK.c.id)),
    Column("newest", ROW_ID, ForeignKey(CHECK.c.id)),
    Column("worker", Text),
    Column("leased_until", Float(53)),
    Column("added_by", Text),
    Column("paused_by", Text),
    Index("mxproof_watched_due", "due_at"),
)
TURN = Table(
    "mxproof_turn",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("domain", Text, nullable=False),
    Column("at", Float(53), nullable=False),
    Column("since", Float(53), nullable=False),
    Column("kind", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("weight", Text, nullable=False),
    Column("check_id", ROW_ID),
    Column("packed", LargeBinary, nullable=False),
    Column("acknowledged_at", Float(53)),
    Column("acknowledged_by", Text),
    Column("subject", Text, nullable=False, server_default=""),
    Index("mxproof_turn_domain", "domain", "at"),
    Index("mxproof_turn_at", "at"),
)
NOTICE = Table(
    "mxproof_notice",
    METADATA,
    Column("turn", ROW_ID, ForeignKey(TURN.c.id), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("due_at", Float(53)),
    Column("tries", Integer, nullable=False),
    Column("done_at", Float(53)),
    Column("failure", Text, nullable=False),
    Column("held_until", Float(53)),
    Index("mxproof_notice_due", "due_at"),
)
DIGEST = Table(
    "mxproof_digest",
    METADATA,
    Column("channel", Text, primary_key=True),
    Column("until_at", Float(53), nullable=False),
    Column("due_at", Float(53), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failure", Text, nullable=False),
)
MAINTENANCE = Table(
    "mxproof_maintenance",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("domains", Text, nullable=False),
    Column("begins", Float(53), nullable=False),
    Column("ends", Float(53), nullable=False),
    Column("why", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Index("mxproof_maintenance_ends", "ends"),
)
SILENCE_LOG = Table(
    "mxproof_silence_log",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("detector", LargeBinary, nullable=False),
    Column("domain", Text, nullable=False, server_default=""),
)
SENDER_RHYTHM = Table(
    "mxproof_sender_rhythm",
    METADATA,
    Column("log", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("rhythm", LargeBinary, nullable=False),
)
SILENCE_ALARM = Table(
    "mxproof_silence_alarm",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("log", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("silent_since", Float(53), nullable=False),
    Column("alarmed_at", Float(53), nullable=False),
    Column("expected", Float(53), nullable=False),
    Column("chance", Float(53), nullable=False),
    Column("told_at", Float(53)),
    Column("domain", Text, nullable=False, server_default=""),
    Index("mxproof_silence_alarm_log", "log", "told_at"),
)

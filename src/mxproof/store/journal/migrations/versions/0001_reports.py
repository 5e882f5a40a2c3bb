"""Reports, what was refused, and what reports count a day."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, LargeBinary, Text, text

revision = "0001"
down_revision = None

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make every table."""
    _reports()
    _refused()
    _days()


def _reports() -> None:
    op.create_table(
        "mxproof_report_raw",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("received_at", Float(53), nullable=False),
        Column("packed", LargeBinary, nullable=False),
    )
    op.create_table(
        "mxproof_report",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
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
        Column("raw_id", _ROW_ID, ForeignKey("mxproof_report_raw.id")),
    )
    op.create_table(
        "mxproof_report_policy",
        Column("report", _ROW_ID, ForeignKey("mxproof_report.id"), primary_key=True),
        Column("place", Integer, primary_key=True, autoincrement=False),
        Column("recipient_domain", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("domain", Text, nullable=False),
        Column("success", BigInteger, nullable=False),
        Column("failure", BigInteger, nullable=False),
        Column("strings", Text, nullable=False),
        Column("mx_hosts", Text, nullable=False),
    )
    op.create_table(
        "mxproof_report_failure",
        Column("report", _ROW_ID, ForeignKey("mxproof_report.id"), primary_key=True),
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
    op.create_index("mxproof_report_raw_received", "mxproof_report_raw", ["received_at"])
    op.create_index("mxproof_report_end", "mxproof_report", ["end_at"])
    op.create_index("mxproof_report_raw_id", "mxproof_report", ["raw_id"])
    op.create_index("mxproof_report_policy_recipient", "mxproof_report_policy", ["recipient_domain"])


def _refused() -> None:
    op.create_table(
        "mxproof_report_refused",
        Column("digest", LargeBinary, primary_key=True),
        Column("received_at", Float(53), nullable=False),
        Column("tried_at", Float(53), nullable=False),
        Column("source", Text, nullable=False),
        Column("rule", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("packed", LargeBinary, nullable=False),
    )
    op.create_index("mxproof_report_refused_received", "mxproof_report_refused", ["received_at"])


def _days() -> None:
    op.create_table(
        "mxproof_sender_day",
        Column("domain", Text, primary_key=True),
        Column("day", Integer, primary_key=True, autoincrement=False),
        Column("submitter", Text, primary_key=True),
        Column("authenticated", Text, primary_key=True),
        Column("reports", BigInteger, nullable=False),
        Column("success", BigInteger, nullable=False),
        Column("failure", BigInteger, nullable=False),
        Column("tested", BigInteger, nullable=False),
        Column("overlapping", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mxproof_failure_day",
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
    op.create_index(
        "mxproof_sender_day_failed",
        "mxproof_sender_day",
        ["day", "domain", "success", "failure"],
        postgresql_where=text("failure > 0"),
        sqlite_where=text("failure > 0"),
    )

"""What was met: sessions of our own sending, by UTC day, policy domain and policy."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, Text

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables of what was met."""
    op.create_table(
        "mxproof_met_day",
        Column("day", Integer, primary_key=True, autoincrement=False),
        Column("attempts", BigInteger, nullable=False),
        Column("refused", BigInteger, nullable=False),
        Column("beyond", BigInteger, nullable=False),
    )
    op.create_table(
        "mxproof_met_policy",
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
    op.create_table(
        "mxproof_met_failure",
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

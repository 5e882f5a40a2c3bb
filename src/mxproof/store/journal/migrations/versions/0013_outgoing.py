"""TLS reports to be sent, what became of each attempt, and places that take none."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, LargeBinary, Text

revision = "0013"
down_revision = "0012"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of reports that go out."""
    op.create_table(
        "mxproof_outgoing_day",
        Column("day", Integer, primary_key=True, autoincrement=False),
        Column("closed_at", Float(53), nullable=False),
    )
    op.create_table(
        "mxproof_outgoing_report",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
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
    )
    op.create_index("mxproof_outgoing_report_day", "mxproof_outgoing_report", ["day", "domain"], unique=True)
    op.create_index("mxproof_outgoing_report_due", "mxproof_outgoing_report", ["due_at"])
    op.create_table(
        "mxproof_outgoing_attempt",
        Column("report", _ROW_ID, ForeignKey("mxproof_outgoing_report.id"), primary_key=True),
        Column("place", Integer, primary_key=True, autoincrement=False),
        Column("at", Float(53), nullable=False),
        Column("destination", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("said", Text, nullable=False),
    )
    op.create_index("mxproof_outgoing_attempt_at", "mxproof_outgoing_attempt", ["at"])
    op.create_table(
        "mxproof_outgoing_place",
        Column("destination", Text, primary_key=True),
        Column("refusals", Integer, nullable=False),
        Column("refused_at", Float(53), nullable=False),
        Column("avoided_until", Float(53)),
        Column("said", Text, nullable=False),
    )

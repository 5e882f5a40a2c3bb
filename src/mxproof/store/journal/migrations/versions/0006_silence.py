"""Logs that are followed, the rhythm of their senders, and the alarms."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, Text

revision = "0006"
down_revision = "0005"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of the silence alarm."""
    op.create_table(
        "mxproof_silence_log",
        Column("name", Text, primary_key=True),
        Column("place", Text, nullable=False),
        Column("detector", LargeBinary, nullable=False),
    )
    op.create_table(
        "mxproof_sender_rhythm",
        Column("log", Text, primary_key=True),
        Column("sender", Text, primary_key=True),
        Column("rhythm", LargeBinary, nullable=False),
    )
    op.create_table(
        "mxproof_silence_alarm",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("log", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("sender", Text, nullable=False),
        Column("silent_since", Float(53), nullable=False),
        Column("alarmed_at", Float(53), nullable=False),
        Column("expected", Float(53), nullable=False),
        Column("chance", Float(53), nullable=False),
        Column("told_at", Float(53)),
    )
    op.create_index("mxproof_silence_alarm_log", "mxproof_silence_alarm", ["log", "told_at"])

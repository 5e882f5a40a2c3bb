"""Whose mail a log that is followed is, so that its silences stand beside the checks of that domain."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0013"
down_revision = "0010"


def upgrade() -> None:
    """Name the domain of a log and of its alarms; empty is all of them, as it was."""
    for table in ("mxproof_silence_log", "mxproof_silence_alarm"):
        op.add_column(table, Column("domain", Text, nullable=False, server_default=""))

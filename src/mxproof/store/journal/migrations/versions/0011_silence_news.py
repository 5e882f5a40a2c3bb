"""News that are about something of their own: a sender that has fallen silent."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add what news are about where that is not the domain's mail as a whole."""
    with op.batch_alter_table("mxproof_turn") as turn:
        turn.add_column(Column("subject", Text, nullable=False, server_default=""))

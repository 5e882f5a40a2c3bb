"""News that somebody acknowledged, notices that wait for a time, and digests."""

from alembic import op
from sqlalchemy import Column, Float, Integer, Text

revision = "0009"
down_revision = "0006"


def upgrade() -> None:
    """Add what notices and news know of readers, and the table of digests."""
    with op.batch_alter_table("mxproof_turn") as turn:
        turn.add_column(Column("acknowledged_at", Float(53)))
        turn.add_column(Column("acknowledged_by", Text))
    with op.batch_alter_table("mxproof_notice") as notice:
        notice.add_column(Column("held_until", Float(53)))
    op.create_table(
        "mxproof_digest",
        Column("channel", Text, primary_key=True),
        Column("until_at", Float(53), nullable=False),
        Column("due_at", Float(53), nullable=False),
        Column("tries", Integer, nullable=False),
        Column("failure", Text, nullable=False),
    )

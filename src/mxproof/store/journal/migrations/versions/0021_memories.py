"""What senders held from before when a domain was checked."""

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Have room for the policies of a check; those that are kept have none."""
    with op.batch_alter_table("mxproof_check") as table:
        table.add_column(Column("memories", LargeBinary))

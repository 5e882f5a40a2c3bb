"""What the pages arrange: domains and maintenance beside the configuration, and whose mail a log is."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, Text

revision = "0015"
down_revision = "0014"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of what is arranged; all that is there is of the configuration, and of all domains."""
    for table in ("mxproof_silence_log", "mxproof_silence_alarm"):
        op.add_column(table, Column("domain", Text, nullable=False, server_default=""))
    for name in ("added_by", "paused_by"):
        op.add_column("mxproof_watched", Column(name, Text))
    op.create_table(
        "mxproof_maintenance",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("domains", Text, nullable=False),
        Column("begins", Float(53), nullable=False),
        Column("ends", Float(53), nullable=False),
        Column("why", Text, nullable=False),
        Column("added_by", Text, nullable=False),
    )
    op.create_index("mxproof_maintenance_ends", "mxproof_maintenance", ["ends"])

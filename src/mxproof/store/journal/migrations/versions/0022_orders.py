"""What an authority was asked for a short while ago, and until when it is let alone."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, Text

revision = "0022"
down_revision = "0021"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; orders of before are not counted."""
    op.create_table(
        "mxproof_certificate_order",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("authority", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("ordered_at", Float(53), nullable=False),
    )
    op.create_index("mxproof_certificate_order_of", "mxproof_certificate_order", ["authority", "ordered_at"])
    op.create_table(
        "mxproof_certificate_authority",
        Column("authority", Text, primary_key=True),
        Column("failures", Integer, nullable=False),
        Column("next_at", Float(53), nullable=False),
        Column("said", Text, nullable=False),
    )

"""Reports whose signature is still to be verified, and how far folders of IMAP were read."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, Text

revision = "0005"
down_revision = "0004"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "mxproof_report_unverified",
        Column("report", _ROW_ID, ForeignKey("mxproof_report.id"), primary_key=True),
        Column("tried_at", Float(53), nullable=False),
    )
    op.create_index("mxproof_report_unverified_tried", "mxproof_report_unverified", ["tried_at"])
    op.create_table(
        "mxproof_report_mailbox",
        Column("name", Text, primary_key=True),
        Column("validity", BigInteger, nullable=False),
        Column("uid", BigInteger, nullable=False),
    )

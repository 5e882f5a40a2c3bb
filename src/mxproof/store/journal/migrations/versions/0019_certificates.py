"""Certificates: rollovers of mail servers with their TLSA records, and what is wanted of an authority."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, Text, text

revision = "0019"
down_revision = "0018"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; a host has one rollover at a time that is not over."""
    op.create_table(
        "mxproof_rollover",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("host", Text, nullable=False),
        Column("rollover", LargeBinary, nullable=False),
        Column("forced", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("begun_at", Float(53), nullable=False),
        Column("announced_at", Float(53)),
        Column("shown_at", Float(53)),
        Column("ended_at", Float(53)),
    )
    op.create_index("mxproof_rollover_host", "mxproof_rollover", ["host", "id"])
    op.create_index(
        "mxproof_rollover_open",
        "mxproof_rollover",
        ["host"],
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    )
    op.create_table(
        "mxproof_wanted_certificate",
        Column("name", Text, primary_key=True),
        Column("wanted_at", Float(53), nullable=False),
        Column("failures", Integer, nullable=False),
        Column("next_at", Float(53), nullable=False),
        Column("said", Text, nullable=False),
    )
    op.create_index("mxproof_wanted_certificate_next", "mxproof_wanted_certificate", ["next_at"])

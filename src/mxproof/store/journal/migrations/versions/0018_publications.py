"""Publications: what is altered of a domain's records and policy, step by step."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, LargeBinary, Text, text

revision = "0018"
down_revision = "0017"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of publications; a domain has one at a time that is not over."""
    op.create_table(
        "mxproof_publication",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("domain", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("before", LargeBinary, nullable=False),
        Column("after", LargeBinary, nullable=False),
        Column("forced", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("begun_at", Float(53), nullable=False),
        Column("ended_at", Float(53)),
    )
    op.create_index("mxproof_publication_domain", "mxproof_publication", ["domain", "id"])
    op.create_index(
        "mxproof_publication_open",
        "mxproof_publication",
        ["domain"],
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    )
    op.create_table(
        "mxproof_publication_step",
        Column("publication", _ROW_ID, ForeignKey("mxproof_publication.id"), primary_key=True),
        Column("step", Text, primary_key=True),
        Column("state", Text, nullable=False),
        Column("begun_at", Float(53), nullable=False),
        Column("seen_at", Float(53)),
        Column("said", Text, nullable=False),
    )

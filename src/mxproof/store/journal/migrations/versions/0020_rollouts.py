"""Roll-outs of domains, and the policies that hosts of policies take from here."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, Text

revision = "0020"
down_revision = "0018"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "mxproof_rollout",
        Column("domain", Text, primary_key=True),
        Column("rollout", LargeBinary, nullable=False),
        Column("altered_at", Float(53), nullable=False),
    )
    op.create_table(
        "mxproof_hosted_policy",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("domain", Text, nullable=False),
        Column("policy", Text, nullable=False),
        Column("since", Float(53), nullable=False),
    )
    op.create_index("mxproof_hosted_policy_domain", "mxproof_hosted_policy", ["domain", "id"])

"""Accounts, logins and tokens for the pages of the watch, and the verdicts of a day without a look at each check."""

from alembic import op
from sqlalchemy import Column, Float, ForeignKey, LargeBinary, Text

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables of whoever may look, and an index that holds the verdict."""
    op.create_table(
        "mxproof_account",
        Column("name", Text, primary_key=True),
        Column("role", Text, nullable=False),
        Column("password", Text, nullable=False),
        Column("added_at", Float(53), nullable=False),
    )
    op.create_table(
        "mxproof_login",
        Column("digest", LargeBinary, primary_key=True),
        Column("account", Text, ForeignKey("mxproof_account.name"), nullable=False),
        Column("begun_at", Float(53), nullable=False),
        Column("seen_at", Float(53), nullable=False),
    )
    op.create_index("mxproof_login_account", "mxproof_login", ["account", "seen_at"])
    op.create_table(
        "mxproof_access_token",
        Column("name", Text, primary_key=True),
        Column("digest", LargeBinary, nullable=False, unique=True),
        Column("opens", Text, nullable=False),
        Column("added_at", Float(53), nullable=False),
    )
    op.drop_index("mxproof_check_day", "mxproof_check")
    op.create_index("mxproof_check_verdict", "mxproof_check", ["domain", "day", "outcome"])

"""Checks that guests of the pages ask for."""

from alembic import op
from sqlalchemy import Column, Float, Integer, LargeBinary, Text

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table of checks of guests."""
    op.create_table(
        "mxproof_guest_check",
        Column("link", Text, primary_key=True),
        Column("domain", Text, nullable=False),
        Column("asked_at", Float(53), nullable=False),
        Column("kept_until", Float(53), nullable=False),
        Column("worker", Text),
        Column("leased_until", Float(53)),
        Column("tries", Integer, nullable=False),
        Column("done_at", Float(53)),
        Column("frame", LargeBinary),
    )
    op.create_index("mxproof_guest_check_asked", "mxproof_guest_check", ["asked_at"])
    op.create_index("mxproof_guest_check_done", "mxproof_guest_check", ["done_at", "asked_at"])
    op.create_index("mxproof_guest_check_kept", "mxproof_guest_check", ["kept_until"])

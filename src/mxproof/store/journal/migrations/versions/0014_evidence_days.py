"""Which evidence is kept, day by day: what is kept no longer is found without a look at each check of the years."""

from alembic import op
from sqlalchemy import text

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make an index of the checks whose evidence is kept."""
    op.create_index(
        "mxproof_check_evidence",
        "mxproof_check",
        ["day", "domain"],
        postgresql_where=text("frame IS NOT NULL"),
        sqlite_where=text("frame IS NOT NULL"),
    )

"""How much was refused of each rule: whether there is room for more is told without a look at all that was refused."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make an index that holds the rule, the age and the size of what was refused."""
    op.create_index("mxproof_report_refused_rule", "mxproof_report_refused", ["rule", "received_at", "size"])

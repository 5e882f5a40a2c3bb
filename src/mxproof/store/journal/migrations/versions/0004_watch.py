"""Domains that are watched, their checks, news of them, and who has to be told."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, LargeBinary, Text

revision = "0004"
down_revision = "0001"

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """Make every table."""
    _checks()
    _news()


def _checks() -> None:
    op.create_table(
        "mxproof_check",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("domain", Text, nullable=False),
        Column("observed_at", Float(53), nullable=False),
        Column("day", Integer, nullable=False),
        Column("took_s", Float(53), nullable=False),
        Column("outcome", Text, nullable=False),
        Column("headline", Text, nullable=False),
        Column("outcomes", Text, nullable=False),
        Column("frame", LargeBinary),
    )
    op.create_index("mxproof_check_domain", "mxproof_check", ["domain", "observed_at"])
    op.create_index("mxproof_check_day", "mxproof_check", ["domain", "day"])
    op.create_index("mxproof_check_observed", "mxproof_check", ["observed_at"])
    op.create_table(
        "mxproof_part",
        Column("digest", LargeBinary, primary_key=True),
        Column("uses", BigInteger, nullable=False),
        Column("packed", LargeBinary, nullable=False),
    )
    op.create_table(
        "mxproof_watched",
        Column("domain", Text, primary_key=True),
        Column("interval_s", Float(53), nullable=False),
        Column("added_at", Float(53), nullable=False),
        Column("due_at", Float(53), nullable=False),
        Column("turned_away", Integer, nullable=False),
        Column("held", LargeBinary, nullable=False),
        Column("settled", _ROW_ID, ForeignKey("mxproof_check.id")),
        Column("newest", _ROW_ID, ForeignKey("mxproof_check.id")),
        Column("worker", Text),
        Column("leased_until", Float(53)),
    )
    op.create_index("mxproof_watched_due", "mxproof_watched", ["due_at"])


def _news() -> None:
    op.create_table(
        "mxproof_turn",
        Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        Column("domain", Text, nullable=False),
        Column("at", Float(53), nullable=False),
        Column("since", Float(53), nullable=False),
        Column("kind", Text, nullable=False),
        Column("course", Text, nullable=False),
        Column("weight", Text, nullable=False),
        Column("check_id", _ROW_ID),
        Column("packed", LargeBinary, nullable=False),
    )
    op.create_index("mxproof_turn_domain", "mxproof_turn", ["domain", "at"])
    op.create_index("mxproof_turn_at", "mxproof_turn", ["at"])
    op.create_table(
        "mxproof_notice",
        Column("turn", _ROW_ID, ForeignKey("mxproof_turn.id"), primary_key=True),
        Column("channel", Text, primary_key=True),
        Column("due_at", Float(53)),
        Column("tries", Integer, nullable=False),
        Column("done_at", Float(53)),
        Column("failure", Text, nullable=False),
    )
    op.create_index("mxproof_notice_due", "mxproof_notice", ["due_at"])

"""The tables of certificates, beside those of `schema`.

| table | a row is | bound |
|---|---|---|
| `mxproof_rollover` | a certificate of a host that took, or takes, the place of another one | ROLLOVERS_KEPT_MAX a host |
| `mxproof_wanted_certificate` | a name that an authority is to be asked for, and when next | WANTED_CERTIFICATES_MAX |
| `mxproof_certificate_order` | an order that an authority got a short while ago | ORDERS_KEPT_S |
| `mxproof_certificate_authority` | an authority that refuses every order, and until when it is let alone | those that are configured |
"""

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, Table, Text

from mxproof.store.journal.schema import METADATA
from mxproof.store.journal.table_parts import ROW_ID, part_index

ROLLOVER = Table(
    "mxproof_rollover",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("host", Text, nullable=False),
    Column("rollover", LargeBinary, nullable=False),
    Column("forced", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("begun_at", Float(53), nullable=False),
    Column("announced_at", Float(53)),
    Column("shown_at", Float(53)),
    Column("ended_at", Float(53)),
    Index("mxproof_rollover_host", "host", "id"),
    part_index("mxproof_rollover_open", "host", where="ended_at IS NULL", unique=True),
)
WANTED_CERTIFICATE = Table(
    "mxproof_wanted_certificate",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("wanted_at", Float(53), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("next_at", Float(53), nullable=False),
    Column("said", Text, nullable=False),
    Index("mxproof_wanted_certificate_next", "next_at"),
)
CERTIFICATE_ORDER = Table(
    "mxproof_certificate_order",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("authority", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("ordered_at", Float(53), nullable=False),
    Index("mxproof_certificate_order_of", "authority", "ordered_at"),
)
CERTIFICATE_AUTHORITY = Table(
    "mxproof_certificate_authority",
    METADATA,
    Column("authority", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("next_at", Float(53), nullable=False),
    Column("said", Text, nullable=False),
)

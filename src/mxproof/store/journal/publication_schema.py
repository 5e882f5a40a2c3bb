"""The tables of publications, beside those of `schema`.

| table | a row is | bound |
|---|---|---|
| `mxproof_publication` | one publication of a domain: what was before, and what is after it | PUBLICATIONS_KEPT_MAX a domain |
| `mxproof_publication_step` | a step of it, and whether it was seen everywhere | as its publication |
"""

from sqlalchemy import Column, Float, ForeignKey, Index, LargeBinary, Table, Text

from mxproof.store.journal.schema import METADATA
from mxproof.store.journal.table_parts import ROW_ID, part_index

PUBLICATION = Table(
    "mxproof_publication",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("domain", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("after", LargeBinary, nullable=False),
    Column("forced", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("begun_at", Float(53), nullable=False),
    Column("ended_at", Float(53)),
    Index("mxproof_publication_domain", "domain", "id"),
    part_index("mxproof_publication_open", "domain", where="ended_at IS NULL", unique=True),
)
PUBLICATION_STEP = Table(
    "mxproof_publication_step",
    METADATA,
    Column("publication", ROW_ID, ForeignKey(PUBLICATION.c.id), primary_key=True),
    Column("step", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("begun_at", Float(53), nullable=False),
    Column("seen_at", Float(53)),
    Column("said", Text, nullable=False),
)

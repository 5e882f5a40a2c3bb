"""The tables of roll-outs and of hosted policies, beside those of `publication_schema`.

| table | a row is | bound |
|---|---|---|
| `mxproof_rollout` | how the roll-out of a domain stands | one a domain |
| `mxproof_hosted_policy` | the policy that a domain has from a moment on, empty for none, in the order in which they were put | the newest two a domain |
"""

from sqlalchemy import Column, Float, Index, LargeBinary, Table, Text

from mxproof.store.journal.schema import METADATA
from mxproof.store.journal.table_parts import ROW_ID

ROLLOUT = Table(
    "mxproof_rollout",
    METADATA,
    Column("domain", Text, primary_key=True),
    Column("rollout", LargeBinary, nullable=False),
    Column("altered_at", Float(53), nullable=False),
)
HOSTED_POLICY = Table(
    "mxproof_hosted_policy",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("domain", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("since", Float(53), nullable=False),
    Index("mxproof_hosted_policy_domain", "domain", "id"),
)

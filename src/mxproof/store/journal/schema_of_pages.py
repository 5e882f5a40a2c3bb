"""The tables of the journal that the pages have to themselves; with this module loaded `METADATA` has every table.

| table | a row is | bound |
|---|---|---|
| `mxproof_guest_check` | a check that a guest of the pages asked for, and the frame of its evidence | `checks_an_hour_in_all` of the configuration, and `kept_until` |
| `mxproof_account` | who may log in to the pages, and the hash of the password | whom the command line added |
| `mxproof_login` | one browser that is logged in: the digest of what it holds | LOGINS_MAX an account |
| `mxproof_access_token` | a token of a program: its digest, and what it opens | as accounts |
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, Text

from mxproof.store.journal.schema import METADATA

GUEST_CHECK = Table(
    "mxproof_guest_check",
    METADATA,
    Column("link", Text, primary_key=True),
    Column("domain", Text, nullable=False),
    Column("asked_at", Float(53), nullable=False),
    Column("kept_until", Float(53), nullable=False),
    Column("worker", Text),
    Column("leased_until", Float(53)),
    Column("tries", Integer, nullable=False),
    Column("done_at", Float(53)),
    Column("frame", LargeBinary),
    Index("mxproof_guest_check_asked", "asked_at"),
    Index("mxproof_guest_check_done", "done_at", "asked_at"),
    Index("mxproof_guest_check_kept", "kept_until"),
)
ACCOUNT = Table(
    "mxproof_account",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("added_at", Float(53), nullable=False),
)
LOGIN = Table(
    "mxproof_login",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("account", Text, ForeignKey(ACCOUNT.c.name), nullable=False),
    Column("begun_at", Float(53), nullable=False),
    Column("seen_at", Float(53), nullable=False),
    Index("mxproof_login_account", "account", "seen_at"),
)
ACCESS_TOKEN = Table(
    "mxproof_access_token",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("opens", Text, nullable=False),
    Column("added_at", Float(53), nullable=False),
)

"""Who may look at the pages of the watch, as values; `access` keeps and reads them.

No secret is kept: of a password its slow hash, of what a browser or a program shows a digest.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What whoever is logged in may do."""

    VIEWER = "viewer"
    ADMIN = "admin"
    """Sees who may log in, too, and has alerts tried."""


class Account(msgspec.Struct, frozen=True):
    """Someone who may log in."""

    name: str
    role: Role
    added_at: datetime


class TokenOpens(StrEnum):
    """What a token is good for; each kind opens nothing else."""

    API = "api"
    FEED = "feed"
    """It stands in the address of a feed, which readers of feeds keep and pass on, so it opens no more than that."""


class AccessToken(msgspec.Struct, frozen=True):
    """A token of a program, without what it shows."""

    name: str
    opens: TokenOpens
    added_at: datetime

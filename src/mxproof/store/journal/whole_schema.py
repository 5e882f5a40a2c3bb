"""All tables of the journal, for whoever makes or compares them: every module that declares some is loaded here."""

from typing import Final

from sqlalchemy import MetaData

from mxproof.store.journal.publication_schema import PUBLICATION
from mxproof.store.journal.rollout_schema import ROLLOUT
from mxproof.store.journal.schema_of_pages import ACCOUNT

WHOLE: Final[MetaData] = ACCOUNT.metadata
assert PUBLICATION.metadata is WHOLE, "all tables are of one journal"
assert ROLLOUT.metadata is WHOLE, "all tables are of one journal"

"""How the schema of the journal came to be: a folder of revisions, applied in order (alembic)."""

"""The journal: TLS reports and what they count, in SQLite or PostgreSQL, in a schema that the watch shares."""

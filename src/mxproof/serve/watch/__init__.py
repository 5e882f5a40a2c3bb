"""The check on a schedule: what changed since, for whom it matters, and who is told."""

"""What the facts mean: checks, sender models, and the report."""

"""Walks: from the evidence so far to the questions still wanted."""

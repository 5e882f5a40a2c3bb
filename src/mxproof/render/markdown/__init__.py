"""Markdown: for pages, tickets and merge requests."""

"""The words of every finding, by code."""

"""Bytes to material: the statements of a bounce, a log or a header with their places, not yet judged."""

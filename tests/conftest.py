"""One profile for all property tests: the same examples in every run, and no limit of wall-clock time."""

from hypothesis import settings

settings.register_profile("mxproof", deadline=None, derandomize=True, database=None)
settings.load_profile("mxproof")

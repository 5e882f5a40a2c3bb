"""What ends a scan, or what is asked of one, with a line for whoever started it."""


class ScanError(Exception):
    """The subject, what was seen, and what to do."""

"""The log on standard error: a word for the level, and for the journal its number before that (sd-daemon(3)).

systemd says in JOURNAL_STREAM which stream leads to the journal (systemd.exec(5)). Whatever else reads the log gets
no number, for it would not take it away.
"""

import logging
import os
from collections.abc import Mapping
from typing import TextIO

_PRIORITIES = {
    logging.DEBUG: 7,
    logging.INFO: 6,
    logging.WARNING: 4,
    logging.ERROR: 3,
    logging.CRITICAL: 2,
}


def log_to(stream: TextIO, environment: Mapping[str, str]) -> logging.Handler:
    """Return what writes the log to `stream`."""
    handler = logging.StreamHandler(stream)
    number = ""
    if _is_journal(stream, environment.get("JOURNAL_STREAM", "")):
        handler.addFilter(_with_priority)
        number = "<%(priority)d>"
    handler.setFormatter(logging.Formatter(f"{number}%(levelname)s %(message)s"))
    return handler


def _with_priority(record: logging.LogRecord) -> bool:
    record.priority = _PRIORITIES.get(record.levelno, _PRIORITIES[logging.WARNING])
    return True


def _is_journal(stream: TextIO, announced: str) -> bool:
    """Tell whether `stream` is the one that was announced, as device and inode."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return announced == f"{found.st_dev}:{found.st_ino}"

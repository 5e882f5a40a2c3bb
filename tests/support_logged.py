"""What was logged while a test ran."""

import logging

import pytest


def said(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    """Return the lines that were logged at a level or above."""
    return [one.getMessage() for one in caplog.records if one.levelno >= level]

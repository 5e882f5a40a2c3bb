"""One browser for all tests of pages: Debian's Chromium, without a network of its own need."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; the loop that drives it would stand in the way of the tests of other modules."""
    program = shutil.which("chromium")
    assert program is not None, "chromium not found; run tools/install-real as root"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()

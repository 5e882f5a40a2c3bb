"""The documentation as a browser shows it: each page says its version, the search finds, and nobody else is asked."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from keeping import ROOT
from mxproof import __version__

WIDTHS = (390, 1280)
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "documentation_site.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(params=WIDTHS)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a window in which all that is asked for has to lie on this disk."""
    opened = browser.new_page(viewport={"width": request.param, "height": 900})
    elsewhere: list[str] = []
    opened.on("request", lambda one: elsewhere.append(one.url) if not one.url.startswith("file:") else None)
    opened.on("pageerror", lambda error: elsewhere.append(str(error)))
    yield opened
    opened.close()
    assert elsewhere == []


def test_every_page_says_which_version_it_is_about(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if "_downloads" not in path.parts]
    assert len(pages) > len(list((ROOT / "docs" / "findings").glob("*.md")))
    title = re.compile(rf"<title>.*{re.escape(__version__)}.*</title>")
    assert [path.name for path in pages if not title.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", ["index", "docs/guides/turn-on-mta-sts", "docs/findings/mx-alias"])
def test_a_page_fits_and_asks_nobody_else(site: Path, page: Page, name: str) -> None:
    page.goto((site / f"{name}.html").as_uri())
    window = page.viewport_size
    assert window is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]


def test_the_search_finds_the_page_of_a_finding_without_a_server(site: Path, page: Page) -> None:
    page.goto(f"{(site / 'search.html').as_uri()}?q=mx-alias")
    found = page.locator("#search-results a", has_text="mx-alias").first
    expect(found).to_be_visible(timeout=PATIENCE_MS)
    found.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mx-alias", timeout=PATIENCE_MS)

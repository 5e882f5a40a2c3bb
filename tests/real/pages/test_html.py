"""Pages as a browser shows them: on a phone and a desk, light and dark, on paper; and what axe-core finds of them.

A page is opened from disk, as a mail attachment is. It must ask for nothing, say nothing on the console, and not be
wider than the window.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Page, Request

from mxproof.evidence.codec import decode
from mxproof.explain.engine import diagnosed
from mxproof.explain.wording import explanation
from mxproof.judge.differing import difference, seen
from mxproof.remedy.planning import plan_for
from mxproof.render.html.difference import document as differing
from mxproof.render.html.document import document
from mxproof.render.html.explanation import document as explained
from mxproof.render.html.plan import document as planned
from support_forms import checked
from support_poison import POISONS, poisoned, poisoned_world

CASES = Path(__file__).parents[2] / "cases"
INCIDENT, FIXED = (
    checked(decode((CASES / f"{name}.evidence.json").read_bytes())) for name in ("incident", "fixed")
)
EVIDENCE, LATER = (decode((CASES / f"{name}.evidence.json").read_bytes()) for name in ("incident", "fixed"))
BOUNCE = b"451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"
PAGES = {
    "one": "".join(document([INCIDENT], [])),
    "several": "".join(document([INCIDENT, poisoned(FIXED, "x"), checked(poisoned_world(POISONS[0]))], [])),
    "hostile": "".join(document([poisoned(INCIDENT, " ".join(POISONS))], [])),
    "plan": "".join(planned(plan_for(EVIDENCE, now=EVIDENCE.observed_at()))),
    "difference": "".join(differing([difference(seen(EVIDENCE), seen(LATER))])),
    "hostile difference": "".join(
        differing([poisoned(difference(seen(EVIDENCE), seen(poisoned_world(POISONS[0]))), POISONS[1])])
    ),
    "hostile plan": "".join(
        planned(poisoned(plan_for(EVIDENCE, now=EVIDENCE.observed_at()), " ".join(POISONS)))
    ),
    "bounce": "".join(explained([explanation("bounce.eml", diagnosed(BOUNCE))])),
}
WIDTHS = (390, 1280)
SERIOUS = frozenset({"serious", "critical"})


@pytest.fixture(params=PAGES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Write one page to disk."""
    path = tmp_path / f"{request.param}.html"
    path.write_text(PAGES[request.param], encoding="utf-8")
    return path


def _opened(browser: Browser, file: Path, width: int, scheme: str) -> tuple[Page, list[str]]:
    """Open the page; return it with all that it said or asked for beside itself."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]  # a literal at run time
    told: list[str] = []

    def asked(request: Request) -> None:
        if request.url != file.as_uri():
            told.append(request.url)

    page.on("request", asked)
    page.on("console", lambda message: told.append(message.text))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.goto(file.as_uri())
    return page, told


@pytest.mark.parametrize(("width", "scheme"), [(WIDTHS[0], "light"), (WIDTHS[1], "dark")])
def test_axe_core_finds_nothing_serious(browser: Browser, file: Path, width: int, scheme: str) -> None:
    page, _ = _opened(browser, file, width, scheme)
    try:
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS] == []
    finally:
        page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_fits_and_asks_for_nothing(browser: Browser, file: Path, width: int) -> None:
    page, told = _opened(browser, file, width, "light")
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert told == []
    finally:
        page.close()


def test_the_first_stop_of_the_keyboard_leads_to_the_report(browser: Browser, file: Path) -> None:
    page, _ = _opened(browser, file, 390, "light")
    try:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    finally:
        page.close()


def test_a_page_is_dark_where_the_reader_likes_it_so_and_light_on_paper(browser: Browser, file: Path) -> None:
    colours = {}
    page, _ = _opened(browser, file, 390, "dark")
    try:
        for media in ("screen", "print"):
            page.emulate_media(media=media)
            colours[media] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert page.pdf(format="A4").startswith(b"%PDF")
    finally:
        page.close()
    assert colours == {"screen": "rgb(20, 24, 29)", "print": "rgb(255, 255, 255)"}

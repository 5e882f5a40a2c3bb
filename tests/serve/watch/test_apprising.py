"""Telling URLs of apprise: which are of no use, in which form each is told, and what is said of those that were not."""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from mxproof.serve.watch.apprising import NOT_KNOWN, NOT_THERE, main, unusable

apprise = pytest.importorskip("apprise")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what apprise loads

TITLE, TEXT, PAGE = "the title", "1 < 2", "<p>1 &lt; 2</p>"
TOLD: list[tuple[str, str, str]] = []
"""What the service of this file was told: by which URL, the title and the body."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have apprise know a service that notes what it is told, and takes nothing on the host `deaf`."""
    from apprise.decorators import notify

    @notify(on="noting", name="Noting")  # type: ignore[no-untyped-call, untyped-decorator]  # apprise has no types
    def note(body: str, title: str, *_: object, meta: dict[str, str], **__: object) -> bool:
        TOLD.append((meta["host"], title, body))
        return meta["host"] != "deaf"

    logger = logging.getLogger("apprise")
    monkeypatch.setattr(logger, "disabled", logger.disabled)
    monkeypatch.setattr(logger, "level", logger.level)
    TOLD.clear()
    yield
    apprise.NotificationManager().remove("noting")


def told(monkeypatch: pytest.MonkeyPatch, *urls: str, html: str | None = PAGE) -> int:
    """Tell URLs, and return the status with which that ends."""
    asked = json.dumps([urls, TITLE, TEXT, html]).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(asked)))
    return main()


@pytest.mark.usefixtures("service")
def test_each_is_told_in_the_form_that_it_takes_or_that_its_url_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert told(monkeypatch, "noting://text", "noting://html?format=html") == os.EX_OK
    assert TOLD == [("text", TITLE, TEXT), ("html", TITLE, PAGE)]


@pytest.mark.usefixtures("service")
def test_without_a_page_all_are_told_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, "noting://text", "noting://html?format=html", html=None) == os.EX_OK
    assert [(host, title) for host, title, _ in TOLD] == [("text", TITLE), ("html", TITLE)]
    assert [body for _, _, body in TOLD] == [TEXT, "1&nbsp;&lt;&nbsp;2"]


@pytest.mark.usefixtures("service")
def test_those_behind_one_that_fails_are_told_and_it_is_said_which_did(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No URL is repeated, for it may hold a password."""
    assert told(monkeypatch, "noting://deaf", "nowhere://secret", "noting://text") == os.EX_TEMPFAIL
    assert [host for host, _, _ in TOLD] == ["deaf", "text"]
    said = capsys.readouterr()
    assert said.err.splitlines() == ["URL 1 (Noting): not told", f"URL 2: {NOT_KNOWN}"]
    assert said.out == ""


@pytest.mark.usefixtures("service")
def test_a_url_that_apprise_does_not_know_is_of_no_use() -> None:
    assert list(unusable(["noting://text", "nowhere://secret", "noting://html"])) == [f"URL 2: {NOT_KNOWN}"]
    assert list(unusable([])) == []


def test_without_apprise_no_url_is_of_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert list(unusable(["noting://text", "noting://html"])) == [NOT_THERE]
    assert list(unusable([])) == []
    assert told(monkeypatch, "noting://text") == os.EX_UNAVAILABLE
    assert capsys.readouterr().err == f"{NOT_THERE}\n"

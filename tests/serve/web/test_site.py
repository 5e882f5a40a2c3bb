"""What every page is made with: the period that is shown, the origin of addresses, and what a path or a parameter names."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from starlette.requests import Request
from starlette.types import ASGIApp

from mxproof.judge.difference import Course
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.serve.web.pages.events import ShownNews
from mxproof.serve.web.settings import Origin
from mxproof.serve.web.site import DOMAIN_CHARACTERS_MAX, NUMBER_MAX, domain_in, number_in, shown
from mxproof.store.journal.watched import KeptNews
from support_web import ORIGIN, Browser, in_site

AT = datetime(2026, 6, 1, tzinfo=UTC)


def named(domain: str) -> str:
    """Return the domain that a path with this in it names."""
    return domain_in(Request({"type": "http", "headers": [], "path_params": {"domain": domain}}))


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("example.com", "example.com"),
        ("Example.COM.", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example.", "xn--bcher-kva.example"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("a\x00b", ""),
        ("ü..example", ""),
        ("", ""),
        ("a" * DOMAIN_CHARACTERS_MAX, "a" * 253),
        ("a" * (DOMAIN_CHARACTERS_MAX + 1), ""),
    ],
)
def test_a_path_names_a_domain_however_it_is_written_and_what_is_none_names_nothing(
    written: str, domain: str
) -> None:
    assert named(written) == domain


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("17", 17),
        ("9223372036854775807", NUMBER_MAX),
        ("9223372036854775808", None),
        ("0000000000000000001", 1),
        ("00000000000000000001", None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("x", None),
        ("²", None),
        ("١", None),
    ],
)
def test_a_number_is_one_of_those_that_a_database_can_hold(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_news_are_shown_with_their_number_their_check_and_who_takes_care() -> None:
    news = DomainNews(
        1,
        "example.com",
        TurnKind.CHANGED,
        Weight.ALARM,
        Course.WORSE,
        AT,
        AT,
        "A refuses",
        (),
        (),
        False,
        None,
    )
    kept = KeptNews(
        3, "example.com", AT, AT, news.kind, news.course, news.weight, msgspec.json.encode(news), 7, "ada"
    )
    assert shown([kept]) == [ShownNews(3, 7, news, "ada")]


@pytest.mark.parametrize(
    ("public", "origin"),
    [(ORIGIN, "https://watch.example"), (None, "http://127.0.0.1:8080")],
    ids=["as it is set", "as it is asked"],
)
def test_an_address_that_is_passed_on_begins_as_people_type_it(
    bare_store: str, public: Origin | None, origin: str
) -> None:
    async def does(app: ASGIApp) -> None:
        answered = await Browser(app, origin=origin).get("/api/v1/openapi.json")
        assert json.loads(answered.text)["servers"] == [{"url": f"{origin}/api/v1"}]

    in_site(bare_store, does, public=public)

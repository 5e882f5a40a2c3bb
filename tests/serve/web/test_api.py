"""The API: what it answers is what its OpenAPI document says, to whoever has a token for it, and to nobody else."""

import json
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from starlette.types import ASGIApp

from mxproof.cli.options.memory import Remembered
from mxproof.evidence.codec import decode
from mxproof.evidence.parts import parts_of
from mxproof.judge.settling import SettledState
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.memory import Memory
from mxproof.serve.web import api
from mxproof.serve.web.openapi import openapi_document
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import Finished, WatchedCheck
from support_web import API_SECRET, BAD, BROKEN, DAY, FEED_SECRET, FINE, HOSTILE, NEW, NOW, Browser, in_site

BEARER = {"authorization": f"Bearer {API_SECRET}"}
DOCUMENT: dict[str, Any] = json.loads(openapi_document("https://watch.example"))
ANSWERS = {
    "/domains": ["/domains"],
    "/domains/{domain}": [f"/domains/{one}" for one in (FINE, BROKEN, HOSTILE, NEW)],
    "/domains/{domain}/checks": [f"/domains/{one}/checks" for one in (BROKEN, NEW, "nobody.example")],
    "/domains/{domain}/news": [f"/domains/{BROKEN}/news", f"/domains/{HOSTILE}/news?older_than=5"],
    "/news": ["/news", "/news?older_than=2", "/news?older_than=0"],
    "/checks/{number}": ["/checks/1"],
    "/domains/{domain}/reports": [f"/domains/{one}/reports" for one in (BROKEN, HOSTILE, NEW)],
    "/reports": ["/reports", "/reports?older_than=3", "/reports?older_than=0"],
    "/reports/{number}": [f"/reports/{number}" for number in range(1, 6)],
    "/domains/{domain}/silences": [f"/domains/{one}/silences" for one in (BROKEN, NEW)],
    "/silences": ["/silences", "/silences?since=2020-01-01T00:00:00Z&until=2021-01-01T00:00:00Z"],
    "/domains/{domain}/publications": [f"/domains/{one}/publications" for one in (BROKEN, HOSTILE, NEW)],
    "/publications": ["/publications", "/publications?older_than=2", "/publications?older_than=0"],
    "/logs": ["/logs"],
    "/checks/{number}/report": ["/checks/1/report", "/checks/62/report"],
    "/checks/{number}/memory": ["/checks/1/memory", "/checks/62/memory"],
}


def schema_of(path: str, status: str = "200") -> dict[str, Any]:
    """Return the JSON Schema of an answer."""
    answer = DOCUMENT["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"]
    return {**answer, "components": DOCUMENT["components"]}


@pytest.mark.parametrize("path", ANSWERS)
def test_an_answer_is_as_the_document_says(store: str, path: str) -> None:
    async def does(app: ASGIApp) -> None:
        for one in ANSWERS[path]:
            answered = await Browser(app).get(f"/api/v1{one}", **BEARER)
            assert (answered.status, answered.headers["content-type"]) == (200, "application/json")
            jsonschema_rs.validate(schema_of(path), json.loads(answered.text))

    in_site(store, does)


def test_every_answer_of_the_document_is_tried_here() -> None:
    assert set(ANSWERS) == set(DOCUMENT["paths"]) - {"/checks/{number}/evidence"}


def test_each_schema_of_the_document_is_one(store: str) -> None:
    for one in DOCUMENT["components"]["schemas"].values():
        jsonschema_rs.meta.validate(one)

    async def does(app: ASGIApp) -> None:
        answered = await Browser(app).get("/api/v1/openapi.json")
        assert json.loads(answered.text) == DOCUMENT

    in_site(store, does)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/domains/nobody.example", 404),
        ("/checks/99999", 404),
        ("/checks/one/report", 404),
        ("/checks/99999/evidence", 404),
        ("/reports/99999", 404),
        ("/reports/first", 404),
        ("/news?older_than=first", 400),
        ("/reports?older_than=-1", 400),
        ("/publications?older_than=-1", 400),
        ("/silences?until=tomorrow", 400),
        (f"/domains/{BROKEN}/checks?since=yesterday", 400),
        (f"/domains/{BROKEN}/checks?until=2026-01-01T00:00:00", 400),
        (f"/domains/{BROKEN}/checks?until=0001-01-01T00:00:00%2B14:00", 400),
    ],
)
def test_what_cannot_be_answered_is_said_why(store: str, path: str, status: int) -> None:
    async def does(app: ASGIApp) -> None:
        answered = await Browser(app).get(f"/api/v1{path}", **BEARER)
        assert (answered.status, list(json.loads(answered.text))) == (status, ["error"])

    in_site(store, does)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer wrong",
        f"Basic {API_SECRET}",
        f"Bearer {FEED_SECRET}",
        f"Bearer {'x' * 5000}",
        "Bearer \u00e9",
    ],
)
def test_nobody_else_is_answered(store: str, authorization: str) -> None:
    async def does(app: ASGIApp) -> None:
        for path in [*DOCUMENT["paths"], "/domains/example.com"]:
            answered = await Browser(app).get(f"/api/v1{path}", authorization=authorization)
            assert (answered.status, answered.headers["www-authenticate"].split()[0]) == (401, "Bearer")

    in_site(store, does)


def test_a_token_opens_no_page_and_whoever_is_logged_in_needs_none(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        assert (await browser.get("/", **BEARER)).status == 303
        await browser.login("bob")
        assert (await browser.get("/api/v1/domains")).status == 200

    in_site(store, does)


def test_the_evidence_of_a_check_is_a_file_to_replay(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        checks = json.loads((await Browser(app).get(f"/api/v1/domains/{BROKEN}/checks", **BEARER)).text)
        number = checks["checks"][0]["number"]
        answered = await Browser(app).get(f"/api/v1/checks/{number}/evidence", **BEARER)
        assert set(decode(answered.text.encode()).answers) == set(BAD.answers)

    in_site(store, does)


def test_checks_of_a_period_are_answered(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        whole = json.loads((await browser.get(f"/api/v1/domains/{BROKEN}/checks", **BEARER)).text)
        assert (len(whole["checks"]), whole["more"]) == (30, False)
        since = whole["checks"][4]["observed_at"]
        part = json.loads(
            (await browser.get(f"/api/v1/domains/{BROKEN}/checks?since={since}", **BEARER)).text
        )
        assert part["checks"] == whole["checks"][:5]

    in_site(store, does)


def test_what_was_held_from_before_is_a_file_that_replay_takes(store: str) -> None:
    journal = Journal(store)
    watch = WatchJournal(journal)
    held = Memory(b"version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 864000\n", NOW - DAY, "1")
    (claimed,) = watch.claim("test", NOW + 40 * DAY, NOW + 41 * DAY, 1)
    check = WatchedCheck(NOW, 0.5, Verdict.REFUSED, "", {}, parts_of(BAD), (held,))
    assert watch.finish(claimed, Finished(check, SettledState(), True, NOW, 0), NOW)
    number = watch.checks(claimed.domain, NOW, NOW)[0].number
    journal.close()

    async def does(app: ASGIApp) -> None:
        answered = await Browser(app).get(f"/api/v1/checks/{number}/memory", **BEARER)
        assert "attachment" in answered.headers["content-disposition"]
        (read,) = msgspec.json.decode(answered.text, type=list[Remembered])
        assert Memory(read.body.encode(), read.fetched_at, read.id) == held

    in_site(store, does)


LISTS = {
    f"/domains/{BROKEN}/checks": "checks",
    "/news": "news",
}


def test_a_list_that_is_cut_says_that_there_is_more_and_one_that_is_whole_does_not(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def does(app: ASGIApp) -> None:
        async def answer(path: str) -> Any:  # noqa: ANN401 - JSON
            return json.loads((await Browser(app).get(f"/api/v1{path}", **BEARER)).text)

        for path, name in LISTS.items():
            whole = (await answer(path))[name]
            assert whole
            for items_max, is_more in ((len(whole), False), (len(whole) - 1, True)):
                with monkeypatch.context() as patched:
                    patched.setattr(api, "API_ITEMS_MAX", items_max)
                    cut = await answer(path)
                assert (cut[name], cut["more"]) == (whole[:items_max], is_more), path

    in_site(store, does)

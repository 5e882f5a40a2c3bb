"""The part of the API that tells of TLS reports, silences, publications and the logs that are followed."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from starlette.types import ASGIApp

from mxproof.rhythm.detector import Detector
from mxproof.serve.web import api_reported
from mxproof.serve.web.secret import digest_of
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.account import AccessToken, TokenOpens
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication import NewPublication, PublicationKind
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.silence import KeptLog, SilenceJournal
from support_rhythm import utc_hour_of_week
from support_web import API_SECRET, NOW, Browser, in_site
from support_web_history import FORCED, LOG_NAME, keep_publications, keep_reports, keep_silence

DOMAIN, OTHER, PLAIN = "example.com", "other.example", "plain.example"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of a store with what is reported beside the checks, of which there are none."""
    url = f"sqlite:{tmp_path_factory.mktemp('reported')}/journal.db"
    journal = Journal(url)
    AccessJournal(journal).add_token(AccessToken("dashboard", TokenOpens.API, NOW), digest_of(API_SECRET))
    keep_reports(journal, DOMAIN, OTHER, NOW)
    keep_publications(journal, DOMAIN, OTHER, NOW)
    PublicationJournal(journal).begin(NewPublication(PLAIN, PublicationKind.APPLY, b"", b"", ""), NOW)
    keep_silence(journal, DOMAIN, NOW)
    kept, _ = Detector(utc_hour_of_week).kept()
    SilenceJournal(journal).keep("/var/log/other.log", KeptLog("", msgspec.msgpack.encode(kept), (), ""), [])
    journal.close()
    return url


Answer = Callable[[str], Awaitable[Any]]


def asked(store: str, does: Callable[[Answer], Awaitable[None]]) -> None:
    """Do something with what the API answers to paths."""

    async def run(app: ASGIApp) -> None:
        async def answer(path: str) -> Any:  # noqa: ANN401 - JSON
            answered = await Browser(app).get(f"/api/v1{path}", authorization=f"Bearer {API_SECRET}")
            return answered.status, json.loads(answered.text)

        await does(answer)

    in_site(store, run)


async def _numbers(answer: Answer, path: str, name: str) -> list[int]:
    _, answered = await answer(path)
    return [one["number"] for one in answered[name]]


def test_reports_are_answered_of_one_domain_or_of_all_those_that_came_last_first(reported: str) -> None:
    async def does(answer: Answer) -> None:
        assert await _numbers(answer, "/reports", "reports") == [5, 4, 3, 2, 1]
        assert await _numbers(answer, "/reports?older_than=3", "reports") == [2, 1]
        assert await _numbers(answer, f"/domains/{OTHER}/reports", "reports") == [5]
        assert await _numbers(answer, f"/domains/{DOMAIN}/reports?older_than=4", "reports") == [3, 2, 1]
        assert await answer("/domains/nobody.example/reports") == (
            200,
            {"schema_version": 1, "reports": [], "more": False},
        )

    asked(reported, does)


def test_a_report_in_a_list_says_what_it_counts(reported: str) -> None:
    async def does(answer: Answer) -> None:
        _, found = await answer(f"/domains/{DOMAIN}/reports")
        day = (NOW - timedelta(days=1)).date()
        assert found["reports"][0] == {
            "number": 4,
            "reporter": "Microsoft Corporation",
            "submitter": "microsoft.com",
            "report_id": f"{day:%Y%m%d}.example.com",
            "begin": f"{day}T00:00:00Z",
            "end": f"{day}T23:59:59Z",
            "received_at": NOW.isoformat().replace("+00:00", "Z"),
            "authenticated": "unknown",
            "domains": ["example.com"],
            "sessions": {"success": 40, "failure": 12, "at_least": False},
            "failures": [{"cause": "mtasts_mx_mismatch", "result_type": "validation-failure", "count": 12}],
        }

    asked(reported, does)


def test_one_report_is_answered_by_its_number_and_no_other(reported: str) -> None:
    async def does(answer: Answer) -> None:
        status, told = await answer("/reports/4")
        (policy,) = told["policies"]
        assert (status, policy["failure"], policy["failures"][0]["cause"]) == (200, 12, "mtasts_mx_mismatch")
        missing = (404, {"error": "no TLS report with this number is kept"})
        assert [await answer(f"/reports/{number}") for number in ("6", "0", "x", "9" * 20)] == [missing] * 4

    asked(reported, does)


def test_silences_are_answered_of_one_domain_or_of_all_in_a_period(reported: str) -> None:
    async def does(answer: Answer) -> None:
        _, every = await answer("/silences")
        (silence,) = every["silences"]
        assert (silence["kind"], silence["sender"], every["more"]) == ("sender", "Microsoft", False)
        assert await answer(f"/domains/{DOMAIN}/silences") == (200, every)
        nothing = (200, {"schema_version": 1, "silences": [], "more": False})
        assert await answer(f"/domains/{OTHER}/silences") == nothing
        assert await answer(f"/silences?until={silence['silent_since']}") == nothing

    asked(reported, does)


def test_publications_are_answered_of_one_domain_or_of_all_the_newest_first(reported: str) -> None:
    async def does(answer: Answer) -> None:
        assert await _numbers(answer, "/publications", "publications") == [3, 2, 1]
        assert await _numbers(answer, "/publications?older_than=3", "publications") == [2, 1]
        assert await _numbers(answer, f"/domains/{OTHER}/publications", "publications") == [2]
        _, migrated = await answer(f"/domains/{DOMAIN}/publications")
        (one,) = migrated["publications"]
        assert (one["state"], one["forced"]) == ("done", FORCED)
        assert [step["step"] for step in one["steps"]] == ["policy", "id"]
        _, plain = await answer(f"/domains/{PLAIN}/publications")
        assert plain["publications"] == [
            {
                "number": 3,
                "domain": PLAIN,
                "kind": "apply",
                "state": "open",
                "begun_at": NOW.isoformat().replace("+00:00", "Z"),
                "ended_at": None,
                "forced": None,
                "steps": [],
            }
        ]

    asked(reported, does)


def test_the_logs_that_are_followed_name_who_usually_writes_and_who_is_silent(reported: str) -> None:
    async def does(answer: Answer) -> None:
        _, found = await answer("/logs")
        followed, other = found["logs"]
        assert (followed["name"], followed["domain"]) == (LOG_NAME, DOMAIN)
        assert other == {"name": "/var/log/other.log", "domain": None, "senders": []}
        assert [(one["sender"]["name"], one["is_silent"]) for one in followed["senders"]] == [
            ("Microsoft", True),
            ("Google", False),
            ("firm.example", False),
        ]
        last = followed["senders"][0]["last_mail_at"]
        _, silences = await answer("/silences")
        assert last[:16] == silences["silences"][0]["silent_since"][:16]

    asked(reported, does)


@pytest.mark.parametrize("name", ["reports", "silences", "publications"])
def test_a_list_that_is_cut_says_that_there_is_more_and_one_that_is_whole_does_not(
    reported: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async def does(answer: Answer) -> None:
        whole = (await answer(f"/{name}"))[1][name]
        assert whole
        for items_max, is_more in ((len(whole), False), (len(whole) - 1, True)):
            monkeypatch.setattr(api_reported, "API_ITEMS_MAX", items_max)
            _, cut = await answer(f"/{name}")
            assert (cut[name], cut["more"]) == (whole[:items_max], is_more)

    asked(reported, does)

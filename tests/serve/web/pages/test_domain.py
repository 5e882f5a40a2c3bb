"""The page of a domain that was not checked yet."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.judge.settling import SettledState
from mxproof.judge.vocabulary import Verdict
from mxproof.render.markup import element, html
from mxproof.serve.web.pages.domain import DomainSeen, domain_content
from mxproof.store.journal.watched import KeptCheck, WatchedState

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("paused_by", [None, "ada"])
def test_of_a_domain_that_was_not_checked_yet_it_is_said_when_it_will_be_unless_it_is_paused(
    paused_by: str | None,
) -> None:
    state = WatchedState(
        "example.com", 3600.0, NOW + timedelta(hours=1), SettledState(), None, paused_by=paused_by
    )
    page = html(element("main", *domain_content(DomainSeen(state, None, (), (), (), {}, 0, 0), NOW)))
    assert ("paused" in page, "2026-11-01T10:00" in page) == (paused_by is not None, paused_by is None)


@pytest.mark.parametrize("paused_by", [None, "ada"])
def test_of_a_domain_that_was_checked_it_is_said_when_it_will_be_again_or_who_paused_it(
    paused_by: str | None,
) -> None:
    newest = KeptCheck(7, NOW - timedelta(hours=1), 0.5, Verdict.DELIVERS, "Mail arrives.", {}, False)
    state = WatchedState(
        "example.com", 3600.0, NOW + timedelta(hours=1), SettledState(), newest, paused_by=paused_by
    )
    page = html(element("main", *domain_content(DomainSeen(state, None, (), (), (), {}, 0, 0), NOW)))
    assert ("paused by ada" in page, "2026-11-01T10:00" in page) == (paused_by is not None, paused_by is None)

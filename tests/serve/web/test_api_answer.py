"""The parameters that several answers of the API take."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from mxproof.serve.web.api_answer import ParameterError, no_answer, older_than_asked, period_asked

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
MONTH = timedelta(days=30)


def request(**parameters: str) -> Request:
    return Request({"type": "http", "query_string": urlencode(parameters).encode(), "headers": []})


def test_without_a_word_a_period_is_the_last_thirty_days() -> None:
    assert period_asked(request(), NOW) == (NOW - MONTH, NOW)


def test_a_period_ends_and_begins_where_that_is_asked() -> None:
    day = datetime(2026, 11, 1, tzinfo=UTC)
    assert period_asked(request(until="2026-11-01T00:00:00Z"), NOW) == (day - MONTH, day)
    assert period_asked(request(since="2026-11-01T01:00:00+01:00"), NOW) == (day, NOW)


@pytest.mark.parametrize("asked", ["", "yesterday", "2026-11-01", "2026-11-01T00:00:00"])
@pytest.mark.parametrize("name", ["since", "until"])
def test_what_is_no_time_with_its_zone_is_refused(name: str, asked: str) -> None:
    with pytest.raises(ParameterError, match="2026-11-26T12:00:00Z"):
        period_asked(request(**{name: asked}), NOW)


def test_a_period_that_would_begin_before_all_time_is_refused() -> None:
    with pytest.raises(ParameterError):
        period_asked(request(until="0001-01-02T00:00:00Z"), NOW)


def test_a_list_goes_on_below_a_number() -> None:
    assert older_than_asked(request()) is None
    assert older_than_asked(request(older_than="17")) == 17
    assert older_than_asked(request(older_than="0")) == 0


@pytest.mark.parametrize("asked", ["", "-1", "x", "1.5", "9" * 40])
def test_what_is_no_number_of_one_is_refused(asked: str) -> None:
    with pytest.raises(ParameterError, match="older_than"):
        older_than_asked(request(older_than=asked))


def test_where_there_is_no_answer_it_is_said_why() -> None:
    answer = no_answer("no such domain")
    assert (answer.status_code, bytes(answer.body)) == (404, b'{"error":"no such domain"}\n')

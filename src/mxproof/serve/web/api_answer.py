"""What every answer of the API is made with, and the parameters that several take."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from mxproof.render.json import encode_line
from mxproof.serve.web.api_types import ApiError
from mxproof.serve.web.site import number_in

API_ITEMS_MAX: Final = 100
API_PERIOD: Final = timedelta(days=30)


class ParameterError(Exception):
    """A parameter is not what it has to be; the words say what was expected."""


def json_answer(value: msgspec.Struct, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return an answer in JSON."""
    return Response(encode_line(value), status, media_type="application/json")


def no_answer(words: str, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> Response:
    """Return why there is none."""
    return json_answer(ApiError(words), status)


def period_asked(request: Request, now: datetime) -> tuple[datetime, datetime]:
    """Return `since` and `until`; raises ParameterError."""
    try:
        until = _moment(request, "until", now)
        return _moment(request, "since", until - API_PERIOD), until
    except (ValueError, OverflowError):
        raise ParameterError("since and until: times as 2026-11-26T12:00:00Z were expected") from None


def older_than_asked(request: Request) -> int | None:
    """Return `older_than`, None where nothing was asked; raises ParameterError."""
    asked = request.query_params.get("older_than")
    found = None if asked is None else number_in(asked)
    if asked is not None and found is None:
        raise ParameterError("older_than: the number of one in the list was expected")
    return found


def _moment(request: Request, name: str, otherwise: datetime) -> datetime:
    asked = request.query_params.get(name)
    if asked is None:
        return otherwise
    at = datetime.fromisoformat(asked)
    if at.tzinfo is None:
        raise ValueError("a time zone was expected")
    at.timestamp()
    return at

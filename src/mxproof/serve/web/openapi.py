"""The OpenAPI document of the API (OpenAPI 3.1.0), made of the types that are answered."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from mxproof.evidence import Der
from mxproof.explain.tlsrpt.told import ToldReport
from mxproof.judge.report import Report
from mxproof.judge.watch_status import WatchStatus
from mxproof.serve.web.api_types import (
    API_VERSION,
    ApiCheck,
    ApiChecks,
    ApiDomains,
    ApiError,
    ApiLogs,
    ApiMemory,
    ApiNews,
    ApiPublications,
    ApiReports,
    ApiSilences,
)

_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "domain": {
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "description": "A domain that is watched, as it stands in DNS.",
    },
    "number": {
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
        "description": "Its number, as lists have it.",
    },
    "since": {
        "in": "query",
        "schema": {"type": "string", "format": "date-time"},
        "description": "From when on; 30 days before `until` by default.",
    },
    "until": {
        "in": "query",
        "schema": {"type": "string", "format": "date-time"},
        "description": "Until when; now by default.",
    },
    "older_than": {
        "in": "query",
        "schema": {"type": "integer", "minimum": 0},
        "description": "Those that came before the one with this number.",
    },
}
_ANSWERS: Final[tuple[tuple[str, str, tuple[str, ...], Any], ...]] = (
    ("/domains", "All domains that are watched, and what their newest checks came to.", (), ApiDomains),
    ("/domains/{domain}", "How one domain stands, with its latest news.", ("domain",), WatchStatus),
    (
        "/domains/{domain}/checks",
        "The checks of a domain, the newest first, 100 at most.",
        ("domain", "since", "until"),
        ApiChecks,
    ),
    (
        "/domains/{domain}/news",
        "The news of a domain, the newest first, 100 at most.",
        ("domain", "older_than"),
        ApiNews,
    ),
    ("/news", "The news of all domains, the newest first, 100 at most.", ("older_than",), ApiNews),
    ("/checks/{number}", "One check.", ("number",), ApiCheck),
    (
        "/checks/{number}/report",
        "The report on a check as of its moment, its fixes verified.",
        ("number",),
        Report,
    ),
    (
        "/checks/{number}/evidence",
        "The evidence of a check, as `mxproof replay` reads it.",
        ("number",),
        None,
    ),
    (
        "/checks/{number}/memory",
        "The policies that senders may have held from before at a check, as `mxproof replay --memory` reads them.",
        ("number",),
        tuple[ApiMemory, ...],
    ),
    (
        "/domains/{domain}/reports",
        "The TLS reports about a domain, those that came last first, 100 at most.",
        ("domain", "older_than"),
        ApiReports,
    ),
    ("/reports", "All TLS reports, those that came last first, 100 at most.", ("older_than",), ApiReports),
    (
        "/reports/{number}",
        "One TLS report, each failure with its cause, held against the checks of its domains.",
        ("number",),
        ToldReport,
    ),
    (
        "/domains/{domain}/silences",
        "The silences that rang for a domain or for all at once, the newest first, 100 at most.",
        ("domain", "since", "until"),
        ApiSilences,
    ),
    ("/silences", "All silences that rang, the newest first, 100 at most.", ("since", "until"), ApiSilences),
    (
        "/domains/{domain}/publications",
        "What was published of a domain, the newest first, 100 at most.",
        ("domain", "older_than"),
        ApiPublications,
    ),
    (
        "/publications",
        "What was published of all domains, the newest first, 100 at most.",
        ("older_than",),
        ApiPublications,
    ),
    ("/logs", "The logs that are followed: who usually writes, and who is silent now.", (), ApiLogs),
)
_ERROR: Final = {"$ref": "#/components/schemas/ApiError"}


def openapi_document(origin: str) -> bytes:
    """Return the document as JSON; `origin` is where the API is served."""
    return msgspec.json.format(msgspec.json.encode(openapi(origin)), indent=2) + b"\n"


def openapi(origin: str) -> dict[str, Any]:
    """Return the document."""
    types = [one[3] for one in _ANSWERS if one[3] is not None]
    answers, schemas = msgspec.json.schema_components(
        [*types, ApiError], schema_hook=_certificate, ref_template="#/components/schemas/{name}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mxproof watch",
            "version": str(API_VERSION),
            "description": "What is watched and how it fares. It only reads; version 1 may gain members and loses none.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": f"{origin}/api/v1"}],
        "security": [{"token": []}],
        "paths": dict(_paths(answers)),
        "components": {
            "schemas": {name: _unindented(part) for name, part in schemas.items()},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by `mxproof watch token add NAME`.",
                }
            },
        },
    }


def _paths(answers: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each path with what is said of it; `answers` are the schemas of all answers that have one, and behind them of errors."""
    schemas = iter(answers)
    for path, words, asked, answer in _ANSWERS:
        yield path, _path(path, words, asked, {"type": "object"} if answer is None else next(schemas))


def _path(path: str, words: str, asked: tuple[str, ...], answer: dict[str, Any]) -> dict[str, Any]:
    responses = {
        "200": _response("The answer.", answer),
        "401": _response("No token for the API.", _ERROR),
    }
    if "{number}" in path or path == "/domains/{domain}":
        responses["404"] = _response("Nothing of this name is kept.", _ERROR)
    if any(_PARAMETERS[name]["in"] == "query" for name in asked):
        responses["400"] = _response("A parameter is not what it has to be.", _ERROR)
    told = {
        "operationId": "_".join(part.strip("{}") for part in path.strip("/").split("/")),
        "summary": words,
        "parameters": [{"name": name, **_PARAMETERS[name]} for name in asked],
        "responses": dict(sorted(responses.items())),
    }
    return {"get": told}


def _response(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _certificate(kind: type) -> dict[str, str]:
    if kind is Der:
        words = "A certificate, named by the SHA-256 of its DER form."
        return {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": words}
    raise NotImplementedError(kind.__name__)


def _unindented(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema whose description reads the same whether or not Python left docstrings indented."""
    return (
        {**part, "description": inspect.cleandoc(part["description"])}
        if "description" in part
        else dict(part)
    )

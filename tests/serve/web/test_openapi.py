"""The OpenAPI document: each path with its parameters and all that can be answered, made of the types that are answered."""

import json
from functools import cache
from typing import Any

import pytest

from mxproof.serve.web.openapi import openapi, openapi_document

ORIGIN = "https://watch.example"


@cache
def document() -> dict[str, Any]:
    return openapi(ORIGIN)


@pytest.mark.parametrize(
    ("path", "parameters", "statuses"),
    [
        ("/domains", [], ["200", "401"]),
        ("/domains/{domain}", ["domain"], ["200", "401", "404"]),
        ("/domains/{domain}/checks", ["domain", "since", "until"], ["200", "400", "401"]),
        ("/domains/{domain}/news", ["domain", "older_than"], ["200", "400", "401"]),
        ("/news", ["older_than"], ["200", "400", "401"]),
        ("/checks/{number}", ["number"], ["200", "401", "404"]),
        ("/checks/{number}/report", ["number"], ["200", "401", "404"]),
        ("/checks/{number}/evidence", ["number"], ["200", "401", "404"]),
        ("/checks/{number}/memory", ["number"], ["200", "401", "404"]),
        ("/domains/{domain}/reports", ["domain", "older_than"], ["200", "400", "401"]),
        ("/reports", ["older_than"], ["200", "400", "401"]),
        ("/reports/{number}", ["number"], ["200", "401", "404"]),
        ("/domains/{domain}/silences", ["domain", "since", "until"], ["200", "400", "401"]),
        ("/silences", ["since", "until"], ["200", "400", "401"]),
        ("/domains/{domain}/publications", ["domain", "older_than"], ["200", "400", "401"]),
        ("/publications", ["older_than"], ["200", "400", "401"]),
        ("/logs", [], ["200", "401"]),
    ],
)
def test_a_path_says_what_it_takes_and_with_which_statuses_it_answers(
    path: str, parameters: list[str], statuses: list[str]
) -> None:
    assert document()["paths"].keys() >= {path}
    told = document()["paths"][path]["get"]
    assert [one["name"] for one in told["parameters"]] == parameters
    assert list(told["responses"]) == statuses


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/domains", {"$ref": "#/components/schemas/ApiDomains"}),
        ("/checks/{number}/report", {"$ref": "#/components/schemas/Report"}),
        ("/checks/{number}/evidence", {"type": "object"}),
        ("/checks/{number}/memory", {"type": "array", "items": {"$ref": "#/components/schemas/ApiMemory"}}),
        ("/domains/{domain}/reports", {"$ref": "#/components/schemas/ApiReports"}),
        ("/logs", {"$ref": "#/components/schemas/ApiLogs"}),
    ],
)
def test_each_answer_has_the_schema_of_its_own_type(path: str, schema: dict[str, Any]) -> None:
    responses = document()["paths"][path]["get"]["responses"]
    assert responses["200"] == {
        "description": "The answer.",
        "content": {"application/json": {"schema": schema}},
    }
    errors = [one for status, one in responses.items() if status != "200"]
    assert [one["content"]["application/json"]["schema"] for one in errors] == [
        {"$ref": "#/components/schemas/ApiError"}
    ] * len(errors)


def test_a_parameter_says_where_it_stands_and_what_it_may_be() -> None:
    number, older_than = (
        document()["paths"][path]["get"]["parameters"][0] for path in ("/checks/{number}", "/news")
    )
    assert number == {
        "name": "number",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
        "description": "Its number, as lists have it.",
    }
    assert older_than == {
        "name": "older_than",
        "in": "query",
        "schema": {"type": "integer", "minimum": 0},
        "description": "Those that came before the one with this number.",
    }


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [one["get"]["operationId"] for one in document()["paths"].values()]
    assert names[:3] == ["domains", "domains_domain", "domains_domain_checks"]
    assert len(set(names)) == len(names) == 17


def test_a_certificate_is_named_by_its_fingerprint() -> None:
    vantage = document()["components"]["schemas"]["Vantage"]["properties"]
    assert vantage["anchors"]["items"] == {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "A certificate, named by the SHA-256 of its DER form.",
    }


def test_descriptions_are_not_indented_and_every_schema_has_one() -> None:
    schemas = document()["components"]["schemas"]
    assert "\n    " not in "".join(one.get("description", "") for one in schemas.values())
    assert schemas["Verdict"]["description"].startswith("What becomes of mail.\n\n`at_risk`: some MX host")
    assert [name for name, one in schemas.items() if "description" not in one] == []


def test_the_document_is_json_that_says_where_the_api_is_served_and_who_may_ask() -> None:
    text = openapi_document(ORIGIN)
    assert text.startswith(b'{\n  "openapi": "3.1.0",\n')
    assert text.endswith(b"\n}\n")
    read = json.loads(text)
    assert list(read["paths"]) == list(document()["paths"])
    assert read["servers"] == [{"url": "https://watch.example/api/v1"}]
    assert read["security"] == [{"token": []}]
    assert read["components"]["securitySchemes"]["token"]["scheme"] == "bearer"

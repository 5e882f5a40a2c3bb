"""The API held to its own OpenAPI document by schemathesis: whatever is asked, each answer is one that the document tells of."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from mxproof.serve.web.openapi import openapi
from real.pages.serving import served
from support_web import API_SECRET, filled

HEADERS = {"Authorization": f"Bearer {API_SECRET}"}
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]
EXAMPLES = 30


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    """Serve the API of a filled store, and read its document from there."""
    url = f"sqlite:{tmp_path_factory.mktemp('api')}/journal.db"
    filled(url)
    load_all_checks()
    with served(url) as port:
        yield schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/api/v1/openapi.json")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", openapi("")["paths"])
def test_each_answer_is_one_that_the_document_tells_of(
    document: schemathesis.BaseSchema, path: str, mode: GenerationMode
) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(document[path]["GET"].as_strategy(generation_mode=mode))
    def answers(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=HEADERS, checks=CHECKS)

    try:
        answers()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "what takes no parameter can be asked in one way alone"

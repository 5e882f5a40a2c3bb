"""Documents held against the published schemas; a schema is read and looked at once in a process, however many it is asked about."""

import json
from functools import cache
from pathlib import Path

from jsonschema_rs import Draft202012Validator, meta

SCHEMAS = Path(__file__).parents[1] / "docs" / "reference"


def agrees(document: bytes, kind: str) -> None:
    """Assert that a JSON document agrees with the schema of its kind (`report`, `evidence`, ...)."""
    _validator(kind).validate(json.loads(document))


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_bytes())
    meta.validate(schema)
    return Draft202012Validator(schema)

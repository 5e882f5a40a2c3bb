"""The authentication results among header fields: those of RFC 8601 and those that filters write in fields of their own."""

from mxproof.formats.bounce.authres import AuthResults, is_auth_header, parse_auth_header
from mxproof.formats.bounce.filter_results import is_filter_header, parse_filter_header

Field = tuple[str, str]


def result_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields that hold results; a filter's field without any is none of them."""
    return tuple(
        (name, value) for name, value in fields if is_auth_header(name) or _filter_results(name, value)
    )


def results_in(fields: tuple[Field, ...]) -> tuple[AuthResults, ...]:
    """Return the results of such fields in order."""
    return tuple(_filter_results(name, value) or parse_auth_header(name, value) for name, value in fields)


def _filter_results(name: str, value: str) -> AuthResults | None:
    if not is_filter_header(name.lower()):
        return None
    found = parse_filter_header(name, value)
    return found if found.results else None

"""Values of a report that were written in another way than RFC 8460 has them."""

import json

import pytest

from mxproof.formats.tlsrpt.value import listed_in, respelled


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ('["a", "b"]', ["a", "b"]),
        ("[]", []),
        ('["a", 1]', None),
        ("[1]", None),
        ('["a"', None),
        ('{"a": "b"}', None),
        ('"a"', None),
        (' ["a"]', None),
        ("", None),
    ],
)
def test_a_list_that_was_written_as_one_text_is_a_list_of_texts_or_none(
    text: str, want: list[str] | None
) -> None:
    assert listed_in(text, json.loads) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [("STARTTLS_NOT_SUPPORTED", "starttls-not-supported"), (" sts policy ", "sts-policy"), ("sts", "sts")],
)
def test_a_word_is_respelled_as_the_rfc_has_it(text: str, want: str) -> None:
    assert respelled(text) == want

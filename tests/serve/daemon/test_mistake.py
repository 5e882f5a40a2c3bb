"""What is wrong with a configuration, in the words of whoever wrote it: the key first."""

from typing import Literal

import msgspec
import pytest

from mxproof.serve.daemon.mistake import mistake


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    url: str = ""
    mode: Literal["none", "testing", "enforce"] = "none"


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    listen: str = ""
    many: tuple[Inner, ...] = ()
    store: Inner = msgspec.field(default_factory=Inner)
    span: tuple[int, int] = (0, 1)


def said(text: str) -> str:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(text, type=Outer)
    return mistake(caught.value, Outer)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"lisen": ""}', "lisen: there is no such key; listen, many, store, span were expected"),
        ('{"store": {"uri": ""}}', "store.uri: there is no such key; url, mode were expected"),
        ('{"many": [{}, {"uri": ""}]}', "many[1].uri: there is no such key; url, mode were expected"),
        ('{"listen": 5}', "listen: Expected `str`, got `int`"),
        ('{"span": [1, "2"]}', "span[1]: Expected `int`, got `str`"),
        ("[]", "Expected `object`, got `array`"),
    ],
)
def test_the_key_comes_first_and_then_what_would_have_been_right(text: str, words: str) -> None:
    assert said(text) == words


@pytest.mark.parametrize("text", ['{"store": {"mode": "enforced"}}', '{"many": [{"mode": "enforced"}]}'])
def test_of_a_word_that_is_none_of_some_all_are_named(text: str) -> None:
    assert said(text).endswith("mode: Invalid enum value 'enforced'; none or testing or enforce was expected")

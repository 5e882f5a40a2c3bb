"""The index of templates by a word of each: it finds what looking for each of them would find."""

import pytest

from mxproof.explain.match.needle import near, needles
from mxproof.explain.match.template import folded, template

SOURCES = (
    "connection timed out",
    "num={number}",
    ".4.317 cannot connect",
    "lookup of {host}: no such host",
    "[internal] no mx",
    "...",
)
INDEX = needles((template(source), source) for source in SOURCES)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Connection timed out", ["connection timed out"]),
        ("num=20: no", ["num={number}"]),
        ("xnum=20", []),
        (
            "450 4.4.317 Cannot connect... [internal] no MX",
            [".4.317 cannot connect", "[internal] no mx", "..."],
        ),
        ("lookup of mx: no such host", ["lookup of {host}: no such host"]),
        ("connections timed out", []),
        ("\u201cConnection timed out\u201d", ["connection timed out"]),
        ("\u2014num=20\u2014", ["num={number}"]),
        ("", []),
    ],
)
def test_what_may_stand_in_a_text_is_found_in_order(text: str, want: list[str]) -> None:
    assert near(INDEX, folded(text)) == want


def test_a_template_of_signs_alone_is_always_looked_for() -> None:
    assert [kept for _, _, kept in INDEX.always] == ["..."]

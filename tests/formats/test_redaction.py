"""A text without local parts."""

import pytest

from mxproof.formats.redaction import Redaction


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("to=<jane.doe@example.com>, relay=mx", "to=<xxxx.xxx@example.com>, relay=mx"),
        ("orig_to=jane@example.com", "orig_to=xxxx@example.com"),
        ("<MAILER-DAEMON@example.com>", "<MAILER-DAEMON@example.com>"),
        ("rua=mailto:a%21b@example.com", "rua=mailto:x%78x@example.com"),
        ('"jane doe"@example.com', '"xxxx xxx"@example.com'),
        ("jane+x=example.org@example.com", "xxxx+x=xxxxxxx.xxx@example.com"),
        ("no address", "no address"),
    ],
)
def test_letters_of_a_local_part_become_others(text: str, want: str) -> None:
    assert Redaction().text(text) == want


def test_two_local_parts_stay_two_and_one_stays_one() -> None:
    got = Redaction().text("ann@example.com bob@example.com ann@example.net")
    first, second, third = (one.partition("@")[0] for one in got.split())
    assert (first == third, first == second) == (True, False)


def test_a_local_part_that_was_met_is_taken_out_of_brackets_too() -> None:
    got = Redaction().text("to=<jane@example.com>: 550 <jane>: unknown")
    assert "jane" not in got


def test_a_text_keeps_its_size() -> None:
    text = "jäne.字@example.com"
    assert len(Redaction().octets(text.encode())) == len(text.encode())

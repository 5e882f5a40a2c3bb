"""An explanation on paper."""

import pytest

from mxproof.explain.engine import explain
from mxproof.render.text.explanation import explain_text
from mxproof.render.text.paper import Paper
from support_bounce import plain_report

REPLY = "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."
NASTY = "550 5.7.26 \x1b[31mMultiple authentication checks failed\u202e <\u00fcser@example.com>\x07"


def test_the_first_line_is_the_answer_in_words() -> None:
    lines = explain_text(explain(plain_report(REPLY)), Paper()).splitlines()
    assert lines[0].startswith("transport security: ")
    assert any("mtasts_mx_mismatch (observed)" in line for line in lines)
    assert any(line.strip().endswith("mxproof check example.com") for line in lines)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_but_an_address_of_a_page_is_wider_than_the_paper(width: int) -> None:
    text = explain_text(explain(plain_report(REPLY)), Paper(width=width))
    assert [line for line in text.splitlines() if len(line) > width and "https://" not in line] == []


def test_the_source_is_named_where_there_are_many() -> None:
    got = explain(b"550 5.1.1 User unknown", "box:3")
    assert explain_text(got, Paper(), name_source=True).startswith("box:3\n")
    assert not explain_text(got, Paper()).startswith("box:3\n")


def test_words_from_outside_steer_no_terminal() -> None:
    got = explain(NASTY.encode(), "\x1b]0;x\x07")
    assert [claim.code for claim in got.causes] == ["auth_multiple"]
    text = explain_text(got, Paper(unicode=True), name_source=True)
    assert [sign for sign in text if sign != "\n" and not sign.isprintable()] == []


def test_what_is_not_understood_says_so() -> None:
    assert explain_text(explain(b"hello"), Paper()).startswith("? not understood\n")

"""`mxproof collect`: evidence on stdout, messages on stderr."""

import json

import pytest

from mxproof.evidence import Kind, Question
from mxproof.evidence.codec import decode
from support_cli import mxproof, one_line


def test_evidence_goes_to_stdout_and_nothing_to_stderr() -> None:
    got = mxproof("collect", "example.com", "--lab", "incident")
    evidence = decode(got.stdout)
    assert (got.returncode, got.stderr) == (0, b"")
    assert (evidence.domain, evidence.vantage.simulated) == ("example.com", "incident")
    assert len(evidence.vantage.anchors) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "https://user@Example.COM:443/path?query",
        "postmaster@example.com",
        "mailto:postmaster@example.com?subject=mail",
        "<postmaster@example.com>",
        "example.com:25",
        "example\u3002com",
    ],
)
def test_a_pasted_url_or_address_is_understood_and_said(typed: str) -> None:
    got = mxproof("collect", typed, "--lab", "incident")
    assert "example.com" in one_line(got.stderr)
    assert (got.returncode, decode(got.stdout).domain) == (0, "example.com")


@pytest.mark.parametrize("typed", ["EXAMPLE.com", "example.com.", " example.com "])
def test_another_spelling_of_the_same_name_is_not_worth_a_word(typed: str) -> None:
    got = mxproof("collect", typed, "--lab", "incident")
    assert (got.returncode, got.stderr, decode(got.stdout).domain) == (0, b"", "example.com")


def test_an_international_name_is_shown_in_both_spellings() -> None:
    got = mxproof("collect", "bücher.example", "--lab", "incident")
    taken, elsewhere = got.stderr.decode().splitlines()
    assert "bücher.example (xn--bcher-kva.example)" in taken
    assert "example.com" in elsewhere
    assert decode(got.stdout).domain == "xn--bcher-kva.example"


def test_one_family_can_be_asked_alone() -> None:
    evidence = decode(mxproof("collect", "example.com", "--lab", "incident", "-6").stdout)
    assert evidence.vantage.families == (6,)
    assert {":" in question.at for question in evidence.answers if question.at} == {True}


def test_where_nobody_answers_the_evidence_says_so_and_the_status_is_3() -> None:
    got = mxproof("collect", "example.com", "--resolver", "127.0.0.1:1", "--timeout", "0.2")
    assert "example.com" in one_line(got.stderr)
    assert got.returncode == 3
    assert Question(Kind.MX, "example.com") in decode(got.stdout).answers


def test_the_options_of_the_way_are_kept_with_the_evidence() -> None:
    got = mxproof("collect", "example.com", "--resolver", "127.0.0.1:1", "--trust-ad", "--timeout", "0.2")
    vantage = json.loads(got.stdout)["vantage"]
    assert vantage["resolvers"] == ["127.0.0.1:1"]
    assert vantage["validating"] is True


def test_redacted_evidence_names_no_machine_and_no_mailbox() -> None:
    whole = json.loads(mxproof("collect", "example.com", "--lab", "incident").stdout)["vantage"]["host"]
    left = mxproof("collect", "example.com", "--lab", "incident", "--redact").stdout
    assert json.loads(left)["vantage"]["host"] != whole  # a short name may be part of a word elsewhere
    assert b"tls@" not in left

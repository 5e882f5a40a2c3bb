"""Authentication results as RFC 8601 has them and as they are written."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.authres import (
    AuthResult,
    is_auth_header,
    parse_auth_header,
    parse_auth_results,
    parse_received_spf,
)

SEEN = Path(__file__).resolve().parents[2] / "data" / "dsn" / "auth-results.tsv"
# The column was made by a search for `auth=`, which also finds the property smtp.auth.
NOT_A_RESULT = "auth="
METHODS = frozenset({"spf", "dkim", "dmarc", "arc", "iprev", "auth", "sender-id"})


def _rows() -> list[dict[str, str]]:
    with SEEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_seen_headers_are_there() -> None:
    assert len(_rows()) > 180


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['header']}:{row['value'][:40]}")
def test_a_seen_header_gives_its_results(row: dict[str, str]) -> None:
    results = parse_auth_header(row["header"], row["value"]).results
    got = {f"{result.method}={result.result}" for result in results}
    want = {
        word
        for word in row["results_found"].split()
        if not word.startswith(NOT_A_RESULT) or word == "auth=pass"
    }
    assert want <= got
    assert {word for word in got - want if word.partition("=")[0] in METHODS} == set()


def test_microsoft_writes_no_authserv_id_and_a_host_between_results() -> None:
    got = parse_auth_results(
        "spf=temperror (sender IP is 192.0.2.1) smtp.mailfrom=example.com; hotmail.com; dkim=timeout (key query timeout)"
        " header.d=example.com;hotmail.com; dmarc=temperror action=none header.from=example.com;compauth=fail reason=001"
    )
    assert got.authserv_id == ""
    assert got.results == (
        AuthResult("spf", "temperror", "", ("sender IP is 192.0.2.1",), (("smtp.mailfrom", "example.com"),)),
        AuthResult("dkim", "timeout", "", ("key query timeout",), (("header.d", "example.com"),)),
        AuthResult("dmarc", "temperror", "", (), (("action", "none"), ("header.from", "example.com"))),
        AuthResult("compauth", "fail", "001"),
    )


# After RFC 8601 appendix B and RFC 8617 appendix B.
@pytest.mark.parametrize(
    ("value", "authserv_id", "want"),
    [
        (
            "example.com; sender-id=fail header.from=example.com; dkim=pass (good signature) header.d=example.com",
            "example.com",
            [("sender-id", "fail"), ("dkim", "pass")],
        ),
        ("example.com 1; none", "example.com", []),
        ("i=1; mx.example.org; arc=none; dkim=pass", "mx.example.org", [("arc", "none"), ("dkim", "pass")]),
    ],
)
def test_examples_of_the_rfc(value: str, authserv_id: str, want: list[tuple[str, str]]) -> None:
    got = parse_auth_results(value)
    assert got.authserv_id == authserv_id
    assert [(result.method, result.result) for result in got.results] == want


def test_two_results_without_a_semicolon_are_two() -> None:
    got = parse_auth_results(
        "a.example; dkim=pass (2048-bit key) header.d=b.example dkim=fail header.d=c.example"
    )
    assert [(result.result, result.property("header.d")) for result in got.results] == [
        ("pass", "b.example"),
        ("fail", "c.example"),
    ]


def test_a_reason_may_be_quoted_and_comments_nest() -> None:
    got = parse_auth_results(
        'a.example; dkim=fail reason="signature failed" (1 (2) 3) header.d=b.example'
    ).results[0]
    assert (got.reason, got.comments) == ("signature failed", ("1 (2) 3",))


def test_received_spf_gives_one_result() -> None:
    got = parse_received_spf(
        "TempError (protection.outlook.com: error in processing during lookup of example.com: DNS Timeout)"
        " receiver=protection.outlook.com; client-ip=192.0.2.1; helo=mx.example.com;"
    )
    assert got.authserv_id == "protection.outlook.com"
    assert (got.results[0].method, got.results[0].result) == ("spf", "temperror")
    assert got.results[0].property("client-ip") == "192.0.2.1"


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("Authentication-Results", True),
        ("ARC-Authentication-Results", True),
        ("X-MS-Exchange-Authentication-Results", True),
        ("Authentication-Results-Original", True),
        ("Received-SPF", True),
        ("Received", False),
        ("X-Authentication", False),
    ],
)
def test_headers_are_known_by_name(name: str, want: bool) -> None:
    assert is_auth_header(name) is want


@given(st.text(alphabet='abc=;() "\\.-1', max_size=300))
def test_any_value_is_read(value: str) -> None:
    parse_auth_results(value)
    parse_received_spf(value)


def test_a_sign_behind_a_result_is_no_part_of_it() -> None:
    got = parse_auth_results("mx.example; spf=pass, dkim=fail. dmarc=temp_error, header.from=a.example")
    assert (got.authserv_id, [(one.method, one.result) for one in got.results]) == (
        "mx.example",
        [("spf", "pass"), ("dkim", "fail"), ("dmarc", "temperror")],
    )


def test_a_parenthesis_behind_a_backslash_ends_no_comment() -> None:
    got = parse_auth_results(
        r"mx.example; spf=fail (a \) b \( c) smtp.mailfrom=a.example; dkim=none (\\) header.d=b.example"
    )
    assert got.results == (
        AuthResult("spf", "fail", "", (r"a \) b \( c",), (("smtp.mailfrom", "a.example"),)),
        AuthResult("dkim", "none", "", (r"\\",), (("header.d", "b.example"),)),
    )


def test_only_the_first_word_before_any_result_says_who_vouches() -> None:
    assert parse_auth_results("First.example second.example; third.example").authserv_id == "first.example"
    assert parse_auth_results("i=1; spf=none; first.example").authserv_id == ""

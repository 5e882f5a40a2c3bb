"""`mxproof check --as-sender`, `--address` and `--header`, as a process."""

import json

import pytest

from mxproof.survey.check_set import SENDER_SETS
from support_cli import mxproof, one_line

CHECK = ("check", "example.com", "--lab")
HEADER = b"""\
Received: from mail.example.com (mail.example.com [198.51.100.25]) by mx.example.net with ESMTPS
DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=from; bh=x; b=y

The body.
"""


def test_the_sending_side_alone_is_looked_at() -> None:
    got = mxproof(
        *CHECK, "sender-not-in-spf", "--as-sender", "--address", "198.51.100.25", "--format", "json"
    )
    report = json.loads(got.stdout)
    assert (got.returncode, got.stderr, report["senders"]) == (0, b"", [])
    assert report["vantage"]["sets"] == [*SENDER_SETS]
    assert report["vantage"]["sending"] == [{"address": "198.51.100.25"}]
    found = {one["code"] for one in report["findings"] if one["subject"] == "198.51.100.25"}
    assert found == {"sender-spf-failed", "sender-helo-rejected"}


def test_without_an_address_the_record_names_them() -> None:
    got = mxproof(*CHECK, "sender-clean", "--as-sender", "--format", "json")
    codes = {one["code"] for one in json.loads(got.stdout)["findings"]}
    assert "sender-ok" in codes


def test_a_header_that_is_pasted_tells_selectors_and_address() -> None:
    got = mxproof(*CHECK, "sender-clean", "--as-sender", "--header", "-", "--format", "json", stdin=HEADER)
    vantage = json.loads(got.stdout)["vantage"]
    assert vantage["selectors"] == ["s1"]
    assert vantage["sending"] == [{"address": "198.51.100.25", "helo": "mail.example.com"}]
    assert "s1" in one_line(got.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--address", "192.0.2.300"),
        ("--address", "192.0.2.1=no name"),
        ("--as-sender", "--full"),
        ("--as-sender", "--only", "spf"),
        ("--header", "/nowhere/mail.eml"),
        ("--header", "-"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...]) -> None:
    got = mxproof(*CHECK, "sender-clean", *arguments, stdin=b"nothing of a header")
    assert (got.returncode, got.stdout) == (2, b"")
    one_line(got.stderr)

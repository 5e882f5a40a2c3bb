"""`mxproof deliver-test` as a process: in the lab, where every mail is thrown away, and with pasted headers."""

import json

import pytest

from support_cli import mxproof, one_line

TO = ("deliver-test", "--to", "postmaster@example.com")
HEADERS = b"""\
Received: from probe.example.net ([203.0.113.9]) by mx1.example.com with %s; Sun, 1 Mar 2026 09:00:02 +0000
Subject: mxproof delivery test over mx1.example.com [192.0.2.25]
Message-ID: <mxproof-delivery-test.00ff.1@probe.example.net>
"""


def test_every_address_gets_one_mail_with_a_message_id_of_its_own() -> None:
    got = mxproof(*TO, "--lab", "fixed", "--yes", "--format", "json")
    made = json.loads(got.stdout)
    assert (got.returncode, got.stderr) == (0, b"")
    assert (made["schema_version"], made["with_data"], made["simulated"]) == (1, True, "fixed")
    results = [(one["result"], one["stage"], one["security"]) for one in made["tries"]]
    assert results == [("accepted", "message", "mta-sts")] * 4
    assert len({one["message_id"] for one in made["tries"]}) == 4
    assert all(made["token"] in one["message_id"] for one in made["tries"])


def test_a_sender_that_refuses_connects_to_nobody_and_shows_its_bounce() -> None:
    got = mxproof(*TO, "--lab", "incident", "--as", "microsoft", "--yes", "--format", "json")
    made = json.loads(got.stdout)["tries"]
    assert got.returncode == 1
    assert {(one["result"], one["connections"]) for one in made} == {("withheld", 0)}
    assert all(one["bounce"]["final"] and not one["dialogue"] for one in made)


def test_without_data_no_message_is_begun() -> None:
    got = mxproof(
        *TO, "--lab", "fixed", "--yes", "--no-data", "--format", "json", "--host", "mxi1.example.com"
    )
    made = json.loads(got.stdout)["tries"]
    said = [line["text"].split()[0] for one in made for line in one["dialogue"] if line["side"] == "client"]
    assert (got.returncode, {one["mx"] for one in made}) == (0, {"mxi1.example.com"})
    assert {one["message_id"] for one in made} == {None}
    assert {"MAIL", "RCPT", "RSET", "QUIT"} <= set(said)
    assert "DATA" not in said


@pytest.mark.parametrize("width", ["60", "80"])
def test_the_text_shows_the_dialogue_with_tls_in_the_middle(width: str) -> None:
    got = mxproof(*TO, "--lab", "fixed", "--yes", "--width", width)
    lines = got.stdout.decode().splitlines()
    sides = [line.split()[0] for line in lines if line.startswith("    ") and line.strip()]
    assert sides[sides.index("TLS") - 1] == "S"
    assert max(map(len, lines)) <= int(width)


@pytest.mark.parametrize(
    "arguments",
    [
        TO,
        (*TO, "--lab", "fixed"),
        ("deliver-test",),
        ("deliver-test", "--to", "example.com", "--yes"),
        ("deliver-test", "--to", "a@[192.0.2.1]", "--yes"),
        (*TO, "--as", "nobody", "--yes"),
        (*TO, "--received", "-"),
        (*TO, "--lab", "fixed", "--host", "mx.example.net", "--yes"),
    ],
)
def test_what_is_not_clear_or_not_confirmed_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    got = mxproof(*arguments, stdin=b"y\n")
    assert (got.returncode, got.stdout) == (2, b"")
    assert one_line(got.stderr)


def test_a_domain_without_a_host_to_go_to_is_status_1() -> None:
    got = mxproof(*TO, "--lab", "null-mx", "--yes")
    assert (got.returncode, got.stdout) == (1, b"")


@pytest.mark.parametrize(
    ("headers", "status"), [(HEADERS % b"ESMTPS", 0), (HEADERS % b"ESMTP", 1), (b"Hello\n", 3)]
)
def test_pasted_headers_say_whether_the_test_mail_came_in_with_tls(headers: bytes, status: int) -> None:
    text = mxproof("deliver-test", "--received", "-", stdin=headers)
    made = mxproof("deliver-test", "--received", "-", "--format", "json", stdin=headers)
    assert (text.returncode, made.returncode, json.loads(made.stdout)["schema_version"]) == (
        status,
        status,
        1,
    )


def test_what_stands_in_pasted_headers_steers_no_terminal() -> None:
    got = mxproof("deliver-test", "--received", "-", stdin=b"Received: from \x1b[31mx by y\x1b[0m; \x07\n")
    assert not {b"\x1b", b"\x07"} & {got.stdout[place : place + 1] for place in range(len(got.stdout))}

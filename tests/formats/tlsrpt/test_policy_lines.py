"""The lines of a policy and the patterns of MX hosts, however a report has packed them, and which repair that was."""

import json

import pytest

from mxproof.formats.tlsrpt.policy_lines import mx_patterns, policy_lines
from mxproof.formats.tlsrpt.repair import Repair

LINES = ("version: STSv1", "mode: enforce", "mx: mx.example.com", "max_age: 86400")
JOINED, ENCODED, PREFIX = Repair.POLICY_STRING_JOINED, Repair.POLICY_STRING_ENCODED, Repair.MX_HOST_PREFIX


@pytest.mark.parametrize(
    ("found", "want", "repairs"),
    [
        (LINES, LINES, set()),
        ((), (), set()),
        (("\n".join(LINES),), LINES, {JOINED}),
        (("\r\n".join(LINES) + "\r\n",), LINES, {JOINED}),
        (("; ".join(LINES),), LINES, {JOINED}),
        ((",".join(LINES),), LINES, {JOINED}),
        (("\\r\\n".join(LINES),), LINES, {JOINED}),
        (("\\n".join(LINES),), LINES, {JOINED}),
        ((json.dumps(LINES),), LINES, {ENCODED}),
        ((json.dumps(["\n".join(LINES)]),), LINES, {ENCODED, JOINED}),
        # Of several texts only the end of a line parts any.
        (("version: STSv1; mode: enforce", LINES[2]), ("version: STSv1; mode: enforce", LINES[2]), set()),
        (("version: STSv1\nmode: enforce", LINES[2]), (*LINES[:2], LINES[2]), {JOINED}),
        # TLSA records have their spaces, and a semicolon before no key of a policy parts nothing.
        (("3 1 1 00ff; a comment",), ("3 1 1 00ff; a comment",), set()),
        ((" version: STSv1 \n",), (" version: STSv1 \n",), set()),
    ],
)
def test_a_policy_has_one_line_each(
    found: tuple[str, ...], want: tuple[str, ...], repairs: set[Repair]
) -> None:
    made: set[Repair] = set()
    assert policy_lines(found, json.loads, made) == want
    assert made == repairs


@pytest.mark.parametrize(
    ("found", "want", "repairs"),
    [
        (("mx1.example.com", "*.example.net"), ("mx1.example.com", "*.example.net"), set()),
        ((), (), set()),
        (("mx1.example.com, mx2.example.com",), ("mx1.example.com", "mx2.example.com"), {JOINED}),
        (("mx1.example.com;mx2.example.com",), ("mx1.example.com", "mx2.example.com"), {JOINED}),
        ((" mx1.example.com ",), (" mx1.example.com ",), set()),
        (("mx: mx1.example.com", "MX:*.example.net"), ("mx1.example.com", "*.example.net"), {PREFIX}),
        (("mx: mx1.example.com", "mx2.example.com"), ("mx1.example.com", "mx2.example.com"), {PREFIX}),
        (("mx.example.com",), ("mx.example.com",), set()),
        (('["mx1.example.com"]',), ("mx1.example.com",), {ENCODED}),
        (('["a.example"]', "b.example"), ('["a.example"]', "b.example"), set()),
    ],
)
def test_patterns_stand_one_each(found: tuple[str, ...], want: tuple[str, ...], repairs: set[Repair]) -> None:
    made: set[Repair] = set()
    assert mx_patterns(found, json.loads, made) == want
    assert made == repairs

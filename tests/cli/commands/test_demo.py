"""`mxproof demo`: three acts, told in order, by the same check that everyone runs."""

import re

from support_cli import mxproof
from support_long import EXHAUSTIVE


def _acts(*options: str) -> list[str]:
    got = mxproof("demo", *options)
    assert (got.returncode, got.stderr) == (0, b"")
    return re.split(r"^Act \d of 3: ", got.stdout.decode(), flags=re.MULTILINE)[1:]


def _verdicts(acts: list[str]) -> list[list[str]]:
    return [re.findall(r"^[^ ] (REFUSED|AT RISK|DELIVERS) ", act, re.MULTILINE) for act in acts]


def test_the_three_acts_end_as_they_ended() -> None:
    acts = _acts()
    assert _verdicts(acts) == [
        ["REFUSED"],
        ["REFUSED"],
        ["DELIVERS"],
    ]
    assert ["451 4.4.8" in acts[0], "451 4.7.5" in acts[1], "451" in acts[2]] == [True, True, False]


@EXHAUSTIVE
def test_the_two_servers_are_at_risk_only_where_a_certificate_is_shown_before_its_record() -> None:
    acts = _acts("--two-servers")
    assert _verdicts(acts) == [["DELIVERS"], ["AT RISK"], ["DELIVERS"]]
    assert ["mx2.example.com" in act for act in acts] == [True, True, True]
    assert "mxproof check example.com --lab two-servers-renewed" in acts[1]

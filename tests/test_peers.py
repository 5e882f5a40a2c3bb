"""What other checkers said of the worlds of the lab: each message explained, and no finding of theirs that we have not."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from peers.explained import APART, EXPLAINED, apart, explained
from peers.said import alike, read

from mxproof.judge.codes import Code
from mxproof.lab.scenario import scenarios

SAID = read()
MESSAGES = sorted(
    {
        (checker, message)
        for world in SAID.worlds.values()
        for checker, messages in world.said.items()
        for message in messages or ()
    }
)


def test_no_message_is_unexplained() -> None:
    assert [one for one in MESSAGES if explained(*one) is None] == []


def test_what_stands_for_findings_of_ours_is_found_by_us_in_each_world() -> None:
    missed = [
        (name, checker, message)
        for name, world in SAID.worlds.items()
        for checker, messages in world.said.items()
        for message in messages or ()
        if (kind := explained(checker, message)) is not None and kind.codes
        if {*map(str, kind.codes)}.isdisjoint(world.ours) and apart(checker, message, name) is None
    ]
    assert missed == []


def test_every_kind_has_codes_or_a_reason() -> None:
    assert [one for one in EXPLAINED if bool(one.codes) == bool(one.reason)] == []


def test_what_is_apart_is_said_in_its_worlds() -> None:
    idle = [
        (one.pattern, world)
        for one in APART
        for world in one.worlds
        if not any(
            apart(one.checker, said, world) is one for said in SAID.worlds[world].said[one.checker] or ()
        )
    ]
    assert idle == []


def test_our_own_codes_are_codes() -> None:
    assert {code for world in SAID.worlds.values() for code in world.ours} <= {*map(str, Code)}


def test_only_worlds_of_the_lab_are_kept() -> None:
    assert set(SAID.worlds) <= {*scenarios()}


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ("mx1.example.com: expired on 2026-11-25", "NAME: expired on N-N-N"),
        ("192.0.2.25 and 2001:db8::1 do not answer", "ADDRESS do not answer"),
        ("serial 7", "serial N"),
    ],
)
def test_names_addresses_and_numbers_are_alike_in_all_worlds(message: str, plain: str) -> None:
    assert alike(message) == plain

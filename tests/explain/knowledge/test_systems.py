"""The mail systems: each once, and their sender models are those that exist."""

from mxproof.explain.knowledge.systems import SYSTEMS
from mxproof.judge.senders.table import SENDERS


def test_every_system_and_every_mark_is_there_once() -> None:
    for every in (
        [one.id for one in SYSTEMS],
        [program for one in SYSTEMS for program in one.programs],
        [host for one in SYSTEMS for host in one.hosts],
        [mark for one in SYSTEMS for mark in one.marks],
    ):
        assert len(every) == len(set(every))


def test_the_sender_of_a_system_is_one_that_is_modelled() -> None:
    named = {one.sender for one in SYSTEMS if one.sender}
    named |= {sender for one in SYSTEMS for _, sender in one.senders}
    assert named <= {one.id for one in SENDERS}


def test_a_system_has_one_sender_or_one_for_each_protection() -> None:
    assert [one.id for one in SYSTEMS if one.sender and one.senders] == []

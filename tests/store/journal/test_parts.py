"""Parts of evidence: each is kept once with how many checks use it, and one that none uses is gone."""

import pytest

from mxproof.store.journal import parts
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.parts import keep_parts, kept_parts, release_parts

ONE, OTHER = b"one", b"other"
DATA = {ONE: b"an answer", OTHER: b"a certificate"}


def keep(journal: Journal, *digests: bytes) -> None:
    journal.writes(lambda connection: keep_parts(connection, {digest: DATA[digest] for digest in digests}))


def release(journal: Journal, uses: dict[bytes, int]) -> None:
    journal.writes(lambda connection: release_parts(connection, uses))


def kept(journal: Journal) -> dict[bytes, bytes]:
    return journal.reads(lambda connection: kept_parts(connection, {ONE, OTHER, b"never kept"}))


def test_a_part_is_there_until_the_last_that_uses_it_lets_it_go(journal: Journal) -> None:
    keep(journal, ONE)
    keep(journal, ONE, OTHER)
    assert kept(journal) == DATA
    release(journal, {ONE: 1, OTHER: 1})
    assert kept(journal) == {ONE: DATA[ONE]}
    release(journal, {ONE: 1})
    assert kept(journal) == {}


def test_those_that_are_let_go_of_at_once_need_not_have_been_used_alike(journal: Journal) -> None:
    for _ in range(2):
        keep(journal, ONE, OTHER)
    release(journal, {ONE: 1, OTHER: 2})
    assert kept(journal) == {ONE: DATA[ONE]}
    release(journal, {ONE: 1})
    assert kept(journal) == {}


def test_more_parts_than_one_question_takes_are_kept_and_let_go_of(journal: Journal) -> None:
    many = {number.to_bytes(2, "big"): b"%d" % number for number in range(1001)}
    journal.writes(lambda connection: keep_parts(connection, many))
    assert journal.reads(lambda connection: kept_parts(connection, many.keys())) == many
    release(journal, dict.fromkeys(many, 1))
    assert journal.reads(lambda connection: kept_parts(connection, many.keys())) == {}


def test_a_part_that_another_writer_put_there_meanwhile_is_used_by_both(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(journal, ONE)
    locked = parts._locked
    monkeypatch.setattr(parts, "_locked", lambda *_: set[bytes]())
    keep(journal, ONE, OTHER)
    monkeypatch.setattr(parts, "_locked", locked)
    assert kept(journal) == DATA
    release(journal, {ONE: 1})
    assert kept(journal) == DATA
    release(journal, {ONE: 1, OTHER: 1})
    assert kept(journal) == {}


def test_what_is_let_go_of_more_often_than_it_was_used_is_gone_and_may_be_kept_anew(journal: Journal) -> None:
    keep(journal, ONE)
    release(journal, {ONE: 2, b"never kept": 1})
    assert kept(journal) == {}
    keep(journal, ONE)
    assert kept(journal) == {ONE: DATA[ONE]}
    release(journal, {ONE: 1})
    assert kept(journal) == {}

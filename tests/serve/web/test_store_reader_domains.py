"""A TLS report of several domains: each is held against its own checks, what senders held from before among them."""

import asyncio
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from mxproof.explain.tlsrpt.row_join import SeenDomain
from mxproof.judge.remembering import memories_of
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from mxproof.serve.web import store_reader
from mxproof.serve.web.store_reader import DOMAINS_HELD_MAX, StoreReader, _seen_domains
from mxproof.store.journal.kept_reports import ReportJournal
from mxproof.store.journal.watched import WatchedEvidence
from support_new_store import new_store
from support_web import BAD, GOOD, NOW

HELD = Memory(b"version: STSv1\n", NOW, "1")
NAMES = [f"{name}.example" for name in ("a", "b", "c", "d")]


def look(domain: str, *held: Memory) -> WatchedEvidence:
    return WatchedEvidence(msgspec.structs.replace(GOOD, domain=domain), held)


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, datetime, tuple[Memory, ...]]]:
    """Have nothing judged; return the domains that would be, as of when, and what was held."""
    found: list[tuple[str, datetime, tuple[Memory, ...]]] = []

    def report_on(evidence: object, *, now: datetime, memories: tuple[Memory, ...]) -> str:
        found.append((str(getattr(evidence, "domain", "")), now, memories))
        return f"report {len(found)}"

    monkeypatch.setattr(store_reader, "report_on", report_on)
    return found


def test_each_domain_is_seen_by_its_newest_look_with_what_was_held_then_and_before(
    judged: list[tuple[str, datetime, tuple[Memory, ...]]],
) -> None:
    earlier = WatchedEvidence(BAD, ())
    before = assemble(BAD, BAD.observed_at())
    from_before = tuple(memories_of(before))
    assert from_before
    seen = _seen_domains([[look("a.example", HELD)], [], [look("b.example", HELD), earlier]])
    assert list(seen) == ["a.example", "b.example"]
    assert [one.memories for one in seen.values()] == [(HELD,), (HELD, *from_before)]
    assert [one.before for one in seen.values()] == [None, before]
    at = GOOD.observed_at()
    assert judged == [("a.example", at, (HELD,)), ("b.example", at, (HELD, *from_before))]
    assert [one.domain.name for one in seen.values()] == ["a.example", "b.example"]


def test_a_report_is_held_against_as_many_of_its_domains_as_are_allowed_and_each_as_of_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, datetime | None]] = []

    def looks(_: StoreReader, domain: str, end: datetime | None) -> list[WatchedEvidence]:
        asked.append((domain, end))
        return [look(domain)]

    def told(found: object, source: str, seen: Mapping[str, SeenDomain]) -> tuple[object, str, list[str]]:
        return found, source, list(seen)

    found = SimpleNamespace(read=SimpleNamespace(report=SimpleNamespace(end=NOW)))
    kept = {7: SimpleNamespace(found=found, domains=tuple(NAMES), source="mail")}
    monkeypatch.setattr(ReportJournal, "report", lambda _, number: kept.get(number))
    monkeypatch.setattr(StoreReader, "_looks", looks)
    monkeypatch.setattr(store_reader, "told", told)

    async def answers(reader: StoreReader) -> list[object]:
        return [await reader.told_report(7), await reader.told_report(8)]

    with closing(StoreReader(new_store(tmp_path))) as reader:
        assert asyncio.run(answers(reader)) == [(found, "mail", NAMES[:DOMAINS_HELD_MAX]), None]
    assert asked == [(name, NOW) for name in NAMES[:DOMAINS_HELD_MAX]]

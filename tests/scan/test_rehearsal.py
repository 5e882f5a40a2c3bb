"""A made-up population: what is planted is what the queries find, exactly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.scan.depth import ScanDepth
from mxproof.scan.duck import ScanTables, opened
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import ScanManifest, read_manifest
from mxproof.scan.network import Ask
from mxproof.scan.queries import QUERIES, NamedQuery, query_named
from mxproof.scan.rehearsal import CLASSES, REHEARSAL, WHOLE, MadeUp, begin_rehearsal, planted, rehearsed
from mxproof.scan.running import scan
from support_scan import Here, untold

FEW = {
    "enforce": 5,
    "testing": 4,
    "none": 2,
    "record id faulty": 3,
    "several records": 1,
    "no policy host": 2,
    "policy host refuses": 1,
    "policy certificate without the name": 2,
    "policy not found": 1,
    "policy without max_age": 2,
    "enforce without the MX host": 3,
    "DANE alone": 3,
    "null MX": 2,
    "no such domain": 2,
    "TLS reports alone": 1,
    "mail alone": 6,
}
DOMAINS = sum(FEW.values())


@contextmanager
def few(_manifest: ScanManifest) -> Iterator[Ask]:
    classes = tuple(
        msgspec.structs.replace(one, share=FEW[one.name] * WHOLE // DOMAINS + 1) for one in CLASSES
    )
    people = MadeUp(DOMAINS, classes)

    async def ask(question: Question) -> Answer:
        return people.answer(question, datetime(2026, 11, 1, tzinfo=UTC))

    yield ask


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScanTables]:
    folder = ScanFolder(tmp_path_factory.mktemp("made-up"))
    begin_rehearsal(folder, DOMAINS, ScanDepth.POLICY)
    scan(folder, Here(folder.path, few), untold)
    with opened(folder.path) as found:
        yield found


def _found(tables: ScanTables, name: str) -> list[tuple[object, ...]]:
    query = query_named(name)
    assert query is not None
    return [row[:-1] if isinstance(row[-1], float) else row for row in tables.ask(query.sql).rows]


def test_the_modes_of_policies_are_found(tables: ScanTables) -> None:
    without = FEW["no policy host"] + FEW["policy host refuses"] + FEW["policy not found"]
    without += FEW["policy certificate without the name"] + FEW["policy without max_age"]
    assert set(_found(tables, "adoption")) == {
        ("no record", FEW["DANE alone"] + FEW["TLS reports alone"] + FEW["mail alone"]),
        ("enforce", FEW["enforce"] + FEW["enforce without the MX host"]),
        ("testing", FEW["testing"]),
        ("none", FEW["none"]),
        ("faulty record", FEW["record id faulty"] + FEW["several records"]),
        ("no policy", without),
    }


def test_what_is_wrong_with_records_is_found(tables: ScanTables) -> None:
    assert _found(tables, "record-errors") == [
        ("id-value", FEW["record id faulty"]),
        ("several-records", FEW["several records"]),
    ]


def test_what_keeps_policies_from_being_fetched_is_found(tables: ScanTables) -> None:
    assert set(_found(tables, "policy-errors")) == {
        ("dns", "nxdomain", FEW["no policy host"]),
        ("certificate", "name", FEW["policy certificate without the name"]),
        ("fetch", "unconnected", FEW["policy host refuses"]),
        ("fetch", "status", FEW["policy not found"]),
    }


def test_what_is_wrong_with_the_text_of_policies_is_found(tables: ScanTables) -> None:
    assert _found(tables, "policy-syntax") == [("max-age-missing", FEW["policy without max_age"])]


def test_hosts_that_policies_do_not_list_are_found(tables: ScanTables) -> None:
    unlisted, enforcing = FEW["enforce without the MX host"], FEW["enforce"]
    assert _found(tables, "unlisted-mx") == [
        ("enforce", enforcing + unlisted, unlisted, unlisted),
        ("testing", FEW["testing"], 0, 0),
    ]


def test_domains_that_some_sender_refuses_are_found(tables: ScanTables) -> None:
    refused = {row[0]: row[2] for row in _found(tables, "refused-by-some")}
    assert refused["enforce"] == FEW["enforce without the MX host"]
    assert {mode for mode, count in refused.items() if count} == {"enforce"}


def test_dane_beside_mta_sts_is_found(tables: ScanTables) -> None:
    assert ("all", "none", FEW["DANE alone"]) in _found(tables, "dane")


@pytest.mark.parametrize("query", QUERIES, ids=lambda one: one.name)
def test_every_query_is_taken(tables: ScanTables, query: NamedQuery) -> None:
    found = tables.ask(query.sql)
    assert found.columns
    assert all(len(row) == len(found.columns) for row in found.rows)


def test_the_shares_come_to_the_whole() -> None:
    assert sum(one.share for one in CLASSES) == WHOLE
    assert planted(WHOLE) == {one.name: one.share for one in CLASSES}


def test_the_shares_of_the_study_are_planted() -> None:
    shares = [one.share for one in CLASSES if one.texts]
    right = sum(one.share for one in CLASSES if one.name in {"enforce", "testing", "none"})
    assert sum(shares) == 1000
    assert sum(shares) - right == 296
    assert planted(WHOLE)["enforce without the MX host"] == 32


def test_what_is_left_of_another_number_of_domains_is_the_last_class() -> None:
    assert sum(planted(1234).values()) == 1234


def test_a_rehearsal_says_that_it_is_one(tmp_path: Path) -> None:
    folder = ScanFolder(tmp_path)
    begin_rehearsal(folder, 100, ScanDepth.RECORDS)
    manifest = read_manifest(tmp_path)
    assert manifest.vantage.simulated == REHEARSAL
    with rehearsed(manifest) as ask:
        assert ask is not None


@pytest.mark.parametrize(
    "name", ["mta-sts.d000000.example", "mx.provider-1.example", "mx-signed.provider-1.example"]
)
def test_hosts_of_the_population_have_an_address_of_ipv4_alone(name: str) -> None:
    people = MadeUp(DOMAINS, (next(one for one in CLASSES if one.name == "enforce"),))
    found = {
        kind: people.answer(Question(kind, name), datetime(2026, 11, 1, tzinfo=UTC)).outcome
        for kind in (Kind.A, Kind.AAAA)
    }
    assert found == {Kind.A: Outcome.FOUND, Kind.AAAA: Outcome.EMPTY}

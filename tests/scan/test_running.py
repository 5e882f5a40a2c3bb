"""Scans from the list to the tables, over a world without sockets."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import CONNECTION_KINDS, Evidence, Kind, Outcome, Question
from mxproof.judge.judging import report_on
from mxproof.mail.trust import with_anchors
from mxproof.scan.depth import ScanDepth
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.keeping import evidence_of_chunk
from mxproof.scan.manifest import MANIFEST_FILE, ResultPart, read_manifest, write_manifest
from mxproof.scan.running import TURNS_MAX, ScanStanding, rejudged, scan
from mxproof.scan.task import ScanPhase, ScanTask, TaskDone
from support_certificates import ROOT
from support_long import EXHAUSTIVE
from support_scan import DOMAINS, Here, begun, population, scanned, tables_of, untold


def _kept(folder: ScanFolder) -> dict[str, Evidence]:
    chunks = range(read_manifest(folder.path).chunks)
    return {one.domain: one for chunk in chunks for one in evidence_of_chunk(folder, chunk)}


def test_each_domain_is_judged_as_it_is_by_itself(tmp_path: Path) -> None:
    people = population()
    kept = _kept(scanned(tmp_path / "scan", people, DOMAINS))
    assert list(kept) == list(DOMAINS)
    for domain in DOMAINS:
        alone = with_anchors(people.evidence(domain), [ROOT.der])
        assert set(kept[domain].answers) == set(alone.answers), domain
        assert report_on(kept[domain], now=people.at) == report_on(alone, now=people.at)


def test_what_many_domains_share_is_asked_once(tmp_path: Path) -> None:
    people = population()
    scanned(tmp_path / "scan", people, DOMAINS)
    shared = Question(Kind.SMTP, "mx.provider.example", "192.0.2.9")
    assert people.asked[shared] == 1
    twice = [one for one, times in people.asked.items() if times > 1]
    assert twice == [Question(Kind.MX, "example.com")], "a domain of the list that others mail reports to"


def test_the_depth_records_connects_to_nobody(tmp_path: Path) -> None:
    people = population()
    folder = scanned(tmp_path / "scan", people, DOMAINS, ScanDepth.RECORDS)
    assert not [one for one in people.asked if one.kind in CONNECTION_KINDS]
    asked = {one for one in people.evidence("two.example").answers if one.kind not in CONNECTION_KINDS}
    assert set(_kept(folder)["two.example"].answers) == asked


def test_the_depth_policy_connects_to_policy_hosts_alone(tmp_path: Path) -> None:
    people = population()
    scanned(tmp_path / "scan", people, DOMAINS, ScanDepth.POLICY)
    assert {one.kind for one in people.asked if one.kind in CONNECTION_KINDS} == {Kind.POLICY}


@EXHAUSTIVE
def test_what_was_not_answered_is_asked_once_more_at_the_end(tmp_path: Path) -> None:
    own = Question(Kind.MX, "two.example")
    name = Question(Kind.A, "mx.provider.example")
    host = Question(Kind.SMTP, "mx.provider.example", "192.0.2.9")
    people = population(own, name, host)
    kept = _kept(scanned(tmp_path / "scan", people, DOMAINS))
    assert (people.asked[own], people.asked[name]) == (2, 2)
    for domain in DOMAINS:
        alone = with_anchors(people.evidence(domain), [ROOT.der])
        assert report_on(kept[domain], now=people.at).senders == report_on(alone, now=people.at).senders


def test_silence_to_the_end_is_kept_as_such(tmp_path: Path) -> None:
    people = population()
    people.never = frozenset({Question(Kind.MX, "two.example")})
    kept = _kept(scanned(tmp_path / "scan", people, DOMAINS))
    assert kept["two.example"].answer(Question(Kind.MX, "two.example")).outcome is Outcome.TIMEOUT


@EXHAUSTIVE
def test_a_scan_that_ended_anywhere_goes_on_to_the_same_results(tmp_path: Path) -> None:
    whole = scanned(tmp_path / "whole", population(), DOMAINS)
    engine = Here(tmp_path / "counted", population().asks)
    scan(begun(tmp_path / "counted", DOMAINS), engine, untold)
    want = tables_of(whole)
    for most in (5, len(engine.tasks) - 2):
        folder, people = begun(tmp_path / f"ended-{most}", DOMAINS), population()
        with pytest.raises(KeyboardInterrupt):
            scan(folder, Here(folder.path, people.asks, most), untold)
        assert not read_manifest(folder.path).is_finished
        second, standings = Here(folder.path, people.asks), list[ScanStanding]()
        scan(folder, second, standings.append)
        assert len(second.tasks) == len(engine.tasks) - most
        assert sum(one.done for one in standings if not one.is_new) == most
        assert sum(one.is_new for one in standings) == len(second.tasks)
        assert all(0 < one.done <= one.tasks for one in standings), (
            "nothing is told of a stage that has not begun"
        )
        assert tables_of(folder) == want
        assert set(people.asked.values()) <= {1, 2}


def test_a_finished_scan_asks_nobody_again(tmp_path: Path) -> None:
    people = population()
    folder = scanned(tmp_path / "scan", people, DOMAINS)
    asked = people.asked.copy()
    engine = Here(folder.path, people.asks)
    manifest = scan(folder, engine, untold)
    assert (engine.tasks, people.asked) == ([], asked)
    assert sum(one.domains for one in manifest.parts) == len(DOMAINS)


def test_a_finished_scan_keeps_nothing_of_its_work(tmp_path: Path) -> None:
    folder = scanned(tmp_path / "scan", population(), DOMAINS)
    left = sorted(one.name for one in folder.path.iterdir() if not one.name.startswith("."))
    assert left == ["domains", "evidence", "manifest.json", "roots.part", "tables"]


@EXHAUSTIVE
def test_a_scan_judged_again_says_the_same_and_asks_nobody(tmp_path: Path) -> None:
    people = population()
    folder = scanned(tmp_path / "scan", people, DOMAINS)
    want, asked = tables_of(folder), people.asked.total()
    rejudged(folder, Here(folder.path, people.asks), untold)
    assert (tables_of(folder), people.asked.total()) == (want, asked)


def test_a_scan_judged_again_was_finished_when_it_had_asked_all(tmp_path: Path) -> None:
    people = population()
    folder = scanned(tmp_path / "scan", people, DOMAINS[:1], ScanDepth.RECORDS)
    finished = msgspec.structs.replace(read_manifest(folder.path), finished_at=people.at)
    write_manifest(folder.path, finished)
    assert rejudged(folder, Here(folder.path, people.asks), untold).finished_at == people.at
    assert read_manifest(folder.path).finished_at == people.at


def test_a_scan_that_is_not_finished_is_not_judged_again(tmp_path: Path) -> None:
    folder = begun(tmp_path / "scan", DOMAINS)
    with pytest.raises(ScanError, match="not finished"):
        rejudged(folder, Here(folder.path, population().asks), untold)


def test_results_that_are_not_those_of_all_domains_end_no_scan(tmp_path: Path) -> None:
    folder = begun(tmp_path / "scan", DOMAINS)
    write_manifest(folder.path, msgspec.structs.replace(read_manifest(folder.path), domains=99))
    with pytest.raises(ScanError, match="99"):
        scan(folder, Here(folder.path, population().asks), untold)


class InTheWay(Here):
    """An engine at whose end the manifest cannot be written."""

    def run(self, tasks: Iterable[ScanTask]) -> Iterator[TaskDone]:
        """Do each task; what is asked is judged last."""
        for done in super().run(tasks):
            yield done
            path = self._folder / MANIFEST_FILE
            if done.task.phase is ScanPhase.JUDGE:
                path.rename(path.with_suffix(".moved"))
                path.mkdir()


def test_a_scan_whose_end_could_not_be_written_goes_on_with_all_that_it_has(tmp_path: Path) -> None:
    people = population()
    folder = begun(tmp_path / "scan", DOMAINS[-2:-1], ScanDepth.RECORDS)
    with pytest.raises(OSError, match=MANIFEST_FILE):
        scan(folder, InTheWay(folder.path, people.asks), untold)
    path = folder.path / MANIFEST_FILE
    path.rmdir()
    path.with_suffix(".moved").rename(path)
    assert not read_manifest(folder.path).is_finished
    again = Here(folder.path, people.asks)
    assert scan(folder, again, untold).is_finished
    assert again.tasks == []
    assert not folder.judged(0).exists()


def test_the_rest_of_a_work_that_was_finished_is_cleared_away_by_the_next_run(tmp_path: Path) -> None:
    people = population()
    folder = scanned(tmp_path / "scan", people, DOMAINS[-2:-1], ScanDepth.RECORDS)
    folder.judged(0).parent.mkdir(parents=True)
    folder.judged(0).write_bytes(b"left")
    finished = read_manifest(folder.path)
    assert scan(folder, Here(folder.path, people.asks), untold) == finished
    assert not folder.judged(0).exists()


class Scripted:
    """An engine that does nothing, and counts what a script says of each task, the last one first."""

    def __init__(self, script: Mapping[tuple[ScanPhase, int, int], dict[str, int]]) -> None:
        self._script = script
        self.tasks: list[ScanTask] = []

    def run(self, tasks: Iterable[ScanTask]) -> Iterator[TaskDone]:
        """Count, for each task, what stands under its phase, turn and index."""
        every = [*tasks]
        self.tasks += every
        for task in reversed(every):
            yield TaskDone(task, self._script.get((task.phase, task.turn, task.index), {}))


def test_names_come_before_hosts_and_last_once_more_what_was_silent_with_what_that_leads_to(
    tmp_path: Path,
) -> None:
    """A scan of two chunks has four buckets of names, from 0, and as many of hosts, from 4."""
    folder = begun(tmp_path / "scan", DOMAINS[:3])
    own, shared, join, judge = ScanPhase.OWN, ScanPhase.SHARED, ScanPhase.JOIN, ScanPhase.JUDGE
    engine = Scripted(
        {
            (own, 0, 0): {"questions": 9, "3": 2, "5": 1},
            (own, 0, 1): {"1": 7, "3": 1, "7": 4},
            (join, 2, 1): {"5": 1},
            (join, 2, 0): {"7": 1},
            (join, 3, 0): {},
            (join, 4, 1): {"2": 1, "6": 1},
            (join, 5, 0): {"4": 3},
            (judge, 6, 0): {"delivers": 1, "refused": 1},
            (judge, 6, 1): {"unknown": 1},
        }
    )
    standings: list[ScanStanding] = []
    manifest = scan(folder, engine, standings.append)

    def both(phase: ScanPhase, turn: int = 0, *, again: bool = False) -> list[ScanTask]:
        return [ScanTask(phase, chunk, turn, again) for chunk in (0, 1)]

    assert engine.tasks == [
        *both(own),
        *(ScanTask(shared, bucket, 1) for bucket in (1, 3)),
        *both(join, 2),
        *(ScanTask(shared, bucket, 2) for bucket in (5, 7)),
        *both(join, 3),
        *both(join, 4, again=True),
        *(ScanTask(shared, bucket, 4, again=True) for bucket in (2, 6)),
        *both(join, 5),
        ScanTask(shared, 4, 5),
        *both(join, 6),
        *both(judge, 6),
    ]
    stages = [one.stage for one in standings if one.done == one.tasks]
    asked = ["names", "joining", "hosts", "joining", "joining", "once more", "joining", "hosts", "joining"]
    assert stages == ["domains", *asked, "judge"]
    assert [(one.done, one.tasks, one.counts, one.is_new) for one in standings[:2]] == [
        (1, 2, {"1": 7, "3": 1, "7": 4}, True),
        (2, 2, {"questions": 9, "1": 7, "3": 3, "5": 1, "7": 4}, True),
    ]
    assert manifest.parts == (
        ResultPart(0, 2, {"delivers": 1, "refused": 1}),
        ResultPart(1, 1, {"unknown": 1}),
    )
    assert read_manifest(folder.path) == manifest


def test_a_survey_that_never_ends_ends_the_scan(tmp_path: Path) -> None:
    folder = begun(tmp_path / "scan", DOMAINS[:1])
    endless = {(ScanPhase.JOIN, turn, 0): {"1": 1} for turn in range(TURNS_MAX + 1)}
    engine = Scripted({(ScanPhase.OWN, 0, 0): {"1": 1}, **endless})
    with pytest.raises(ScanError, match=f"more than {TURNS_MAX} turns"):
        scan(folder, engine, untold)
    assert max(one.turn for one in engine.tasks) == TURNS_MAX
    assert not read_manifest(folder.path).is_finished

"""`mxproof scan run`, `rehearse` and `judge`: what is begun, gone on with and refused, with tasks done in this process."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mxproof import __version__
from mxproof.cli.commands import scan as module
from mxproof.cli.exit import DONE, INTERRUPTED, PROBLEM, USAGE, RunError
from mxproof.cli.options.scan import ScanAskingOptions
from mxproof.cli.options.scan_engine import EngineOptions
from mxproof.evidence import Vantage
from mxproof.net.asking import Asking, Peer
from mxproof.scan.depth import ScanDepth
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import ScanManifest, read_manifest, write_manifest
from mxproof.scan.network import Asked, over_network
from mxproof.scan.rehearsal import begin_rehearsal
from support_cli import mxproof, one_line
from support_scan import VANTAGE, Here, begun, population
from support_terminal import WatchedStderr

RESOLVER = Peer("192.0.2.53", 53)
NEW_RESOLVER = Peer("192.0.2.54", 53)


class World:
    """What stands in the place of the network and of workers: who is asked now, and how many tasks are done before Ctrl-C."""

    def __init__(self) -> None:
        self.resolver = RESOLVER
        self.tasks_max: int | None = None

    @contextmanager
    def asked(self, options: ScanAskingOptions) -> Iterator[tuple[Asking, tuple[bytes, ...]]]:
        yield Asking(resolvers=(self.resolver,), simulated=options.lab or ""), ()

    @contextmanager
    def engine(self, _: EngineOptions, folder: Path, asked: Asked = over_network) -> Iterator[Here]:
        yield Here(folder, population().asks if asked is over_network else asked, self.tasks_max)


def vantage(asking: Asking) -> Vantage:
    return msgspec.structs.replace(VANTAGE, simulated=asking.simulated)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(module, "asked_world", made.asked)
    monkeypatch.setattr("mxproof.scan.beginning.vantage_of", vantage)
    monkeypatch.setattr("mxproof.cli.scan_engine.engine_of", made.engine)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "scan"


def listed(folder: Path, text: str = "example.com\n") -> str:
    path = folder.with_name("list")
    path.write_text(text)
    return str(path)


def scan(*arguments: str, stdin: bytes = b"") -> tuple[int, str, list[str]]:
    """Return the status, stdout, and what was said on stderr beside how far it is."""
    got = mxproof("scan", *arguments, stdin=stdin)
    said = got.stderr.decode().splitlines()
    return got.returncode, got.stdout.decode(), [line for line in said if " parts" not in line]


def misused(*arguments: str) -> str:
    """Return what is wrong with the usage."""
    got = mxproof("scan", *arguments)
    assert (got.returncode, got.stdout) == (USAGE, b"")
    line = one_line(got.stderr).removeprefix("mxproof: ")
    return line.removesuffix(f"; see mxproof scan {arguments[0]} --help")


def ready(folder: Path, domains: str) -> str:
    return f"mxproof: {folder}: {domains}; `mxproof scan query {folder} adoption` asks it"


def unfinished(folder: Path, **of_vantage: str) -> ScanManifest:
    """Begin a scan, of which nothing is done yet, and return its manifest."""
    begun(folder, ["example.com"], ScanDepth.RECORDS)
    manifest = read_manifest(folder)
    manifest = msgspec.structs.replace(
        manifest,
        vantage=msgspec.structs.replace(manifest.vantage, **of_vantage),
        asking=msgspec.structs.replace(manifest.asking, contact="https://example.com/scan"),
    )
    write_manifest(folder, manifest)
    return manifest


@pytest.mark.usefixtures("world")
def test_a_list_is_begun_and_asked_about(folder: Path) -> None:
    text = "example.com\nno domain\nexample.com # again\none.example\nout.example\n"
    folder.with_name("out").write_text("out.example\n")
    got = scan(
        *("run", str(folder), "--file", listed(folder, text), "--opt-out", str(folder.with_name("out")))
    )
    assert got == (
        DONE,
        "",
        [
            f"mxproof: {folder.with_name('list')}, line 2: 'no domain': not a label of letters, digits and hyphens: 'no domain'",
            "mxproof: 2 domains (1 named before, 1 opted out), depth records",
            ready(folder, "2 domains"),
        ],
    )
    manifest = read_manifest(folder)
    assert (manifest.is_finished, manifest.depth, manifest.refused) == (True, ScanDepth.RECORDS, 1)


@pytest.mark.usefixtures("world")
def test_a_depth_is_that_which_is_named(folder: Path) -> None:
    got = scan("run", str(folder), "--file", "-", "--depth", "policy", stdin=b"no domain\nexample.com\n")
    assert got == (
        DONE,
        "",
        [
            "mxproof: stdin, line 1: 'no domain': not a label of letters, digits and hyphens: 'no domain'",
            "mxproof: 1 domain, depth policy",
            ready(folder, "1 domain"),
        ],
    )
    assert read_manifest(folder).depth is ScanDepth.POLICY


@pytest.mark.parametrize(
    ("bad", "told", "rest"),
    [
        (10, 10, []),
        (11, 10, ["mxproof: 11 lines are no domain; all of them are in {}/refused.txt"]),
    ],
)
def test_so_many_lines_that_are_no_domain_are_told_and_all_are_kept(
    world: World, folder: Path, bad: int, told: int, rest: list[str]
) -> None:
    world.tasks_max = 0
    text = "".join(f"no {number}\n" for number in range(bad)) + "example.com\n"
    _, _, said = scan("run", str(folder), "--file", listed(folder, text))
    assert [line.split(": ")[1] for line in said[:told]] == [
        f"{folder.with_name('list')}, line {number}" for number in range(1, told + 1)
    ]
    assert said[told:-1] == [
        *(one.format(folder) for one in rest),
        "mxproof: 1 domain, depth records",
    ]
    assert len((folder / "refused.txt").read_text().splitlines()) == bad


def test_what_is_interrupted_goes_on_and_what_is_finished_stays(world: World, folder: Path) -> None:
    world.tasks_max = 1
    status, told, said = scan("run", str(folder), "--file", listed(folder))
    assert (status, told) == (INTERRUPTED, "")
    assert said[-1] == f"mxproof: interrupted; `mxproof scan run {folder}` goes on with it"
    asking = read_manifest(folder).asking
    world.tasks_max, world.resolver = None, NEW_RESOLVER
    assert scan("run", str(folder)) == (DONE, "", [ready(folder, "1 domain")])
    assert read_manifest(folder).asking == asking
    finished = f"mxproof: {folder}: the scan is finished; `mxproof scan query {folder} adoption` asks it"
    assert scan("run", str(folder)) == (DONE, "", [finished])


@pytest.mark.parametrize("options", [("--file", "-"), ("--depth", "probe"), ("--opt-out", "/dev/null")])
def test_a_scan_that_is_there_has_its_list_and_depth(folder: Path, options: tuple[str, ...]) -> None:
    unfinished(folder)
    assert misused("run", str(folder), *options) == (
        f"{folder}: a scan is in it, which has its list and depth; expected no other"
    )


def test_a_scan_is_begun_with_a_list(folder: Path) -> None:
    assert misused("run", str(folder), "--depth", "probe") == (
        f"{folder}: no scan is in it; expected --file LIST to begin one"
    )
    assert not folder.exists()


@pytest.mark.usefixtures("world")
def test_a_list_that_cannot_be_read_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = folder.with_name("nothing")
    assert scan("run", str(folder), "--file", str(nothing)) == (
        PROBLEM,
        "",
        [f"mxproof: {nothing}: cannot be read (No such file or directory)"],
    )
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(RunError) as error, module._lines(Path("-")):
        pass
    assert str(error.value) == "stdin is closed; a list of domains was expected there"


def test_a_scan_of_the_world_goes_on_by_the_ways_that_are_named_now(world: World, folder: Path) -> None:
    world.tasks_max, world.resolver = 0, NEW_RESOLVER
    asking = unfinished(folder).asking
    scan("run", str(folder), "--queries", "7")
    got = read_manifest(folder).asking
    assert (got.resolvers, got.resolver_window, got.contact) == (("192.0.2.54:53",), 7, "")
    assert got.trust_ad is asking.trust_ad is True


def test_a_scan_of_a_lab_goes_on_there_as_it_was_begun(world: World, folder: Path) -> None:
    world.tasks_max, world.resolver = 0, NEW_RESOLVER
    asking = unfinished(folder, simulated="incident").asking
    *_, said = scan("run", str(folder), "--lab", "incident")
    assert said == [f"mxproof: interrupted; `mxproof scan run {folder} --lab incident` goes on with it"]
    assert read_manifest(folder).asking == msgspec.structs.replace(asking, resolvers=("192.0.2.54:53",))
    scan("run", str(folder), "--lab", "incident", "--queries", "7")
    got = read_manifest(folder).asking
    assert (got.resolver_window, got.contact) == (7, "")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("simulated", "options", "wanted"),
    [("incident", (), "--lab incident"), ("", ("--lab", "incident"), "no --lab")],
)
def test_a_lab_and_the_world_are_not_mixed(
    folder: Path, simulated: str, options: tuple[str, ...], wanted: str
) -> None:
    unfinished(folder, simulated=simulated)
    assert misused("run", str(folder), *options) == (
        f"{folder}: the scan was begun elsewhere; expected {wanted}"
    )


@pytest.mark.usefixtures("world")
def test_a_rehearsal_and_a_scan_are_not_mixed(folder: Path) -> None:
    begin_rehearsal(ScanFolder(folder), 100, ScanDepth.RECORDS)
    assert misused("run", str(folder)) == (
        f"{folder}: a rehearsal is in it; expected `mxproof scan rehearse {folder}`"
    )
    other = folder.with_name("other")
    unfinished(other)
    assert misused("rehearse", str(other)) == (
        f"{other}: a scan of real domains is in it; expected a new folder"
    )


@pytest.mark.parametrize(("options", "depth"), [((), "records"), (("--depth", "probe"), "probe")])
def test_a_rehearsal_that_is_interrupted_says_what_goes_on_with_it(
    world: World, folder: Path, options: tuple[str, ...], depth: str
) -> None:
    world.tasks_max = 0
    assert scan("rehearse", str(folder), "--domains", "100", *options) == (
        INTERRUPTED,
        "",
        [f"mxproof: interrupted; `mxproof scan rehearse {folder}` goes on with it"],
    )
    manifest = read_manifest(folder)
    assert (manifest.depth, manifest.domains) == (ScanDepth(depth), 100)


@pytest.mark.usefixtures("world")
def test_a_rehearsal_tells_how_many_domains_are_of_which_class(folder: Path) -> None:
    manifest = begin_rehearsal(ScanFolder(folder), 1000, ScanDepth.RECORDS)
    write_manifest(folder, msgspec.structs.replace(manifest, finished_at=datetime.now(UTC)))
    status, told, said = scan("rehearse", str(folder), "--domains", "200")
    assert (status, said) == (DONE, [ready(folder, "1,000 domains")])
    rows = [line.rsplit(maxsplit=1) for line in told.splitlines()]
    assert rows[:3] == [["class", "domains"], ["enforce", "4"], ["testing", "2"]]
    assert rows[-1] == ["mail alone", "924"]


def test_what_is_kept_is_judged_again(world: World, folder: Path) -> None:
    assert scan("run", str(folder), "--file", listed(folder))[0] == DONE
    assert scan("judge", str(folder)) == (
        DONE,
        "",
        [f"mxproof: {folder}: 1 domain, judged by mxproof {__version__}"],
    )
    world.tasks_max = 0
    assert scan("judge", str(folder)) == (
        INTERRUPTED,
        "",
        [f"mxproof: interrupted; `mxproof scan judge {folder}` judges all of it again"],
    )


def test_how_far_it_is_is_drawn_where_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for stderr, want in ((None, False), (io.StringIO(), False), (WatchedStderr(), True)):
        monkeypatch.setattr(sys, "stderr", stderr)
        assert module._is_watched() is want
    monkeypatch.setenv("TERM", "dumb")
    assert not module._is_watched()


def test_a_lab_is_not_asked_from_a_cluster(folder: Path) -> None:
    cluster = ("--engine", "ray", "--address", "192.0.2.1:6379")
    assert misused("run", str(folder), "--file", "-", "--lab", "incident", *cluster) == (
        "--lab: its servers are on this machine alone; expected no --engine ray with it"
    )
    assert not folder.exists()

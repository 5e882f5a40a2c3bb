"""`mxproof scan show`, `export`, `query`, `diff` and `summary`: what a scan has found, of one domain and of all."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, USAGE
from mxproof.evidence import Evidence
from mxproof.evidence.codec import decode
from mxproof.scan.depth import ScanDepth
from mxproof.scan.manifest import read_manifest, write_manifest
from mxproof.scan.queries import DIFFERENCES, QUERIES
from support_cli import mxproof, one_line
from support_scan import VANTAGE, Population, population, scanned
from support_world import GOOD_ZONE, ZoneWorld

DOMAIN = "example.com"
ELSEWHERE = b"version: STSv1\nmode: enforce\nmx: mx.elsewhere.example\nmax_age: 604800\n"
COUNTED = "SELECT count(*) AS domains FROM domains"
RECORDS = "mxproof: depth records: nobody connected to a policy host or a mail server; of their answers nothing is known\n"
POLICY = "mxproof: depth policy: nobody connected to a mail server; of its answers nothing is known\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a scan of a domain with nothing wrong."""
    return scanned(tmp_path_factory.mktemp("scan") / "earlier", population(), (DOMAIN,)).path


@pytest.fixture(scope="module")
def later(folder: Path) -> Path:
    """Return a scan of that domain when its policy lists another host."""
    world = Population(ZoneWorld(zone=GOOD_ZONE, policy=ELSEWHERE))
    return scanned(folder.with_name("later on"), world, (DOMAIN,)).path


def scan(*arguments: object) -> tuple[int, str, str]:
    got = mxproof("scan", *map(str, arguments))
    return got.returncode, got.stdout.decode(), got.stderr.decode()


def misused(*arguments: object) -> str:
    """Return what is wrong with the usage."""
    status, told, said = scan(*arguments)
    assert (status, told) == (USAGE, "")
    line = one_line(said.encode()).removeprefix("mxproof: ")
    return line.removesuffix(f"; see mxproof scan {arguments[0]} --help")


def altered(folder: Path, copy: Path, depth: ScanDepth, simulated: str = "") -> Path:
    """Return a copy of a scan whose manifest says another depth, or that it was made up."""
    shutil.copytree(folder, copy)
    vantage = msgspec.structs.replace(VANTAGE, simulated=simulated)
    write_manifest(copy, msgspec.structs.replace(read_manifest(copy), depth=depth, vantage=vantage))
    return copy


@pytest.mark.parametrize(
    ("depth", "said"), [(ScanDepth.RECORDS, RECORDS), (ScanDepth.POLICY, POLICY), (ScanDepth.PROBE, "")]
)
def test_whom_nobody_connected_to_is_told_beside_the_text_alone(
    folder: Path, tmp_path: Path, depth: ScanDepth, said: str
) -> None:
    copy = altered(folder, tmp_path / "copy", depth)
    status, told, got = scan("show", copy, DOMAIN, "--brief")
    assert (status, got) == (DONE, said)
    assert told.splitlines()[0].endswith(" modelled senders deliver to example.com.")
    status, told, got = scan("show", copy, DOMAIN, "--format", "json")
    assert (status, json.loads(told)["domain"], got) == (DONE, DOMAIN, "")


def test_what_is_wrong_is_told_with_the_command_that_plans_the_way_out(later: Path) -> None:
    status, told, said = scan("show", later, DOMAIN)
    assert (status, said) == (PROBLEM, "")
    assert f"mxproof scan export '{later}' example.com | mxproof plan --from -" in " ".join(told.split())


def test_evidence_is_exported_to_stdout_or_to_a_file(folder: Path, tmp_path: Path) -> None:
    status, told, said = scan("export", folder, DOMAIN)
    assert (status, said) == (DONE, "")
    evidence = decode(told.encode())
    assert isinstance(evidence, Evidence)
    assert (evidence.domain, evidence.vantage.resolvers) == (DOMAIN, VANTAGE.resolvers)
    assert scan("export", folder, DOMAIN, "--output", tmp_path / "file") == (DONE, "", "")
    assert (tmp_path / "file").read_text() == told


def test_a_domain_that_a_scan_does_not_have_is_told(folder: Path) -> None:
    assert scan("export", folder, "example.net") == (
        PROBLEM,
        "",
        f"mxproof: example.net: the scan in {folder} has no such domain\n",
    )


def test_without_a_question_those_that_are_known_are_listed(folder: Path) -> None:
    status, told, said = scan("query", folder)
    assert (status, said) == (DONE, "")
    assert [line.split(maxsplit=1) for line in told.splitlines()] == [
        ["name", "tells"],
        *([one.name, one.meaning] for one in QUERIES),
    ]


def test_a_question_has_a_name_or_is_in_sql(folder: Path) -> None:
    assert scan("query", folder, "adoption") == (
        DONE,
        "mode     domains  percent\nenforce        1  100.000\n",
        "",
    )
    assert scan("query", folder, "--sql", COUNTED) == (DONE, "domains\n      1\n", "")
    assert misused("query", folder, "adoption", "--sql", COUNTED) == (
        "a NAME and --sql are two questions; expected one"
    )
    known = ", ".join(one.name for one in QUERIES)
    assert misused("query", folder, "adopton") == f"there is no query 'adopton'; expected one of {known}"


def test_a_scan_that_has_not_changed_has_no_change_in_anything(folder: Path) -> None:
    status, told, said = scan("diff", folder, folder)
    assert (status, said) == (DONE, "")
    first, *others = DIFFERENCES
    assert told == "\n".join(
        [
            f"{first.meaning}\n  both  only_earlier  only_later\n     1             0           0\n",
            *(f"{one.meaning}\n  no change\n" for one in others),
        ]
    )


def test_what_has_changed_is_counted(folder: Path, later: Path) -> None:
    status, told, said = scan("diff", folder, later)
    assert (status, said) == (DONE, "")
    assert "What became of mail.\n  earlier   later    domains\n  delivers  refused        1\n\n" in told
    assert told.count("no change") == len(DIFFERENCES) - 2


def test_the_domains_that_fare_worse_are_listed_in_every_form(folder: Path, later: Path) -> None:
    assert scan("diff", folder, later, "--worse") == (
        DONE,
        "domain       earlier   later\nexample.com  delivers  refused\n",
        "",
    )
    assert scan("diff", folder, later, "--worse", "--format", "list") == (DONE, "example.com\n", "")
    assert misused("diff", folder, later, "--format", "list") == (
        "--format list writes one table; expected --worse with it"
    )


@pytest.mark.parametrize(("simulated", "is_made_up"), [("", False), ("rehearsal", True)])
def test_the_summary_is_one_page_that_says_what_is_made_up(
    folder: Path, tmp_path: Path, simulated: str, is_made_up: bool
) -> None:
    copy = altered(folder, tmp_path / "copy", ScanDepth.PROBE, simulated)
    assert scan("summary", copy, "--output", tmp_path / "page.html") == (DONE, "", "")
    page = (tmp_path / "page.html").read_text()
    manifest = read_manifest(copy)
    assert manifest.finished_at is not None
    assert ("no real domain was asked about" in page) is is_made_up
    assert f" to {manifest.finished_at:%Y-%m-%d %H:%M:%S} UTC, by {manifest.software}" in page
    assert [one.name for one in QUERIES if f">{one.name}<" not in page] == []

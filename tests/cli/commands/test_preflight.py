"""`mxproof preflight`: planned files held against a lab or a file, in every form, with the status that is called for."""

import json
from pathlib import Path

import pytest

from mxproof.lab.defect import Defect
from support_cli import mxproof, one_line
from support_forms import hold_junit, hold_markdown
from support_long import EXHAUSTIVE
from support_pem import issued, key_pem, pem, trusted, upside_down

ZONE = """\
$TTL 300
@ SOA ns1 hostmaster 2 3600 900 604800 300
@ MX 10 mxi1
@ MX 20 mxi2
$INCLUDE hosts
_mta-sts TXT "v=STSv1; id=20260301T090000;"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"
mta-sts A 203.0.113.80
mta-sts AAAA 2001:db8:3::80
"""
ADDRESSES = """\
mxi1 A 192.0.2.25
mxi1 AAAA 2001:db8:1::25
mxi2 A 198.51.100.25
mxi2 AAAA 2001:db8:2::25
"""
ALIASES = ADDRESSES.replace("mxi1", "smol").replace("mxi2", "tol") + "mxi1 CNAME smol\nmxi2 CNAME tol\n"
POLICY = "version: STSv1\nmode: enforce\nmx: {mx}\nmax_age: 604800\n"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a file with the evidence of the incident."""
    path = tmp_path_factory.mktemp("saved") / "incident.json"
    path.write_bytes(mxproof("collect", "example.com", "--lab", "incident").stdout)
    return str(path)


def planned(folder: Path, hosts: str) -> str:
    (folder / "hosts").write_text(hosts)
    (folder / "db").write_text(ZONE)
    return str(folder / "db")


def test_a_good_change_is_status_0_live_and_from_a_file(saved: str, tmp_path: Path) -> None:
    zone = planned(tmp_path, ADDRESSES)
    live = mxproof("preflight", "example.com", "--zone", zone, "--lab", "incident")
    assert (live.returncode, live.stderr) == (0, b"")
    replayed = mxproof("preflight", "example.com", "--zone", zone, "--current", saved, "--format", "json")
    made = json.loads(replayed.stdout)
    assert (replayed.returncode, made["schema_version"], made["worse"], made["unseen"]) == (0, 1, [], [])
    assert [one["outcome"] for one in made["before"] if one["sender"] == "microsoft"] == ["refused"]


@EXHAUSTIVE
def test_a_change_that_harms_is_status_1_in_every_form(saved: str, tmp_path: Path) -> None:
    zone = planned(tmp_path, ALIASES)
    policy = tmp_path / "mta-sts.txt"
    policy.write_text(POLICY.format(mx="mx9.example.com"))
    given = ("preflight", "example.com", "--zone", zone, "--policy", str(policy), "--current", saved)
    got = {form: mxproof(*given, "--format", form) for form in ("text", "json", "junit", "markdown")}
    assert {form: (one.returncode, one.stderr) for form, one in got.items()} == dict.fromkeys(got, (1, b""))
    assert "google" in {one["sender"] for one in json.loads(got["json"].stdout)["worse"]}
    hold_junit(got["junit"].stdout.decode(), 1)
    hold_markdown(got["markdown"].stdout.decode())


def test_what_nobody_can_tell_is_status_3(saved: str, tmp_path: Path) -> None:
    zone = planned(tmp_path, "mxi1 A 192.0.2.99\nmxi2 A 192.0.2.98\n")
    assert mxproof("preflight", "example.com", "--zone", zone, "--current", saved).returncode == 3


@pytest.mark.parametrize(
    ("name", "defect", "status"),
    [
        ("mxi1.example.com", Defect.NONE, 0),
        ("other.example.com", Defect.NONE, 1),
        ("mxi1.example.com", Defect.EXPIRED, 1),
        ("mxi1.example.com", Defect.NOT_YET_VALID, 1),
        ("mxi1.example.com", Defect.SELF_SIGNED, 1),
        ("mxi1.example.com", Defect.UNTRUSTED_CA, 1),
        ("mxi1.example.com", Defect.MISSING_INTERMEDIATE, 1),
    ],
)
def test_a_certificate_is_judged_like_one_that_a_server_shows(
    saved: str, tmp_path: Path, name: str, defect: Defect, status: int
) -> None:
    file = tmp_path / "mx.pem"
    file.write_bytes(pem(issued(name, defect=defect)))
    given = ("preflight", "example.com", "--current", saved, "--cert", f"mxi1.example.com={file}")
    assert mxproof(*given, env=trusted(tmp_path)).returncode == status


@pytest.mark.parametrize(
    "holds",
    [
        b"",
        b"no certificate\n",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n",
        key_pem(issued("mxi1.example.com")),
        pem(issued("mxi1.example.com"), issued("mxi2.example.com")),
        pem(upside_down(issued("mxi1.example.com"))),
    ],
    ids=["empty", "text", "no-der", "other-der", "key", "two-servers", "authority-first"],
)
def test_what_no_server_could_show_is_refused_in_one_line(saved: str, tmp_path: Path, holds: bytes) -> None:
    file = tmp_path / "mx.pem"
    file.write_bytes(holds)
    given = ("preflight", "example.com", "--current", saved, "--cert", f"mxi1.example.com={file}")
    got = mxproof(*given)
    assert (got.returncode, got.stdout) == (2, b"")
    assert one_line(got.stderr)


def test_a_part_of_a_zone_and_a_zone_elsewhere_are_taken(saved: str, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_text("mxi1 A 192.0.2.25\nmxi2 A 198.51.100.25\n")
    given = ("preflight", "example.com", "--current", saved, "--zone", f"example.com={part}")
    assert mxproof(*given).returncode == 0


@pytest.mark.parametrize("width", ["60", "80"])
def test_the_text_fits_its_paper(saved: str, tmp_path: Path, width: str) -> None:
    zone = planned(tmp_path, "smol A 192.0.2.25\nmxi1 CNAME smol\n")
    got = mxproof("preflight", "example.com", "--zone", zone, "--current", saved, "--width", width)
    assert got.returncode == 1
    assert max(map(len, got.stdout.decode().splitlines())) <= int(width)


@pytest.mark.parametrize(
    "arguments",
    [
        ("example.com",),
        ("example.com", "--zone", "nowhere"),
        ("example.com", "--zone", "BAD"),
        ("example.com", "--policy", "BAD"),
        ("example.com", "--cert", "mx1.example.com"),
        ("example.com", "--cert", "mx1.example.com=BAD"),
        ("example.org", "--zone", "GOOD", "--current", "SAVED"),
        ("example.com", "--zone", "GOOD", "--current", "SAVED", "--lab", "incident"),
        ("example.com", "--zone", "GOOD", "--current", "nowhere.json"),
    ],
)
def test_wrong_usage_is_one_line(saved: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "bad").write_text("a A 1.2.3\n")
    named = {"BAD": str(tmp_path / "bad"), "SAVED": saved, "GOOD": planned(tmp_path, ADDRESSES)}
    given = []
    for argument in arguments:
        head, equals, last = argument.rpartition("=")
        given.append(f"{head}{equals}{named.get(last, last)}")
    got = mxproof("preflight", *given)
    assert (got.returncode, got.stdout) == (2, b"")
    assert one_line(got.stderr)


def test_a_zone_that_mail_never_comes_by_is_named(saved: str, tmp_path: Path) -> None:
    file = tmp_path / "db"
    file.write_text(f"$ORIGIN example.net.\n{ZONE.replace('$INCLUDE hosts', '')}")
    got = mxproof("preflight", "example.com", "--current", saved, "--zone", str(file))
    assert (got.returncode, one_line(got.stderr).startswith(f"mxproof: {file}: ")) == (0, True)


@pytest.mark.parametrize(
    ("option", "text"),
    [("--zone", "; nothing\n"), ("--policy", POLICY.format(mx="mxi1.example.com") + "mode: testing\n")],
)
def test_a_file_that_plans_nothing_for_sure_is_refused(
    saved: str, tmp_path: Path, option: str, text: str
) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    got = mxproof("preflight", "example.com", "--current", saved, option, str(file))
    assert (got.returncode, got.stdout) == (2, b"")
    assert one_line(got.stderr).startswith(f"mxproof: {file}:")


@pytest.mark.parametrize(("option", "line"), [("--zone", "2"), ("--policy", "2")])
def test_a_typo_names_file_and_line(saved: str, tmp_path: Path, option: str, line: str) -> None:
    text = {"--zone": "x A 192.0.2.1\na A 1.2.3\n", "--policy": "version: STSv1\nmode: enforced\n"}
    file = tmp_path / "typo"
    file.write_text(text[option])
    got = mxproof("preflight", "example.com", "--current", saved, option, str(file))
    assert one_line(got.stderr).startswith(f"mxproof: {file}:{line}: ")

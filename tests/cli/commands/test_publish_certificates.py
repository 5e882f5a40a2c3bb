"""`mxproof publish tlsa`, `deploy` and `certificates` as commands."""

from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from mxproof.publish.told import PublishedDomain
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.publish.told_rollover import TlsaRole, ToldRollover
from support_certificates import make
from support_cli import mxproof, one_line
from support_rollover import lineage

LAB = ("--lab", "dnssec-whole")
MX = "mx1.example.com"
DEPLOY = """\
[[deploy]]
names = ["{mx}"]
domains = ["example.com"]
lineage = "{folder}"
file = "{folder}/mx1.pem"
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "publish.toml"
    file.write_text(
        DEPLOY.format(mx=MX, folder=tmp_path)
        + f'[publication]\nstore = "sqlite:{tmp_path}/journal.db"\nwait_s = 0\n'
    )
    return str(file)


def test_the_records_of_each_host_are_told_with_what_they_are_for(config: str) -> None:
    run = mxproof("publish", "tlsa", "example.com", "--config", config, "--format", "json", *LAB)
    told = msgspec.json.decode(run.stdout, type=ToldRollover)
    assert (run.returncode, told.end, told.host) == (DONE, PublicationEnd.NOTHING, MX)
    assert {one.role for one in told.standing} == {TlsaRole.SHOWN}


def test_a_renewed_certificate_is_staged_and_its_record_printed_for_whoever_keeps_the_zone(
    tmp_path: Path, config: str
) -> None:
    lineage(tmp_path, make(MX, None, names=(MX,), days=(-30, 3650)))
    run = mxproof("publish", "deploy", "--config", config, *LAB)
    assert run.returncode == DONE, run.stderr
    assert b"_25._tcp.mx1.example.com. " in run.stdout
    assert (tmp_path / "mx1.pem.next").exists()
    assert not (tmp_path / "mx1.pem").exists()


def test_resume_goes_on_with_a_rollover_and_tells_of_one_whose_file_another_server_has(
    tmp_path: Path, config: str
) -> None:
    lineage(tmp_path, make(MX, None, names=(MX,), days=(-30, 3650)))
    mxproof("publish", "deploy", "--config", config, *LAB)
    (tmp_path / "mx1.pem.next").unlink()
    run = mxproof("publish", "resume", "example.com", "--config", config, "--format", "json", *LAB)
    told = msgspec.json.decode(run.stdout, type=ToldRollover)
    assert (run.returncode, told.end, told.stage) == (UNKNOWN, PublicationEnd.WAITING, Stage.ANNOUNCE)
    assert (tmp_path / "mx1.pem.next").exists()
    other = tmp_path / "other.toml"
    other.write_text(Path(config).read_text().replace(f'"{MX}"', '"mx2.example.com"'))
    run = mxproof("publish", "resume", "--config", str(other), "--format", "json", *LAB)
    assert msgspec.json.decode(run.stdout, type=ToldRollover).host == MX
    assert b"[[deploy]]" in run.stderr
    nothing = mxproof("publish", "resume", "other.example", "--config", config, *LAB)
    assert (nothing.returncode, nothing.stdout) == (DONE, b"")


def test_resume_says_which_command_orders_certificates(tmp_path: Path) -> None:
    file = tmp_path / "publish.toml"
    file.write_text(ACME.format(folder=tmp_path))
    with_orders = ("--config", str(file))
    mxproof("publish", "certificates", "mta-sts.a.example", "mta-sts.b.example", *with_orders)
    run = mxproof("publish", "resume", *with_orders, *LAB)
    assert run.returncode == DONE
    assert b"certificates to be ordered: 1; `mxproof publish certificates`" in run.stderr


def test_a_dry_run_of_deploy_stages_nothing(tmp_path: Path, config: str) -> None:
    lineage(tmp_path, make(MX, None, names=(MX,), days=(-30, 3650)))
    run = mxproof("publish", "deploy", MX, "--config", config, "--dry-run", "--format", "json", *LAB)
    told = msgspec.json.decode(run.stdout, type=ToldRollover)
    assert (run.returncode, told.end, told.stage) == (DONE, PublicationEnd.PLANNED, Stage.ANNOUNCE)
    assert (len(told.coming), len(told.going)) == (1, 1)
    assert not (tmp_path / "mx1.pem.next").exists()


def test_a_lineage_that_is_not_there_is_a_failure_that_names_it(tmp_path: Path, config: str) -> None:
    run = mxproof("publish", "deploy", "--config", config, "--format", "json", *LAB)
    told = msgspec.json.decode(run.stdout, type=ToldRollover)
    assert (run.returncode, told.end) == (PROBLEM, PublicationEnd.FAILED)
    assert str(tmp_path / "fullchain.pem") in told.said


def test_a_renewal_that_no_server_is_concerned_by_is_nothing_to_do(config: str) -> None:
    run = mxproof("publish", "deploy", "--config", config, "--lineage", "/etc/letsencrypt/live/other")
    assert (run.returncode, run.stdout) == (DONE, b"")


def test_a_host_that_the_configuration_does_not_have_is_refused_with_those_that_it_has(config: str) -> None:
    run = mxproof("publish", "deploy", "mx2.example.com", "--config", config)
    assert run.returncode == USAGE
    assert MX in one_line(run.stderr)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("names = []", "deploy[0]"),
        ('names = ["no host"]', "deploy[0]"),
        ('names = ["mx1.example.com"]\nauthorities = ["/nowhere.pem"]', "deploy[0].authorities"),
    ],
)
def test_a_server_that_is_not_what_it_should_be_is_refused_by_its_key(
    tmp_path: Path, lines: str, key: str
) -> None:
    file = tmp_path / "publish.toml"
    file.write_text(f'[[deploy]]\n{lines}\ndomains = ["example.com"]\nlineage = "/l"\nfile = "/f"\n')
    run = mxproof("publish", "deploy", "--config", str(file))
    assert run.returncode == USAGE
    assert key in one_line(run.stderr)


ACME = """\
[[policy]]
names = ["example.com"]
mode = "testing"
mx = ["mx1.example.com"]
[acme]
directory = "https://127.0.0.1:1/dir"
terms_agreed = true
folder = "{folder}/acme"
[publication]
store = "sqlite:{folder}/journal.db"
"""


def test_policy_hosts_without_a_certificate_are_due_and_one_that_cannot_be_ordered_waits(
    tmp_path: Path,
) -> None:
    file = tmp_path / "publish.toml"
    file.write_text(ACME.format(folder=tmp_path))
    options = ("--config", str(file), "--format", "json")
    dry = mxproof("publish", "certificates", "--dry-run", *options)
    told = msgspec.json.decode(dry.stdout, type=ToldCertificate)
    assert (dry.returncode, told.name, told.end) == (UNKNOWN, "mta-sts.example.com", CertificateEnd.DUE)
    tried = mxproof("publish", "certificates", *options)
    told = msgspec.json.decode(tried.stdout, type=ToldCertificate)
    assert (tried.returncode, told.end) == (PROBLEM, CertificateEnd.FAILED)
    assert told.tried_again_at is not None
    again = mxproof("publish", "certificates", *options)
    assert (again.returncode, msgspec.json.decode(again.stdout, type=ToldCertificate).end) == (
        UNKNOWN,
        CertificateEnd.WAITING,
    )
    assert (tmp_path / "acme" / "account.pem").stat().st_mode & 0o777 == 0o600


def test_status_tells_of_the_certificate_that_is_wanted_and_why_it_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "publish.toml"
    file.write_text(ACME.format(folder=tmp_path))
    config = ("--config", str(file))
    mxproof("publish", "certificates", *config)
    run = mxproof("publish", "status", "example.com", *config, "--format", "json", "--lab", "ns-clean")
    told = msgspec.json.decode(run.stdout, type=PublishedDomain)
    assert told.certificate is not None
    assert (told.certificate.name, told.certificate.end) == ("mta-sts.example.com", CertificateEnd.WAITING)
    text = mxproof("publish", "status", "example.com", *config, "--lab", "ns-clean")
    assert "mta-sts.example.com: none yet" in text.stdout.decode()


def test_several_are_told_a_line_each_and_one_as_an_object(tmp_path: Path) -> None:
    file = tmp_path / "publish.toml"
    file.write_text(ACME.format(folder=tmp_path))
    options = ("--dry-run", "--config", str(file), "--format", "json")
    hosts = ("mta-sts.a.example", "mta-sts.b.example")
    lines = mxproof("publish", "certificates", *hosts, *options).stdout.splitlines()
    assert [msgspec.json.decode(one, type=ToldCertificate).name for one in lines] == [*hosts]
    assert len(mxproof("publish", "certificates", hosts[0], *options).stdout.splitlines()) > 1


@pytest.mark.parametrize(
    "lines",
    [
        "",
        'directory = "http://plain.example/dir"\nterms_agreed = true',
        'directory = "https://acme.example/dir"',
        'directory = "https://acme.example/dir"\nterms_agreed = true\nchallenge = "dns-01"',
    ],
)
def test_an_authority_that_cannot_be_asked_is_refused_by_its_key(tmp_path: Path, lines: str) -> None:
    file = tmp_path / "publish.toml"
    file.write_text(f'[acme]\nfolder = "{tmp_path}/acme"\n{lines}\n')
    run = mxproof("publish", "certificates", "mta-sts.example.com", "--config", str(file))
    assert run.returncode == USAGE
    assert "acme" in one_line(run.stderr)

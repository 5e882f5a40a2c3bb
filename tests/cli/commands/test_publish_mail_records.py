"""`mxproof publish records` as a command, in a mail world of the lab."""

from pathlib import Path

import msgspec

from mxproof.cli.exit import DONE, UNKNOWN, USAGE
from mxproof.publish.mail_records import CaaPermission
from mxproof.publish.result import PublicationEnd
from mxproof.publish.told_records import ToldRecords
from support_cli import mxproof, one_line

LAB = ("--lab", "ns-clean")


def configured(folder: Path, records: str) -> str:
    file = folder / "publish.toml"
    file.write_text(
        f'[records]\n{records}\n[publication]\nstore = "sqlite:{folder}/journal.db"\nwait_s = 0\n'
    )
    return str(file)


def test_of_an_authority_that_nobody_knows_nothing_is_published_and_that_is_said(tmp_path: Path) -> None:
    config = configured(tmp_path, """caa = ['0 issue "letsencrypt.org"', '0 issuewild ";"']""")
    run = mxproof("publish", "records", "example.com", "--config", config, "--format", "json", *LAB)
    told = msgspec.json.decode(run.stdout, type=ToldRecords)
    assert (run.returncode, told.end) == (UNKNOWN, PublicationEnd.UNCLEAR)
    assert {one.permission for one in told.caa} == {CaaPermission.UNCLEAR}


def test_a_record_stands_in_a_line_of_its_own_and_is_printed_for_whoever_keeps_the_zone(
    tmp_path: Path,
) -> None:
    key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    config = configured(tmp_path, f'dkim = ["fresh {key}"]')
    dry = mxproof("publish", "records", "example.com", "--config", config, "--dry-run", *LAB)
    line = f'fresh._domainkey.example.com. TXT "{key}"'.encode()
    assert dry.returncode == DONE
    assert line in dry.stdout
    run = mxproof("publish", "records", "example.com", "--config", config, *LAB)
    assert run.returncode == UNKNOWN
    assert line.replace(b" TXT", b" 300 TXT") in run.stdout


def test_what_is_no_record_is_refused_by_its_key(tmp_path: Path) -> None:
    config = configured(tmp_path, 'caa = ["letsencrypt.org"]')
    run = mxproof("publish", "records", "example.com", "--config", config, *LAB)
    assert run.returncode == USAGE
    assert "records.caa" in one_line(run.stderr)

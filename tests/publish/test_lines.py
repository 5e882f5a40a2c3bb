"""Records that somebody else alters: printed, or in a file that octoDNS reads."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Kind
from mxproof.mail.change import CaaValue, CnameValue, TlsaValue, TxtValue
from mxproof.publish.keeper import KeeperError
from mxproof.publish.lines import LineKeeper, OctodnsKeeper
from mxproof.remedy.step_record import AlteredSet

OLD, NEW = TxtValue("v=STSv1; id=1;"), TxtValue("v=STSv1; id=2;")
ID = AlteredSet("_mta-sts.example.com", Kind.TXT, (OLD,), (NEW,), 300)
HOST = AlteredSet("mta-sts.example.com", Kind.CNAME, (), (CnameValue("sts.example.net"),), 60)


def test_lines_are_printed_for_whoever_keeps_the_zone() -> None:
    printed: list[str] = []
    LineKeeper(printed.append).put("example.com", ID)
    assert "".join(printed).splitlines() == [
        "; zone example.com",
        '; remove: _mta-sts.example.com. TXT "v=STSv1; id=1;"',
        '_mta-sts.example.com. 300 TXT "v=STSv1; id=2;"',
    ]


def test_a_file_of_octodns_keeps_what_else_was_written_to_it(tmp_path: Path) -> None:
    keeper = OctodnsKeeper(tmp_path)
    for altered in (HOST, ID, ID):
        keeper.put("example.com", altered)
    assert msgspec.json.decode((tmp_path / "example.com.yaml").read_bytes()) == {
        "_mta-sts": {"ttl": 300, "type": "TXT", "values": ["v=STSv1\\; id=2\\;"]},
        "mta-sts": {"ttl": 60, "type": "CNAME", "value": "sts.example.net."},
    }


def test_sets_of_several_types_at_one_name_stand_in_a_list_and_fields_have_members(tmp_path: Path) -> None:
    keeper = OctodnsKeeper(tmp_path)
    spf = AlteredSet("example.com", Kind.TXT, (), (TxtValue("v=spf1 -all"),), 300)
    caa = AlteredSet("example.com", Kind.CAA, (), (CaaValue(0, "issue", "letsencrypt.org"),), 300)
    tlsa = AlteredSet("_25._tcp.example.com", Kind.TLSA, (), (TlsaValue(3, 1, 1, "ab" * 32),), 60)
    for altered in (spf, caa, tlsa):
        keeper.put("example.com", altered)
    held = msgspec.json.decode((tmp_path / "example.com.yaml").read_bytes())
    issue = {"flags": 0, "tag": "issue", "value": "letsencrypt.org"}
    assert held[""] == [
        {"ttl": 300, "type": "TXT", "values": ["v=spf1 -all"]},
        {"ttl": 300, "type": "CAA", "values": [issue]},
    ]
    key = {
        "certificate_usage": 3,
        "selector": 1,
        "matching_type": 1,
        "certificate_association_data": "ab" * 32,
    }
    assert held["_25._tcp"] == {"ttl": 60, "type": "TLSA", "values": [key]}
    keeper.put("example.com", msgspec.structs.replace(caa, before=caa.after, after=()))
    held = msgspec.json.decode((tmp_path / "example.com.yaml").read_bytes())
    assert held[""] == {"ttl": 300, "type": "TXT", "values": ["v=spf1 -all"]}


def test_a_file_that_somebody_else_wrote_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "example.com.yaml"
    file.write_text("---\n'':\n  type: A\n")
    with pytest.raises(KeeperError):
        OctodnsKeeper(tmp_path).put("example.com", ID)
    assert file.read_text() == "---\n'':\n  type: A\n"

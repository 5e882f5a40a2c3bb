"""Records that somebody else alters: printed, or in a file that octoDNS reads."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Kind
from mxproof.mail.change import CnameValue, TxtValue
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


def test_a_file_that_somebody_else_wrote_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "example.com.yaml"
    file.write_text("---\n'':\n  type: A\n")
    with pytest.raises(KeeperError):
        OctodnsKeeper(tmp_path).put("example.com", ID)
    assert file.read_text() == "---\n'':\n  type: A\n"

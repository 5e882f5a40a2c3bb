"""Domains that want not to be asked about, with all below them."""

import pytest

from mxproof.scan.error import ScanError
from mxproof.scan.opt_out import opted_out


@pytest.mark.parametrize(
    ("domain", "is_left_out"),
    [
        ("example.com", True),
        ("a.b.example.com", True),
        ("notexample.com", False),
        ("com", False),
        ("example.com.example.net", False),
        ("xn--bcher-kva.example", True),
    ],
)
def test_a_name_opts_out_itself_and_all_below_and_nobody_beside_or_above(
    domain: str, *, is_left_out: bool
) -> None:
    listed = ["EXAMPLE.com. # who asked us to", "", "# nobody", "bücher.example"]
    assert opted_out([line.encode() for line in listed], "list")(domain) is is_left_out


@pytest.mark.parametrize("line", [b"no domain", b"\xff\xfe"])
def test_a_fault_names_the_list_and_the_line(line: bytes) -> None:
    with pytest.raises(ScanError, match=r"^list, line 3: "):
        opted_out([b"example.com", b"# a comment", line, b"example.net"], "list")

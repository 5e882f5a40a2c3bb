"""Lists of domains: each once, in chunks, and what is none told with its line."""

from io import BytesIO

import pytest

from mxproof.scan.domain_list import SCAN_LINE_BYTES_MAX, DomainList, RefusedLine, read_lines
from mxproof.scan.error import ScanError
from mxproof.scan.opt_out import opted_out


def _read(data: bytes, size: int = 100) -> tuple[list[tuple[str, ...]], DomainList, list[RefusedLine]]:
    refused: list[RefusedLine] = []
    listed = DomainList(read_lines(BytesIO(data)), refused.append)
    return list(listed.chunks(size)), listed, refused


def test_a_line_holds_a_domain_and_perhaps_a_comment() -> None:
    chunks, listed, _ = _read("\ufeffexample.com\n\n# none\nEXAMPLE.net. # two\nbücher.example\n".encode())
    assert chunks == [("example.com", "example.net", "xn--bcher-kva.example")]
    assert (listed.domains, listed.repeated, listed.refused) == (3, 0, 0)


def test_domains_come_in_chunks_of_a_size() -> None:
    chunks, _, _ = _read(b"a.example\nb.example\nc.example\n", size=2)
    assert chunks == [("a.example", "b.example"), ("c.example",)]


def test_a_domain_counts_once_however_it_is_written() -> None:
    chunks, listed, _ = _read(b"example.com\nExample.COM.\nexample.com\n")
    assert (chunks, listed.domains, listed.repeated) == ([("example.com",)], 1, 2)


def test_what_is_no_domain_is_told_with_its_line_and_the_rest_is_read() -> None:
    chunks, listed, refused = _read(b"a.example\nno domain\n\xff\xfe\nb.example\n")
    assert chunks == [("a.example", "b.example")]
    assert [one.line for one in refused] == [2, 3]
    assert listed.refused == 2


def test_a_line_that_is_too_long_is_one_refused_line() -> None:
    chunks, _, refused = _read(b"x" * (3 * SCAN_LINE_BYTES_MAX) + b"\nb.example\n")
    assert chunks == [("b.example",)]
    assert [one.line for one in refused] == [1]


@pytest.mark.parametrize("length", [SCAN_LINE_BYTES_MAX - 1, SCAN_LINE_BYTES_MAX])
def test_a_line_as_long_as_may_be_is_read_whole(length: int) -> None:
    lines = [b"x" * length + b"\n", b"b.example\n"]
    assert list(read_lines(BytesIO(b"".join(lines)))) == lines


@pytest.mark.parametrize("more", [1, 2, SCAN_LINE_BYTES_MAX + 1, 2 * SCAN_LINE_BYTES_MAX + 3])
def test_of_a_line_that_is_too_long_its_beginning_is_read_and_the_rest_is_no_line(more: int) -> None:
    long = b"x" * (SCAN_LINE_BYTES_MAX + more)
    read = list(read_lines(BytesIO(long + b"\nb.example\n")))
    assert read == [b"x" * (SCAN_LINE_BYTES_MAX + 1), b"b.example\n"]
    assert list(read_lines(BytesIO(long))) == read[:1]


def test_who_has_opted_out_is_left_out_with_all_below() -> None:
    is_left_out = opted_out([b"Example.com\n", b"# nobody else\n"], "list")
    listed = DomainList(read_lines(BytesIO(b"example.com\nwww.example.com\nexample.net\n")), lambda _: None)
    listed.is_left_out = is_left_out
    assert list(listed.chunks(9)) == [("example.net",)]
    assert listed.withheld == 2
    assert not is_left_out("notexample.com")


def test_a_list_of_who_opted_out_is_not_read_past_a_fault() -> None:
    with pytest.raises(ScanError, match="line 2"):
        opted_out([b"example.com\n", b"no domain\n"], "list")


def test_who_has_opted_out_and_stands_there_twice_is_withheld_once_and_repeated_once() -> None:
    lines = b"example.com\nexample.net\nEXAMPLE.com.\nexample.net\nno domain\nexample.com\n"
    refused: list[RefusedLine] = []
    listed = DomainList(read_lines(BytesIO(lines)), refused.append, opted_out([b"example.com\n"], "list"))
    assert list(listed.chunks(1)) == [("example.net",)]
    assert (listed.domains, listed.withheld, listed.repeated, listed.refused) == (1, 1, 3, 1)
    assert [one.line for one in refused] == [5]

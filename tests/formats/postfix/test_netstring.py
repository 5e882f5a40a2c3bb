import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.postfix.netstring import Framed, print_netstring, read_netstring


@given(st.binary(max_size=300), st.binary(max_size=20))
def test_what_is_printed_reads_back_and_leaves_the_rest(payload: bytes, rest: bytes) -> None:
    framed = print_netstring(payload)
    assert read_netstring(framed + rest, 300) == Framed(payload, len(framed))


@given(st.binary(max_size=100), st.data())
def test_every_true_prefix_waits_for_more(payload: bytes, data: st.DataObject) -> None:
    framed = print_netstring(payload)
    cut = data.draw(st.integers(0, len(framed) - 1))
    assert read_netstring(framed[:cut], 100) is None


@given(st.binary(max_size=60))
def test_random_bytes_are_read_or_wait_or_raise_format_error(data: bytes) -> None:
    try:
        found = read_netstring(data, 50)
    except FormatError:
        return
    if found is not None:
        assert data.startswith(print_netstring(found.payload))


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"x", "netstring-length"),
        (b":", "netstring-length"),
        (b"GET / HTTP/1.1\r\n", "netstring-length"),
        (b"-1:", "netstring-length"),
        (b"01:a,", "netstring-zero"),
        (b"00", "netstring-zero"),
        (b"1234567890", "netstring-length"),
        (b"51:", "netstring-too-long"),
        (b"999999999:", "netstring-too-long"),
        (b"1:ab", "netstring-comma"),
    ],
)
def test_what_cannot_become_a_netstring_is_refused_at_once(data: bytes, rule: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_netstring(data, 50)
    assert caught.value.objections[0].rule == rule

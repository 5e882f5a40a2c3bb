"""Mail addresses as people type them, and nothing that could say more to a server than an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.errors import FormatError
from mxproof.formats.mailbox import Mailbox, parse_mailbox
from mxproof.formats.names import Domain


@pytest.mark.parametrize(
    ("text", "local_part", "name"),
    [
        ("you@example.com", "you", "example.com"),
        (" You+tag.a@EXAMPLE.com. ", "You+tag.a", "example.com"),
        ("you@b\u00fccher.example", "you", "xn--bcher-kva.example"),
    ],
)
def test_an_address_is_read_and_its_local_part_left_as_it_is(text: str, local_part: str, name: str) -> None:
    got = parse_mailbox(text)
    assert (got.local_part, got.domain.name, str(got)) == (local_part, name, f"{local_part}@{name}")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("example.com", "mailbox-no-at"),
        ("you@[192.0.2.1]", "mailbox-literal"),
        ("you@192.0.2.1", "mailbox-literal"),
        ("you@[example.com]", "mailbox-literal"),
        ("you@[", "mailbox-literal"),
        ("you@other@example.com", "mailbox-local-part"),
        ("m\u00fcller@example.com", "mailbox-smtputf8"),
        ('"a b"@example.com', "mailbox-local-part"),
        ("a..b@example.com", "mailbox-local-part"),
        ("@example.com", "mailbox-local-part"),
        (f"{'a' * 65}@example.com", "mailbox-local-part"),
        ("a> SIZE=1@example.com", "mailbox-local-part"),
        ("a\r\nDATA@example.com", "mailbox-local-part"),
        ("a@example", "host-single-label"),
    ],
)
def test_what_is_no_address_is_refused_with_the_rule(text: str, rule: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_mailbox(text)
    assert [one.rule for one in caught.value.objections] == [rule]


@given(st.text())
def test_whatever_is_typed_is_an_address_without_spaces_or_refused(text: str) -> None:
    try:
        got = parse_mailbox(text)
    except FormatError:
        return
    assert str(got).isascii()
    assert str(got).isprintable()
    assert not set(str(got)) & set(" <>,;")


def test_what_is_written_is_read_again() -> None:
    got = Mailbox("you", Domain("example.com", "example.com"))
    assert parse_mailbox(str(got)) == got

"""Messages whole and broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.mime import (
    DEPTH_MAX,
    MAIL_BYTES_MAX,
    PARTS_MAX,
    Mail,
    decode_text,
    decode_words,
    parse_headers,
    parse_mail,
    parse_wanted_headers,
    part_text,
)

REPORT = b"""From: <postmaster@example.net>\r
Subject: =?UTF-8?B?w5xiZXI=?= =?utf-8?q?_alles?=\r
Content-Type: multipart/report; report-type=delivery-status;\r
 boundary="=_b"\r
\r
preamble\r
--=_b\r
Content-Type: text/plain; charset=iso-8859-1\r
Content-Transfer-Encoding: quoted-printable\r
\r
gr=FC=\r
n\r
--=_b\r
Content-Type: message/delivery-status\r
\r
Action: failed\r
--=_b--\r
epilogue\r
"""


def _texts(mail: Mail) -> list[tuple[str, str]]:
    return [(part.media_type, part_text(part).strip()) for part in mail.parts]


def test_a_report_is_read_part_by_part() -> None:
    got = parse_mail(REPORT)
    assert got.header("from") == "<postmaster@example.net>"
    assert decode_words(got.header("subject")) == "Über alles"
    assert _texts(got) == [("text/plain", "grün"), ("message/delivery-status", "Action: failed")]


def test_a_boundary_that_begins_like_another_does_not_end_its_part() -> None:
    body = b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--ab\ntwo\n--a\n\nthree\n--a--\n"
    assert _texts(parse_mail(body)) == [("text/plain", "one\n--ab\ntwo"), ("text/plain", "three")]


def test_parts_without_a_content_type_in_the_header_are_found_by_their_delimiter() -> None:
    body = (
        b"From: a@example.com\n\nThis is a MIME message\n\n--x/y\nContent-Type: text/html\n\n<p>a\n--x/y--\n"
    )
    assert _texts(parse_mail(body)) == [("text/html", "<p>a")]


def test_a_delimiter_further_down_belongs_to_a_message_returned_as_text() -> None:
    body = (
        b"From: a@example.com\n\n"
        + b"It could not be delivered.\n" * 20
        + b"--x\nContent-Type: text/html\n\n<p>a\n--x--\n"
    )
    assert [media_type for media_type, _ in _texts(parse_mail(body))] == ["text/plain"]


def test_a_multipart_without_delimiters_is_text() -> None:
    body = b"Content-Type: multipart/report\n\nReporting-MTA: dns; a\n"
    assert _texts(parse_mail(body)) == [("text/plain", "Reporting-MTA: dns; a")]


def test_nested_parts_are_leaves_in_order() -> None:
    body = (
        b"Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n"
        b"--i\nContent-Type: text/plain\n\none\n--i\nContent-Type: text/html\n\ntwo\n--i--\n--o\n\nthree\n--o--\n"
    )
    assert [text for _, text in _texts(parse_mail(body))] == ["one", "two", "three"]


def test_a_line_that_lost_its_fold_continues_the_field() -> None:
    got = parse_headers(b"Content-Type: text/plain\nX-Long:\n1;ABC;27:xyz\nSubject: s")
    assert got == (("content-type", "text/plain"), ("x-long", " 1;ABC;27:xyz"), ("subject", "s"))


def test_text_without_a_header_is_one_part() -> None:
    got = parse_mail(b"451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation\n")
    assert got.headers == ()
    assert len(got.parts) == 1


def test_an_mbox_line_before_the_header_is_skipped_quoted_or_not() -> None:
    assert parse_mail(b">From a@b Thu Jan  1 00:00:00 2026\nSubject: s\n\nt").header("subject") == "s"
    assert parse_mail(b"From: a@b\nSubject: s\n\nt").header("from") == "a@b"
    assert parse_mail(b"From a@b Thu Jan  1 00:00:00 2026\nSubject: s\n\nt").header("subject") == "s"


@pytest.mark.parametrize(
    ("charset", "data", "want"),
    [
        ("unicode-1-1-utf-7", b"+ANw-ber", "Über"),
        ("UFT-8", "Über".encode(), "Über"),
        ("", b"\xfcber", "über"),
        ("no-such-charset", b"a", "a"),
        ("utf-7", b"+AOk-", "\u00e9"),
        ("utf-7", b"half of a character +2AA-", "half of a character +2AA-"),
        ("punycode", b"a-", "a-"),
        ("windows-1251", "Письмо".encode("cp1251"), "Письмо"),
        ("iso-2022-jp", "猫".encode("iso2022_jp"), "猫"),
        ("us-ascii", "ü".encode(), "ü"),
    ],
)
def test_text_is_decoded_by_its_charset_or_the_best_guess(charset: str, data: bytes, want: str) -> None:
    assert decode_text(data, charset) == want


def test_damaged_base64_stays_as_it_came() -> None:
    body = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nYWJj=Y\n"
    assert part_text(parse_mail(body).parts[0]).startswith(("abc", "YWJj"))


def test_depth_and_number_of_parts_have_a_limit() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3 * DEPTH_MAX)
    )
    assert len(parse_mail(deep + b"\nend").parts) == 1
    wide = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (3 * PARTS_MAX)
    assert len(parse_mail(wide).parts) == PARTS_MAX


def test_only_the_beginning_of_a_huge_message_is_read() -> None:
    got = parse_mail(b"Subject: s\n\n" + b"x" * (2 * MAIL_BYTES_MAX))
    assert len(got.parts[0].raw) < MAIL_BYTES_MAX


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_message(data: bytes) -> None:
    for part in parse_mail(data).parts:
        part_text(part)


@given(
    st.lists(
        st.sampled_from([b"--b\n", b"--b--\n", b"Content-Type: multipart/mixed; boundary=b\n", b"\n", b"x\n"])
    )
)
def test_any_order_of_delimiters_is_a_message(lines: list[bytes]) -> None:
    assert len(parse_mail(b"".join(lines)).parts) <= PARTS_MAX


def nested(levels: int) -> bytes:
    """Return a text within so many multiparts."""
    part = b"Content-Type: text/html\n\ninnermost\n"
    for number in range(levels):
        mark = b"b%dx" % number
        part = b"Content-Type: multipart/mixed; boundary=%b\n\n--%b\n%b\n--%b--\n" % (mark, mark, part, mark)
    return part


@pytest.mark.parametrize(("levels", "is_reached"), [(1, True), (8, True), (9, False), (20, False)])
def test_parts_are_looked_for_eight_levels_deep(levels: int, is_reached: bool) -> None:
    (part,) = parse_mail(nested(levels)).parts
    assert (part.media_type, part.raw == b"innermost\n") == (
        ("text/html", True) if is_reached else ("text/plain", False)
    )
    assert b"innermost\n" in part.raw


def test_of_a_field_of_mime_given_again_the_first_counts() -> None:
    got = parse_mail(
        b"Content-Type: text/html; charset=iso-8859-1; charset=utf-8\nContent-Type: text/plain; charset=utf-8\n"
        b"Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 8bit\n\n5A==\n"
    )
    assert [(one.media_type, one.encoding) for one in got.parts] == [("text/html", "base64")]
    assert got.header("content-type").startswith("text/html")


def test_what_stands_behind_the_last_delimiter_is_no_part() -> None:
    head = b"Content-Type: multipart/mixed; boundary=x\n\nbefore\n--x\n\na\n--xy\n\nb\n--x\t\n\nc\n"
    wanted = [("text/plain", "a\n--xy\n\nb"), ("text/plain", "c")]
    assert _texts(parse_mail(head + b"--x--\nafter\n--x\n\nd\n--xy\n--x--\n")) == wanted
    assert _texts(parse_mail(head + b"--x-- \nafter\n")) == wanted
    assert _texts(parse_mail(head.rstrip(b"\n"))) == wanted


def test_a_wanted_field_is_not_continued_by_the_lines_of_another() -> None:
    head = b"Subject: a\n b\nX-Other: c\n d\nsubject : e\nno field\n f\nX-Last: g\n\th"
    assert parse_wanted_headers(head, frozenset({b"subject"})) == (("subject", "a b"), ("subject", "e"))
    assert parse_wanted_headers(head, frozenset({b"x-last", b"x-other"})) == (
        ("x-other", "c d"),
        ("x-last", "g h"),
    )
    assert parse_wanted_headers(b" folded\nSubject: a", frozenset({b"subject"})) == (("subject", "a"),)


@pytest.mark.parametrize("letter", ["e", "é"])
def test_a_line_that_lost_its_fold_continues_the_field_in_any_letters(letter: str) -> None:
    head = f"Subject: caf{letter}\nthat is\n\tfolded\nno-field here\nX-Last: 1".encode()
    assert parse_headers(head) == (("subject", f"caf{letter} that is folded no-field here"), ("x-last", "1"))

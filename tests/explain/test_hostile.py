"""Hostile text: what is looked at has a limit at every step, so that size and shape cost nothing more."""

from itertools import cycle, product

import pytest

from mxproof.cli.exit import UNKNOWN, status_of_explanation
from mxproof.explain.engine import explain
from mxproof.explain.knowledge import CHAPTERS
from mxproof.explain.match.template import template
from mxproof.explain.read.text import read
from mxproof.formats.bounce.dsn import DSN_RECIPIENTS_MAX
from mxproof.formats.bounce.mime import MAIL_BYTES_MAX, PARTS_MAX
from mxproof.formats.bounce.notice import SECTIONS_MAX
from mxproof.formats.bounce.record import LOG_RECORDS_MAX
from mxproof.formats.bounce.reply import REPLY_CHARACTERS_MAX
from support_long import EXHAUSTIVE, IS_LONG, some_rows

SIZE = 10 * 1024 * 1024
BOUNCE = b"From: mailer-daemon@example.net\nSubject: Undelivered\n"
STATUS = BOUNCE + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"


def _filled(piece: bytes) -> bytes:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


PIECES = (
    b"a",
    b" ",
    b"\n",
    b"<",
    b"(",
    b'"',
    b"> ",
    b"550-",
    b"550-5.7.26 ",
    b"spf=(",
    b"a@b.c ",
    b"<a@b.c>",
    b"=?utf-8?q?a?= ",
    b"=3D=\n",
    b"\xff\xfe",
    "İ".encode(),
    b"<<< ",
    b"mx hosts of 'a.",
    b"connect to a[1]:",
    b"4.7.27 ",
)
HEADS = (b"", BOUNCE + b"\n", BOUNCE + b"Content-Type: text/html\n\n<p>", STATUS)
TRIED = tuple(product(HEADS, PIECES)) if IS_LONG else tuple(zip(cycle(HEADS), PIECES, strict=False))
"""Each piece stands behind one of the heads, and in `make hostile` behind all; `make test` has one in four of them."""


@pytest.mark.parametrize(("head", "piece"), some_rows(TRIED, 4))
def test_ten_megabytes_of_anything_are_answered(head: bytes, piece: bytes) -> None:
    got = explain(head + _filled(piece))
    assert status_of_explanation(got) in (0, 1, UNKNOWN)
    assert (
        sum(len(statement.text) for statement in read(head + _filled(piece)).statements) <= 4 * MAIL_BYTES_MAX
    )


@EXHAUSTIVE
def test_the_first_words_of_all_rules_repeated_are_answered() -> None:
    rules = (rule for chapter in CHAPTERS for rule in chapter.rules)
    firsts = " ".join(template(text).first for rule in rules for text in rule.texts)
    said = status_of_explanation(explain((firsts * (2 * REPLY_CHARACTERS_MAX // len(firsts))).encode()))
    assert said in (0, 1)


def test_only_the_beginning_of_what_is_given_is_read() -> None:
    assert read(b"x " * MAIL_BYTES_MAX) == read(b"x " * (MAIL_BYTES_MAX // 2))


def test_a_statement_is_as_long_as_its_limit_and_no_longer() -> None:
    long, longer = (b"x " * (REPLY_CHARACTERS_MAX // 2 * times) for times in (1, 4))
    assert read(long).statements == read(longer).statements


def test_ten_thousand_recipients_are_counted_up_to_the_limit() -> None:
    groups = b"".join(
        b"\nFinal-Recipient: rfc822;u%d@example.com\nAction: failed\n" % n for n in range(10_000)
    )
    got = explain(
        STATUS
        + b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n"
        + groups
        + b"--b--\n"
    )
    assert len(got.recipients) == DSN_RECIPIENTS_MAX


def test_ten_thousand_sections_and_parts_are_counted_up_to_the_limit() -> None:
    notice = b"".join(b"<u%d@example.com>: no\n" % n for n in range(10_000))
    assert len(read(BOUNCE + b"\n" + notice).statements) <= SECTIONS_MAX
    parts = b"--b\nContent-Type: text/plain\n\n550 no\n" * 10_000
    assert len(read(STATUS + parts).statements) <= PARTS_MAX * SECTIONS_MAX


def test_lines_of_a_log_are_read_up_to_the_limit() -> None:
    line = b"2026-11-20 09:02:44 1tDabc-0005xY-Qz == a@example.com R=r T=t defer (-1): x\n"
    assert len(read(line * (2 * LOG_RECORDS_MAX)).statements) == LOG_RECORDS_MAX


def test_boundaries_within_boundaries_come_to_an_end() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000)
    )
    assert status_of_explanation(explain(BOUNCE + nested)) in (0, 1)

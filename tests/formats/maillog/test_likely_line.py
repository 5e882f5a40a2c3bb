"""Lines of a log that may tell of a mail, however the log is cut into blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.maillog.likely_line import LINE_BYTES_MAX, likely_lines

MAIL = b"Jun  1 10:00:05 mx postfix/smtpd[1]: 4F1A2B3C4D: client=mx.example.com[192.0.2.1]\n"
EXIM = b"2025-06-01 10:00:05 1uLabc-0000Xy-1Z <= a@b H=mx.example.com [192.0.2.1] P=esmtp\n"
OTHER = b"Jun  1 10:00:06 mx postfix/qmgr[2]: 4F1A2B3C4D: removed\n"
EXPORT = b"__REALTIME_TIMESTAMP=1\nSYSLOG_IDENTIFIER=postfix/smtpd\nMESSAGE=x\n\n"


def blocks_of(log: bytes, size: int) -> list[bytes]:
    return [log[begin : begin + size] for begin in range(0, len(log), size)]


@given(st.lists(st.sampled_from([MAIL, EXIM, OTHER, b"\n"]), max_size=8), st.integers(1, 400), st.booleans())
def test_lines_with_a_sign_and_the_last_one_are_found_in_any_blocks(
    lines: list[bytes], size: int, whole: bool
) -> None:
    log = b"".join(lines) if whole else b"".join(lines).rstrip(b"\n")
    every = log.splitlines(keepends=True)
    want = [
        line
        for place, line in enumerate(every)
        if b"client=" in line or b" <= " in line or place == len(every) - 1
    ]
    assert list(likely_lines(blocks_of(log, size))) == want


def test_every_line_of_an_exported_journal_is_wanted() -> None:
    assert list(likely_lines([EXPORT + EXPORT])) == (EXPORT + EXPORT).splitlines(keepends=True)


def test_a_line_without_end_is_cut() -> None:
    found = list(likely_lines([b"x" * LINE_BYTES_MAX, b"y" * LINE_BYTES_MAX, b"\n", MAIL]))
    assert found == [MAIL]


def test_an_empty_log_has_no_line() -> None:
    assert list(likely_lines([])) == []


@pytest.mark.parametrize("size", [1, 7, 23, 24, 25, 60, 500])
def test_an_exported_journal_stays_one_however_it_is_cut(size: int) -> None:
    log = EXPORT + EXPORT.replace(b"__REALTIME_TIMESTAMP=1\n", b"") + EXPORT
    assert list(likely_lines(blocks_of(log, size))) == log.splitlines(keepends=True)
    assert list(likely_lines(blocks_of(log.rstrip(b"\n"), size))) == log.rstrip(b"\n").splitlines(
        keepends=True
    )


def test_a_line_before_an_exported_journal_is_not_its_last_one() -> None:
    assert list(likely_lines([OTHER, EXPORT])) == EXPORT.splitlines(keepends=True)
    assert list(likely_lines([MAIL + OTHER, EXPORT, OTHER])) == [
        MAIL,
        *EXPORT.splitlines(keepends=True),
        OTHER,
    ]
    assert list(likely_lines([MAIL, OTHER, MAIL, OTHER, OTHER])) == [MAIL, MAIL, OTHER]

"""A run as a file: what is written is read, and nothing else is."""

from functools import cache

import pytest

from mxproof.formats.errors import FormatError
from mxproof.judge.senders.inference.observation import SenderTest, read_test, write_test
from mxproof.judge.senders.inference.seen import cases_seen
from mxproof.judge.senders.inference.table import table_of
from mxproof.lab.sendertest.run import run_of
from mxproof.lab.sendertest.watching import Watching
from support_certificates import NOW
from support_long import EXHAUSTIVE
from support_sendertest import RUN, tables

ROWS_MAX = 40
"""Of tables that are worked out a second time."""


@cache
def unused() -> SenderTest:
    """Return a run that nobody sent to."""
    return run_of(RUN, NOW).seen(Watching(lambda: NOW, lambda line: None))


@EXHAUSTIVE
def test_a_run_is_read_as_it_was_written() -> None:
    test = unused()
    assert read_test(write_test(test)) == test


@EXHAUSTIVE
def test_every_possible_sender_does_in_a_run_what_it_does_in_its_domains_alone() -> None:
    """Where a second mail counts, that is what a run was seen to hold (`test_held`)."""
    test = unused()
    small = {
        table.case.id: table for table in tables() if len(table.rows) <= ROWS_MAX and not table.case.again
    }
    found = {one.case.id: table_of(one.case, one.domain) for one in cases_seen(test) if one.case.id in small}
    assert found == small


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "sendertest-not-json"),
        (b"{", "sendertest-not-json"),
        (b"[]", "sendertest-foreign"),
        (b'{"evidence_version":1}', "sendertest-foreign"),
        (b"\xff", "sendertest-not-json"),
        (b'{"sendertest_version":' + b"[" * 2000, "sendertest-not-json"),
    ],
)
def test_what_is_no_run_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_test(data)
    assert refused.value.objections[0].rule in {rule, "sendertest-nesting", "sendertest-foreign"}


def test_a_run_of_a_later_version_is_refused() -> None:
    test = unused()
    data = write_test(test).replace(b'{"sendertest_version":1', b'{"sendertest_version":2', 1)
    with pytest.raises(FormatError) as refused:
        read_test(data)
    assert refused.value.objections[0].rule == "sendertest-version"

"""What single programs make of records and policies that are not by the grammar to the letter."""

import pytest

from mxproof.formats.mtasts import STRICT, Mode, read_policy
from mxproof.formats.mtasts_reading import read_records
from mxproof.judge.senders.readings import POSTFIX_MTA_STS_RESOLVER

TEXT = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n"


@pytest.mark.parametrize("end", ["\u0085", "\u2028", "\u2029", "\v", "\f", "\x1c", "\x1d", "\x1e", "\r"])
def test_lines_end_for_the_resolver_where_they_do_for_python(end: str) -> None:
    """observed: postfix-mta-sts-resolver 1.5.1."""
    body = TEXT.replace("enforce\n", f"enforce{end}").encode()
    found = read_policy(body, POSTFIX_MTA_STS_RESOLVER)
    assert found is not None
    assert (found.mode, found.mx) == (Mode.ENFORCE, ("mx1.example.com",))
    assert read_policy(body, STRICT) is None


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("٦٠٤٨٠٠", 604_800),
        ("６０４８００", 604_800),
        ("604_800", 604_800),
        ("+604800", 604_800),
        ("-0", 0),
        ("\u00a0604800\u3000", 604_800),
        ("-5", None),
        ("60480²", None),
        ("6e5", None),
        ("0x10", None),
        ("604__800", None),
        ("604\u200b800", None),
    ],
)
def test_numbers_are_for_the_resolver_what_they_are_for_python(text: str, want: int | None) -> None:
    """observed: postfix-mta-sts-resolver 1.5.1."""
    found = read_policy(TEXT.replace("604800", text).encode(), POSTFIX_MTA_STS_RESOLVER)
    assert (None if found is None else found.max_age_s) == want


@pytest.mark.parametrize(
    ("record", "want"),
    [
        (b"v=STSv1; id=1;", True),
        (b"v=STSv1; id=1; v=STSv2;", False),
        (b"v=STSv1; v=STSv1; id=1;", True),
        (b"v=STSv2; v=STSv1; id=1;", False),
        (b"id=1; v=STSv1;", False),
    ],
)
def test_of_several_versions_in_a_record_the_last_counts_for_the_resolver(record: bytes, want: bool) -> None:
    """observed: postfix-mta-sts-resolver 1.5.1."""
    assert (read_records((record,), POSTFIX_MTA_STS_RESOLVER) is not None) == want

"""The laws of the MTA-STS policy reader: print and parse, bounds, and what any bytes do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.examination import OBJECTIONS_MAX
from mxproof.formats.mtasts import (
    MAX_AGE_S_MAX,
    POLICY_BYTES_MAX,
    Mode,
    Policy,
    examine_policy,
    parse_policy,
    print_policy,
)
from support_formats import extensions, hosts, patterns, work
from support_long import EXHAUSTIVE, some

GOOD = Policy(Mode.ENFORCE, 86400, ("mail.example.com",))
BODY = b"version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 86400\r\n"

extension_values = st.text(
    alphabet=st.characters(min_codepoint=0x20, exclude_characters="\x7f", exclude_categories=["Cs"]),
    min_size=1,
).filter(lambda value: not value.startswith(" ") and not value.endswith(" "))
own_names = frozenset({"version", "mode", "mx", "max_age"})
valid_policies = st.builds(
    Policy,
    st.sampled_from(Mode),
    st.integers(0, MAX_AGE_S_MAX),
    st.lists(patterns, min_size=1, max_size=5).map(tuple),
    extensions(extension_values, own_names),
)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(Mode.ENFORCE, -1, ("a.example",)),
        Policy(Mode.ENFORCE, MAX_AGE_S_MAX + 1, ("a.example",)),
        Policy(Mode.ENFORCE, 1, ()),
        Policy(Mode.ENFORCE, 1, ("A.example",)),
        Policy(Mode.ENFORCE, 1, ("a.example\nmode: none",)),
        Policy(Mode.ENFORCE, 1, ("a.example",), (("x", "y\nmx: evil.example"),)),
        Policy(Mode.ENFORCE, 1, ("a.example",), (("mode", "none"),)),
        Policy(Mode.ENFORCE, 1, ("a.example",), (("x", " y"),)),
        Policy(Mode.ENFORCE, 1, ("a.example",), (("x", "\ud800"),)),
        Policy(Mode.ENFORCE, 1, ("a.example",) * 10_000),
    ],
)
def test_a_value_that_no_text_reads_as_is_not_printed(policy: Policy) -> None:
    with pytest.raises(FormatError):
        print_policy(policy)


def test_a_printed_policy_has_crlf_line_ends() -> None:
    assert print_policy(GOOD) == BODY


@given(valid_policies)
def test_a_printed_policy_reads_back_as_itself(policy: Policy) -> None:
    assert parse_policy(print_policy(policy)) == policy


@given(valid_policies, hosts)
def test_every_host_named_in_a_policy_matches_it(policy: Policy, parent: str) -> None:
    for pattern in policy.mx:
        assert policy.matches(pattern.replace("*", "any"))
    assert not policy.matches(f"never-{parent}.invalid")


@given(st.binary(max_size=120), st.sampled_from([b"", BODY, b"version: STSv1\nmode: none\nmax_age: 1\n"]))
def test_any_bytes_are_a_policy_or_a_format_error(data: bytes, start: bytes) -> None:
    _assert_lawful(start + data)


pieces = [
    "version",
    "mode",
    "mx",
    "max_age",
    ":",
    " ",
    "\t",
    "\r",
    "\n",
    "STSv1",
    "none",
    "enforce",
    "*.",
    "a.b",
    "1",
    "ä",
]


@given(st.lists(st.sampled_from(pieces), max_size=30).map("".join))
def test_any_text_made_of_the_grammars_pieces_is_read_by_one_law(text: str) -> None:
    _assert_lawful(text.encode())


def _assert_lawful(data: bytes) -> None:
    """Assert the law of an examination, and that parsing is its strict half."""
    got = examine_policy(data)
    assert (got.strict is None) == bool(got.objections)
    assert (got.lenient is None) == any(not objection.ambiguous for objection in got.objections)
    assert got.strict in (None, got.lenient)
    assert all(0 <= objection.position <= len(data) for objection in got.objections)
    try:
        parsed = parse_policy(data)
    except FormatError:
        parsed = None
    assert parsed == got.strict


def test_ambiguous_objections_are_bounded_and_grave_ones_never_lost() -> None:
    got = examine_policy(b"\n" * POLICY_BYTES_MAX)
    assert len(got.objections) == OBJECTIONS_MAX + 4
    assert [objection.rule for objection in got.objections[-4:]] == [
        "version-missing",
        "mode-missing",
        "max-age-missing",
        "mx-missing",
    ]


@EXHAUSTIVE
@pytest.mark.parametrize(
    "line",
    some(
        [
            b"\n",
            b"\r\n",
            b"mx:*\n",
            b"mx: a.b\n",
            b"x:y\n",
            b"x :\n",
            b":\n",
            b"mode:none\n",
            b"a",
            b" ",
            b"x: a \t",
            b"\xff",
        ],
        3,
    ),
)
def test_a_hostile_body_costs_work_in_proportion_to_its_length(line: bytes) -> None:
    """Calls are counted instead of time; the patterns are single repeats and cannot backtrack."""

    def examine(size: int) -> int:
        data = (line * size)[:size]
        return work(lambda: examine_policy(data))

    assert examine(POLICY_BYTES_MAX) <= 4.2 * examine(POLICY_BYTES_MAX // 4) + 1000


def test_a_policy_of_the_longest_length_is_read() -> None:
    lines = BODY + b"mx: a.example\n" * 10_000
    data = lines[:POLICY_BYTES_MAX].rpartition(b"\n")[0]
    assert len(parse_policy(data).mx) == 1 + (len(data) + 1 - len(BODY)) // len(b"mx: a.example\n")

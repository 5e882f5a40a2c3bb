"""How programs read a policy that is not by the letter: what they refuse, cut and assume."""

import msgspec
import pytest

from mxproof.formats.mtasts_policy import MAX_AGE_S_MAX, Mode, Policy
from mxproof.formats.mtasts_reading import PolicyReading, Repeated, read_policy, read_records

BOUNDS = (60, 100)


def policy(max_age: str) -> bytes:
    return f"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: {max_age}\n".encode()


@pytest.mark.parametrize(
    ("clamps", "max_age", "want"),
    [
        (True, "59", 60),
        (True, "60", 60),
        (True, "100", 100),
        (True, "101", 100),
        (False, "59", None),
        (False, "60", 60),
        (False, "100", 100),
        (False, "101", None),
    ],
)
def test_an_age_beyond_the_bounds_of_a_program_is_cut_to_them_or_refuses_the_policy(
    clamps: bool, max_age: str, want: int | None
) -> None:
    found = read_policy(policy(max_age), PolicyReading(clamps=clamps, max_age_s=BOUNDS))
    assert (found.max_age_s if found else None) == want


@pytest.mark.parametrize(
    ("written", "is_read"), [("1" * 10, False), ("86400", True), ("+86400", False), ("٣", False)]
)
def test_an_age_is_up_to_ten_digits_of_ascii(written: str, is_read: bool) -> None:
    assert (read_policy(policy(written), PolicyReading()) is not None) is is_read


@pytest.mark.parametrize(
    ("texts", "forgiving", "want"),
    [
        ((b"v=STSv1; id=1;",), False, "1"),
        ((b"v=STSv1; id=1;", b"v=STSv1; id=2;"), True, None),
        ((b"v=STSv1; id=1;", b"v=STSv1 ; id=2;"), True, None),
        ((b"v=STSv1; id=1;", b"v=STSv1 ; id=2;"), False, "1"),
        ((b"v=STSv1 ; id=1;", b"v=STSv1 ; id=2;"), True, None),
        ((b"v=STSv1 ; id=2;", b"other"), True, "2"),
        ((b"v=STSv1 ; id=2;",), False, None),
        ((), True, None),
    ],
)
def test_of_several_records_that_a_program_counts_none_is_one(
    texts: tuple[bytes, ...], forgiving: bool, want: str | None
) -> None:
    reading = PolicyReading(record_forgiven=frozenset({"version-space"} if forgiving else ()))
    found = read_records(texts, reading)
    assert (found.id if found else None) == want
    first = read_records(texts, PolicyReading(record_forgiven=reading.record_forgiven, any_record=True))
    counted = [text for text in texts if text.startswith(b"v=STSv1;") or (forgiving and b"STSv1 ;" in text)]
    assert (first.id.encode() if first else None) == (counted[0][-2:-1] if counted else None)


@pytest.mark.parametrize(
    ("record", "want"),
    [
        (b"v=STSv1; id=1;", "1"),
        (b"v=STSv1; id=1; id=2;", None),
        (b"v=STSv1;id=1;id=2;id=3;", None),
        (b"v=STSv1; id=1; xid=2;", "1"),
    ],
)
def test_a_record_with_several_ids_is_none_to_some(record: bytes, want: str | None) -> None:
    found = read_records([record], PolicyReading(one_id=True))
    assert (found.id if found else None) == want
    either = read_records([record], PolicyReading())
    assert either is not None
    assert either.id == "1"


@pytest.mark.parametrize(
    ("repeated", "want"),
    [(Repeated.FIRST, Mode.ENFORCE), (Repeated.LAST, Mode.NONE), (Repeated.REFUSED, None)],
)
def test_a_field_given_again_counts_as_a_program_has_it(repeated: Repeated, want: Mode | None) -> None:
    reading = PolicyReading(repeated=repeated, trims_names=True)
    found = read_policy(policy("86400") + b"mode: testing\nmode: none\n", reading)
    assert (found.mode if found else None) is want
    other = read_policy(policy("86400") + b"mx: mx.example.com\nmx: b.example\n", reading)
    assert other == Policy(Mode.ENFORCE, 86_400, ("mx.example.com", "mx.example.com", "b.example"))


@pytest.mark.parametrize("most", [MAX_AGE_S_MAX + 1, 10**9])
def test_an_age_that_a_program_takes_and_meets_by_no_host(most: int) -> None:
    reading = PolicyReading(
        max_age_unmet=True, max_age_s=(1, most), policy_forgiven=frozenset({"max-age-range"})
    )
    over, within = policy(str(MAX_AGE_S_MAX + 1)), policy(str(MAX_AGE_S_MAX))
    assert read_policy(over, reading) == Policy(Mode.ENFORCE, MAX_AGE_S_MAX + 1, ())
    assert read_policy(within, reading) == Policy(Mode.ENFORCE, MAX_AGE_S_MAX, ("mx.example.com",))
    assert read_policy(policy("0"), reading) is None


def test_a_program_reads_so_many_bytes_and_no_more() -> None:
    whole = policy("86400")
    more = whole + b"mx: b.example\n"
    short = PolicyReading(bytes_read=len(whole), trims_names=True)
    assert (
        read_policy(more, short)
        == read_policy(whole, short)
        == Policy(Mode.ENFORCE, 86_400, ("mx.example.com",))
    )
    assert read_policy(whole, PolicyReading(bytes_read=len(whole) - 3, trims_names=True)) == Policy(
        Mode.ENFORCE, 864, ("mx.example.com",)
    )
    assert read_policy(more, PolicyReading(trims_names=True)) == Policy(
        Mode.ENFORCE, 86_400, ("mx.example.com", "b.example")
    )


@pytest.mark.parametrize(
    ("reading", "want"),
    [
        (PolicyReading(), ("b.example",)),
        (PolicyReading(cuts_final_dot=True), ("a.example", "*.c.example", "b.example")),
        (PolicyReading(keeps_patterns=True), ("a.example.", "*.c.example.", "b.example", "d e")),
        (
            PolicyReading(keeps_patterns=True, cuts_final_dot=True),
            ("a.example", "*.c.example", "b.example", "d e"),
        ),
    ],
)
def test_a_pattern_that_is_none_is_dropped_cut_or_kept(reading: PolicyReading, want: tuple[str, ...]) -> None:
    text = policy("1").replace(
        b"mx: mx.example.com\n", b"mx: A.example.\nmx: *.c.example.\nmx: b.example\nmx: d e\n"
    )
    found = read_policy(text, msgspec.structs.replace(reading, policy_forgiven=frozenset({"mx-value"})))
    assert (found.mx if found else None) == want
    assert read_policy(text, reading) is None

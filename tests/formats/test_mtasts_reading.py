"""How programs read a policy that is not by the letter: what they refuse, cut and assume."""

import pytest

from mxproof.formats.mtasts_reading import PolicyReading, read_policy

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

"""Numbers on the command line: taken within their bounds, and refused in plain words."""

import click
import pytest

from mxproof.cli.options.number import Number

CONTEXT = click.Context(click.Command("check"))
OPTION = click.Option(["--timeout"])
SECONDS = Number(0.1, 300.0, "seconds")
COLUMNS = Number(60, 120, "columns")


@pytest.mark.parametrize(
    ("kind", "text", "want"), [(SECONDS, "0.1", 0.1), (SECONDS, "300", 300.0), (COLUMNS, "60", 60)]
)
def test_a_number_within_its_bounds_is_taken(kind: Number, text: str, want: float) -> None:
    got = kind.convert(text, OPTION, CONTEXT)
    assert (got, type(got)) == (want, type(want))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (SECONDS, "soon"),
        (SECONDS, "nan"),
        (SECONDS, "0"),
        (SECONDS, "301"),
        (SECONDS, "inf"),
        (COLUMNS, "80.5"),
        (COLUMNS, "59"),
        (COLUMNS, "121"),
        (COLUMNS, ""),
    ],
)
def test_any_other_is_refused_with_what_was_seen_and_expected(kind: Number, text: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        kind.convert(text, OPTION, CONTEXT)
    assert text in refused.value.message
    assert "was expected" in refused.value.message

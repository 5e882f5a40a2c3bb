"""Numbers on the command line, refused in the words of whoever typed them."""

import math
from collections.abc import Callable

import click

Callback = Callable[[click.Context, click.Parameter, str | None], float | None]


def number(least: float, most: float, unit: str) -> Callback:
    """Return the callback of an option that takes a number from `least` to `most`; whole where both bounds are.

    The callback raises click.BadParameter with what was seen and what was expected.
    """
    whole = isinstance(least, int) and isinstance(most, int)
    expected = (
        f"{'a whole number' if whole else 'a number'} of {unit} from {least:g} to {most:g} was expected"
    )

    def read(_ctx: click.Context, _param: click.Parameter, text: str | None) -> float | None:
        if text is None:
            return None
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            raise click.BadParameter(f"{text!r}; {expected}") from None
        if math.isnan(value) or not least <= value <= most:
            raise click.BadParameter(f"{text!r}; {expected}")
        return value

    return read

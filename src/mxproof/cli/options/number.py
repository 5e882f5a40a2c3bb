"""Numbers on the command line, refused in the words of whoever typed them."""

import math

import click


class Number(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """A number from `least` to `most` of something that has a name; whole where both bounds are."""

    name = "number"

    def __init__(self, least: float, most: float, unit: str) -> None:
        self._least = least
        self._most = most
        self._whole = isinstance(least, int) and isinstance(most, int)
        kind = "a whole number" if self._whole else "a number"
        self._expected = f"{kind} of {unit} from {least:g} to {most:g} was expected"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number; raises click.BadParameter with what was seen and what was expected."""
        try:
            number = int(str(value)) if self._whole else float(str(value))
        except ValueError:
            self.fail(f"{str(value)!r}; {self._expected}", param, ctx)
        if math.isnan(number) or not self._least <= number <= self._most:
            self.fail(f"{str(value)!r}; {self._expected}", param, ctx)
        return number

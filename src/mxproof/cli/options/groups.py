"""Options that several commands share, taken together as one frozen value."""

from collections.abc import Callable, Sequence
from functools import wraps

import msgspec

Command = Callable[..., int]
Option = Callable[[Command], Command]


def taking(name: str, kind: type[msgspec.Struct], options: Sequence[Option]) -> Option:
    """Return a decorator that gives a command `options`, gathered in the argument `name` as a value of `kind`.

    The fields of `kind` are called as the options are.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def gathered(**values: object) -> int:
            fields = {field: values.pop(field) for field in kind.__struct_fields__}
            return command(**values, **{name: msgspec.convert(fields, kind)})

        decorated: Command = gathered
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate

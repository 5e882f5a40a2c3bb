"""Options that several commands share, taken together as one frozen value."""

from collections.abc import Callable, Sequence
from functools import wraps

import msgspec

Command = Callable[..., int]
Option = Callable[[Command], Command]


def option_group(name: str, kind: type[msgspec.Struct], options: Sequence[Option]) -> Option:
    """Return a decorator that gives a command `options`, as the argument `name` as a value of `kind`.

    The fields of `kind` are called as the options are.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_group(**values: object) -> int:
            fields = {field: values.pop(field) for field in kind.__struct_fields__}
            return command(**values, **{name: msgspec.convert(fields, kind)})

        decorated: Command = with_group
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate

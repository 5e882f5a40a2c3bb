"""What msgspec says of a file, in the words of whoever wrote it: the key first, and what would have been right."""

import re
from typing import get_args, get_type_hints

import msgspec

_AT = re.compile(r" - at `\$\.?(?P<path>[^`]*)`\Z")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`\Z")
_PLACE = re.compile(r"\[[^\]]*\]")


def mistake(error: msgspec.DecodeError, table: type[msgspec.Struct]) -> str:
    """Return what is wrong with a file that was to be read as `table`."""
    message, path = str(error), ""
    if (at := _AT.search(message)) is not None:
        message, path = message[: at.start()], at["path"]
    inner = _type_at(table, path)
    if (unknown := _UNKNOWN.match(message)) is not None:
        key = f"{path}.{unknown['key']}" if path else unknown["key"]
        known = inner.__struct_fields__ if _is_struct(inner) else ()
        return f"{key}: there is no such key; {', '.join(known)} were expected"
    if message.startswith("Invalid enum value"):
        known = tuple(str(value) for value in get_args(inner))
        message += f"; {' or '.join(known)} was expected"
    return f"{path}: {message}" if path else message


def _type_at(table: type[msgspec.Struct], path: str) -> type[msgspec.Struct]:
    """Return the type of what stands at `path`, such as `dns.resolvers` or `override[0]`: of one where it is many."""
    found = table
    for name in filter(None, _PLACE.sub("", path).split(".")):
        found = get_type_hints(found)[name]
        many = get_args(found)
        if many[1:] == (...,):
            found = many[0]
    return found


def _is_struct(one: type) -> bool:
    return isinstance(one, type) and issubclass(one, msgspec.Struct)

"""The keys of a configuration, made of the struct that its file is read as, and as rows of a table."""

from collections.abc import Iterator

import msgspec
from msgspec import inspect

from keeping import row


class Key(msgspec.Struct, frozen=True):
    """A key by its whole name; `kind` may hold words in back quotes, `default` is JSON, empty where one must be given."""

    name: str
    kind: str
    default: str
    words: str


def keys(kind: inspect.Type) -> Iterator[str]:
    """Yield a row for each key."""
    for one in configured(kind):
        yield row(f"`{one.name}`", one.kind, f"`{one.default}`" if one.default else "", one.words)


def configured(kind: inspect.Type, within: str = "") -> Iterator[Key]:
    """Yield each key, those of tables last, and of those that may stand many times at the end."""
    assert isinstance(kind, inspect.StructType)
    tables = [one for one in kind.fields if isinstance(one.type, inspect.StructType)]
    many = [one for one in kind.fields if _member(one.type) is not None]
    for one in kind.fields:
        if one not in tables and one not in many:
            words, what = _told(one.type)
            default = "" if one.required else msgspec.json.encode(one.default).decode()
            yield Key(f"{within}{one.encode_name}", what, default, words)
    for one in tables:
        yield from configured(one.type, f"{within}{one.encode_name}.")
    for one in many:
        member = _member(one.type)
        assert member is not None
        yield from configured(member, f"{within}{one.encode_name}[].")


def _member(kind: inspect.Type) -> inspect.StructType | None:
    """Return the table that may stand many times, None for any other type."""
    inner = kind.item_type if isinstance(kind, inspect.VarTupleType) else None
    return inner if isinstance(inner, inspect.StructType) else None


def _told(kind: inspect.Type) -> tuple[str, str]:
    """Return the words of a key, and what its value is."""
    words = ""
    while isinstance(kind, inspect.Metadata):
        words = words or str((kind.extra_json_schema or {}).get("description", ""))
        kind = kind.type
    assert words, f"{kind}: a key without words"
    match kind:
        case inspect.BoolType():
            return words, "true or false"
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most) if least is not None:
            return words, f"{least:.12g} to {most:.12g}"
        case inspect.FloatType(gt=least, le=most):
            return words, f"above {least:.12g}, to {most:.12g}"
        case inspect.VarTupleType(item_type=inspect.LiteralType(values=values)):
            return words, "some of " + ", ".join(f"`{one}`" for one in values)
        case inspect.VarTupleType():
            return words, "texts"
        case inspect.DateTimeType():
            return words, "a time"
        case inspect.LiteralType(values=values):
            return words, ", ".join(f"`{one}`" for one in values)
        case inspect.EnumType(cls=kinds):
            return words, ", ".join(f"`{one.value}`" for one in kinds)
        case _:
            return words, "text"

"""Rows of the reference pages of a daemon: every key of its configuration, and every metric."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import inspect

from keeping import row

_SERIES = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})? \S+$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


def key_rows(config: type[msgspec.Struct]) -> Iterator[str]:
    """Yield a row for each key, those of tables last, and then those of tables of which there may be many."""
    yield from _keys(inspect.type_info(config), "")


def _keys(kind: inspect.Type, within: str) -> Iterator[str]:
    assert isinstance(kind, inspect.StructType)
    tables = [one for one in kind.fields if isinstance(one.type, inspect.StructType)]
    many = [
        one
        for one in kind.fields
        if isinstance(one.type, inspect.VarTupleType) and isinstance(one.type.item_type, inspect.StructType)
    ]
    for one in kind.fields:
        if one not in tables and one not in many:
            words, what = _told(one.type)
            default = "" if one.required else f"`{msgspec.json.encode(one.default).decode()}`"
            yield row(f"`{within}{one.encode_name}`", what, default, words)
    for one in tables:
        yield from _keys(one.type, f"{within}{one.encode_name}.")
    for one in many:
        assert isinstance(one.type, inspect.VarTupleType)
        yield from _keys(one.type.item_type, f"{within}[[{one.encode_name}]].")


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
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most):
            return words, f"{least:.12g} to {most:.12g}"
        case inspect.VarTupleType():
            return words, "texts"
        case inspect.LiteralType(values=values):
            return words, ", ".join(f"`{one}`" for one in values)
        case inspect.EnumType(cls=kinds):
            return words, ", ".join(f"`{one.value}`" for one in kinds)
        case _:
            return words, "text"


def metric_rows(text: str) -> Iterator[str]:
    """Yield a row for each metric of a text for Prometheus."""
    labels: dict[str, dict[str, dict[str, None]]] = {}
    for series in _SERIES.finditer(text):
        values = labels.setdefault(series["name"], {})
        for name, value in _LABEL.findall(series["labels"] or ""):
            values.setdefault(name, {})[value] = None
    for name, words in re.findall(r"^# HELP (\S+) (.*)$", text, re.MULTILINE):
        kind = re.search(rf"^# TYPE {name} (\w+)$", text, re.MULTILINE)
        told = "; ".join(
            f"`{label}`: {', '.join(f'`{value}`' for value in values)}"
            for label, values in labels.get(name, {}).items()
        )
        yield row(f"`{name}`", kind[1] if kind is not None else "", told, words)

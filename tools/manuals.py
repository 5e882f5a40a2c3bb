"""Build the manual pages: docs/man/man1 has one of each command, docs/man/man5 one of each configuration and JSON document."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import inspect

from commands import STATUSES, examples
from configuration_keys import configured
from keeping import ROOT, keep
from mxproof import __version__
from mxproof.cli.commands.policyd import CONFIG_ENVIRONMENT
from mxproof.cli.options.collect import COLLECT_CONFIG_ENVIRONMENT
from mxproof.cli.options.journal import TLSRPT_CONFIG_ENVIRONMENT
from mxproof.cli.options.publish import PUBLISH_CONFIG_ENVIRONMENT
from mxproof.cli.options.watch import WATCH_CONFIG_ENVIRONMENT
from mxproof.cli.program import NAME, program
from mxproof.serve.collect.config import CollectConfig
from mxproof.serve.policyd.config import Config
from mxproof.serve.publish.config import PublishConfig
from mxproof.serve.tlsrpt.config import ReportConfig
from mxproof.serve.watch.config import WatchConfig
from roff import escaped, example, heading, page, paragraph, see_also, tagged, text
from schema import files as schemas

MANUALS = ROOT / "docs" / "man"
CONTRIB = ROOT / "contrib"
SOURCE = f"{NAME} {__version__}"


class Configured(msgspec.Struct, frozen=True):
    """A configuration file: its name below /etc/mxproof, what it is read as, the variable that names another, who reads it."""

    file: str
    kind: type
    variable: str
    readers: tuple[str, ...]

    @property
    def manual(self) -> str:
        """The name of its page."""
        return f"{NAME}-{self.file}"


CONFIGURATIONS = (
    Configured("policyd.toml", Config, CONFIG_ENVIRONMENT, ("policyd",)),
    Configured(
        "tlsrpt.toml",
        ReportConfig,
        TLSRPT_CONFIG_ENVIRONMENT,
        ("tlsrpt receive", "tlsrpt import", "tlsrpt retry", "tlsrpt show"),
    ),
    Configured(
        "collect.toml",
        CollectConfig,
        COLLECT_CONFIG_ENVIRONMENT,
        ("tlsrpt collectd", "tlsrpt send", "tlsrpt bounced", "tlsrpt status"),
    ),
    Configured("watch.toml", WatchConfig, WATCH_CONFIG_ENVIRONMENT, ("watch serve", "watch status")),
    Configured(
        "publish.toml",
        PublishConfig,
        PUBLISH_CONFIG_ENVIRONMENT,
        (
            "publish serve",
            "publish apply",
            "publish adopt",
            "publish undo",
            "publish resume",
            "publish status",
        ),
    ),
)


def files() -> dict[Path, str]:
    """Return every page by its path."""
    context = click.Context(program, info_name=NAME, **program.context_settings)
    commands = dict(_commands(program, context))
    formats = {(one.manual, 5): _configuration(one) for one in CONFIGURATIONS} | dict(_documents())
    return {
        MANUALS / f"man{section}" / f"{name}.{section}": source
        for (name, section), source in (commands | formats).items()
    }


def _commands(command: click.Command, context: click.Context) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield the page of a command, and of those below it."""
    words = context.command_path
    below = command.list_commands(context) if isinstance(command, click.Group) else []
    yield (_manual(words), 1), page(_manual(words), 1, SOURCE, _command(command, context, below))
    for name in below:
        assert isinstance(command, click.Group)
        inner = command.get_command(context, name)
        assert inner is not None
        yield from _commands(inner, click.Context(inner, info_name=name, parent=context))


def _command(command: click.Command, context: click.Context, below: list[str]) -> Iterator[str]:
    described = [" ".join(part.split()) for part in (command.help or "").split("\n\n")]
    exits = [part for part in described if part.startswith("Exit status")]
    words = context.command_path
    yield heading("NAME")
    yield f"{escaped(_manual(words))} \\- {text(_first_sentence(described[0]))}\n"
    yield heading("SYNOPSIS")
    yield f"\\fB{escaped(words)}\\fR {escaped(' '.join(command.collect_usage_pieces(context)))}\n"
    yield heading("DESCRIPTION")
    yield from (paragraph(part) for part in described if part not in exits)
    if below:
        assert isinstance(command, click.Group)
        yield heading("COMMANDS")
        for name in below:
            inner = command.get_command(context, name)
            assert inner is not None
            yield tagged(f"{words} {name}", _first_sentence(" ".join((inner.help or "").split())) + ".")
    yield from _options(command, context)
    yield heading("EXIT STATUS")
    yield from (paragraph(part.partition(": ")[2] or part) for part in exits)
    if not exits:
        yield from (tagged(str(status), f"{meaning}.") for status, meaning in STATUSES)
    yield from _surroundings(words.removeprefix(f"{NAME} "))
    yield heading("EXAMPLES")
    yield example(examples(command.epilog or "").splitlines())
    yield see_also(_related(words, below))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
    yield heading("OPTIONS")
    for option in options:
        record = option.get_help_record(context)
        assert record is not None
        yield tagged(*record)


def _surroundings(words: str) -> Iterator[str]:
    """Yield which file and which variable a command reads, where it reads any."""
    for one in CONFIGURATIONS:
        if words in one.readers:
            yield heading("FILES")
            yield tagged(f"/etc/mxproof/{one.file}", f"The configuration; `{one.manual}`(5) tells every key.")
            yield heading("ENVIRONMENT")
            yield tagged(one.variable, "Names another file of configuration.")


def _related(words: str, below: list[str]) -> list[tuple[str, int]]:
    parent, _, _ = words.rpartition(" ")
    read = [(one.manual, 5) for one in CONFIGURATIONS if words.removeprefix(f"{NAME} ") in one.readers]
    return [
        *((_manual(parent), 1) for _ in (1,) if parent),
        *((_manual(f"{words} {name}"), 1) for name in below),
        *read,
    ]


def _configuration(one: Configured) -> str:
    readers = [f"`{NAME} {reader}`" for reader in one.readers]
    told = " and ".join([", ".join(readers[:-1]), readers[-1]] if readers[1:] else readers)
    parts = [
        heading("NAME"),
        f"{escaped(one.manual)} \\- configuration of {text(told)}\n",
        heading("SYNOPSIS"),
        f"/etc/mxproof/{escaped(one.file)}\n",
        heading("DESCRIPTION"),
        paragraph(
            f"One file in TOML, read by {told}. The option `--config` or the variable `{one.variable}` names another. "
            "A key that has a default may be left out. A key that is not known, or a value beyond its bounds, "
            "is an error that names it."
        ),
        paragraph("`[]` in a name stands for a table that may be there many times, as `[[name]]`."),
        heading("KEYS"),
        *(
            tagged(*_key(key.name, key.kind, key.default, key.words))
            for key in configured(inspect.type_info(one.kind))
        ),
        heading("EXAMPLE"),
        paragraph("The file that is packaged:"),
        example((CONTRIB / one.file).read_text(encoding="utf-8").splitlines()),
        see_also((_manual(f"{NAME} {reader}"), 1) for reader in one.readers),
    ]
    return page(one.manual, 5, SOURCE, parts)


def _documents() -> Iterator[tuple[tuple[str, int], str]]:
    """Yield the page of each JSON document, made of its schema."""
    for path, source in schemas().items():
        schema = json.loads(source)
        manual = f"{NAME}-{path.name.removesuffix('.schema.json')}.json"
        yield (manual, 5), page(manual, 5, SOURCE, _document(manual, path.name, schema))


def _document(manual: str, file: str, schema: dict[str, Any]) -> Iterator[str]:
    root = schema["$ref"].rpartition("/")[2]
    yield heading("NAME")
    yield f"{escaped(manual)} \\- {text(schema['title'])}\n"
    yield heading("DESCRIPTION")
    yield paragraph(schema["$defs"][root].get("description", ""))
    yield paragraph(
        f"The JSON Schema is `reference/{file}` of the documentation. Members are only ever added: a reader passes "
        "over those that it does not know."
    )
    for name in (root, *sorted(schema["$defs"].keys() - {root})):
        yield from _definition(name, schema["$defs"][name], is_root=name == root)
    yield see_also([(NAME, 1)])


def _definition(name: str, part: dict[str, Any], *, is_root: bool) -> Iterator[str]:
    yield heading("MEMBERS" if is_root else escaped(name))
    if not is_root and part.get("description"):
        yield paragraph(part["description"])
    if "enum" in part:
        yield paragraph("One of " + ", ".join(f"`{one}`" for one in part["enum"]) + ".")
    required = part.get("required", ())
    for member, kind in part.get("properties", {}).items():
        may_lack = "" if member in required else " It may be missing."
        yield tagged(member, f"{_sentence(_shape(kind))}{may_lack} {kind.get('description', '')}".strip())


def _shape(kind: dict[str, Any]) -> str:
    """Return in words what a value is."""
    if "anyOf" in kind:
        return " or ".join(dict.fromkeys(_shape(one) for one in kind["anyOf"]))
    if "$ref" in kind:
        return f"`{kind['$ref'].rpartition('/')[2]}`"
    if "enum" in kind:
        return " or ".join(f"`{one}`" for one in kind["enum"])
    if kind.get("type") == "array":
        return f"List of {_shape(kind.get('items') or {})}"
    if kind.get("type") == "object":
        return f"Table of {_shape(kind.get('additionalProperties') or {})}"
    named = str(kind.get("type", "any value"))
    return "whole number" if named == "integer" else named


def _key(name: str, kind: str, default: str, words: str) -> tuple[str, str]:
    given = f"The default is `{default}`." if default else "It must be given."
    return name, f"{words} {_sentence(kind)} {given}"


def _first_sentence(words: str) -> str:
    return words.partition(". ")[0].removesuffix(".")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _manual(words: str) -> str:
    return words.replace(" ", "-")


if __name__ == "__main__":
    raise SystemExit(keep(files(), "manuals.py"))

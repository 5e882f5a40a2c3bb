"""The commands in the documentation: found in its pages, read without being run, or run in a shell.

| block | what it holds | what is done with it |
|---|---|---|
| `sh` | commands, with here-documents | run |
| `console` | commands behind `$ `, each followed by what it prints | run, and the output compared |
| any other | no commands | nothing |

A command is run if every program in it is `LOCAL`, it names nothing that is the reader's own, and no mxproof in it asks
the real network or serves until it is told to end. Otherwise it is only read: options, choices, scenarios, codes and
make targets must exist. In printed output a line `...` stands for any lines. The commands of one page are run in order
by one shell in an empty directory.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from keeping import ROOT
from mxproof.cli.program import NAME, program
from mxproof.formats import FormatError
from mxproof.formats.names import parse_domain
from mxproof.judge.codes import Code
from mxproof.lab.scenario import scenarios

LOCAL = frozenset({NAME, "cat", "echo", "grep", "head", "sort", "uniq"})
ELSEWHERE = frozenset(
    {
        "apt",
        "chmod",
        "curl",
        "dig",
        "install",
        "install-real",
        "journalctl",
        "jq",
        "ln",
        "ls",
        "make",
        "openssl",
        "pg_dump",
        "pip",
        "pipx",
        "postconf",
        "postfix",
        "postmap",
        "postqueue",
        "python",
        "python3",
        "runuser",
        "ssh",
        "sysctl",
        "sudo",
    }
    | {"systemctl"}
)
"""Programs that need the Internet, another machine, or more than a test may take for granted."""
SERVING = (
    ["lab", "run"],
    ["policyd"],
    ["tlsrpt", "receive"],
    ["watch", "serve"],
    ["watch", "follow"],
    ["publish", "serve"],
    ["sendertest", "serve"],
)
ASKING = (["watch", "user", "add"], ["watch", "user", "password"])
"""Commands that ask for a password."""
READERS_OWN = ("yourdomain", "bounce.eml", "report.eml", "Maildir/", "/var/log/", "first-run")
"""What only the reader has."""
PAGE_S_MAX = 600.0
ELLIPSIS = "..."

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(rf"`({NAME} [^`]+)`")
_TARGET = re.compile(r"^(\w[\w-]*):", re.MULTILINE)
_HERE_DOCUMENT = re.compile(r"<<'?(\w+)'?")
_PLACEHOLDER = re.compile(r"[A-Z_]+")
_BETWEEN = frozenset({"|", "||", "&&", ";", "(", ")", "&"})
_ENDED = "@@ended"


class Shown(msgspec.Struct, frozen=True):
    """A command as a page has it, and what the page says it prints; None where the page does not say."""

    text: str
    output: str | None = None


class Ran(msgspec.Struct, frozen=True):
    """What a command printed, stderr among it, and how it ended."""

    shown: Shown
    output: str
    status: int


def commands(markdown: str) -> list[Shown]:
    """Return the commands in the fenced blocks of a page."""
    found: list[Shown] = []
    for indent, kind, body in _FENCE.findall(markdown):
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        if kind == "sh":
            found += (Shown(text) for text in _scripted(lines))
        elif kind == "console":
            found += _session(lines)
    return found


def inline_commands(markdown: str) -> list[str]:
    """Return the mxproof commands that stand in running text."""
    return [" ".join(text.split()) for text in _INLINE.findall(_FENCE.sub("", markdown))]


def is_run(text: str) -> bool:
    """Tell whether a command line is run, or only read."""
    parts = simple_commands(text)
    leaves = any(_leaves(words[1:]) for words in parts if words[0] == NAME)
    return (
        not leaves and {words[0] for words in parts} <= LOCAL and not any(own in text for own in READERS_OWN)
    )


def faults(text: str) -> list[str]:
    """Return what is wrong with a command line, as far as reading can tell."""
    found: list[str] = []
    for words in simple_commands(text):
        if Path(words[0]).name not in LOCAL | ELSEWHERE:
            found.append(f"{words[0]!r} is neither local nor known to be elsewhere")
        if words[0] == "make":
            targets = _TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
            found += (
                f"no make target {word}" for word in words[1:] if "=" not in word and word not in targets
            )
        if NAME in words:
            found += misuses(words[words.index(NAME) + 1 :])
    return found


def misuses(arguments: list[str], *, whole: bool = True) -> list[str]:
    """Return what mxproof has against its arguments; `whole` is False where some may have been left out."""
    return _misuses(program, arguments, whole=whole)


def _misuses(command: click.Command, arguments: list[str], *, whole: bool) -> list[str]:
    context = click.Context(command, info_name=NAME, **command.context_settings)
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        inner = command.get_command(context, arguments[0])
        if inner is None:
            return [f"no command {arguments[0]!r}"]
        command, arguments = inner, arguments[1:]
        # A context without a parent would not have its names for --help, and click keeps the first option it makes.
        context = click.Context(command, parent=context)
    try:
        values, surplus, _ = command.make_parser(context).parse_args(list(arguments))
        typed = {
            one.name: one.type_cast_value(context, values[one.name])
            for one in command.params
            if one.name is not None and isinstance(values.get(one.name), str | list | tuple)
        }
    except click.UsageError as error:
        return [error.format_message()]
    missing = [one.name for one in command.params if one.required and one.name not in typed]
    if isinstance(command, click.Group) and surplus and command.get_command(context, surplus[0]) is not None:
        return _misuses(command, surplus, whole=whole)
    found = [f"too much: {word}" for word in surplus]
    found += [f"not given: {name}" for name in missing if whole]
    return found + [
        fault for name, value in typed.items() if (fault := _unknown(str(name), value)) is not None
    ]


def simple_commands(text: str) -> list[list[str]]:
    """Return the words of each simple command in a command line, without redirections and here-documents."""
    line = text.replace("\\\n", " ").partition("\n")[0]
    lexer = shlex.shlex(_HERE_DOCUMENT.sub("", line), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    target = False
    for word in lexer:
        if word in _BETWEEN:
            found.append([])
        elif set(word) <= {"<", ">"}:
            target = True
        elif target:
            target = False
        else:
            found[-1].append(word)
    return [words for words in found if words]


def run(page: list[Shown], folder: Path) -> list[Ran]:
    """Run the commands of a page that can be run here, in order, in the empty directory `folder`."""
    wanted = [shown for shown in page if is_run(shown.text)]
    (folder / "bin").mkdir()
    (folder / "work").mkdir()
    (folder / "home").mkdir()
    program_file = folder / "bin" / NAME
    program_file.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m mxproof "$@"\n', encoding="utf-8"
    )
    program_file.chmod(0o755)
    ended = f"ended=$?; printf '{_ENDED} %d\\n' $ended; (exit $ended)\n"
    got = subprocess.run(
        ["bash", "-c", "exec 2>&1\n" + "".join(f"{shown.text}\n{ended}" for shown in wanted)],
        cwd=folder / "work",
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONUTF8": "1",
            # What a page keeps is not what whoever runs the tests keeps.
            "HOME": str(folder / "home"),
        },
        capture_output=True,
        check=False,
        timeout=PAGE_S_MAX,
    )
    pieces = re.split(rf"^{_ENDED} (\d+)\n", got.stdout.decode(), flags=re.MULTILINE)
    outcomes = zip(pieces[::2], pieces[1::2], strict=False)
    return [Ran(shown, output, int(status)) for shown, (output, status) in zip(wanted, outcomes, strict=True)]


def filled(shown: str, output: str) -> str:
    """Return what a page shows with each `...` filled in from `output`, or as it is where it does not fit."""
    lines = (r"(?:.*\n)*" if line == ELLIPSIS else re.escape(line) + "\n" for line in shown.splitlines())
    return output if re.fullmatch("".join(lines), output) else shown


def _scripted(lines: list[str]) -> Iterator[str]:
    """Yield commands with their continuation lines and here-documents; comments and empty lines are left out."""
    rest = iter(lines)
    for line in rest:
        whole = [line]
        while whole[-1].endswith("\\"):
            whole.append(next(rest))
        if here := _HERE_DOCUMENT.search(whole[-1]):
            while whole[-1] != here.group(1):
                whole.append(next(rest))
        if line.strip() and not line.lstrip().startswith("#"):
            yield "\n".join(whole)


def _session(lines: list[str]) -> Iterator[Shown]:
    """Yield what stands behind each prompt with the lines that follow it."""
    starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"a console block begins with a prompt, not with {lines[:1]}"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        stop = next(at for at in range(start, end) if not lines[at].endswith("\\")) + 1
        text = "\n".join([lines[start].removeprefix("$ "), *lines[start + 1 : stop]])
        yield Shown(text, "".join(f"{line}\n" for line in lines[stop:end]))


def _leaves(arguments: list[str]) -> bool:
    """Tell whether mxproof would ask the real network or whoever types with these arguments, or never end."""
    if any(arguments[: len(words)] == words for words in (*SERVING, *ASKING)):
        return True
    asks = arguments[:1] in (["check"], ["collect"]) or "--check" in arguments
    return asks and "--lab" not in arguments


def _unknown(name: str, value: object) -> str | None:
    """Return what is wrong with the value of an argument beyond its type."""
    if name == "domains" and isinstance(value, tuple):
        return next((fault for one in value if (fault := _unknown("domain", one))), None)
    text = str(value)
    if not isinstance(value, str) or _PLACEHOLDER.fullmatch(text):
        return None
    if name in {"lab", "scenario"} and text not in scenarios() and not text.endswith(".toml"):
        return f"no scenario {text!r}"
    if name == "code" and text not in {str(code) for code in Code}:
        return f"no finding {text!r}"
    if name == "domain":
        try:
            parse_domain(text)
        except FormatError as error:
            return str(error)
    return None

"""The program as a whole: its commands, their help, its version, and usage errors in one line."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from mxproof import __version__
from mxproof.cli.program import COMMANDS, program
from support_cli import mxproof, one_line
from support_long import EXHAUSTIVE

CASES = Path(__file__).resolve().parents[1] / "cases"
SAMPLE = Path(__file__).resolve().parents[1] / "data" / "tlsrpt" / "google-2024.json"


def _command(name: str) -> click.Command:
    command = program.get_command(click.Context(program, **program.context_settings), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_and_an_example(name: str) -> None:
    command = _command(name)
    assert command.help
    assert command.epilog is not None
    assert f"  mxproof {name}" in command.epilog


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_words_in_the_help(name: str) -> None:
    options = [one for one in _command(name).params if isinstance(one, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_fits_a_narrow_terminal(name: str) -> None:
    got = mxproof(name, "--help")
    assert (got.returncode, got.stderr) == (0, b"")
    assert f"mxproof {name}".encode() in got.stdout


def test_the_help_names_every_command() -> None:
    got = mxproof("--help")
    assert got.returncode == 0
    assert re.findall(r"^  ([\w-]+)  ", got.stdout.decode().partition("Commands:")[2], re.MULTILINE) == list(
        COMMANDS
    )


def test_the_version_is_said() -> None:
    got = mxproof("--version")
    assert (got.returncode, got.stdout.decode()) == (0, f"mxproof {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--version"], ("asyncio", "cryptography", "dns", "idna", "msgspec", "ssl")),
        (["explain", "451 4.4.8 failed"], ("asyncio", "cryptography", "dns", "mxproof.judge.report")),
    ],
)
def test_what_asks_nobody_needs_nothing_heavy(arguments: list[str], heavy: tuple[str, ...]) -> None:
    code = (
        f"import sys; from mxproof.cli.main import main; main({arguments});"
        f"sys.exit(repr([name for name in {heavy} if name in sys.modules]))"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert got.stderr == b"[]\n"


@EXHAUSTIVE
def test_a_plain_check_loads_nothing_of_what_it_does_not_say() -> None:
    """Held on the incident as recorded, whose fix suffices, since a lab in the process would load what serves it."""
    unneeded = (
        "mxproof.explain",
        "mxproof.remedy.deed",
        "mxproof.remedy.measure",
        "mxproof.remedy.one_way",
        "mxproof.remedy.planning",
        "mxproof.remedy.rehearsal",
        "mxproof.remedy.search",
        "mxproof.serve",
        "mxproof.store",
        *(
            f"mxproof.judge.checks.{name}"
            for name in ("caa", "dkim", "dmarc", "dnsbl", "reports", "spf", "tls")
        ),
        *(
            f"mxproof.survey.{name}"
            for name in ("caa", "dkim", "dmarc", "dnsbl", "reports", "sending", "spf")
        ),
        *(
            f"mxproof.judge.catalogue.{name}"
            for name in ("caa", "dane", "dkim", "dmarc", "dnsbl", "name_servers", "sending", "spf", "tls")
        ),
        *(
            f"mxproof.judge.catalogue.{name}_table"
            for name in ("bouncers", "details", "fixes", "labs", "summaries")
        ),
        *(f"mxproof.render.{name}" for name in ("csv", "html", "junit", "markdown", "markup", "nagios")),
        "dns",
        "idna",
        "sqlalchemy",
    )
    code = (
        "import sys; import mxproof.cli.commands.check; from mxproof.cli.main import main;"
        f"main(['replay', {str(CASES / 'incident.evidence.json')!r}]);"
        f"loaded = [name for name in sys.modules if f'{{name}}.'.startswith({tuple(f'{one}.' for one in unneeded)})];"
        "sys.exit(repr(loaded))"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert got.stderr.splitlines()[-1] == b"[]"


@EXHAUSTIVE
def test_reports_are_imported_into_a_new_store_without_what_migrates_signs_or_sends(tmp_path: Path) -> None:
    arguments = ["tlsrpt", "import", "--any-domain", "--store", f"sqlite:{tmp_path}/new.db", str(SAMPLE)]
    unneeded = ("alembic", "mako", "smtplib", "sqlalchemy.dialects.postgresql", "mxproof.mail.dkim_signing")
    code = (
        f"import sys; from mxproof.cli.main import main; main({arguments});"
        f"sys.exit(repr([name for name in {unneeded} if name in sys.modules]))"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert got.stderr.splitlines()[-1] == b"[]"
    assert (tmp_path / "new.db").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("no-such-command",),
        ("--no-such-option",),
        ("collect",),
        ("collect", "example.com", "another.example"),
        ("collect", "example.com", "--timeout", "soon"),
        ("collect", "example.com", "--timeout", "0"),
        ("collect", "example.com", "--timeout", "nan"),
        ("collect", "example.com", "--resolver", "not-an-address"),
        ("collect", "example.com", "--resolver", "127.0.0.1:70000"),
        ("collect", "example.com", *("--resolver", "127.0.0.1", "--resolver", "127.0.0.2") * 2),
        ("collect", "example.com", "--connect-to", "192.0.2.1:25"),
        ("collect", "example.com", "--ca-file", "/no/such/file"),
        ("collect", "example.com", "--ca-file", __file__),
        ("collect", "example.com", "--lab", "no-such-scenario"),
        ("collect", "example.com", "--lab", "incident", "--resolver", "127.0.0.1"),
        ("collect", "example.com", "--lab", "incident", "--no-trust-ad"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(arguments: tuple[str, ...]) -> None:
    got = mxproof(*arguments)
    assert one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "example",
        "192.0.2.1",
        "[2001:db8::1]",
        "a..example",
        "-a.example",
        "a b.example",
        "user@",
        "http://",
        "x" * 64 + ".example",
        "a." * 2000,
        "\x1b[2J.example",
        "xn--\u202e.example",
    ],
)
def test_what_is_no_domain_is_answered_in_one_line(typed: str) -> None:
    got = mxproof("collect", "--", typed)
    line = one_line(got.stderr)
    assert "expected" in line
    assert line.isprintable()
    assert (got.returncode, got.stdout) == (2, b"")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("chek", "example.com"), "mxproof check"),
        (("example.com",), "mxproof check example.com"),
        (("lab", "run", "incidnt"), "incident"),
        (("check", "example.com", "--lab", "half-fxed"), "half-fixed"),
        (("policyd", "qury"), "query"),
    ],
)
def test_a_mistyped_word_is_met_with_what_was_perhaps_meant(typed: tuple[str, ...], meant: str) -> None:
    got = mxproof(*typed)
    assert got.returncode == 2
    assert meant in one_line(got.stderr)


@pytest.mark.parametrize(
    "command", [(), *((name,) for name in COMMANDS), ("policyd", "query"), ("lab", "run")]
)
def test_h_is_short_for_help(command: tuple[str, ...]) -> None:
    assert mxproof(*command, "-h").stdout == mxproof(*command, "--help").stdout != b""

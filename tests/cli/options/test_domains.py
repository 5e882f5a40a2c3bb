"""Which domains are meant: those typed and those of a list, each once, and where the others stand."""

import io
import sys
from pathlib import Path

import click
import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options import domains as module
from mxproof.cli.options.domains import (
    BAD_LINES_NAMED_MAX,
    LISTED_DOMAINS_MAX,
    LISTED_LINE_BYTES_MAX,
    DomainOptions,
    domain_options,
)
from support_options import refusal, taken
from support_terminal import TypedStdin

STDIN = Path("-")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return tmp_path / "list"


def names(options: DomainOptions) -> list[str]:
    return [one.name for one in options.named()]


def refused(options: DomainOptions) -> str:
    with pytest.raises(RunError) as error:
        options.named()
    assert error.value.status == USAGE
    return str(error.value)


def unnamed(options: DomainOptions) -> str:
    with pytest.raises(click.UsageError) as error:
        options.named()
    return error.value.message


def test_each_domain_is_named_once_in_the_order_in_which_it_was_named_first(listed: Path) -> None:
    listed.write_text("example.net\nexample.com\nexample.org\n")
    options = DomainOptions(("example.org", "EXAMPLE.com.", "example.org"), listed)
    assert names(options) == ["example.org", "example.com", "example.net"]


def test_a_list_holds_a_domain_a_line_and_comments(listed: Path) -> None:
    listed.write_bytes(b"\xef\xbb\xbfexample.com # the first\n\n  # none\n\t example.net\r\nexample.org")
    assert names(DomainOptions(file=listed)) == ["example.com", "example.net", "example.org"]


def test_the_mark_of_an_encoding_is_passed_over_at_the_beginning_alone(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed.write_bytes(b"\xef\xbb\xbfexample.com\n\xef\xbb\xbfexample.net\n")
    assert names(DomainOptions(file=listed)) == ["example.com", "example.net"]
    assert capsys.readouterr().err == (
        f"mxproof: {listed}, line 2: taking '\\ufeffexample.net' for the domain example.net\n"
    )


def test_there_are_many_where_several_are_typed_or_a_list_is_named(listed: Path) -> None:
    assert not DomainOptions().are_many
    assert not DomainOptions(("example.com",)).are_many
    assert DomainOptions(("example.com", "example.com")).are_many
    assert DomainOptions(file=listed).are_many


def test_no_domain_is_wrong_usage(listed: Path) -> None:
    listed.write_text("# none\n")
    assert unnamed(DomainOptions()) == (
        "no domain was named; expected DOMAIN, or --file LIST with a domain a line"
    )
    assert unnamed(DomainOptions(file=listed)) == f"{listed}: no domain is in it; expected a domain a line"


def test_stdin_is_a_list_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"example.com\nexample.net\n")))
    assert names(DomainOptions(file=STDIN)) == ["example.com", "example.net"]
    assert unnamed(DomainOptions(file=STDIN)) == "stdin: no domain is in it; expected a domain a line"
    assert capsys.readouterr().err == ""


def test_who_types_a_list_on_a_terminal_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", TypedStdin(b"example.com\n"))
    assert names(DomainOptions(file=STDIN)) == ["example.com"]
    assert capsys.readouterr().err == (
        "mxproof: waiting for domains on stdin, one a line; Ctrl-D ends them\n"
    )


def test_a_list_is_not_read_from_a_stdin_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refused(DomainOptions(file=STDIN)) == "stdin is closed; a list of domains was expected there"


def test_a_list_that_cannot_be_read_is_refused(listed: Path) -> None:
    assert refused(DomainOptions(file=listed)) == f"{listed}: cannot be read (No such file or directory)"


def test_a_line_is_read_up_to_a_limit(listed: Path) -> None:
    assert LISTED_LINE_BYTES_MAX == 4096
    most = b"example.com #".ljust(LISTED_LINE_BYTES_MAX - 1, b" ")
    listed.write_bytes(most + b"\nexample.net\n")
    assert names(DomainOptions(file=listed)) == ["example.com", "example.net"]
    listed.write_bytes(b"example.net\n" + most + b" \n")
    assert refused(DomainOptions(file=listed)) == (
        f"{listed}, line 2: longer than 4096 bytes; a domain a line was expected"
    )


def test_a_line_in_another_encoding_is_refused(listed: Path) -> None:
    listed.write_bytes("example.com\nb\u00fccher.example\n".encode("latin-1"))
    assert refused(DomainOptions(file=listed)) == (
        f"{listed}, line 2: not UTF-8; a domain a line was expected"
    )


def test_what_is_no_domain_is_told_with_its_line(listed: Path) -> None:
    listed.write_text("example.com\nno domain\n")
    want = (
        "not a label of letters, digits and hyphens: 'no domain'; a domain such as example.com was expected"
    )
    assert refused(DomainOptions(("no domain",))) == want
    assert refused(DomainOptions(file=listed)) == f"{listed}, line 2: {want}"


def test_of_several_that_are_none_the_others_are_told_by_where_they_stand(listed: Path) -> None:
    listed.write_text("example.com\nno domain\n")
    assert refused(DomainOptions(("a b", "c d"), listed)) == (
        "not a label of letters, digits and hyphens: 'a b'; a domain such as example.com was expected; "
        f"no domain either: 'c d'; {listed}, line 2"
    )


@pytest.mark.parametrize(("more", "rest"), [(0, ""), (1, " and 1 more")])
def test_so_many_are_told_by_where_they_stand_and_the_rest_is_counted(more: int, rest: str) -> None:
    assert BAD_LINES_NAMED_MAX == 10
    bad = tuple(f"no {number}" for number in range(1 + BAD_LINES_NAMED_MAX + more))
    told = "; ".join(f"'no {number}'" for number in range(1, 1 + BAD_LINES_NAMED_MAX))
    got = refused(DomainOptions(bad))
    assert got.partition("; no domain either: ")[2] == f"{told}{rest}"


def test_so_many_domains_are_checked_in_one_run(monkeypatch: pytest.MonkeyPatch, listed: Path) -> None:
    assert LISTED_DOMAINS_MAX == 100_000
    monkeypatch.setattr(module, "LISTED_DOMAINS_MAX", 3)
    listed.write_text("a.example\nb.example\n")
    assert len(names(DomainOptions(("c.example",), listed))) == 3
    assert refused(DomainOptions(("c.example", "d.example"), listed)) == (
        "more than 3 domains; at most that many are checked in one run"
    )


def test_so_many_domains_are_asked_about_at_once() -> None:
    assert taken(domain_options, "example.com") == DomainOptions(("example.com",), None, 20)
    assert taken(domain_options, "--jobs", "200").jobs == 200
    assert refusal(domain_options, "--jobs", "201") == (
        "Invalid value for '--jobs': '201'; a whole number of domains from 1 to 200 was expected"
    )

"""The words of a command that an option names."""

import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.command_words import command_words


def test_a_command_is_taken_apart_as_a_shell_does() -> None:
    assert command_words("--password-command", "pass 'mail of example.com'") == (
        "pass",
        "mail of example.com",
    )
    assert command_words("--password-command", None) == ()


def test_a_quotation_that_does_not_end_is_refused() -> None:
    with pytest.raises(RunError) as error:
        command_words("--password-command", 'pass "mail')
    assert (str(error.value), error.value.status) == (
        "--password-command 'pass \"mail': No closing quotation",
        USAGE,
    )

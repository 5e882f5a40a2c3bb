"""The commands that an explanation leads to, where the text names nobody."""

import pytest

from mxproof.explain.engine import explain


@pytest.mark.parametrize(
    ("text", "command", "name"),
    [
        ("MX hosts failed MTA-STS validation", "mxproof check RECIPIENT-DOMAIN", "RECIPIENT-DOMAIN"),
        (
            "454 4.7.0 TLS not available due to local problem",
            "mxproof check RECIPIENT-DOMAIN",
            "RECIPIENT-DOMAIN",
        ),
        (
            "550 5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy",
            "dig +short TXT _dmarc.SENDER-DOMAIN",
            "SENDER-DOMAIN",
        ),
        ("dkim=timeout", "dig +short TXT SELECTOR._domainkey.SENDER-DOMAIN", "SELECTOR"),
    ],
)
def test_a_name_that_the_text_does_not_have_is_said_to_be_put_in(text: str, command: str, name: str) -> None:
    front, _, note = explain(text.encode()).next[0].partition("  # ")
    assert front == command
    assert f"{name}: " in note


def test_a_command_whose_names_are_known_has_nothing_to_be_put_in() -> None:
    (command,) = explain(b"450 4.7.323 tlsa-invalid: The domain example.com failed DANE validation").next
    assert command == "mxproof check example.com"

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


def test_each_cause_of_a_paste_names_its_own_domain_and_each_recipient_its_own_kind() -> None:
    text = (
        "<a@turm.example>: connect to mx.turm.example[203.0.113.160]:25: Connection refused\n\n"
        "<b@mauer.example>: host mx.mauer.example[203.0.113.161] said: 550 5.7.23 SPF validation failed\n\n"
        "<c@burg.example>: host mx.burg.example[203.0.113.162] said: 552 5.2.2 mailbox full\n"
    )
    got = explain(text.encode())
    assert [(one.address, one.causes, one.other) for one in got.recipients] == [
        ("a@turm.example", ("connect_refused",), None),
        ("b@mauer.example", ("spf_fail",), None),
        ("c@burg.example", (), "mailbox-full"),
    ]
    assert [command.split("  #")[0] for command in got.next if "TXT" in command] == [
        "dig +short TXT SENDER-DOMAIN"
    ]
    assert got.causes[1].host is None


def test_numbers_of_a_text_that_is_no_mail_are_no_codes() -> None:
    text = (
        "2026-03-03 06:14:01 upgrade libssl3:amd64 3.0.15-1 5.1.10\n2026-03-03 06:14:02 upgrade dpkg 5.1.10\n"
    )
    assert explain(text.encode()).codes == ()

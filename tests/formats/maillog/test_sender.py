"""Whose mail it is; the table of known systems has its test here too."""

import pytest

from mxproof.formats.maillog.sender import OTHERS, SenderNames, is_loopback
from mxproof.formats.maillog.systems import SYSTEMS


@pytest.mark.parametrize(
    ("host", "sender"),
    [
        ("mail-am6eur05on2040.outbound.protection.outlook.com", "Microsoft"),
        ("mail-wm1-f41.google.com", "Google"),
        ("sonic314-19.consmr.mail.ir2.yahoo.com", "Yahoo"),
        ("a1-2.smtp-out.eu-west-1.amazonses.com", "Amazon SES"),
        ("mail1.firm.example.co.uk", "example.co.uk"),
        ("MX.Example.COM.", "example.com"),
        ("notgoogle.com", "notgoogle.com"),
        ("unknown", OTHERS),
        ("192.0.2.1", OTHERS),
        ("", OTHERS),
    ],
)
def test_a_host_belongs_to_a_system_or_an_organisation(host: str, sender: str) -> None:
    names = SenderNames()
    assert names.of(host) == sender
    assert names.of(host) == sender


def test_no_suffix_belongs_to_two_systems() -> None:
    suffixes = [suffix for _, ends in SYSTEMS for suffix in ends]
    assert len(suffixes) == len(set(suffixes))


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::1:2", False),
        ("127.x", False),
        ("192.0.2.1", False),
    ],
)
def test_a_loopback_address_is_this_machine(address: str, own: bool) -> None:
    assert is_loopback(address) is own

"""Where an account is, read from a URL; a password in it is refused, and never repeated."""

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.net.account_url import AccountUrl, parse_account_url

PORTS = {"imaps": 993, "imap": 143}


def parse(url: str) -> AccountUrl:
    return parse_account_url(url, "mailbox", "write imaps://user@host/folder", PORTS)


@pytest.mark.parametrize(
    ("url", "want"),
    [
        (
            "imaps://a@mail.example.com/INBOX",
            AccountUrl("imaps", "mail.example.com", 993, "a", "mail.example.com", "/INBOX"),
        ),
        ("imap://mail.example.com", AccountUrl("imap", "mail.example.com", 143, "", "mail.example.com", "")),
        ("imaps://mail:1993", AccountUrl("imaps", "mail", 1993, "", "mail:1993", "")),
        ("imaps://[2001:db8::1]:1", AccountUrl("imaps", "2001:db8::1", 1, "", "[2001:db8::1]:1", "")),
        ("imaps://a%40b.c@Mail/", AccountUrl("imaps", "mail", 993, "a@b.c", "Mail", "/")),
        ("imaps://a@b.c@mail", AccountUrl("imaps", "mail", 993, "a@b.c", "mail", "")),
    ],
)
def test_a_url_names_scheme_host_port_user_and_path(url: str, want: AccountUrl) -> None:
    assert parse(url) == want


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.com",
        "http://mail.example.com",
        "imaps://",
        "imaps://a@",
        "imaps:///x",
        "imaps://m:x",
    ],
)
def test_what_is_no_url_of_such_an_account_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="imaps://user@host"):
        parse(url)


@pytest.mark.parametrize("url", ["imaps://a:s3cret@mail", "imaps://:s3cret@mail", "http://a:s3cret@"])
def test_a_password_is_refused_without_being_said_again(url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse(url)
    assert "s3cret" not in str(raised.value)


def test_a_url_that_cannot_be_taken_apart_is_refused_without_what_is_in_it() -> None:
    with pytest.raises(ConfigError) as raised:
        parse("imaps://a:s3cret@[mail:99999999")
    assert "s3cret" not in str(raised.value)

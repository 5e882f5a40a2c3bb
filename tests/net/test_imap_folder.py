"""Where a folder of IMAP is; what is read from one is tried with a real Dovecot in tests/real/tlsrpt/test_imap.py."""

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.net.imap_folder import ImapFolder, parse_imap_folder


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("imaps://u@imap.example.com", ImapFolder("imap.example.com", 993, "u")),
        ("imaps://u@imap.example.com/", ImapFolder("imap.example.com", 993, "u")),
        ("imap://u@imap.example.com", ImapFolder("imap.example.com", 143, "u", starttls=True)),
        (
            "imaps://u@example.com@imap.example.com:1993/A/B",
            ImapFolder("imap.example.com", 1993, "u@example.com", "A/B"),
        ),
        (
            "imaps://u%40example.com@[2001:db8::1]/A%20B",
            ImapFolder("2001:db8::1", 993, "u@example.com", "A B"),
        ),
    ],
)
def test_a_folder_is_read_from_its_url_and_named_by_one(url: str, want: ImapFolder) -> None:
    assert parse_imap_folder(url) == want


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        (ImapFolder("h.example", 993, "a@b", "\xc4 B"), "imaps://a%40b@h.example:993/%C3%84%20B"),
        (ImapFolder("h.example", 143, "a%40b", "A/B", True), "imap://a%2540b@h.example:143/A/B"),
        (ImapFolder("h.example", 1143, "a:b", starttls=True), "imap://a%3Ab@h.example:1143/INBOX"),
    ],
)
def test_the_name_is_a_url_in_which_nothing_of_a_user_or_a_folder_is_taken_for_something_else(
    folder: ImapFolder, name: str
) -> None:
    assert folder.name == name
    assert parse_imap_folder(name) == folder


def test_the_name_tells_folders_apart_and_reads_back() -> None:
    for folder in (
        ImapFolder("h.example", 993, "a@b", "Ä B"),
        ImapFolder("h.example", 143, "u", starttls=True),
    ):
        assert parse_imap_folder(folder.name) == folder


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "imaps://",
            "imaps://imap.example.com",
            "https://u@imap.example.com",
            "imaps://@imap.example.com",
        ),
        *(
            "imaps://u:secret@imap.example.com",
            "imaps://u@imap.example.com:x",
            "imaps://u@imap.example.com:99999",
        ),
    ],
)
def test_what_is_no_folder_is_refused_and_no_password_repeated(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_imap_folder(url)
    assert "secret" not in str(caught.value)

"""The files of TSIG keys, and an update that nobody answers."""

import socket
from pathlib import Path

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.net.asking import Peer
from mxproof.net.dns.update import (
    TSIG_FILE_BYTES_MAX,
    TsigKey,
    UpdateUnansweredError,
    read_tsig_key,
    replace_set,
)

SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0cw=="
KEY = TsigKey("publisher.", "hmac-sha256", SECRET)


@pytest.mark.parametrize(
    "text",
    [
        f'key "publisher." {{\n\talgorithm hmac-sha256;\n\tsecret "{SECRET}";\n}};\n',
        f"# a comment\nkey publisher. {{ secret {SECRET}; algorithm hmac-sha256; }};",
    ],
)
def test_a_key_is_read_as_its_generators_write_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)
    assert read_tsig_key(tmp_path / "key") == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        SECRET,
        'key "k" { algorithm hmac-sha256; };',
        f'key "k" {{ secret "{SECRET}"; }};',
        f'key "a..b" {{ algorithm hmac-sha256; secret "{SECRET}"; }};',
        f'key "k" {{ algorithm hmac-sha256..; secret "{SECRET}"; }};',
        f'{"#" * TSIG_FILE_BYTES_MAX}\nkey "k" {{ algorithm hmac-sha256; secret "{SECRET}"; }};',
        f'key "k" {{ algorithm rot13; secret "{SECRET}"; }};',
        'key "k" { algorithm hmac-sha256; secret "no base64 !"; };',
        'key "k" { algorithm hmac-sha256; secret "abc"; };',
        f'key "k" {{ algorithm hmac-md5.sig-alg.reg.int; secret "{SECRET}"; }};',
    ],
)
def test_a_file_without_a_key_that_can_be_used_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(ConfigError) as refused:
        read_tsig_key(tmp_path / "key")
    assert str(refused.value).startswith(f"{tmp_path / 'key'}: ")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("name", ["gone", "."])
def test_a_file_that_cannot_be_read_is_no_key(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_tsig_key(tmp_path / name)


def test_an_update_that_nobody_takes_is_told_as_unanswered() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        gone = Peer("127.0.0.1", bound.getsockname()[1])
        with pytest.raises(UpdateUnansweredError):
            replace_set(gone, KEY, "example.com", "_mta-sts.example.com", "TXT", (), ('"a"',), 300)

"""Root certificates: from the machine's own store, and from a file in either form."""

import ssl
from base64 import encodebytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import ConfigError
from mxproof.net import roots
from mxproof.net.roots import roots_from, system_roots

FIRST = b"\x30\x03\x02\x01\x01"
SECOND = b"\x30\x03\x02\x01\x02"


def _pem(der: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n" + encodebytes(der) + b"-----END CERTIFICATE-----\n"


def _file(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "roots"
    path.write_bytes(data)
    return path


def test_a_pem_file_gives_each_certificate_once_in_its_order(tmp_path: Path) -> None:
    data = (
        b"# comment\n"
        + _pem(SECOND)
        + b"text between\r\n"
        + _pem(FIRST).replace(b"\n", b"\r\n")
        + _pem(SECOND)
    )
    assert roots_from(_file(tmp_path, data)) == (SECOND, FIRST)


@pytest.mark.parametrize("broken", [_pem(FIRST).replace(b"MAMC", b"MAM"), _pem(b"text"), _pem(b"")])
def test_what_is_no_certificate_in_a_file_keeps_none_from_being_read(tmp_path: Path, broken: bytes) -> None:
    for data in (broken + _pem(FIRST) + _pem(SECOND), _pem(FIRST) + broken + _pem(SECOND)):
        assert roots_from(_file(tmp_path, data)) == (FIRST, SECOND)


def test_a_der_file_is_one_certificate(tmp_path: Path) -> None:
    assert roots_from(_file(tmp_path, FIRST)) == (FIRST,)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        _pem(b""),
        _pem(b"text"),
        _pem(FIRST).replace(b"CERTIFICATE", b"PRIVATE KEY"),
        _pem(FIRST).replace(b"MAMC", b"MAM"),
    ],
)
def test_a_file_without_a_certificate_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ConfigError, match="holds no certificate"):
        roots_from(_file(tmp_path, data))


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        roots_from(tmp_path / name)


@given(st.binary() | st.lists(st.binary(max_size=60).map(lambda one: _pem(b"\x30" + one))).map(b"".join))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    try:
        found = roots_from(_file(tmp_path_factory.getbasetemp(), data))
    except ConfigError:
        return
    assert all(root.startswith(b"\x30") for root in found)


def test_the_environment_names_the_store_as_it_does_for_openssl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(_file(tmp_path, _pem(FIRST))))
    assert system_roots() == (FIRST,)


def test_a_directory_is_a_store_where_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _file(tmp_path, _pem(FIRST))
    (tmp_path / "another").write_bytes(_pem(SECOND))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setattr(roots, "_KNOWN_FILES", ())
    assert ssl.get_default_verify_paths().cafile is None
    assert set(system_roots()) == {FIRST, SECOND}


def test_the_first_known_file_that_holds_roots_is_the_store_and_no_other_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {name: tmp_path / name for name in ("empty", "second", "third")}
    for name, data in (("empty", b""), ("second", _pem(FIRST)), ("third", _pem(SECOND))):
        files[name].write_bytes(data)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setattr(roots, "_KNOWN_FILES", (tmp_path / "missing", *files.values()))
    assert system_roots() == (FIRST,)
    monkeypatch.setenv("SSL_CERT_FILE", str(files["third"]))
    assert system_roots() == (SECOND,)
    monkeypatch.setenv("SSL_CERT_FILE", str(files["empty"]))
    assert system_roots() == (FIRST,)


def test_a_machine_without_roots_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "missing"))
    monkeypatch.setattr(roots, "_KNOWN_FILES", ())
    with pytest.raises(ConfigError, match="--ca-file"):
        system_roots()

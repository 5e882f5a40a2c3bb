"""The file that a mail server reads: staged beside it, swapped whole, with the owner and the mode that it has."""

import os
import stat
from pathlib import Path

import pytest

from mxproof.publish.chain_file import ChainFile, read_keyed_chain
from mxproof.publish.keeper import KeeperError
from support_certificates import INTERMEDIATE
from support_rollover import NEW, OLD, keyed, lineage, shown

OF_THE_SERVER = 0o640


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with the old certificate, as a mail server reads it."""
    path = tmp_path / "mx1.pem"
    path.write_bytes(keyed(tmp_path, shown(OLD)).text)
    path.chmod(OF_THE_SERVER)
    return path


def test_what_is_staged_is_shown_only_once_it_is_swapped(tmp_path: Path, file: Path) -> None:
    made = ChainFile(file)
    made.stage(keyed(tmp_path, shown(NEW)))
    assert (made.held()[0], made.staged()) == (shown(OLD).der, (shown(NEW).der, INTERMEDIATE.der))
    made.swap()
    assert (made.held(), made.staged()) == ((shown(NEW).der, INTERMEDIATE.der), ())


def test_owner_and_mode_stay_as_they_are(tmp_path: Path, file: Path) -> None:
    before = file.stat()
    made = ChainFile(file)
    made.stage(keyed(tmp_path, shown(NEW)))
    assert stat.S_IMODE(made.next.stat().st_mode) == OF_THE_SERVER
    made.swap()
    after = file.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino


def test_what_is_staged_gets_the_owner_and_the_group_of_the_file(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[object, ...]] = []
    monkeypatch.setattr(os, "chown", lambda *owner: given.append(owner))
    ChainFile(file).stage(keyed(tmp_path, shown(NEW)))
    assert given[-1] == (ChainFile(file).next, file.stat().st_uid, file.stat().st_gid)


def test_no_key_comes_into_a_file_without_one_that_everybody_may_read(tmp_path: Path) -> None:
    path = tmp_path / "fullchain.pem"
    path.write_text("a chain without a key")
    path.chmod(0o644)
    made = ChainFile(path)
    with pytest.raises(KeeperError, match="chmod o="):
        made.stage(keyed(tmp_path, shown(NEW)))
    assert not made.next.exists()
    path.chmod(OF_THE_SERVER)
    made.stage(keyed(tmp_path, shown(NEW)))
    assert stat.S_IMODE(made.next.stat().st_mode) == OF_THE_SERVER


def test_a_file_that_is_new_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = ChainFile(tmp_path / "new.pem")
    made.stage(keyed(tmp_path, shown(NEW)))
    made.swap()
    assert stat.S_IMODE((tmp_path / "new.pem").stat().st_mode) == 0o600


def test_the_key_comes_before_the_chain_as_postfix_wants_it(tmp_path: Path) -> None:
    text = keyed(tmp_path, shown(NEW)).text
    assert text.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert text.count(b"-----BEGIN CERTIFICATE-----") == 2


def test_a_link_keeps_leading_where_it_leads(tmp_path: Path, file: Path) -> None:
    link = tmp_path / "link.pem"
    link.symlink_to(file)
    made = ChainFile(link)
    made.stage(keyed(tmp_path, shown(NEW)))
    made.swap()
    assert link.is_symlink()
    assert ChainFile(file).held()[0] == shown(NEW).der


def test_a_key_of_another_certificate_is_refused_as_while_somebody_swaps_both(tmp_path: Path) -> None:
    chain, _ = lineage(tmp_path, shown(OLD))
    held = chain.read_bytes()
    _, key = lineage(tmp_path, shown(NEW))
    chain.write_bytes(held)
    with pytest.raises(KeeperError):
        read_keyed_chain(chain, key)


@pytest.mark.parametrize("text", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused(tmp_path: Path, text: bytes) -> None:
    chain, key = lineage(tmp_path, shown(OLD))
    key.write_bytes(text)
    with pytest.raises(KeeperError):
        read_keyed_chain(chain, key)


def test_files_that_are_not_there_are_refused_by_name(tmp_path: Path) -> None:
    chain, key = lineage(tmp_path, shown(OLD))
    key.unlink()
    with pytest.raises(KeeperError, match=r"privkey\.pem"):
        read_keyed_chain(chain, key)
    with pytest.raises(KeeperError, match=r"none\.pem"):
        read_keyed_chain(tmp_path / "none.pem", chain)


def test_where_nothing_can_be_written_nothing_is_changed(tmp_path: Path) -> None:
    made = ChainFile(tmp_path / "nowhere" / "mx1.pem")
    with pytest.raises(KeeperError):
        made.stage(keyed(tmp_path, shown(NEW)))
    with pytest.raises(KeeperError):
        made.swap()

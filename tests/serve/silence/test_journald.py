"""The journal of systemd followed: how journalctl is asked, and what of its answer is read and where it goes on."""

from pathlib import Path

import pytest

from mxproof.serve.silence import journald
from mxproof.serve.silence.journald import Journald, JournaldPlace

ENTRIES = [b'{"__CURSOR":"s=%d","MESSAGE":"m"}\n' % number for number in range(4)]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Have a file answered in place of the journal; what journalctl is asked stands beside it."""
    file = tmp_path / "journal"
    said = f'echo "$@" >{tmp_path}/asked; [ -e {file} ] || exit 3; exec cat {file}'
    monkeypatch.setattr(journald, "_COMMAND", ("/bin/sh", "-c", said, "journalctl"))
    return file


def test_the_entries_behind_a_cursor_are_read_and_the_last_of_them_is_the_next(answer: Path) -> None:
    answer.write_bytes(b"".join(ENTRIES))
    assert Journald().since(JournaldPlace("s=9")) == (b"".join(ENTRIES), JournaldPlace("s=3"), False)
    assert (answer.parent / "asked").read_text() == (
        "--unit=postfix* --unit=exim4* --unit=exim* --after-cursor=s=9\n"
    )


def test_without_a_cursor_all_that_there_is_is_asked_for(answer: Path) -> None:
    answer.write_bytes(ENTRIES[0])
    assert Journald().since(None) == (ENTRIES[0], JournaldPlace("s=0"), False)
    assert (answer.parent / "asked").read_text() == "--unit=postfix* --unit=exim4* --unit=exim*\n"


def test_where_nothing_was_written_the_place_stays(answer: Path) -> None:
    answer.write_bytes(b"")
    assert Journald().since(JournaldPlace("s=9")) == (b"", JournaldPlace("s=9"), False)
    assert Journald().since(None) == (b"", None, False)


def test_so_many_entries_are_read_at_once_and_more_may_be_there(
    answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert journald._ENTRIES_MAX == 20_000
    monkeypatch.setattr(journald, "_ENTRIES_MAX", 3)
    answer.write_bytes(b"".join(ENTRIES))
    assert Journald().since(None) == (b"".join(ENTRIES[:3]), JournaldPlace("s=2"), True)
    answer.write_bytes(b"".join(ENTRIES[:2]))
    assert Journald().since(None) == (b"".join(ENTRIES[:2]), JournaldPlace("s=1"), False)


def test_a_journalctl_that_fails_is_an_error(answer: Path) -> None:
    with pytest.raises(OSError, match=r"\Ajournalctl ended with status 3\Z"):
        Journald().since(None)

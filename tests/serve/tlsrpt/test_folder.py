"""A folder of IMAP taken in: each message once, from its beginning where it is numbered anew, and as far as it was read.

A real Dovecot is asked in tests/real/tlsrpt/test_imap.py.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence.question import Question
from mxproof.mail.report_signature import Keys
from mxproof.net.imap import ImapError, ImapMessage, OpenFolder
from mxproof.serve.tlsrpt import folder as folder_module
from mxproof.serve.tlsrpt.folder import read_folder
from mxproof.serve.tlsrpt.intake import Intake, Taken
from mxproof.serve.tlsrpt.settings import FolderSettings
from mxproof.serve.tlsrpt.wanted import WantedDomains
from mxproof.store.journal.arrival import Kept, ReadUpTo
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.retention import Retention
from support_imap import END, PASSWORD, Served, authority, imap_server
from support_tlsrpt import message
from support_tlsrpt_days import written

REPORTS = tuple(message(written(number=number)) for number in range(1, 4))
NO_REPORT = b"From: a@example.com\r\nSubject: hello\r\n\r\nno report\r\n"


async def _no_keys(questions: Iterable[Question]) -> Keys:
    return {}


def read(path: Path, *served: Served, move_to: str = "") -> list[tuple[list[Kept], list[str]]]:
    """Return what became of the reports of a folder as it was at each look, and the commands of that look."""
    (path / "password").write_text(f"{PASSWORD}\n")
    (path / "ca.pem").write_bytes(authority().root_pem())
    looks: list[tuple[list[Kept], list[str]]] = []

    async def scenario() -> None:
        intake = Intake(Journal(f"sqlite:{path}/journal.db"), WantedDomains(any=True), Retention(), _no_keys)
        here = iter(served)
        async with imap_server(lambda: next(here)) as reached:
            folder = FolderSettings(
                mailbox=reached.folder,
                password_file=path / "password",
                password_command=(),
                move_to=move_to,
                roots=path / "ca.pem",
                every_s=60,
            )
            for _ in served:
                became: list[Taken] = []
                heard = len(reached.heard)
                try:
                    await read_folder(folder, intake, became.append)
                finally:
                    kept = [how for one in became for _, how in one.reports]
                    looks.append((kept, reached.heard[heard:]))
        intake.close()

    try:
        asyncio.run(scenario())
    except ImapError:
        looks.append(([], []))
    return looks


def test_each_message_is_read_once(tmp_path: Path) -> None:
    before = {1: REPORTS[0], 2: NO_REPORT, 5: REPORTS[1]}
    looks = read(tmp_path, Served(before), Served(before), Served({**before, 6: REPORTS[2]}))
    assert [kept for kept, _ in looks] == [[Kept.NEW, Kept.NEW], [], [Kept.NEW]]


def test_a_folder_that_is_numbered_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    first = Served({7: REPORTS[0], 8: REPORTS[1]})
    anew = msgspec.structs.replace(first, validity=8, messages={1: REPORTS[0], 2: REPORTS[1], 3: REPORTS[2]})
    looks = read(tmp_path, first, anew, anew)
    assert [kept for kept, _ in looks] == [[Kept.NEW, Kept.NEW], [Kept.KNOWN, Kept.KNOWN, Kept.NEW], []]


def test_messages_with_reports_are_moved_and_others_stay(tmp_path: Path) -> None:
    served = Served({1: REPORTS[0], 2: NO_REPORT, 3: REPORTS[1]})
    ((_, heard),) = read(tmp_path, served, move_to="Done")
    assert [word for word in heard if word.startswith("UID MOVE")] == ['UID MOVE 1,3 "Done"']


def test_what_is_refused_is_kept_aside_and_moved_too(tmp_path: Path) -> None:
    damaged = message(b"no report")
    served = Served({1: NO_REPORT, 2: damaged, 3: REPORTS[0]})
    ((kept, heard),) = read(tmp_path, served, move_to="Done")
    assert kept == [Kept.NEW]
    assert [word for word in heard if word.startswith("UID MOVE")] == ['UID MOVE 2,3 "Done"']


@pytest.mark.parametrize(
    "instead",
    [
        {"UID MOVE": b"* BYE in the middle\r\n" + END},
        {"UID MOVE": b"{tag} NO over quota\r\n", "CREATE": b"{tag} NO exists\r\n"},
    ],
)
def test_what_was_read_before_the_server_went_is_kept_and_noted(
    tmp_path: Path, instead: dict[str, bytes]
) -> None:
    served = Served({1: REPORTS[0], 2: REPORTS[1]})
    failed = read(tmp_path, msgspec.structs.replace(served, instead=instead), move_to="Done")
    assert [kept for kept, _ in failed] == [[Kept.NEW, Kept.NEW], []]
    assert [kept for kept, _ in read(tmp_path, served)] == [[Kept.KNOWN, Kept.KNOWN]]


def test_where_the_folder_ends_in_the_middle_it_is_noted_as_read_as_far_as_it_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ends(OpenFolder):
        def messages(self, numbers: Sequence[int], bytes_max: int) -> Iterator[list[ImapMessage]]:
            yield next(super().messages(numbers[:2], bytes_max))
            raise ImapError("gone in the middle")

    noted: list[int] = []
    mark_read = Intake.mark_read

    async def marked(intake: Intake, name: str, read_up_to: ReadUpTo) -> None:
        noted.append(read_up_to.uid)
        await mark_read(intake, name, read_up_to)

    monkeypatch.setattr(folder_module, "OpenFolder", Ends)
    monkeypatch.setattr(Intake, "mark_read", marked)
    became = read(tmp_path, Served(dict(enumerate(REPORTS, start=1))))
    assert ([kept for kept, _ in became], noted) == ([[Kept.NEW, Kept.NEW], []], [2])


def test_whatever_happens_the_connection_is_let_go_of_once_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    class Opened(OpenFolder):
        def close(self) -> None:
            ended.append("close")
            super().close()

        def abort(self) -> None:
            ended.append("abort")
            super().abort()

    monkeypatch.setattr(folder_module, "OpenFolder", Opened)
    served = Served({1: REPORTS[0]})
    read(tmp_path, served)
    assert ended == ["close", "abort"]
    ended.clear()
    read(tmp_path, msgspec.structs.replace(served, instead={"UID SEARCH": b"{tag} NO not now\r\n"}))
    assert ended == ["abort"]

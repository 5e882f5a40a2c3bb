"""TLS reports into the journal: in which batches, what is said of each piece, and with which status it ends."""

import asyncio
import functools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import dns.rcode
import msgspec
import pytest

from mxproof.cli.exit import DONE, TRY_AGAIN, UNKNOWN, USAGE, RunError
from mxproof.cli.pieces import Piece
from mxproof.cli.report_import import Import, _batches, named
from mxproof.formats.errors import ConfigError
from mxproof.net.asking import Asking, Peer
from mxproof.serve.tlsrpt.intake import CameIn
from mxproof.serve.tlsrpt.settings import FolderSettings, ReportSettings
from mxproof.serve.tlsrpt.wanted import WantedDomains
from mxproof.store.journal import sweeping
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.retention import Retention
from support_dkim import NAME, ed25519_key, record, rsa_key, signed
from support_dns import dns_server, reply
from support_imap import PASSWORD, Served, authority, imap_server
from support_journal import refused
from support_new_store import empty_journal
from support_tlsrpt import message
from support_tlsrpt_days import written

MIB = 1024 * 1024
MAIL = b"From: a@example.com\r\nSubject: hello\r\n\r\nno report\r\n"
UNASKED = "mxproof: signatures are not verified: no resolver is set\n"

Errors = Callable[[], str]
"""What stderr got since it was asked last."""


@pytest.fixture
def errors(capsys: pytest.CaptureFixture[str]) -> Errors:
    return lambda: capsys.readouterr().err


def settings_in(folder: Path, resolver: Peer | None = None) -> ReportSettings:
    """Return those of a store in `folder`; without a resolver no signature is verified."""
    journal = folder / "journal.db"
    if not journal.exists():
        journal.write_bytes(empty_journal())
    return ReportSettings(
        domains=WantedDomains(names=frozenset({"example.com"})),
        store=f"sqlite:{journal}",
        retention=Retention(),
        asking=Asking((resolver,), trust_ad=False) if resolver is not None else None,
        unasked="no resolver is set" if resolver is None else "",
    )


@pytest.fixture
def importing(tmp_path: Path) -> Import:
    return Import(settings_in(tmp_path), "file")


def piece(data: bytes, name: str = "a piece", *, of_many: bool = False, cut: bool = False) -> Piece:
    return Piece(name, data, of_many, cut)


def test_a_new_report_is_done_and_so_is_one_that_is_known(tmp_path: Path, errors: Errors) -> None:
    first, second = Import(settings_in(tmp_path), "file"), Import(settings_in(tmp_path), "file")
    first.run([piece(written())])
    assert (first.status(), first.summary(), errors()) == (DONE, "reports: 1 new\n", UNASKED)
    second.run([piece(written())])
    assert (second.status(), second.summary()) == (DONE, "reports: 0 new, 1 known already\n")


def test_where_nothing_is_a_report_it_is_not_known_whether_there_was_one(
    importing: Import, errors: Errors
) -> None:
    importing.run([piece(MAIL)])
    assert (importing.status(), importing.summary()) == (UNKNOWN, "reports: 0 new, 1 no TLS report\n")
    assert errors() == UNASKED


def test_what_is_refused_is_told_and_leaves_the_others_in_and_the_end_unknown(
    importing: Import, errors: Errors
) -> None:
    importing.run([piece(written()), piece(written(domain="other.example"), "of others")])
    assert (importing.status(), importing.summary()) == (
        UNKNOWN,
        "reports: 1 new, 1 refused and kept aside\n",
    )
    assert errors() == (f"{UNASKED}mxproof: of others: refused: about other.example, not served here\n")


def test_a_piece_that_is_cut_is_refused_unread(importing: Import, errors: Errors) -> None:
    importing.run([piece(written()[:9], cut=True)])
    assert importing.summary() == "reports: 0 new, 1 refused and kept aside\n"
    assert errors() == f"{UNASKED}mxproof: a piece: refused: longer than 9 bytes\n"


@pytest.mark.parametrize(
    ("one", "summary"),
    [
        (piece(b"no json"), "reports: 0 new, 1 refused and kept aside\n"),
        (piece(b"no json", of_many=True), "reports: 0 new, 1 no TLS report\n"),
        (piece(message(b"no json"), of_many=True), "reports: 0 new, 1 refused and kept aside\n"),
    ],
)
def test_a_file_beside_others_may_be_anything_and_a_message_with_a_report_may_not(
    importing: Import, one: Piece, summary: str
) -> None:
    importing.run([one])
    assert importing.summary() == summary


@pytest.mark.parametrize(("count", "more"), [(20, []), (21, ["and more"]), (23, ["and more"])])
def test_of_so_many_pieces_it_is_told_and_then_that_there_are_more(
    importing: Import, errors: Errors, count: int, more: list[str]
) -> None:
    importing.run(piece(b"%d" % number, f"{number}", cut=True) for number in range(100, 100 + count))
    told = errors().splitlines()[1:]
    assert told == [
        f"mxproof: {one}"
        for one in (*(f"{100 + at}: refused: longer than 3 bytes" for at in range(20)), *more)
    ]


@pytest.mark.parametrize(
    ("sizes", "batches"),
    [
        ([], []),
        ([1] * 200, [200]),
        ([1] * 201, [200, 1]),
        ([8 * MIB, 8 * MIB, 1], [2, 1]),
        ([8 * MIB, 8 * MIB - 1, 1], [3]),
        ([8 * MIB, 8 * MIB - 1, 0], [3]),
        ([20 * MIB, 1], [1, 1]),
    ],
)
def test_a_batch_is_kept_at_two_hundred_pieces_or_at_16_mib(sizes: list[int], batches: list[int]) -> None:
    data = {size: bytes(size) for size in sizes}
    found = _batches(CameIn(data[size], "", "") for size in sizes)
    assert [len(one) for one in found] == batches


def test_what_was_refused_is_read_again(tmp_path: Path, errors: Errors) -> None:
    first = Import(settings_in(tmp_path), "file")
    first.run([piece(written(number=number, domain="other.example")) for number in range(3)])
    errors()
    retried = Import(settings_in(tmp_path), "file")
    retried.retry()
    assert retried.summary() == "reports: 0 new, 3 refused and kept aside\n"
    told = [line.partition(" by ") for line in errors().splitlines()[1:]]
    assert [end for _, _, end in told] == ["file: refused: about other.example, not served here"] * 3


def test_of_a_pipe_what_is_kept_or_kept_aside_is_done_and_other_mail_goes_back(tmp_path: Path) -> None:
    statuses = [
        Import(settings_in(tmp_path), "pipe").piped([piece(data)])
        for data in (message(written()), message(written()), message(b"no json"), MAIL)
    ]
    assert statuses == [DONE, DONE, DONE, 65]


def failing(error: Exception) -> Iterator[Piece]:
    """Return pieces of which the first one cannot be had."""

    def fail(_: int) -> Piece:
        raise error

    return map(fail, range(1))


def test_a_fault_of_the_program_has_a_pipe_try_the_message_again(importing: Import, errors: Errors) -> None:
    assert importing.piped(failing(ValueError("unforeseen"))) == TRY_AGAIN
    assert errors() == f"{UNASKED}mxproof: fault of mxproof: ValueError('unforeseen')\n"


@pytest.mark.parametrize("error", [RunError("no file"), JournalError("no store"), ConfigError("no key")])
def test_what_is_wrong_with_its_surroundings_a_pipe_is_told_as_any_other(
    importing: Import, error: Exception
) -> None:
    with pytest.raises(type(error), match=str(error)):
        importing.piped(failing(error))


def test_whatever_is_kept_no_longer_goes_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_in(tmp_path)
    journal = Journal(settings.store)
    journal.keep([refused(b"%d" % number, datetime(2020, 3, 1, tzinfo=UTC)) for number in range(3)])
    monkeypatch.setattr(sweeping, "SWEPT_AT_ONCE", 1)
    Import(settings, "file").run([])
    assert list(journal.refused(b"", 10)) == []
    journal.close()


@pytest.mark.parametrize(
    "domains",
    [
        WantedDomains(any=True),
        WantedDomains(names=frozenset({"example.com"})),
        WantedDomains(below=frozenset({"example.com"})),
    ],
)
def test_somebody_says_for_whom_reports_are_taken(tmp_path: Path, domains: WantedDomains) -> None:
    settings = msgspec.structs.replace(settings_in(tmp_path), domains=domains)
    assert named(settings) is settings


def test_where_nobody_says_for_whom_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^for which domains") as raised:
        named(msgspec.structs.replace(settings_in(tmp_path), domains=WantedDomains()))
    assert raised.value.status == USAGE


KEY, OTHER_KEY, NO_ANSWER = record(rsa_key()), record(ed25519_key()), b""


def imported(folder: Path, key: bytes, *pieces: Piece) -> Import:
    """Return an import of pieces that was done while DNS had this key of the sender, none for no answer."""

    def respond(query: bytes, _: str) -> list[bytes]:
        if not key:
            return [reply(query, rcode=dns.rcode.REFUSED)]
        parts = " ".join(f'"{key[at : at + 200].decode()}"' for at in range(0, len(key), 200))
        return [reply(query, f"{NAME}. 300 IN TXT {parts}")]

    async def scenario() -> Import:
        async with dns_server(respond) as resolver:
            made = Import(settings_in(folder, resolver), "file")
            await asyncio.to_thread(made.run, pieces)
            return made

    return asyncio.run(scenario())


@functools.cache
def signed_report(number: int = 0) -> bytes:
    return signed(message(written(number=number)))


def test_a_signature_that_holds_is_not_told(tmp_path: Path, errors: Errors) -> None:
    made = imported(tmp_path, KEY, piece(signed_report()))
    made.warn()
    assert (made.summary(), errors()) == ("reports: 1 new\n", "")


def test_a_signed_report_takes_the_place_of_one_that_may_be_forged(tmp_path: Path) -> None:
    imported(tmp_path, KEY, piece(written()))
    made = imported(tmp_path, KEY, piece(signed_report()))
    assert (made.status(), made.summary()) == (
        DONE,
        "reports: 0 new, 1 in the place of one that may be forged\n",
    )


def test_a_signature_that_does_not_hold_is_told_once(tmp_path: Path, errors: Errors) -> None:
    for told in ("mxproof: a piece: no signature of sender.example holds\n", ""):
        imported(tmp_path, OTHER_KEY, piece(signed_report()))
        assert errors() == told


def test_signatures_that_could_not_be_verified_are_told_and_verified_by_the_next_import(
    tmp_path: Path, errors: Errors
) -> None:
    words = "could not be verified, since DNS did not answer; the next import verifies again, and so does `mxproof tlsrpt retry`\n"
    first = imported(tmp_path, NO_ANSWER, piece(signed_report()))
    first.warn()
    assert (first.summary(), errors()) == ("reports: 1 new\n", f"mxproof: 1 signature {words}")
    imported(tmp_path, NO_ANSWER, piece(signed_report(1)))
    known = imported(tmp_path, NO_ANSWER, piece(signed_report()))
    known.warn()
    assert (known.summary(), errors()) == (
        "reports: 0 new, 1 known already\n",
        f"mxproof: 2 signatures {words}",
    )
    verified = imported(tmp_path, KEY)
    verified.warn()
    assert (verified.summary(), errors()) == (
        "reports: 0 new, 2 of earlier proved to be from their senders\n",
        "",
    )


def test_a_signature_that_proves_not_to_hold_later_is_counted(tmp_path: Path) -> None:
    imported(tmp_path, NO_ANSWER, piece(signed_report()))
    later = imported(tmp_path, OTHER_KEY)
    assert later.summary() == "reports: 0 new, 1 of earlier proved not to be from their senders\n"


def test_while_dns_does_not_answer_for_what_comes_nobody_asks_for_what_came(tmp_path: Path) -> None:
    imported(tmp_path, NO_ANSWER, piece(signed_report()))
    assert imported(tmp_path, NO_ANSWER, piece(signed_report(1))).unverified == 1


def test_without_a_resolver_what_is_unverified_stays_so(tmp_path: Path) -> None:
    imported(tmp_path, NO_ANSWER, piece(signed_report()))
    unasked = Import(settings_in(tmp_path), "file")
    unasked.run([])
    assert (unasked.unverified, unasked.summary()) == (0, "reports: 0 new\n")


def looked_into(folder: Path, *messages: bytes, broken: bool = False) -> Import:
    """Return an import that looked twice into a folder of IMAP, and at a broken one after that."""
    (folder / "password").write_text(f"{PASSWORD}\n")
    (folder / "ca.pem").write_bytes(authority().root_pem())

    async def scenario() -> Import:
        served = [Served(dict(enumerate(messages, 1)))] * 2 + [Served(instead={"": b"* BYE\r\n"})] * broken
        looks = iter(served)
        made = Import(settings_in(folder), "imap")
        async with imap_server(lambda: next(looks)) as reached:
            where = FolderSettings(
                mailbox=reached.folder, password_file=folder / "password", roots=folder / "ca.pem"
            )
            for _ in served:
                await asyncio.to_thread(made.read_folder, where)
        return made

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("messages", "summary"),
    [
        ((message(written()), MAIL), "reports: 1 new, 1 no TLS report\n"),
        ((), "reports: 0 new\n"),
    ],
)
def test_a_folder_in_which_nothing_is_new_is_done(
    tmp_path: Path, messages: tuple[bytes, ...], summary: str
) -> None:
    made = looked_into(tmp_path, *messages)
    assert (made.status(), made.summary()) == (DONE, summary)


@pytest.mark.parametrize(
    ("messages", "kept"),
    [
        ((message(written()),), "mxproof: what is kept so far stays: reports: 1 new\n"),
        ((), ""),
    ],
)
def test_of_a_folder_that_cannot_be_read_any_more_what_is_kept_stays(
    tmp_path: Path, errors: Errors, messages: tuple[bytes, ...], kept: str
) -> None:
    with pytest.raises(RunError) as raised:
        looked_into(tmp_path, *messages, broken=True)
    assert (raised.value.status, errors()) == (UNKNOWN, f"{UNASKED * 3}{kept}")

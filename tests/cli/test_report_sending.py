"""TLS reports sent from the command line: what is said of a run, and which files a rehearsal writes."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, UNKNOWN, USAGE, RunError
from mxproof.cli.report_sending import _recipient, _summary, rehearse, send_now, sending_of
from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.net.asking import Asking, Peer
from mxproof.serve.collect.settings import CollectSettings
from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.sending.counts import SendCounts
from mxproof.serve.sending.settings import SendSettings
from mxproof.store.journal.outgoing import OutgoingState
from support_new_store import new_store
from support_outgoing import DAY, met_on
from support_report_sending import Bench, bench_with, close

NOW = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)


def counts(
    *, made: int = 0, put_off: int = 0, waiting: int = 0, done: dict[OutgoingState, int] | None = None
) -> SendCounts:
    found = SendCounts()
    found.made, found.put_off, found.waiting = made, put_off, waiting
    found.done.update(Counter(done or {}))
    return found


@pytest.mark.parametrize(
    ("found", "next_at", "said"),
    [
        (counts(), None, "none sent; 0 wait\n"),
        (
            counts(made=3, waiting=2, done={OutgoingState.SENT: 1}),
            NOW,
            "made 3 reports; 1 sent; 2 wait, the next is due at 2026-03-02 09:05 UTC\n",
        ),
        (
            counts(put_off=2, done={OutgoingState.SENT: 4, OutgoingState.GIVEN_UP: 1}),
            None,
            "4 sent, 1 given-up; 2 put off (`mxproof tlsrpt status` says why); 0 wait\n",
        ),
    ],
)
def test_a_run_is_summed_up_on_one_line(found: SendCounts, next_at: datetime | None, said: str) -> None:
    assert _summary(found, next_at) == said


@pytest.mark.parametrize(
    ("record", "recipient"),
    [
        ("v=TLSRPTv1; rua=mailto:tls@a.example", "tls@a.example"),
        ("v=TLSRPTv1; rua=https://a.example/tls,mailto:one@a.example,mailto:two@a.example", "one@a.example"),
        ("v=TLSRPTv1; rua=https://a.example/tls", ""),
        ("no record", ""),
    ],
)
def test_a_report_goes_to_the_first_mailbox_of_the_record_that_was_met(record: str, recipient: str) -> None:
    assert _recipient(MetDay("a.example", DAY, (), record)) == recipient


def settings_of(folder: Path, send: SendSettings | None) -> CollectSettings:
    return CollectSettings(
        listen=UnixPath(f"{folder}/socket"),
        domains_max=10,
        keep_days=30,
        store=f"sqlite:{folder}/journal.db",
        send=send,
    )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a sender with sessions of one day with two domains."""
    new_store(tmp_path)
    made = bench_with(tmp_path, "a.example", "b.example")
    close(made)
    return made


def test_without_a_contact_nobody_is_said_to_report(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^who reports are from is not set: ") as raised:
        sending_of(settings_of(tmp_path, None))
    assert raised.value.status == USAGE


@pytest.mark.parametrize(("by_mail", "mails"), [(True, 2), (False, 0)])
def test_a_rehearsal_writes_each_report_and_the_mail_that_carries_it(
    bench: Bench, capsys: pytest.CaptureFixture[str], *, by_mail: bool, mails: int
) -> None:
    send = bench.settings if by_mail else msgspec.structs.replace(bench.settings, mail=None)
    folder = bench.folder / "reports"
    assert rehearse(settings_of(bench.folder, send), folder, NOW) == DONE
    assert Counter(one.suffix for one in folder.iterdir()) == Counter({".json": 2, ".eml": mails})
    assert capsys.readouterr().out == f"2 reports written to {folder}, {mails} of them as mail too\n"
    assert bench.outgoing.open_days(date(2026, 3, 2)) == [DAY]
    close(bench)


def test_where_no_session_was_met_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_store(tmp_path)
    send = Bench(tmp_path).settings
    assert rehearse(settings_of(tmp_path, send), tmp_path / "reports", NOW) == UNKNOWN
    assert capsys.readouterr().out == (f"0 reports written to {tmp_path}/reports, 0 of them as mail too\n")
    assert send_now(settings_of(tmp_path, send), early=True) == DONE
    assert capsys.readouterr().out == "none sent; 0 wait\n"


def test_a_report_that_is_put_off_leaves_the_end_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_store(tmp_path)
    made = Bench(tmp_path)
    met_on(made.journal, datetime.now(UTC).date() - timedelta(days=2), "a.example", "b.example")
    close(made)
    nobody = msgspec.structs.replace(made.settings, asking=Asking((Peer("127.0.0.1", 9),), timeout_s=0.1))
    assert send_now(settings_of(tmp_path, nobody), early=True) == UNKNOWN
    said, due, _ = capsys.readouterr().out.partition(", the next is due at ")
    assert said == "made 2 reports; none sent; 2 put off (`mxproof tlsrpt status` says why); 2 wait"
    assert due != ""

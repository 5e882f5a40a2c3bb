"""`mxproof watch follow`: a log that is read on from where it was, and an alarm with what is needed to act."""

from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, USAGE
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.serve.watch.message import news_message
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from support_cli import mxproof, one_line
from support_long import EXHAUSTIVE
from support_reporters import reported
from support_rhythm import BEGIN_S, DAY_S, steady, without
from support_submission import HOST, PASSWORD, USER, provider, roots_file

DAYS = 30
NOW_S = datetime.now(UTC).replace(minute=0, second=0, microsecond=0).timestamp()
SHIFT_S = NOW_S - BEGIN_S - DAYS * DAY_S
RATES = {"mail1.protection.outlook.com": 60.0, "mail-a.google.com": 40.0, "mx.firm.example": 25.0}
STOPPED = [
    (at_s + SHIFT_S, name) for at_s, name in without(steady(RATES, DAYS), "mail1.protection.outlook.com", 29)
]


def lines(from_s: float, until_s: float) -> str:
    return "".join(
        f"{(datetime.fromtimestamp(int(at_s), UTC)).isoformat()} mx postfix/smtpd[7]: 4F1A2B3C4D: client={host}[192.0.2.1]\n"
        for at_s, host in STOPPED
        if from_s <= at_s < until_s
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "mail.log"
    path.write_text(lines(0, NOW_S), encoding="ascii")
    return path


def followed(log: Path, *arguments: str) -> tuple[int, str, str]:
    store = f"sqlite:{log.parent / 'watch.db'}"
    got = mxproof(
        "watch",
        "follow",
        str(log),
        "--once",
        "--time-zone",
        "UTC",
        "--config",
        "/dev/null",
        "--store",
        store,
        *arguments,
    )
    return got.returncode, got.stdout.decode(), got.stderr.decode()


def test_an_alarm_comes_once_with_a_check_as_the_sender_delivers(log: Path) -> None:
    status, told, said = followed(log, "--domain", "example.com", "--lab", "incident")
    assert (status, said) == (DONE, "")
    assert "Microsoft" in told
    assert "mx-alias" in told
    assert followed(log) == (DONE, "", "")


def test_a_command_gets_the_notice_and_is_run_again_where_it_fails(log: Path) -> None:
    command = log.parent / "ring"
    command.write_text(
        '#!/bin/sh\ncat > "$0.notice"\necho "$MXPROOF_KIND $MXPROOF_SENDER" >> "$0.who"\ntest -e "$0.well"\n',
        encoding="ascii",
    )
    command.chmod(0o755)
    assert followed(log, "--command", str(command))[0] == DONE
    command.with_name("ring.well").touch()
    assert followed(log, "--command", str(command))[0] == DONE
    assert followed(log, "--command", str(command))[0] == DONE
    assert command.with_name("ring.who").read_text(encoding="ascii").splitlines() == ["sender Microsoft"] * 2
    assert "mxproof explain" in command.with_name("ring.notice").read_text(encoding="utf-8")


def test_an_alarm_goes_by_mail_with_what_is_needed_to_act(log: Path) -> None:
    password = log.parent / "password"
    password.write_text(f"{PASSWORD}\n", encoding="utf-8")
    with provider() as server:
        status, told, said = followed(
            *(log, "--domain", "example.com", "--lab", "incident", "--mail-to", "me@provider.example"),
            *("--mail-through", f"smtps://{USER}@{HOST}:{server.port}"),
            *("--mail-password-file", str(password), "--mail-ca-file", str(roots_file(log.parent))),
        )
    assert (status, told) == (DONE, "")
    assert "warning" in said, "this machine is no other way than the one that is watched"
    ((recipients, text),) = server.taken
    assert recipients == ["me@provider.example"]
    mail = message_from_string(text, policy=default)
    assert "Microsoft" in mail["Subject"]
    for part in ("Microsoft", "mx-alias", "TLS reports", "mxproof explain"):
        assert part in mail.get_content()


@EXHAUSTIVE
def test_a_reporter_of_tls_reports_that_falls_silent_is_told_with_a_check(log: Path) -> None:
    today = datetime.fromtimestamp(NOW_S, UTC).replace(hour=0)
    journal = Journal(f"sqlite:{log.parent / 'watch.db'}")
    for name, last in (("google.com", 59), ("mail.example", 59), ("microsoft.com", 50)):
        reported(journal, name, 0, last, begin_at=today - timedelta(days=60))
    journal.close()
    log.write_text("", encoding="ascii")
    status, told, said = followed(log, "--domain", "example.com", "--lab", "incident")
    assert (status, said) == (DONE, "")
    for part in ("microsoft.com", "refused", "mx-alias", "mxproof explain"):
        assert part in told
    assert followed(log, "--domain", "example.com") == (DONE, "", "")


def watch_config(log: Path, *lines: str) -> Path:
    path = log.with_name("watch.toml")
    alert = '[[alert]]\nname = "pager"\ncommand = ["/bin/true"]\n'
    store = f'[store]\nurl = "sqlite:{log.parent / "watch.db"}"\n'
    path.write_text("\n".join(('domains = ["example.com"]', store, alert, *lines)), encoding="utf-8")
    return path


def watch_of(log: Path) -> WatchJournal:
    return WatchJournal(Journal(f"sqlite:{log.parent / 'watch.db'}"))


@EXHAUSTIVE
def test_an_alarm_is_told_by_the_alerts_of_the_watch_once_with_what_is_needed_to_act(log: Path) -> None:
    options = ("--domain", "example.com", "--lab", "incident", "--alerts", str(watch_config(log)))
    status, told, said = followed(log, *options)
    assert (status, told) == (DONE, "")
    assert "warning" not in said
    (kept,) = watch_of(log).news()
    found = msgspec.json.decode(kept.told, type=DomainNews)
    assert (kept.domain, found.kind, found.weight) == ("example.com", TurnKind.SILENT, Weight.ALARM)
    assert found.silence is not None
    assert found.silence.alarm.sender == "Microsoft"
    assert found.silence.checked is not None
    assert (found.silence.checked.model, found.silence.checked.outcome) == ("microsoft", Verdict.REFUSED)
    assert "mx-alias" in {one.code for one in found.silence.checked.because}
    (due,) = watch_of(log).claim_notices(["pager"], datetime.now(UTC), datetime.now(UTC), 10)
    message = news_message(due.news)
    for part in ("Microsoft", "mx-alias", "TLS reports", "mxproof explain"):
        assert part in message.text
    assert "Microsoft" in message.title
    assert followed(log, *options) == (DONE, "", "")
    assert len(watch_of(log).news()) == 1


def test_alerts_need_a_domain_and_somebody_who_is_told(log: Path) -> None:
    assert followed(log, "--alerts", str(watch_config(log)))[0] == USAGE
    nobody = watch_config(log, 'least = "nothing"', 'digest = "daily"')
    got = followed(log, "--domain", "example.com", "--lab", "incident", "--alerts", str(nobody))
    assert got[0] == USAGE
    assert "alert" in got[2]


@pytest.mark.parametrize(
    "options",
    [
        ("--mail-to", "me@provider.example"),
        ("--mail-through", "smtps://smtp.provider.example"),
        ("--mail-to", "me", "--mail-through", "smtps://smtp.provider.example"),
        ("--mail-to", "me@provider.example", "--mail-through", "smtps://me@smtp.provider.example"),
        ("--mail-to", "me@provider.example", "--mail-through", "provider.example"),
    ],
)
def test_mail_needs_an_address_a_server_and_its_password(log: Path, options: tuple[str, ...]) -> None:
    assert followed(log, *options)[0] == USAGE


def test_older_logs_are_learnt_from_once(log: Path) -> None:
    history = log.with_name("mail.log.1")
    history.write_text(lines(0, NOW_S - timedelta(days=2).total_seconds()), encoding="ascii")
    log.write_text(lines(NOW_S - timedelta(days=2).total_seconds(), NOW_S), encoding="ascii")
    assert "learnt from" in followed(log, "--history", str(history))[2]
    assert followed(log, "--history", str(history)) == (DONE, "", "")


def test_a_log_or_the_journal_has_to_be_named() -> None:
    assert mxproof("watch", "follow", "--store", "sqlite:/nonexistent/x.db").returncode == USAGE
    assert mxproof("watch", "follow", "x", "--journald").returncode == USAGE


def test_a_store_that_cannot_be_used_is_said(log: Path) -> None:
    got = mxproof(
        "watch", "follow", str(log), "--once", "--config", "/dev/null", "--store", "sqlite:/nonexistent/x.db"
    )
    assert got.returncode == PROBLEM
    assert "store" in one_line(got.stderr)

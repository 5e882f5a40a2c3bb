"""An alarm told by mail: what it carries, when it was told, and a server that is no other way."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.net.submission import SubmissionServer
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.serve.silence import mail as mail_module
from mxproof.serve.silence.mail import AlarmMail, message_of, not_another_way, told_by_mail
from support_submission import HOST, PASSWORD, REFUSED, USER, provider, roots_file

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ALARM = Alarm(AlarmKind.SENDER, "Microsoft", NOW, NOW, 20.0, 1e-5)
NOTICE = "Alarm\n  Microsoft \N{EN DASH} silent\n"
TO = "me@provider.example"


def mail(folder: Path, port: int, *recipients: str, password: str = PASSWORD) -> AlarmMail:
    kept = folder / "password"
    kept.write_text(f"{password}\n", encoding="utf-8")
    server = SubmissionServer(HOST, port, USER)
    return AlarmMail(server, "mxproof@example.com", recipients, kept, roots=roots_file(folder))


def test_a_mail_says_who_is_silent_and_that_no_machine_should_answer(tmp_path: Path) -> None:
    message = message_of(mail(tmp_path, 465, TO, "you@provider.example"), ALARM, NOTICE, NOW)
    assert message["To"] == f"{TO}, you@provider.example"
    assert "Microsoft" in message["Subject"]
    assert (message["Auto-Submitted"], message["Date"]) == (
        "auto-generated",
        "Mon, 01 Jun 2026 12:00:00 +0000",
    )
    assert message["Message-ID"].endswith("@example.com>")
    assert message.get_content() == NOTICE


def test_an_alarm_is_told_once_the_server_took_it(tmp_path: Path) -> None:
    with provider() as server:
        assert told_by_mail(mail(tmp_path, server.port, TO, REFUSED), ALARM, NOTICE)
        assert not told_by_mail(mail(tmp_path, server.port, REFUSED), ALARM, NOTICE)
        assert not told_by_mail(mail(tmp_path, server.port, TO, password="wrong"), ALARM, NOTICE)
    assert [recipients for recipients, _ in server.taken] == [[TO]]


def test_an_alarm_is_not_told_without_a_server_or_a_password(tmp_path: Path) -> None:
    with provider() as server:
        gone = mail(tmp_path, server.port, TO)
    assert not told_by_mail(gone, ALARM, NOTICE)
    assert gone.password_file is not None
    gone.password_file.unlink()
    assert not told_by_mail(gone, ALARM, NOTICE)


@pytest.mark.parametrize(
    ("host", "domain", "exchanges"),
    [
        ("localhost", "", ()),
        ("127.0.0.1", "example.com", ()),
        ("::1", "", ()),
        ("mx.provider.example", "example.com", ("mx.provider.example",)),
        ("MX.provider.example.", "example.com", ("mx.provider.example",)),
        ("192.0.2.1", "example.com", ("192.0.2.1",)),
        ("mail.example.com", "example.com", ()),
        ("example.com", "example.com", ()),
    ],
)
def test_a_server_of_the_watched_mail_is_no_other_way(
    host: str, domain: str, exchanges: tuple[str, ...]
) -> None:
    assert not_another_way(host, domain, exchanges) != ""


@pytest.mark.parametrize("host", ["192.0.2.7", "smtp.provider.example", "mail.notexample.com"])
def test_a_server_of_somebody_else_is_another_way(host: str) -> None:
    assert not_another_way(host, "example.com", ("mx.example.net",)) == ""


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("smtp.provider.example", "smtp.provider.example is an MX host of example.com"),
        ("relay.provider.example", "relay.provider.example is this machine, whose mail log is followed"),
        ("else.provider.example", ""),
        ("unknown.provider.example", ""),
    ],
    ids=["another name of an MX host", "another name of this machine", "somebody else", "unknown"],
)
def test_a_server_is_known_by_its_addresses_too(
    host: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = {
        "mx.example.net": {"192.0.2.8", "192.0.2.9"},
        "smtp.provider.example": {"192.0.2.9", "2001:db8::9"},
        "relay.provider.example": {"192.0.2.1", "127.0.0.2"},
        "else.provider.example": {"192.0.2.7"},
    }
    monkeypatch.setattr(mail_module, "_addresses", lambda name: addresses.get(name, set()))
    exchanges = ("gone.example.net", "mx.example.net")
    assert not_another_way(host, "example.com", exchanges) == said

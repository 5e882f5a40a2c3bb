"""A report handed to the mail server: by sendmail or over SMTP, and what its answer means for further tries."""

import asyncio
import os
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from mxproof.formats.dkim import Signature, examine_key
from mxproof.formats.dkim_signed import signatures_of
from mxproof.formats.tlsrpt.destination import MailDestination
from mxproof.mail.dkim_signature import holds
from mxproof.mail.dkim_signing import DkimSigner
from mxproof.net.asking import Asking
from mxproof.net.submission import SubmissionServer
from mxproof.serve.sending import mailing
from mxproof.serve.sending.mailing import hand_in, signed_mail
from mxproof.serve.sending.settings import MailWay, SendSettings
from mxproof.store.journal.outgoing import AttemptOutcome
from support_clock import run
from support_dkim import AT, ed25519_key, record, rsa_key
from support_submission import HOST, PASSWORD, REFUSED, USER, provider, roots_file
from support_tlsrpt import SOUND

MAIL = b"Subject: report\r\n\r\nbody\r\n"
TO = MailDestination("mailto:tls@a.example", "tls@a.example")
SENDER = "tls@sender.example"


def script_in(folder: Path, text: str) -> MailWay:
    """Return a way by a sendmail that is this shell script."""
    program = folder / "sendmail"
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(0o755)
    return MailWay(sendmail=str(program))


def handed(way: MailWay, to: MailDestination = TO) -> tuple[AttemptOutcome, str]:
    return asyncio.run(hand_in(way, MAIL, SENDER, to))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (os.EX_OK, AttemptOutcome.DELIVERED),
        (os.EX_NOUSER, AttemptOutcome.REFUSED),
        (os.EX_NOHOST, AttemptOutcome.REFUSED),
        (os.EX_USAGE, AttemptOutcome.FAILED),
        (os.EX_TEMPFAIL, AttemptOutcome.FAILED),
        (1, AttemptOutcome.FAILED),
    ],
)
def test_only_a_mailbox_or_a_host_that_is_not_known_is_a_refusal(
    tmp_path: Path, status: int, outcome: AttemptOutcome
) -> None:
    way = script_in(tmp_path, f"cat >/dev/null; echo never  heard of >&2; exit {status}")
    became, said = handed(way)
    assert became is outcome
    end = "took it" if status == 0 else f"exit status {status}: never heard of"
    assert said.endswith(end)


def test_without_a_word_the_status_alone_is_told(tmp_path: Path) -> None:
    assert handed(script_in(tmp_path, "exit 75"))[1] == f"{tmp_path}/sendmail: exit status 75"


def test_sendmail_gets_the_mail_in_lines_of_unix(tmp_path: Path) -> None:
    handed(script_in(tmp_path, f"cat >{tmp_path}/mail"))
    assert (tmp_path / "mail").read_bytes() == MAIL.replace(b"\r\n", b"\n")


def test_a_sendmail_that_is_not_there_is_named_and_tried_again() -> None:
    became, said = handed(MailWay(sendmail="/nowhere/sendmail"))
    assert became is AttemptOutcome.FAILED
    assert said.startswith("/nowhere/sendmail: ")


def test_a_sendmail_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    os.mkfifo(alive := tmp_path / "alive")
    way = script_in(tmp_path, f"sleep 600 >{alive} & wait")

    async def scenario() -> tuple[AttemptOutcome, str]:
        return await hand_in(way, MAIL, SENDER, TO)

    reader = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    became, said = run(scenario())
    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b"", "nobody has it open to write any more"
    os.close(reader)
    assert became is AttemptOutcome.FAILED
    assert said.endswith("not done within 60 s")


def by_smtp(folder: Path, port: int) -> MailWay:
    """Return a way over the provider of the tests."""
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    return MailWay(
        server=SubmissionServer(HOST, port, user=USER),
        password_file=folder / "password",
        roots=roots_file(folder),
    )


def test_over_smtp_a_recipient_that_is_refused_is_a_refusal_and_one_that_is_taken_is_told(
    tmp_path: Path,
) -> None:
    with provider() as served:
        way = by_smtp(tmp_path, served.port)
        assert handed(way) == (AttemptOutcome.DELIVERED, f"{HOST}:{served.port} took it")
        became, said = handed(way, MailDestination(f"mailto:{REFUSED}", REFUSED))
    assert became is AttemptOutcome.REFUSED
    assert "550" in said
    assert [to for to, _ in served.taken] == [[TO.address]]


def test_over_smtp_a_password_is_looked_for_only_where_there_is_a_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted: list[tuple[str, str, str, bytes]] = []

    def submit(
        server: SubmissionServer, password: str, _roots: object, mail: bytes, sender: str, recipient: str
    ) -> None:
        submitted.append((password, sender, recipient, mail))

    monkeypatch.setattr(mailing, "submit_as_it_is", submit)
    (tmp_path / "password").write_text("secret\nmore\n", encoding="utf-8")
    for user, password in ((USER, "password"), ("", "none")):
        way = MailWay(
            server=SubmissionServer(HOST, 25, user=user),
            password_file=tmp_path / password,
            roots=roots_file(tmp_path),
        )
        assert handed(way) == (AttemptOutcome.DELIVERED, f"{HOST}:25 took it")
    assert submitted == [(word, SENDER, TO.address, MAIL) for word in ("secret", "")]


def test_a_password_that_cannot_be_read_and_a_server_that_is_away_are_tried_again(tmp_path: Path) -> None:
    way = by_smtp(tmp_path, 9)
    assert handed(way)[0] is AttemptOutcome.FAILED
    (tmp_path / "password").unlink()
    became, said = handed(way)
    assert became is AttemptOutcome.FAILED
    assert "password" in said


def test_each_key_signs_the_mail_as_it_is_before_the_others_did() -> None:
    keys: dict[str, RSAPrivateKey | Ed25519PrivateKey] = {"rsa": rsa_key(), "ed": ed25519_key()}
    settings = SendSettings(
        organization="Sender Example",
        contact=SENDER,
        sender=SENDER,
        asking=Asking(()),
        signers=tuple(DkimSigner(Signature("sender.example", name), key) for name, key in keys.items()),
    )
    mail = signed_mail(SOUND, "example.com", TO.address, b"packed", settings, AT)
    assert [one.by.selector for one in signatures_of(mail)] == ["rsa", "ed"]
    for one in signatures_of(mail):
        assert holds(one, examine_key(record(keys[one.by.selector])))
    unsigned = signed_mail(
        SOUND, "example.com", TO.address, b"packed", msgspec.structs.replace(settings, signers=()), AT
    )
    assert unsigned.startswith(b"From: ")
    assert b"DKIM-Signature" not in unsigned

"""TLS reports out of a folder of a real Dovecot: each message once, nothing lost, and every fault told in a line."""

import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, UNKNOWN
from real.bed.ca import Authority
from real.bed.dovecot import IMAP_PASSWORD, IMAP_USER, ImapServer, dovecot, served
from real.bed.edition import WORLDS_FOLDER
from real.bed.network import Machine, Network, network
from real.bed.process import running
from support_report_daemon import kept
from support_tlsrpt import message
from support_tlsrpt_days import written

HOST = Machine("imap", "imap.example.com", "198.51.100.30", "2001:db8:1::30")
MAIL = b"From: a@example.com\r\nSubject: hello\r\n\r\nno report\r\n"
URL = f"imaps://{IMAP_USER}@{HOST.host}"
MANY = int(os.environ.get("MXPROOF_MESSAGES", "3000"))
"""In one folder; ten thousand take a minute and a half."""
PEAK_KIB_MAX = 128 * 1024
RUN_WITHIN_S = 600.0

pytestmark = pytest.mark.usefixtures("host")


class Desk:
    """A machine with a Dovecot, and the command line there."""

    def __init__(self, folder: Path, wire: Network, server: ImapServer) -> None:
        self.folder = folder
        self.wire = wire
        self.server = server

    def command(self, *arguments: str) -> tuple[str, ...]:
        """Return the command that runs `mxproof tlsrpt` there."""
        return self.wire.inside(HOST, sys.executable, "-m", "mxproof", "tlsrpt", *arguments)

    def imported(
        self, url: str = URL, *more: str, password: str = IMAP_PASSWORD, ca: bool = True
    ) -> tuple[int, list[int], str]:
        """Import a folder; return the status, the counts said, and what was said on stderr, without what signatures need."""
        secret = self.folder / "password"
        secret.write_text(f"{password}\n")
        trust = ("--ca-file", str(self.folder / "ca" / "ca.pem")) if ca else ()
        store = ("--store", f"sqlite:{self.folder}/journal.db", "--config", "/dev/null")
        options = (
            "--any-domain",
            "--resolver",
            "127.0.0.1:9",
            "--password-file",
            str(secret),
            *trust,
            *store,
        )
        done = subprocess.run(
            self.command("import", *options, *more, url),
            capture_output=True,
            check=False,
            timeout=RUN_WITHIN_S,
        )
        assert b"Traceback" not in done.stderr
        assert IMAP_PASSWORD.encode() not in done.stdout + done.stderr
        return done.returncode, [int(one) for one in re.findall(rb"\d+", done.stdout)], done.stderr.decode()


@pytest.fixture
def desk(host: None) -> Iterator[Desk]:
    with (
        tempfile.TemporaryDirectory(prefix="mxproof-imap-", dir=WORLDS_FOLDER) as made,
        network("imap", [HOST], HOST) as wire,
    ):
        folder = Path(made)
        folder.chmod(0o755)
        names = Path("/etc/netns", wire.namespace(HOST.name), "hosts")
        names.write_text(f"{HOST.ipv4} {HOST.host}\n")
        identity = Authority(folder / "ca", datetime.now(UTC)).issue((HOST.host,))
        try:
            with dovecot(wire, HOST, identity, folder / "dovecot") as server:
                yield Desk(folder, wire, server)
        finally:
            names.unlink()


def test_each_message_is_read_once_and_left_as_it_is(desk: Desk) -> None:
    desk.server.put(message(written(number=1)), MAIL, message(written(number=2)))
    before = desk.server.names()
    assert desk.imported()[:2] == (DONE, [2, 1])
    assert desk.imported()[:2] == (DONE, [0])
    assert [name.split(":")[0] for name in desk.server.names()] == before
    assert not any(name.endswith("S") for name in desk.server.names())
    desk.server.put(message(written(number=3)))
    assert desk.imported()[:2] == (DONE, [1])
    assert kept(desk.folder).senders[0].reports == 3


def test_starttls_and_a_command_for_the_password_do_as_well(desk: Desk) -> None:
    desk.server.put(message(written()))
    url = URL.replace("imaps:", "imap:")
    file = desk.folder / "other"
    file.write_text(f"{IMAP_PASSWORD}\nsecond line\n")
    config = desk.folder / "tlsrpt.toml"
    config.write_text(
        f'any_domain = true\n[dns]\nresolvers = ["127.0.0.1:9"]\n[store]\nurl = "sqlite:{desk.folder}/journal.db"\n'
        f'[imap]\npassword_command = ["cat", "{file}"]\nca_file = "{desk.folder}/ca/ca.pem"\n'
    )
    done = subprocess.run(
        desk.command("import", "--config", str(config), url),
        capture_output=True,
        check=False,
        timeout=RUN_WITHIN_S,
    )
    assert (done.returncode, done.stdout) == (DONE, b"reports: 1 new\n")


def test_reports_are_moved_once_they_are_kept_and_other_mail_stays(desk: Desk) -> None:
    desk.server.put(message(written(number=1)), MAIL, message(b"{damaged"), box="Berichte")
    status, counts, _ = desk.imported(f"{URL}/Berichte", "--move-to", "Erledigt äöü")
    assert (status, counts) == (UNKNOWN, [1, 1, 1])
    assert len(desk.server.names("Berichte")) == 1
    assert len(desk.server.names("Erledigt &AOQA9gD8-")) == 2


def test_a_folder_that_is_numbered_anew_is_read_again_and_counts_nothing_twice(desk: Desk) -> None:
    desk.server.put(message(written(number=1)), message(written(number=2)))
    assert desk.imported()[:2] == (DONE, [2])
    desk.server.number_anew()
    assert desk.imported()[:2] == (DONE, [0, 2])


@pytest.mark.parametrize(
    ("url", "options", "password", "ca", "words"),
    [
        (URL, (), "wrong", True, "password is refused"),
        (f"{URL}/Nowhere", (), IMAP_PASSWORD, True, "no folder 'Nowhere'"),
        (URL, (), IMAP_PASSWORD, False, "certificate is not trusted"),
        (
            URL.replace("imap.example.com", "198.51.100.30"),
            (),
            IMAP_PASSWORD,
            True,
            "certificate is not trusted",
        ),
        (f"{URL}:9", (), IMAP_PASSWORD, True, "cannot be reached"),
        (f"{URL}:143", (), IMAP_PASSWORD, True, "cannot be reached"),
    ],
    ids=["password", "folder", "authority", "name", "refused", "no-tls"],
)
def test_a_fault_is_told_in_a_line_and_nothing_is_kept(
    desk: Desk, url: str, options: tuple[str, ...], password: str, ca: bool, words: str
) -> None:
    desk.server.put(message(written()))
    status, counts, said = desk.imported(url, *options, password=password, ca=ca)
    assert (status, counts) == (UNKNOWN, [])
    assert words in said.splitlines()[-1]


def test_a_server_that_goes_away_in_the_middle_costs_nothing(desk: Desk) -> None:
    many = 600
    desk.server.put(*(message(written(number=number)) for number in range(many)))
    secret = desk.folder / "password"
    secret.write_text(IMAP_PASSWORD)
    config = desk.folder / "tlsrpt.toml"
    config.write_text(
        f'any_domain = true\n[store]\nurl = "sqlite:{desk.folder}/journal.db"\n[dns]\nresolvers = ["127.0.0.1:9"]\n'
        f'[imap]\nurl = "{URL}"\npassword_file = "{secret}"\nca_file = "{desk.folder}/ca/ca.pem"\nevery_s = 10\n'
    )
    command = desk.command("receive", "--config", str(config))
    with running("mxproof tlsrpt receive", command, desk.folder / "daemon.log", "way=imap") as daemon:
        daemon.await_ready()
        os.kill(int((desk.server.folder / "run" / "master.pid").read_text()), signal.SIGKILL)
        daemon.await_line(re.compile("imap: .*it is tried again"), RUN_WITHIN_S)
        with served(desk.wire, HOST, desk.server.folder):
            daemon.await_line(re.compile("imap: back"), RUN_WITHIN_S)
    (found,) = kept(desk.folder).senders
    assert (found.reports, found.success) == (many, 7 * many)


def test_thousands_of_messages_are_read_in_flat_memory(desk: Desk) -> None:
    desk.server.put(*(message(written(number=number)) for number in range(MANY)))
    assert desk.imported()[:2] == (DONE, [MANY])
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < PEAK_KIB_MAX
    assert desk.imported()[:2] == (DONE, [0])


def test_ctrl_c_ends_it_and_the_next_run_goes_on(desk: Desk) -> None:
    desk.server.put(*(message(written(number=number)) for number in range(2000)))
    secret = desk.folder / "password"
    secret.write_text(IMAP_PASSWORD)
    options = ("--any-domain", "--resolver", "127.0.0.1:9", "--password-file", str(secret))
    where = ("--ca-file", f"{desk.folder}/ca/ca.pem", "--store", f"sqlite:{desk.folder}/journal.db")
    log = desk.folder / "dovecot" / "log"
    with subprocess.Popen(
        desk.command("import", *options, *where, "--config", "/dev/null", URL), stderr=subprocess.PIPE
    ) as importing:
        with running("tail", ("tail", "-f", str(log)), desk.folder / "tail", "Login: user") as tail:
            tail.await_ready()
            importing.send_signal(signal.SIGINT)
        _, said = importing.communicate(timeout=RUN_WITHIN_S)
    assert importing.returncode == 130, said
    assert desk.imported()[0] == DONE
    assert kept(desk.folder).senders[0].reports == 2000

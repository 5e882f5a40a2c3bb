"""TLS reports by real ways: DKIM-signed over a real Postfix to LMTP, posted over TLS by curl, and killed in the middle."""

import asyncio
import gzip
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from mxproof.explain.tlsrpt.period import PeriodCounts
from real.bed.ca import Authority
from real.bed.edition import WORLDS_FOLDER
from real.bed.network import Machine, network
from real.bed.postfix import MASTER_SERVICES, Sender, sender
from real.bed.process import Daemon, running
from support_cli import mxproof
from support_dkim import NAME, record, signed
from support_dns import dns_server, reply
from support_report_daemon import kept
from support_tlsrpt import message
from support_tlsrpt_days import written

MTA = Machine("mta", "mta.sender.example", "198.51.100.20", "2001:db8:1::20")
FROM, TO = "tls@sender.example", "tlsrpt@example.com"
SENT_WITHIN_S = 300.0
MANY = 40
HTTPS_PORT = 18460

pytestmark = pytest.mark.usefixtures("host")


@contextmanager
def keys() -> Iterator[str]:
    """Answer for the key of the sender, in a thread; yield the address of the resolver."""
    text = record().decode()
    quoted = " ".join(f'"{text[place : place + 200]}"' for place in range(0, len(text), 200))
    found: list[str] = []
    up, over = Event(), Event()

    async def serve() -> None:
        def respond(query: bytes, _transport: str) -> list[bytes]:
            return [reply(query, f"{NAME}. 300 IN TXT {quoted}")]

        async with dns_server(respond) as resolver:
            found.append(str(resolver))
            up.set()
            await asyncio.to_thread(over.wait)

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    up.wait()
    try:
        yield found[0]
    finally:
        over.set()
        thread.join()


def times(words: str, count: int) -> re.Pattern[str]:
    """Return what a log with these words so many times begins with; what was passed is not gone back over."""
    return re.compile(r"\A(?>.*?" + re.escape(words) + "){" + str(count) + "}", re.DOTALL)


class Bench:
    """A folder with a configuration, and the Postfix that delivers to the daemon's socket there."""

    def __init__(self, folder: Path, mta: Sender) -> None:
        self.folder = folder
        self.mta = mta

    @contextmanager
    def daemon(self) -> Iterator[Daemon]:
        """Run the daemon as a process of its own."""
        command = (
            sys.executable,
            "-m",
            "mxproof",
            "tlsrpt",
            "receive",
            "--config",
            str(self.folder / "tlsrpt.toml"),
        )
        log = self.folder / "daemon.log"
        log.unlink(missing_ok=True)
        with running("mxproof tlsrpt receive", command, log, "ready version") as made:
            made.await_ready()
            yield made

    def hand_in(self, data: bytes) -> None:
        """Hand a message with this report to Postfix, signed by its sender."""
        self.mta.submit_whole(signed(message(data)), FROM, TO)

    def await_sent(self, count: int) -> None:
        """Wait until so many messages are delivered."""
        self.mta.daemon.await_line(times("status=sent", count), SENT_WITHIN_S)

    def kept(self) -> PeriodCounts:
        """Return all that was kept."""
        return kept(self.folder)


@pytest.fixture
def bench(host: None) -> Iterator[Bench]:
    with (
        tempfile.TemporaryDirectory(prefix="mxproof-tlsrpt-", dir=WORLDS_FOLDER) as made,
        keys() as resolver,
        network("tlsrpt", [MTA], MTA) as wire,
    ):
        folder = Path(made)
        folder.chmod(0o755)
        authority = Authority(folder / "ca", datetime.now(UTC))
        identity = authority.issue(("localhost",))
        (folder / "tlsrpt.toml").write_text(
            f'domains = ["example.com"]\n[listen]\nlmtp = ["unix:{folder}/lmtp"]\n'
            f'https = ["inet:127.0.0.1:{HTTPS_PORT}"]\ncertificate = "{identity.pem}"\nkey = "{identity.pem}"\n'
            f'[unix]\nmode = "0666"\n[store]\nurl = "sqlite:{folder}/journal.db"\n[dns]\nresolvers = ["{resolver}"]\n'
        )
        settings = (f"default_transport = lmtp:unix:{folder}/lmtp", "lmtp_destination_recipient_limit = 1")
        lmtp = "lmtp      unix  -       -       n       -       -       lmtp\n"
        with sender(wire, MTA, settings, identity.pem, folder / "mta", master=MASTER_SERVICES + lmtp) as mta:
            yield Bench(folder, mta)


def test_the_same_report_by_four_ways_counts_once_and_as_signed(bench: Bench) -> None:
    data = written()
    packed = bench.folder / "report.json.gz"
    packed.write_bytes(gzip.compress(data))
    with bench.daemon():
        posted = subprocess.run(
            [
                *("curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}"),
                *("--cacert", str(bench.folder / "ca" / "ca.pem"), "--data-binary", f"@{packed}"),
                *(
                    "--header",
                    "Content-Type: application/tlsrpt+gzip",
                    f"https://localhost:{HTTPS_PORT}/tlsrpt",
                ),
            ],
            capture_output=True,
            check=True,
        )
        assert posted.stdout == b"201"
        bench.hand_in(data)
        bench.await_sent(1)
        bench.hand_in(data)
        bench.await_sent(2)
    maildir = bench.folder / "Maildir"
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    (maildir / "new" / "1").write_bytes(message(data))
    got = mxproof("tlsrpt", "import", "--config", str(bench.folder / "tlsrpt.toml"), str(maildir))
    assert (got.returncode, b"1 known" in got.stdout) == (0, True), got
    (found,) = bench.kept().senders
    assert (found.authenticated, found.reports, found.success, found.failure) == ("verified", 1, 7, 3)


def test_a_daemon_that_is_killed_loses_nothing_and_counts_nothing_twice(bench: Bench) -> None:
    with bench.daemon() as daemon:
        for number in range(MANY // 2):
            bench.hand_in(written(number=number))
        daemon.await_line(times("verified new", 5), SENT_WITHIN_S)
        daemon.process.kill()
        daemon.process.wait()
    for number in range(MANY // 2, MANY):
        bench.hand_in(written(number=number))
    with bench.daemon():
        bench.mta.flush()
        bench.mta.daemon.await_line(re.compile(r"status=sent"), SENT_WITHIN_S)
        bench.mta.flush()
        bench.await_sent(MANY)
    (found,) = bench.kept().senders
    assert (found.authenticated, found.reports, found.success) == ("verified", MANY, 7 * MANY)

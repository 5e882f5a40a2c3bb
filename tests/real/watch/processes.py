"""The watch in processes of its own over a lab in another: what they are told, what they say, and what they leave in the store."""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mxproof.judge.news import DomainNews
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import KeptCheck
from real.bed.process import Daemon, running
from support_provider import provided

WITHIN_S = 300.0
DOMAINS = tuple(provided(8))
"""Those of the tests that share a lab."""
COMMAND = (sys.executable, "-m", "mxproof")
CHECKED = re.compile(r"domain=(\S+) outcome=(\S+) took_s=")
EVER = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Asked(msgspec.Struct, frozen=True):
    """How the servers of a lab are reached."""

    resolver: str
    ca_file: str
    connect_to: tuple[str, ...]


@contextmanager
def lab(folder: Path, domains: int) -> Iterator[Asked]:
    """Serve the world of a provider."""
    program = Path(__file__).with_name("served.py")
    tests = Path(__file__).resolve().parents[2]
    command = ("env", f"PYTHONPATH={os.pathsep.join((str(tests), *sys.path))}", sys.executable, str(program))
    with running("lab", (*command, str(domains), str(folder)), folder / "lab.log", r"^(\{.*\})$") as one:
        one.await_ready()
        yield msgspec.json.decode(one.text(), type=Asked)


class Watch(msgspec.Struct, frozen=True):
    """A configuration in a folder, and the store that it names."""

    folder: Path
    store: str

    @property
    def told(self) -> list[DomainNews]:
        """Return what the alert was told so far."""
        try:
            lines = (self.folder / "told").read_bytes().splitlines()
        except FileNotFoundError:
            return []
        return [msgspec.json.decode(line, type=DomainNews) for line in lines]

    def command(self, *options: str) -> tuple[str, ...]:
        """Return the command of one process."""
        return (*COMMAND, "watch", "serve", "--config", str(self.folder / "watch.toml"), *options)

    @contextmanager
    def running(self, name: str, *options: str, before: Sequence[str] = ()) -> Iterator[Daemon]:
        """Run one process until the context is left; `before` is a command that runs it."""
        log = self.folder / f"{name}.log"
        log.unlink(missing_ok=True)
        with running(name, (*before, *self.command(*options)), log, "ready version=") as one:
            yield one

    def checks(self, domains: Sequence[str]) -> dict[str, list[KeptCheck]]:
        """Return all checks in the store by domain, the oldest first."""
        with closing(Journal(self.store)) as journal:
            watch = WatchJournal(journal)
            return {domain: watch.checks(domain, *EVER)[::-1] for domain in domains}


def configured(
    folder: Path,
    asked: Asked,
    store: str,
    domains: Sequence[str],
    more: str = "",
    *,
    interval_minutes: int = 1,
) -> Watch:
    """Write the configuration of a watch that writes down what it alerts of; `more` begins with keys of no table."""
    told = ["/bin/sh", "-c", f"cat >> {folder}/told; echo >> {folder}/told"]
    (folder / "watch.toml").write_text(
        f"domains = {json.dumps(list(domains))}\n"
        f'interval_minutes = {interval_minutes}\nlog = "debug"\n'
        f"{more}"
        f'[ask]\nresolvers = ["{asked.resolver}"]\ntrust_ad = "yes"\nca_file = "{asked.ca_file}"\nipv6 = false\ntimeout_s = 60.0\n'
        f"connect_to = {json.dumps(asked.connect_to)}\n"
        f'[store]\nurl = "{store}"\n'
        f'[[alert]]\nname = "pager"\nleast = "warning"\ncommand = {json.dumps(told)}\n',
        encoding="utf-8",
    )
    return Watch(folder, store)


def said_done(*logs: str) -> Counter[str]:
    """Return how many checks of each domain the processes say that they have kept."""
    return Counter(found[1] for log in logs for found in CHECKED.finditer(log))


def await_checks(one: Daemon, count: int) -> None:
    """Return when a process has said `count` times that it has kept a check."""
    # Atomic: what was found is not looked for again in another way, which a long log has no end of.
    one.await_line(re.compile(rf"\A(?>.*?{CHECKED.pattern}){{{count}}}", re.DOTALL), WITHIN_S)


def await_every(one: Daemon, domains: Sequence[str]) -> None:
    """Return when a process has kept a check of every domain."""
    for domain in domains:
        one.await_line(re.compile(rf"domain={re.escape(domain)} outcome="), WITHIN_S)


def url_in(folder: Path) -> str:
    """Return the URL of a store in the PostgreSQL that runs from a folder."""
    return f"postgresql:///postgres?host={folder}&user=postgres"

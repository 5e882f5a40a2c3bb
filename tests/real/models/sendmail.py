"""Sendmail from Debian with `DANE=true`, and little patience with an address that does not answer."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import msgspec

from mxproof.judge.vocabulary import Security
from real.bed.network import Machine
from real.models.case import World
from real.models.fate import Fate, Outcome
from real.models.ground import Place
from real.models.rooted import ROOTS, System, system

PROGRAM = "/opt/sendmail-bin/usr/libexec/sendmail/sendmail"
AT_ONCE = 8
TRIED_WITHIN_S = 300.0

_SOURCES = "/opt/sendmail-cf/usr/share/sendmail/cf/"
_CONF = "/etc/mail/sendmail.cf"
_MC = f"""\
divert(0)dnl
OSTYPE(`linux')dnl
define(`confDANE', `true')dnl
define(`confCACERT', `{ROOTS}')dnl
define(`confCACERT_PATH', `/etc/ssl/certs')dnl
define(`confTO_CONNECT', `5s')dnl
define(`confTO_ICONNECT', `5s')dnl
define(`confLOG_LEVEL', `14')dnl
define(`confBIND_OPTS', `WorkAroundBrokenAAAA')dnl
define(`confQUEUE_LA', `1000')dnl
define(`confREFUSE_LA', `1000')dnl
define(`ALIAS_FILE', `')dnl
define(`STATUS_FILE', `')dnl
FEATURE(`nocanonify')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
"""


class Sendmail(msgspec.Struct, frozen=True):
    """A system with Sendmail in it, which runs for each message only."""

    system: System

    def deliver(self, worlds: Sequence[World]) -> dict[str, Fate]:
        """Send one message into each world and return what became of them, by label."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._send, worlds))
        log = self.system.syslog.text()
        return {world.label: _fate(world, log) for world in worlds}

    def _send(self, world: World) -> None:
        message = f"From: {world.author}\nTo: {world.recipient}\nSubject: test\n\nHello.\n".encode()
        told = (PROGRAM, f"-C{_CONF}", "-odi", "-oi", "-f", f"sender@{self.system.host}", world.recipient)
        # Its exit status says what became of the message.
        self.system.told("sh", "-c", '"$@" || true', "send", *told, given=message, within_s=TRIED_WITHIN_S)


def _fate(world: World, log: str) -> Fate:
    recipient = re.escape(world.recipient)
    *_, line = [
        None,
        *re.finditer(
            rf": to=<?{recipient}>?, .*?dsn=(\d)\.[0-9.]+, (?:reply=.*?, )?stat=(.*)$", log, re.MULTILINE
        ),
    ]
    assert line is not None, (world.label, log[-3000:])
    outcome = {"2": Outcome.SENT, "4": Outcome.DEFERRED}.get(line[1], Outcome.BOUNCED)
    relay = re.search(r"relay=([^, ]+)", line[0])
    sessions = re.findall(r"STARTTLS=client, relay=([^,]+), .*?verify=(\w+)", log)
    verified = [
        verify for at, verify in sessions if relay is not None and at.rstrip(".") == relay[1].rstrip(".")
    ]
    dane = Security.DANE if verified and verified[-1] == "TRUSTED" else None
    return Fate(outcome, line[0], authenticated=dane)


@contextmanager
def sendmail(ground: Place, machine: Machine) -> Iterator[Sendmail]:
    """Have Sendmail on `machine`."""
    with system(ground.network, machine, ground.roots, ground.folder / machine.name) as made:
        made.write("/etc/mail/sendmail.mc", _MC)
        build = f"m4 -D_CF_DIR_={_SOURCES} {_SOURCES}m4/cf.m4 /etc/mail/sendmail.mc > {_CONF}"
        made.told("sh", "-c", build)
        made.told(
            "sh",
            "-c",
            "mkdir -p /var/spool/mqueue && chmod 700 /var/spool/mqueue; touch /etc/mail/local-host-names",
        )
        yield Sendmail(made)

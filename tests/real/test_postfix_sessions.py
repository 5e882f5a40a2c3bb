"""observed: what smtp(8) of each release makes of a server that fails behind STARTTLS, at each level that Postfix may be set to.

It goes out in clear text in a later attempt only, once a message has waited for minimal_backoff_time (smtp.h, PREACTIVE_DELAY).
"""

import re
import time
from collections.abc import Collection
from contextlib import ExitStack

import pytest

from real.bed.delivery import status_line
from real.bed.edition import NEWER, OWN, Edition
from real.bed.network import Machine
from real.bed.postfix import DELIVERED_WITHIN_S, Sender, sender
from real.models.ground import ground
from real.models.worlds import WORLDS

BACKOFF_S = 1
LEVELS = ("may", "dane", "encrypt")
EDITIONS = (OWN, NEWER)
SENDERS = tuple((edition, level) for edition in EDITIONS for level in LEVELS)

ENCRYPTED, CLEAR = ("sent", "encrypted"), ("sent", "clear")
DEFERRED, BOUNCED = ("deferred", "nowhere"), ("bounced", "nowhere")
DEMANDED = {
    "open-helo-only": ENCRYPTED,
    "open-helo-at-once": ENCRYPTED,
    "open-no-ehlo": BOUNCED,
    "open-later": DEFERRED,
    "open-leave": DEFERRED,
    "open-cut": DEFERRED,
    "open-ahead-of-tls": ENCRYPTED,
}
"""What becomes of a message where TLS is demanded, and how it was taken."""
HOPED_FOR = {**DEMANDED, "open-cut": CLEAR}

Fates = dict[str, dict[str, tuple[str, str]]]


@pytest.fixture(scope="module")
def fates(host: None) -> Fates:
    """Let every release at every level send one message into each world."""
    assert NEWER.root.is_dir(), f"{NEWER.root} is missing; run tools/install-postfix310 as root"
    worlds = [world for world in WORLDS if world.label in DEMANDED]
    machines = {name: _machine(name, number) for number, name in enumerate(map(_name, SENDERS), start=60)}
    statuses = {}
    with ExitStack() as stack:
        built = stack.enter_context(ground(worlds, list(machines.values())))
        for edition, level in SENDERS:
            name = _name((edition, level))
            settings = (
                f"smtp_tls_security_level = {level}",
                "smtp_dns_support_level = dnssec",
                f"minimal_backoff_time = {BACKOFF_S}s",
            )
            folder, ca_file = built.folder / name, built.authority.file
            running = sender(built.network, machines[name], settings, ca_file, folder, edition=edition)
            postfix = stack.enter_context(running)
            postfix.daemon.await_ready()
            to = {world.label: f"{name}@{world.domain}" for world in worlds}
            statuses[name] = {
                label: (to[label], status)
                for label, status in zip(to, _ended(postfix, to.values()), strict=True)
            }
        how = {one["recipient"]: "encrypted" if one["tls"] else "clear" for one in built.taken()}
    return {
        name: {label: (status, how.get(recipient, "nowhere")) for label, (recipient, status) in each.items()}
        for name, each in statuses.items()
    }


@pytest.mark.parametrize(("edition", "level"), SENDERS)
def test_a_release_goes_on_at_each_level_as_is_written(fates: Fates, edition: Edition, level: str) -> None:
    assert fates[_name((edition, level))] == (DEMANDED if level == "encrypt" else HOPED_FOR)


def _ended(postfix: Sender, recipients: Collection[str]) -> list[str]:
    """Send to each, twice where the first attempt is put off, and return the status of the last one."""
    for one in recipients:
        postfix.submit(one)
    first = {one: postfix.outcome(one).status for one in recipients}
    time.sleep(BACKOFF_S)
    postfix.flush()
    return [_status(postfix, one, 2 if status == "deferred" else 1) for one, status in first.items()]


def _status(postfix: Sender, recipient: str, number: int) -> str:
    """Wait until so many attempts have ended, and return the status of the last one."""
    line = re.sub(r"\?P<(?!status)\w+>", "?:", status_line(recipient).pattern)
    before = line.replace("?P<status>", "?:")
    every = re.compile(rf"(?:{before}[\s\S]*?){{{number - 1}}}{line}", re.MULTILINE)
    return postfix.daemon.await_line(every, DELIVERED_WITHIN_S)["status"]


def _name(one: tuple[Edition, str]) -> str:
    edition, level = one
    return f"{edition.name}-{level}"


def _machine(name: str, number: int) -> Machine:
    return Machine(name, f"{name}.example.net", f"198.51.100.{number}", f"2001:db8:1::{number}")

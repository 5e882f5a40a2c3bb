"""Every sender in every world: what was observed of the worlds, and then what became of one message from each to each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Protocol

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.senders.table import CHASQUID as CHASQUID_MODEL
from mxproof.judge.senders.table import COURIER as COURIER_MODEL
from mxproof.judge.senders.table import EXIM_DANE, OPPORTUNISTIC, SENDMAIL_DANE
from mxproof.judge.senders.traits import Traits
from real.bed.network import Machine
from real.models.case import World
from real.models.chasquid import chasquid
from real.models.courier import courier
from real.models.exim import exim
from real.models.fate import Fate
from real.models.foretold import observed
from real.models.ground import Ground, Place, ground
from real.models.haraka import haraka
from real.models.postfix import VARIANTS, enforced_by_the_letter, postfix
from real.models.sendmail import sendmail

EXIM, EXIM_WITHOUT_AD, CHASQUID = "exim", "exim-without-ad", "chasquid"
COURIER, SENDMAIL, HARAKA = "courier", "sendmail", "haraka"


class Running(Protocol):
    """A mail system that can be sent by."""

    def deliver(self, worlds: Sequence[World]) -> dict[str, Fate]:
        """Send one message into each world and return what became of them, by label."""
        ...


Started = Callable[[Place, Machine], AbstractContextManager[Running]]

STARTED: Mapping[str, Started] = {
    EXIM: exim,
    EXIM_WITHOUT_AD: exim,
    CHASQUID: chasquid,
    COURIER: courier,
    SENDMAIL: sendmail,
    HARAKA: haraka,
}
MODELS: Mapping[str, Traits] = {
    EXIM: EXIM_DANE,
    CHASQUID: CHASQUID_MODEL,
    COURIER: COURIER_MODEL,
    SENDMAIL: SENDMAIL_DANE,
    HARAKA: OPPORTUNISTIC,
    **{variant.name: variant.model for variant in VARIANTS},
}
"""The model of each sender."""
MACHINES = {
    name: Machine(
        name,
        f"{name}.example.net",
        f"198.51.100.{number}",
        f"2001:db8:1::{number}",
        trust_ad=name != EXIM_WITHOUT_AD,
    )
    for number, name in enumerate([*STARTED, *(variant.name for variant in VARIANTS)], start=50)
}


class Bench(msgspec.Struct, frozen=True):
    """All worlds and senders, up; `evidence` and `fates` are by label, the latter of each sender."""

    ground: Ground
    running: Mapping[str, Running]
    evidence: Mapping[str, Evidence]
    fates: Mapping[str, Mapping[str, Fate]]

    def again(self, sender: str, world: World) -> Fate:
        """Let one sender send once more into a world."""
        return self.running[sender].deliver([world])[world.label]


@contextmanager
def bench(worlds: Sequence[World], apart: Sequence[World]) -> Iterator[Bench]:
    """Build everything, observe `worlds`, and let all senders send at once; into `apart` nobody sends as yet."""
    with ExitStack() as stack:
        built = stack.enter_context(ground([*worlds, *apart], list(MACHINES.values())))
        evidence = observed(built, worlds)
        enforced = enforced_by_the_letter(evidence)
        every = {name: start(built, MACHINES[name]) for name, start in STARTED.items()}
        every |= {one.name: postfix(built, MACHINES[one.name], one, enforced) for one in VARIANTS}
        running = {name: stack.enter_context(one) for name, one in every.items()}
        with ThreadPoolExecutor(len(running)) as pool:
            under_way = {name: pool.submit(one.deliver, worlds) for name, one in running.items()}
            told = {name: one.result() for name, one in under_way.items()}
        taken = {(message["mail_from"], message["recipient"]): message for message in built.taken()}
        fates = {
            name: {
                world.label: received(fate, taken.get((f"sender@{MACHINES[name].host}", world.recipient)))
                for world in worlds
                for fate in (told[name][world.label],)
            }
            for name in running
        }
        yield Bench(built, running, evidence, fates)


def received(fate: Fate, message: Mapping[str, str | None] | None) -> Fate:
    """Return the fate with what the receiver knows of it."""
    if message is None:
        return fate
    return msgspec.structs.replace(fate, address=message["address"], tls=message["tls"])

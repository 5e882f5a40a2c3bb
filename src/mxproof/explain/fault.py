"""At whose side the fault lies: the suspects of a cause, and which of them the rest of the text rules out.

The same status line can come from either side. What the words of the rule tell stands (`Rule.suspects`), or what another
line of the same log tells of the same cause; else all suspects of the cause, less those that a provider of millions of mailboxes does not have for long: its zone, chain and
listeners where it receives, its resolver, trust store and network where it sends and reports. One side left is the
answer, several are unclear.
"""

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.fault import Fault, Suspect
from mxproof.explain.knowledge.systems import SYSTEMS, System
from mxproof.explain.match.claiming import StatedCause, stated
from mxproof.explain.match.hosts import failing_host
from mxproof.explain.read.material import Material, MaterialForm
from mxproof.explain.specific import narrowing

STATEMENTS_READ_MAX = 20

_BY_NAME = {system.name: system for system in SYSTEMS}
_PROVIDING_HOSTS = frozenset(host for system in SYSTEMS if system.provider for host in system.hosts)
_PROVIDED = frozenset(
    one for system in SYSTEMS if system.provider for one in (*system.domains, *system.hosts)
)
_RECEIVING = (Fault.RECIPIENT, Fault.PATH)


def suspects_of(
    one: StatedCause, material: Material, reporter: str | None, domain: str | None
) -> tuple[Suspect, ...]:
    """Return who may be at fault for a stated cause, the likeliest first.

    `reporter` is the name of the system that reports, `domain` the domain that is looked at.
    """
    left_over = narrowing(one.cause, (statement.text for statement in material.statements))
    told = (
        (left_over.suspects if left_over else ())
        or one.suspects
        or _told_elsewhere(one, material)
        or CATALOGUE[one.cause].suspects
    )
    is_reported_by_provider = _is_provider(_BY_NAME.get(reporter or ""))
    host = failing_host(one, material) if any(suspect.of_host for suspect in told) else None
    left = tuple(
        suspect
        for suspect in told
        if not (
            suspect.seldom_at_provider
            and (
                is_reported_by_provider
                if suspect.fault is Fault.SENDER
                else suspect.fault in _RECEIVING and is_of_provider(domain, host if suspect.of_host else None)
            )
        )
    )
    return left or told


def fault_of(suspects: tuple[Suspect, ...]) -> Fault:
    """Return the one side that is suspected, `unclear` where there are several or none."""
    sides = {suspect.fault for suspect in suspects}
    return sides.pop() if len(sides) == 1 else Fault.UNCLEAR


def _told_elsewhere(one: StatedCause, material: Material) -> tuple[Suspect, ...]:
    """Return the suspects that another line of the log leaves for the same cause, at another host for example."""
    if material.form is not MaterialForm.LOG:
        return ()
    for statement in material.statements[:STATEMENTS_READ_MAX]:
        for other in stated(statement.text):
            if other.cause == one.cause and other.suspects:
                return other.suspects
    return ()


def is_of_provider(domain: str | None, host: str | None) -> bool:
    """Tell whether mailboxes of `domain`, or the server `host`, belong to a provider with millions of mailboxes."""
    return domain in _PROVIDED or _is_provided(host)


def _is_provider(system: System | None) -> bool:
    return system is not None and system.provider


def _is_provided(host: str | None) -> bool:
    rest = host or ""
    while rest:
        if rest in _PROVIDING_HOSTS:
            return True
        rest = rest.partition(".")[2]
    return False

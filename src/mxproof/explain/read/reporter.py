"""Who reports: the mail system that wrote the bounce or the log, and the sender model that stands for it.

Which sender model it is, is said only where it follows: Postfix delivers by DANE or by an MTA-STS plugin, and only
the cause tells which of the two.
"""

from mxproof.explain.causes.cause import Cause
from mxproof.explain.explanation import Reporter
from mxproof.explain.knowledge.systems import SYSTEMS, System
from mxproof.explain.read.material import Material

_BY_ID = {system.id: system for system in SYSTEMS}
_BY_SUFFIX = {
    suffix: place for place, system in reversed(list(enumerate(SYSTEMS))) for suffix in system.hosts
}
_BY_PROGRAM = {
    name: place for place, system in reversed(list(enumerate(SYSTEMS))) for name in system.programs
}
_MARKS = tuple((place, mark) for place, system in enumerate(SYSTEMS) for mark in system.marks)


def reporter(material: Material, cause: Cause | None, author: str) -> Reporter:
    """Return who reports; `author` is the system that alone writes the text of the cause, or an empty string."""
    system = _by_host(material.reporting_host) or _by_marks(material) or _BY_ID.get(author)
    host = material.reporting_host or None
    if system is None:
        return Reporter(host=host)
    return Reporter(system.name, host, system.sender or _by_demand(system, cause))


def _by_host(host: str) -> System | None:
    """Return the first system that has the host, or a domain that it is in."""
    rest = host.lower().partition(" ")[0].rstrip(".")
    places = []
    while rest:
        if (place := _BY_SUFFIX.get(rest)) is not None:
            places.append(place)
        rest = rest.partition(".")[2]
    return SYSTEMS[min(places)] if places else None


def _by_marks(material: Material) -> System | None:
    """Return the system by the program that wrote the log, or else by its phrases."""
    place = _BY_PROGRAM.get(material.program)
    marked = next((one for one, mark in _MARKS if mark in material.marks), None)
    found = [one for one in (place, marked) if one is not None]
    return SYSTEMS[min(found)] if found else None


def _by_demand(system: System, cause: Cause | None) -> str | None:
    demanded = cause.demanded_by if cause is not None else None
    return next((sender for security, sender in system.senders if security is demanded), None)

"""Who reports: the mail system that wrote the bounce or the log, and the sender model that stands for it.

Which sender model it is, is said only where it follows: Postfix delivers by DANE or by an MTA-STS plugin, and only
the cause tells which of the two.
"""

from mxproof.explain.causes.cause import Cause
from mxproof.explain.explanation import Reporter
from mxproof.explain.knowledge.systems import SYSTEMS, System
from mxproof.explain.read.material import Material

_BY_ID = {system.id: system for system in SYSTEMS}


def reporter(material: Material, cause: Cause | None, author: str) -> Reporter:
    """Return who reports; `author` is the system that alone writes the text of the cause, or an empty string."""
    system = _by_host(material.reporting_host) or _by_marks(material) or _BY_ID.get(author)
    host = material.reporting_host or None
    if system is None:
        return Reporter(host=host)
    return Reporter(system.name, host, system.sender or _by_demand(system, cause))


def _by_host(host: str) -> System | None:
    bare = host.lower().partition(" ")[0].rstrip(".")
    for system in SYSTEMS:
        if any(bare == suffix or bare.endswith(f".{suffix}") for suffix in system.hosts):
            return system
    return None


def _by_marks(material: Material) -> System | None:
    """Return the system by the program that wrote the log, or else by its phrases."""
    for system in SYSTEMS:
        if material.program in system.programs or any(mark in material.marks for mark in system.marks):
            return system
    return None


def _by_demand(system: System, cause: Cause | None) -> str | None:
    demanded = cause.demanded_by if cause is not None else None
    return next((sender for security, sender in system.senders if security is demanded), None)

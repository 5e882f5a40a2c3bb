"""Who reports: the mail system that wrote the bounce or the log, and the sender model that stands for it.

Which sender model it is, is said only where it follows: Postfix delivers by DANE or by an MTA-STS plugin, and only
the cause tells which of the two.
"""

from mxproof.explain.causes.cause import Cause
from mxproof.explain.explanation import Reporter
from mxproof.explain.knowledge.systems import SYSTEMS, System
from mxproof.explain.read.material import Material

_BY_ID = {system.id: system for system in SYSTEMS}
_DANE_SENDERS = {"postfix": "postfix-dane", "exim": "exim-dane"}
_STS_SENDERS = {"postfix": "postfix-sts"}


def reporter(material: Material, cause: Cause | None, author: str) -> Reporter:
    """Return who reports; `author` is the system that alone writes the text of the cause, or an empty string."""
    system = _by_host(material.reporting_host) or _by_marks(material.marks) or _BY_ID.get(author)
    host = material.reporting_host or None
    if system is None:
        return Reporter(host=host)
    return Reporter(system.name, host, system.sender or _by_cause(system, cause))


def _by_host(host: str) -> System | None:
    bare = host.lower().partition(" ")[0].rstrip(".")
    for system in SYSTEMS:
        if any(bare == suffix or bare.endswith(f".{suffix}") for suffix in system.hosts):
            return system
    return None


def _by_marks(marks: str) -> System | None:
    return next((system for system in SYSTEMS if any(mark in marks for mark in system.marks)), None)


def _by_cause(system: System, cause: Cause | None) -> str | None:
    if cause is None:
        return None
    if cause.id.startswith("dane_"):
        return _DANE_SENDERS.get(system.id)
    return _STS_SENDERS.get(system.id) if cause.id.startswith("mtasts_") else None

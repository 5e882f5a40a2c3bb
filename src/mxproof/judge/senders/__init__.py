"""Sending systems as data, and the one engine that delivers as they would.

What is named here is loaded when somebody wants it: the policy daemon goes by one sender's rules and needs no engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mxproof.judge.senders.engine import deliver, deliver_at, server_name
    from mxproof.judge.senders.table import SENDERS
    from mxproof.judge.senders.traits import Traits

__all__ = ["SENDERS", "Traits", "deliver", "deliver_at", "server_name"]

_MODULES = {
    "SENDERS": "table",
    "Traits": "traits",
    "deliver": "engine",
    "deliver_at": "engine",
    "server_name": "engine",
}


def __getattr__(name: str) -> object:
    """Load what is named here with the first who asks for it (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"{__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)

"""The places where senders try to deliver: each MX host with each of its addresses."""

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Verdict

Place = tuple[int, str, str]
"""A preference, an MX host and one of its addresses; the address is empty where none was tried."""
Cells = tuple[Verdict | None, ...]
"""What one sender does at each of several places; None where it tried none."""


def places_of(senders: list[Delivery]) -> tuple[Place, ...]:
    """Return each place that some sender judged, in order of preference.

    A host that one sender refuses before it connects has no place of its own if others tried its addresses.
    """
    tried = {(one.preference, one.mx, one.address or "") for sender in senders for one in sender.attempts}
    with_address = {(preference, mx) for preference, mx, address in tried if address}
    return tuple(sorted(place for place in tried if place[2] or place[:2] not in with_address))


def cells_of(sender: Delivery, places: tuple[Place, ...]) -> Cells:
    """Return what the sender does at each place; what it says of a host counts at each address of that host."""
    here = {(one.preference, one.mx, one.address or ""): one.outcome for one in sender.attempts}
    return tuple(here.get(place, here.get((*place[:2], ""))) for place in places)

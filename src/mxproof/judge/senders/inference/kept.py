"""What a sender test showed of a known sender, as it is kept beside its model: the traits, and nothing of whoever ran it."""

import msgspec

from mxproof.judge.senders.inference.conclusion import SenderTestReport, ToldTrait


class KeptObservation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One run: of which software, when and how. `sender` is the id of the model.

    `different` are traits that the model has otherwise, each with the reason why that is left so.
    """

    sender: str
    software: str
    date: str
    method: str
    traits: tuple[ToldTrait, ...]
    contradictions: tuple[str, ...] = ()
    different: dict[str, str] = {}


def kept(report: SenderTestReport, sender: str, software: str, method: str) -> KeptObservation:
    """Return what is kept of a report: what was shown, with the cases that show it, and no address, header or name."""
    shown = tuple(one for one in report.traits if one.shown)
    date = f"{report.begun:%Y-%m-%d}"
    return KeptObservation(sender, software, date, method, shown, report.contradictions)

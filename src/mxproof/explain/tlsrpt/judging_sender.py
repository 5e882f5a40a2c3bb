"""The model that a row of a report is judged by."""

from typing import Final

import msgspec

from mxproof.judge.senders import readings
from mxproof.judge.senders.postfix import POSTFIX_DANE
from mxproof.judge.senders.providers import GOOGLE, MICROSOFT
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import Traits

_REPORTING: Final = {one.id: one for one in (MICROSOFT, GOOGLE)}
_BY_RFC: Final = msgspec.structs.replace(RFC8461, readings=readings.BOTH)
"""A sender that reports has read the policy, be it strictly or leniently."""


def model_of(sender: str) -> Traits | None:
    """Return the model with the id that `reporting_sender` gives, None for none."""
    return _REPORTING.get(sender)


def judging_sender(sender: Traits | None, *, by_dane: bool) -> Traits:
    """Return the model to judge a row by: the sender's own, else one that does what its RFC says."""
    if sender is None or (by_dane and not sender.dane):
        return POSTFIX_DANE if by_dane else _BY_RFC
    return sender

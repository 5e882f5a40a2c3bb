"""Which sender model a report comes from, by its submitter or the name of its organization."""

from typing import Final

import msgspec

from mxproof.judge.senders import readings
from mxproof.judge.senders.postfix import POSTFIX_DANE
from mxproof.judge.senders.providers import GOOGLE, MICROSOFT
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import Traits

_SUBMITTERS: Final = {
    "microsoft.com": MICROSOFT,
    "outlook.com": MICROSOFT,
    "hotmail.com": MICROSOFT,
    "google.com": GOOGLE,
    "gmail.com": GOOGLE,
}
_BY_RFC: Final = msgspec.structs.replace(RFC8461, readings=readings.BOTH)
"""A sender that reports has read the policy, be it strictly or leniently."""
_ORGANIZATIONS: Final = (("microsoft", MICROSOFT), ("google", GOOGLE))


def reporting_sender(submitter: str, organization: str) -> Traits | None:
    """Return the model of the sender that reports, None where it is none of the models."""
    found = _SUBMITTERS.get(submitter)
    if found is not None or submitter:
        return found
    name = organization.lower()
    return next((traits for sign, traits in _ORGANIZATIONS if sign in name), None)


def judging_sender(sender: Traits | None, *, by_dane: bool) -> Traits:
    """Return the model to judge a row by: the sender's own, else one that does what its RFC says."""
    if sender is None or (by_dane and not sender.dane):
        return POSTFIX_DANE if by_dane else _BY_RFC
    return sender

"""Which sender a report comes from, by its submitter or the name of its organization: the id of its model, and no more.

The models themselves stand beside (`judging_sender`): counting reports needs their names alone.
"""

from typing import Final

_SUBMITTERS: Final = {
    "microsoft.com": "microsoft",
    "outlook.com": "microsoft",
    "hotmail.com": "microsoft",
    "google.com": "google",
    "gmail.com": "google",
}
_ORGANIZATIONS: Final = ("microsoft", "google")


def reporting_sender(submitter: str, organization: str) -> str:
    """Return the id of the model of the sender that reports, empty where it is none of the models."""
    if submitter:
        return _SUBMITTERS.get(submitter, "")
    name = organization.lower()
    return next((sender for sender in _ORGANIZATIONS if sender in name), "")

"""Where TLS reports on a domain go, as far as that is looked at: the destinations that take none."""

import msgspec

from mxproof.evidence import Question


class UndeliverableReports(msgspec.Struct, frozen=True):
    """A domain that TLS reports are mailed to and that takes no mail, and the questions that showed it.

    Where `is_host`, a host that they are posted to and that has no address.
    """

    name: str
    questions: tuple[Question, ...]
    is_host: bool = False

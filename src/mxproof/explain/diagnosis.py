"""What was found in one bounce, log or header: values alone, which `wording` puts into words."""

import msgspec

from mxproof.explain.knowledge.other_kinds import OtherKind
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.read.material import Material


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """The causes that are claimed, those that are possible, and the kind of a bounce without a cause.

    `by_recipient` has the ids of the claimed causes by the address of a recipient; an empty address stands for the
    rest; `other_by_recipient` the id of the kind of those that have none and whose own words name one. `unread` is the sentence of a reason that is not known here, where the kind tells no reason.
    """

    material: Material
    claims: tuple[StatedCause, ...] = ()
    leads: tuple[StatedCause, ...] = ()
    other: OtherKind | None = None
    unread: str = ""
    by_recipient: tuple[tuple[str, tuple[str, ...]], ...] = ()
    other_by_recipient: tuple[tuple[str, str], ...] = ()

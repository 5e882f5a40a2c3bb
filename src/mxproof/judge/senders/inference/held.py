"""What a sender may hold when a second mail comes to a domain that has become another since the first.

Only what was seen to be fetched can be held: a sender that fetched no policy before the change remembers none. One that looks
again every few minutes whatever the id may have done so meanwhile; whether it did was seen, too.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.formats.mtasts import POLICY_PATH
from mxproof.judge.remembering import memories_of
from mxproof.judge.senders.inference.observation import SeenConnection, SeenFetch
from mxproof.judge.senders.traits import Refresh, Traits
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import LevelMemory, Memory, SenderMemory, SessionLevel

AGAIN_COUNTS_AFTER_S = 90
"""So long after the change a second mail counts: no resolver holds what was before, no policy daemon answers again as it did a
minute ago, and the policy that is to end has ended."""
_FETCHED = 200


class HeldOver(msgspec.Struct, frozen=True):
    """What may be remembered, and whether the policy was fetched once more after the change."""

    memories: tuple[SenderMemory, ...] = ()
    renewed: bool = False

    def of(self, sender: Traits) -> tuple[SenderMemory, ...]:
        """Return what this sender remembers of it: not the policy that it has by now replaced, for no other reason than time."""
        if not self.renewed or sender.refresh is not Refresh.OFTEN:
            return self.memories
        return tuple(one for one in self.memories if not isinstance(one, Memory))


NOTHING_HELD = HeldOver()


def held_of(
    evidence: Evidence,
    fetches: Iterable[SeenFetch],
    first: SeenConnection,
    changed_at: datetime,
    until: datetime,
) -> HeldOver:
    """Return what may be held of the domain of `evidence`, which is how it was when `first` brought a mail.

    `fetches` are those from its policy host; the second mail came at `until`.
    """
    got = [one.at for one in fetches if _is_fetched(one) and one.at <= until]
    before = [at for at in got if at <= changed_at]
    policies = memories_of(assemble(evidence, max(before))) if before else ()
    levels = (LevelMemory(SessionLevel.VERIFIED),) if first.is_encrypted else ()
    return HeldOver((*policies, *levels), len(got) > len(before))


def _is_fetched(fetch: SeenFetch) -> bool:
    return fetch.status == _FETCHED and fetch.path == POLICY_PATH and not fetch.tls.failure

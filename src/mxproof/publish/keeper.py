"""Those who keep what is published: the records of a zone, whichever way they are altered, and the policies that are served."""

from typing import Protocol

from mxproof.remedy.step_record import AlteredSet


class KeeperError(Exception):
    """What a keeper was asked to do was not done: who was asked, what was said, and what to do about it."""


class PolicyKeeper(Protocol):
    """Somebody who has policies served: a folder of one host, or a store that several hosts follow."""

    def put(self, domain: str, policy: str) -> str:
        """Have this policy be served, as often as asked; return what was done. Raises KeeperError where it was not."""

    def keep(self, domain: str, policy: str) -> object:
        """Have a policy that somebody serves already be served by us too, from the next time on that policies are read."""

    def remove(self, domain: str) -> str:
        """Have no policy be served, as `put` does."""


class RecordKeeper(Protocol):
    """Somebody who alters records; that they then are served is for the asker to look at.

    `is_by_hand`: records are altered by whoever reads what was written, at a time of their own.
    """

    is_by_hand: bool

    def put(self, zone: str, altered: AlteredSet) -> str:
        """Have all records of a type at a name be those of `altered`, as often as asked; return what was done, in a line.

        Raises KeeperError where that was not done, or nobody knows.
        """

"""A domain that is rolled out in memory: the world of a publication, and reports of its senders in the same journal."""

import shutil
from datetime import timedelta
from pathlib import Path

from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.publish.rollout import Rollout, decoded_rollout
from mxproof.publish.rollout_decision import RolloutPace
from mxproof.publish.rollout_driving import RolloutDriver, RolloutResult, WantedRollout
from mxproof.publish.rollout_evidence import RolloutSources
from mxproof.publish.wanted import WantedOf
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rollout_journal import RolloutJournal
from support_publication import DOMAIN, SOME_SENDERS, PublishedWorld
from support_reporters import reported

PACE = RolloutPace(days=7, silent_days=14)
_REPORTER = "google.com"


class RolledWorld:
    """A world with whoever drives the roll-out in it, as a process that starts now."""

    def __init__(self, world: PublishedWorld) -> None:
        self.world = world

    def roll(self, wanted: WantedRollout | None = None, *, dry: bool = False) -> RolloutResult:
        """Make one call."""
        return self._driver().drive(DOMAIN, wanted or WantedRollout(), dry=dry)

    def undo(self, *, dry: bool = False) -> RolloutResult:
        """Take back what was published last."""
        return self._driver().undo(DOMAIN, dry=dry)

    def _driver(self) -> RolloutDriver:
        journal = self._journal()
        publisher = self.world.publisher()
        sources = RolloutSources(
            self.world.journal(), journal, publisher.looks, ttl_s=300, senders=SOME_SENDERS
        )
        return RolloutDriver(
            RolloutJournal(journal),
            publisher,
            sources,
            wanted=WantedOf(),
            pace=PACE,
            now=self.world.now,
        )

    def kept(self) -> Rollout | None:
        """Return how the roll-out is kept."""
        found = RolloutJournal(self._journal()).rollout(DOMAIN)
        return None if found is None else decoded_rollout(found)

    def days_later(self, days: int, *, reporting: bool = True, failure: int = 0) -> None:
        """Let days go by, on each of which a sender reports, or none does."""
        today = self.world.at.replace(hour=0, minute=0, second=0, microsecond=0)
        if reporting:
            reported(
                self._journal(),
                _REPORTER,
                *(0, days, DOMAIN, today),
                failure=failure,
                authenticated=Authenticated.VERIFIED,
            )
        self.world.at += timedelta(days=days)

    def copied(self, folder: Path) -> "RolledWorld":
        """Return the same in another folder, from where it goes its own way."""
        shutil.copytree(self.world.folder, folder, dirs_exist_ok=True)
        made = PublishedWorld(folder, self.world.world)
        made.at = self.world.at
        return RolledWorld(made)

    def _journal(self) -> Journal:
        return Journal(f"sqlite:{self.world.folder}/journal.db")

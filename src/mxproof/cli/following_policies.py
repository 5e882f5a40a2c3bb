"""The policies of a store followed beside whatever this process does: a thread that writes them to the folder of this server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from mxproof.cli.configured import configured
from mxproof.cli.publication import open_journal, policy_folder
from mxproof.cli.streams import print_stderr
from mxproof.publish.keeper import KeeperError
from mxproof.publish.policy_store import POLICIES_LOOKED_AGAIN_S, PolicyFollower
from mxproof.serve.publish.config import PublishConfig
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.hosted_policy import HostedPolicyJournal

_ENDED_WITHIN_S: Final = 90.0


class _Following(threading.Thread):
    """Follows until it is told to end; a store that is gone is looked for again, and what is known is switched to meanwhile."""

    def __init__(self, follower: PolicyFollower) -> None:
        super().__init__(name="policies", daemon=True)
        self.ends = threading.Event()
        self.looked = threading.Event()
        self.fault = ""
        self._follower = follower

    def run(self) -> None:
        try:
            self._follow()
        except BaseException as bug:
            self.fault = f"policies of the store are followed no longer: {bug}"
            raise
        finally:
            self.looked.set()

    def _follow(self) -> None:
        while True:
            self._tell(self._fault_of(self._follower.look))
            if self.fault:
                self._fault_of(self._follower.switch)
            self.looked.set()
            if self.ends.wait(POLICIES_LOOKED_AGAIN_S if self.fault else self._follower.wait_s()):
                return

    def _fault_of(self, work: Callable[[], tuple[str, ...]]) -> str:
        """Do it, tell what it did, and return why it could not be done."""
        try:
            for name in work():
                print_stderr(f"{name}: the policy of the store is served")
        except (JournalError, KeeperError) as error:
            return str(error)
        return ""

    def _tell(self, fault: str) -> None:
        if fault != self.fault:
            print_stderr(fault or "the store is there again")
        self.fault = fault


@contextmanager
def following(config: PublishConfig) -> Iterator[Callable[[], bool]]:
    """Follow while the block lasts, from when it was looked once; the block gets what tells whether all that was due is taken.

    Raises RunError where the configuration is wrong.
    """
    with configured():
        folder = policy_folder(config)
    with open_journal(config) as journal:
        thread = _Following(PolicyFollower(HostedPolicyJournal(journal), folder, lambda: datetime.now(UTC)))
        thread.start()
        try:
            thread.looked.wait()
            yield lambda: not thread.fault
        finally:
            thread.ends.set()
            thread.join(_ENDED_WITHIN_S)

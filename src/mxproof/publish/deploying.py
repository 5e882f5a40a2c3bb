"""A certificate that somebody renewed, brought to the file that a mail server reads: what `mxproof publish deploy` does of one server.

| the renewed certificate | then |
|---|---|
| is in the file, and nothing is unfinished | nothing |
| is what an unfinished rollover is to | that goes on; the chain is staged again where it is gone |
| is another one | it is judged, staged, and rolled to in place of what is unfinished |

So it may be called as often as one likes: by certbot as a hook, and by a timer that finishes what has to wait.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from mxproof.publish.chain_file import ChainFile, KeyedChain
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rolling import Roller, RolloverResult
from mxproof.publish.rollover import Rollover, rollover_in
from mxproof.publish.rollover_making import ServerOfMail, looked_up_by, rollover_to
from mxproof.publish.rollover_permission import RolloverLooks
from mxproof.remedy.planned import PlannedState
from mxproof.store.journal.rollover_journal import RolloverJournal


class Deployment:
    """Brings renewed certificates to mail servers, by what `roller` does and `journal` says."""

    def __init__(self, roller: Roller, journal: RolloverJournal, looks: RolloverLooks) -> None:
        self._roller = roller
        self._journal = journal
        self._looks = looks

    def deploy(
        self,
        server: ServerOfMail,
        keyed: KeyedChain,
        reload: Callable[[], None],
        forced: str = "",
        *,
        dry: bool = False,
    ) -> RolloverResult:
        """Have this chain be shown by a server; with `dry` only say what would be done. Raises KeeperError where it cannot be staged."""
        host, file = server.hosts[0], ChainFile(Path(server.file))
        with self._journal.alone(host) as still_alone:
            opened = self._journal.opened(host)
            unfinished = None if opened is None else rollover_in(opened)
            is_held = file.held()[:1] == keyed.chain[:1]
            if unfinished is None and is_held:
                return RolloverResult(
                    host, PublicationEnd.NOTHING, said=f"{server.file} has the certificate already"
                )
            if unfinished is None or unfinished.chain[:1] != keyed.chain[:1]:
                rollover = self._rollover(server, keyed, unfinished, file)
                foreseen = self._roller.foreseen(host, rollover)
                if dry or (foreseen.end is not PublicationEnd.PLANNED and not forced):
                    return foreseen
                self._roller.begin(host, rollover, forced, keyed)
            elif dry:
                return RolloverResult(host, PublicationEnd.PLANNED, rollover=unfinished)
            elif not is_held and file.staged()[:1] != keyed.chain[:1]:
                file.stage(keyed)
            return self._roller.go_on(host, still_alone, reload)

    def _rollover(
        self, server: ServerOfMail, keyed: KeyedChain, unfinished: Rollover | None, file: ChainFile
    ) -> Rollover:
        evidence = [self._looks.arriving(one, PlannedState()) for one in server.domains]
        whole = msgspec.structs.replace(server, hosts=looked_up_by(server.hosts, evidence))
        look = self._looks.served(server.domains[0], whole.hosts)
        return rollover_to(keyed.chain, whole, look, evidence, unfinished, file.held())

"""Rollovers as they are done: each stage judged, made, seen at every name server, and journalled, one after the other.

One at a time is at a host. What is altered is judged right before, for every domain whose mail comes to the server and by every modelled
sender: the records that come, the certificate beside them, and the records without those that go. A stage that has to wait for longer
than a call has patience stays, and the next call goes on there.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from mxproof.evidence import Evidence
from mxproof.publish.chain_file import ChainFile, KeyedChain
from mxproof.publish.keeper import KeeperError, RecordKeeper
from mxproof.publish.patience import PAUSE_MAX_S, Patience
from mxproof.publish.permission import PublicationJudgement
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import (
    Rollover,
    RolloverSight,
    Stage,
    altered_sets,
    encoded_rollover,
    rollover_in,
    silent,
    stage_of,
    still,
    swap_from,
    withdrawn_from,
    without,
)
from mxproof.publish.rollover_permission import RolloverJudge, RolloverLooks, kept_from
from mxproof.publish.step import LaggingPlace
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.rollover import JournalledRollover, RolloverState
from mxproof.store.journal.rollover_journal import RolloverJournal
from mxproof.survey.zone import zone_of

STAGES_MAX: Final = 12
"""More than a rollover has, with a wait that begins anew."""


class RolloverResult(msgspec.Struct, frozen=True):
    """What became of a rollover of `host`, and at which stage it stands.

    `swap_at` is from when the certificate may be shown, `withdraw_at` from when the old records may go; None where that is not known yet.
    `lag` is who keeps it there, `judgement` what it was not allowed by.
    """

    host: str
    end: PublicationEnd
    stage: Stage = Stage.OVER
    rollover: Rollover | None = None
    swap_at: datetime | None = None
    withdraw_at: datetime | None = None
    lag: tuple[LaggingPlace, ...] = ()
    judgement: PublicationJudgement | None = None
    said: str = ""


class Roller:
    """Rolls for one host after the other; `patience_s` is how long one call waits in all, `tell` hears of each stage."""

    def __init__(
        self,
        journal: RolloverJournal,
        keeper: RecordKeeper,
        looks: RolloverLooks,
        judge: RolloverJudge,
        *,
        ttl_s: int,
        patience_s: float,
        now: Callable[[], datetime],
        pause: Callable[[float], None],
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._journal = journal
        self._keeper = keeper
        self._looks = looks
        self._judge = judge
        self._ttl_s = ttl_s
        self._patience_s = patience_s
        self._now = now
        self._pause = pause
        self._tell = tell

    def foreseen(self, host: str, rollover: Rollover) -> RolloverResult:
        """Return what a rollover that is not begun would come to: planned, or what of it may not be."""
        sets = altered_sets(rollover, self._look(rollover), self._ttl_s, withdraws=False)
        judged = [self._judge.records(rollover, sets)] if sets else []
        if rollover.chain:
            judged.append(self._judge.certificate(rollover, sets))
        for judgement in judged:
            end = kept_from(judgement)
            if end is not None:
                return RolloverResult(host, end, Stage.ANNOUNCE, rollover, judgement=judgement)
        return RolloverResult(host, PublicationEnd.PLANNED, Stage.ANNOUNCE, rollover)

    def begin(self, host: str, rollover: Rollover, forced: str, keyed: KeyedChain | None = None) -> None:
        """Stage the chain, and note what is to be rolled in place of what is open of the host; raises KeeperError."""
        if keyed is not None:
            ChainFile(Path(rollover.file)).stage(keyed)
        self._journal.begin(host, encoded_rollover(rollover), forced, self._now())

    def go_on(self, host: str, still_alone: StillAlone, reload: Callable[[], None]) -> RolloverResult:
        """Go on with what is open of a host until it is over or has to wait; `reload` has the server read its file anew."""
        patience = Patience(self._patience_s, self._pause)
        stages = 0
        while True:
            still_alone()
            opened = self._journal.opened(host)
            if opened is None:
                return RolloverResult(host, PublicationEnd.NOTHING)
            rollover = rollover_in(opened)
            try:
                result = self._stage(opened, rollover, patience, reload)
            except KeeperError as error:
                return msgspec.structs.replace(
                    self._kept(opened, rollover, PublicationEnd.FAILED, Stage.ANNOUNCE), said=str(error)
                )
            if result is not None:
                return result
            stages += 1
            if stages == STAGES_MAX:
                return self._kept(opened, rollover, PublicationEnd.WAITING, Stage.WAIT)

    def _stage(
        self,
        opened: JournalledRollover,
        rollover: Rollover,
        patience: Patience,
        reload: Callable[[], None],
    ) -> RolloverResult | None:
        """Make the stage at which a rollover stands; return what became of it where it cannot go on now."""
        look = self._look(rollover)
        sight = RolloverSight(
            without(rollover, look), still(rollover, look), self._is_installed(opened, rollover)
        )
        now = self._now()
        stage = stage_of(rollover, sight, opened.announced_at, opened.shown_at, now)
        if stage is Stage.SETTLE and opened.shown_at and now >= withdrawn_from(rollover, opened.shown_at):
            sight = msgspec.structs.replace(sight, old_shown=self._judge.old_shown(rollover))
            stage = stage_of(rollover, sight, opened.announced_at, opened.shown_at, now)
        if opened.announced_at is not None and sight.without:
            self._journal.announced(opened.number, None)
        match stage:
            case Stage.ANNOUNCE | Stage.WITHDRAW:
                return self._altered(opened, rollover, look, stage, patience)
            case Stage.WAIT:
                return self._wait(opened, rollover, patience)
            case Stage.INSTALL:
                return self._install(opened, rollover, sight, reload)
            case Stage.SETTLE:
                return self._settle(opened, rollover, sight, patience)
            case Stage.OVER:
                self._journal.end(opened.number, RolloverState.DONE, self._now())
                return RolloverResult(opened.host, PublicationEnd.DONE, Stage.OVER, rollover)

    def _altered(
        self,
        opened: JournalledRollover,
        rollover: Rollover,
        look: Evidence,
        stage: Stage,
        patience: Patience,
    ) -> RolloverResult | None:
        """Publish what comes or vanished, or withdraw what goes, and wait until every name server shows it."""
        withdraws = stage is Stage.WITHDRAW
        mute = silent(rollover, look)
        if mute:
            return self._kept(opened, rollover, PublicationEnd.UNSEEN, stage, mute)
        sets = altered_sets(rollover, look, self._ttl_s, withdraws=withdraws)
        judgement = None if opened.forced else self._judge.records(rollover, sets)
        end = None if judgement is None else kept_from(judgement)
        if end is not None:
            return self._kept(opened, rollover, end, stage, judgement=judgement)
        for one in sets:
            zone = zone_of(look, one.name)
            if zone is None:
                raise KeeperError(f"{one.name}: its zone could not be found out; nothing was altered")
            if set(one.before) != set(one.after):
                self._tell(f"{opened.host}: {stage}: {self._keeper.put(zone, one)}")
        lag = self._awaited(rollover, patience, withdraws=withdraws)
        if lag:
            return self._kept(opened, rollover, PublicationEnd.WAITING, stage, lag)
        if not withdraws:
            self._journal.announced(opened.number, self._now())
        return None

    def _awaited(
        self, rollover: Rollover, patience: Patience, *, withdraws: bool
    ) -> tuple[LaggingPlace, ...]:
        """Look until every name server shows it, or the patience is over; return who does not."""

        def lagging() -> tuple[LaggingPlace, ...]:
            look = self._look(rollover)
            return still(rollover, look) if withdraws else without(rollover, look)

        return patience.looked_until_none(lagging)

    def _wait(
        self, opened: JournalledRollover, rollover: Rollover, patience: Patience
    ) -> RolloverResult | None:
        """Let the time to live of the old set go by since every name server was seen with what comes."""
        if opened.announced_at is None:
            self._journal.announced(opened.number, self._now())
            return None
        safe_from = swap_from(rollover, opened.announced_at)
        assert safe_from is not None, "its moment is known"
        if patience.waited((safe_from - self._now()).total_seconds()):
            return None
        return self._kept(opened, rollover, PublicationEnd.WAITING, Stage.WAIT)

    def _install(
        self,
        opened: JournalledRollover,
        rollover: Rollover,
        sight: RolloverSight,
        reload: Callable[[], None],
    ) -> RolloverResult | None:
        """Have the certificate be shown, or hear that it is."""
        if not sight.installed:
            if not rollover.file:
                lag = self._judge.shown(rollover)
                return self._kept(opened, rollover, PublicationEnd.WAITING, Stage.INSTALL, lag)
            file = ChainFile(Path(rollover.file))
            if file.staged()[:1] != rollover.chain[:1]:
                raise KeeperError(
                    f"{file.next}: the certificate is not there; `mxproof publish deploy` stages it"
                )
            judgement = None if opened.forced else self._judge.certificate(rollover)
            end = None if judgement is None else kept_from(judgement)
            if end is not None:
                return self._kept(opened, rollover, end, Stage.INSTALL, judgement=judgement)
            file.swap()
            self._tell(f"{opened.host}: {Stage.INSTALL}: swapped {rollover.file}")
        if rollover.file:
            reload()
        self._journal.shown(opened.number, self._now())
        return None

    def _settle(
        self,
        opened: JournalledRollover,
        rollover: Rollover,
        sight: RolloverSight,
        patience: Patience,
    ) -> RolloverResult | None:
        """Let what still shows the old certificate go."""
        assert opened.shown_at is not None, "it settles once it is shown"
        left_s = (withdrawn_from(rollover, opened.shown_at) - self._now()).total_seconds()
        if patience.waited(left_s) if left_s > 0 else patience.waited_a_while(PAUSE_MAX_S):
            return None
        return self._kept(opened, rollover, PublicationEnd.WAITING, Stage.SETTLE, sight.old_shown or ())

    def _is_installed(self, opened: JournalledRollover, rollover: Rollover) -> bool:
        """Tell whether the chain is where it is shown from: in the file, or at every address where somebody else installs it."""
        if not rollover.chain:
            return True
        if rollover.file:
            return ChainFile(Path(rollover.file)).held()[:1] == rollover.chain[:1]
        return opened.shown_at is not None or not self._judge.shown(rollover)

    def _look(self, rollover: Rollover) -> Evidence:
        return self._looks.served(rollover.domains[0], rollover.hosts)

    def _kept(
        self,
        opened: JournalledRollover,
        rollover: Rollover,
        end: PublicationEnd,
        stage: Stage,
        lag: tuple[LaggingPlace, ...] = (),
        judgement: PublicationJudgement | None = None,
    ) -> RolloverResult:
        """Return at which stage it is kept, by whom, and when it may go on."""
        shown_at = opened.shown_at
        return RolloverResult(
            opened.host,
            end,
            stage,
            rollover,
            swap_from(rollover, opened.announced_at) if rollover.awaited() and shown_at is None else None,
            withdrawn_from(rollover, shown_at) if rollover.going and shown_at is not None else None,
            lag,
            judgement,
        )

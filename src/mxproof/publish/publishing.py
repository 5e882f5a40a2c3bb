"""A publication from its judgement to its last step: what `mxproof publish apply`, `undo`, `adopt` and `resume` do.

| event | then |
|---|---|
| nothing is open, all is shown | nothing is done |
| it may not be published | nothing is done, and the reason is told |
| it may | it is journalled as open, and its steps are made one after the other |
| a step is shown by everybody | that is journalled, and the next one is made |
| somebody does not show it in time | it stays open; whoever comes next goes on there |
| the process is killed | the same: each step says the state after it, and may be made any number of times |
| all steps are shown | it is journalled as done |

What is open of a domain is finished before anything else of it is begun, or taken back by `undo`; only what no sender can have heard of
may be given up for something else. One at a time is at a domain.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from mxproof.evidence import Evidence, Kind
from mxproof.formats.mtasts import Policy
from mxproof.judge.senders import SENDERS, Traits
from mxproof.publish.found import announced, found_state, is_only_policy
from mxproof.publish.keeper import KeeperError, PolicyKeeper, RecordKeeper
from mxproof.publish.patience import Patience
from mxproof.publish.permission import Permission, PublicationJudgement, judged
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.state import PublishedState, decoded, encoded, new_id, with_policy, without_record
from mxproof.publish.step import (
    LaggingPlace,
    PublicationStep,
    StepName,
    fetch_fault,
    held,
    lagging,
    owner_of,
    policy_host,
    steps_to,
    unseen,
    wanted_beside,
)
from mxproof.publish.wanted import WantedOf, WantedPolicy
from mxproof.remedy.step_record import AlteredSet
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.publication import (
    NewPublication,
    Publication,
    PublicationKind,
    PublicationState,
    StepStanding,
)
from mxproof.store.journal.publication_journal import PUBLICATIONS_KEPT_MAX, PublicationJournal
from mxproof.survey.zone import zone_of

JUDGED_FOR = timedelta(minutes=5)
"""How long a judgement holds good while steps are waited for; mail servers and their certificates go on meanwhile."""


_NOT_ALLOWED = frozenset({PublicationEnd.REFUSED, PublicationEnd.UNCLEAR})


class Looks(msgspec.Struct, frozen=True):
    """How it is found out what is shown: what is published of a domain, how mail would arrive once a state is, and its MX records."""

    published: Callable[[str], Evidence]
    arriving: Callable[[PublishedState, Evidence], Evidence]
    receiving: Callable[[str], Evidence] = Evidence


class Publisher:
    """Publishes for one domain after the other; `patience_s` is how long a step is waited for, `tell` hears of each step."""

    def __init__(
        self,
        journal: PublicationJournal,
        keeper: RecordKeeper,
        folder: PolicyKeeper,
        looks: Looks,
        *,
        ttl_s: int,
        patience_s: float,
        now: Callable[[], datetime],
        pause: Callable[[float], None],
        senders: Sequence[Traits] = SENDERS,
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._journal = journal
        self._keeper = keeper
        self._folder = folder
        self.looks = looks
        self._ttl_s = ttl_s
        self._patience_s = patience_s
        self._now = now
        self._pause = pause
        self._senders = senders
        self._tell = tell

    def apply(
        self, domain: str, change: WantedPolicy, wanted: WantedOf, forced: str = "", *, dry: bool = False
    ) -> PublicationResult:
        """Publish the policy that `change` makes; with `dry` only say what would be done."""
        with self._journal.alone(domain) as still:
            instead_of = None
            opened = None if dry else self._journal.opened(domain)
            look = self.looks.published(domain)
            if opened is not None and _is_unheard_of(opened, look):
                instead_of = opened.number
            elif opened is not None:
                finished = self._finish(opened, still)
                if not _is_settled(finished, change):
                    return finished
                instead_of = opened.number if finished.end in _NOT_ALLOWED else None
                look = self.looks.published(domain)
            silent = unseen(look)
            if silent:
                return PublicationResult(domain, PublicationEnd.UNSEEN, lag=silent)
            before = self._before(domain, look)
            if isinstance(before, str):
                if not forced:
                    words = f"{before}; what is there cannot be taken over (--force publishes in spite of it)"
                    return PublicationResult(domain, PublicationEnd.FAILED, said=words)
                before = None
            last = before or (decoded(opened.after) if opened is not None else None)
            policy = change.of(last.policy_value() if last is not None else None)
            if policy is None and before is not None and not wanted.announced:
                return PublicationResult(domain, PublicationEnd.NOTHING, before)
            if policy is None:
                words = "nothing was published so far, and no policy is given"
                return PublicationResult(domain, PublicationEnd.FAILED, said=words)
            state = self._wanted(domain, before, policy, wanted, look)
            return self._published(
                PublicationKind.APPLY, before, state, look, forced, still, dry=dry, instead_of=instead_of
            )

    def undo(self, domain: str, forced: str = "", *, dry: bool = False) -> PublicationResult:
        """Bring back the state before what is open, or else before the last one that was done, under a new id."""
        with self._journal.alone(domain) as still:
            opened = self._journal.opened(domain)
            done = self._journal.published(domain, 2)
            target = decoded(opened.before) if opened is not None else _state_before(done)
            if opened is None and (target is None or not target.policy):
                # Whatever name servers say would not alter that.
                return PublicationResult(domain, PublicationEnd.FAILED, said=_nothing_before(done))
            look = self.looks.published(domain)
            silent = unseen(look)
            if silent:
                return PublicationResult(domain, PublicationEnd.UNSEEN, lag=silent)
            if opened is not None and target is None and not announced(look) and not dry:
                self._journal.end(opened.number, PublicationState.UNDONE, self._now())
                return PublicationResult(domain, PublicationEnd.UNDONE)
            if target is None or not target.policy:
                return PublicationResult(domain, PublicationEnd.FAILED, said=_nothing_before(done))
            used = self._used(domain) | {target.id}
            state = msgspec.structs.replace(target, id=new_id(self._now(), used), withdrawn=False)
            current = decoded(opened.after if opened is not None else done[0].after)
            number = None if opened is None else opened.number
            return self._published(
                PublicationKind.UNDO, current, state, look, forced, still, dry=dry, instead_of=number
            )

    def adopt(self, domain: str) -> PublicationResult:
        """Take over what is served now, whoever serves it, and change nothing of it."""
        with self._journal.alone(domain):
            if self._journal.opened(domain) is not None:
                words = "a publication is not over; `publish resume` finishes it"
                return PublicationResult(domain, PublicationEnd.FAILED, said=words)
            look = self.looks.published(domain)
            silent = unseen(look)
            if silent:
                return PublicationResult(domain, PublicationEnd.UNSEEN, lag=silent)
            state = found_state(look)
            if isinstance(state, str):
                return PublicationResult(domain, PublicationEnd.FAILED, said=state)
            last = self._journal.published(domain)
            if last and decoded(last[0].after) == state:
                return PublicationResult(domain, PublicationEnd.NOTHING, state)
            before = last[0].after if last else b""
            try:
                self._folder.keep(domain, state.policy)
            except KeeperError as error:
                return PublicationResult(domain, PublicationEnd.FAILED, state, said=str(error))
            self._noted(PublicationKind.ADOPT, before, state)
            return PublicationResult(domain, PublicationEnd.DONE, state)

    def resume(self, domain: str) -> PublicationResult:
        """Finish what is open of a domain."""
        with self._journal.alone(domain) as still:
            opened = self._journal.opened(domain)
            if opened is None:
                return PublicationResult(domain, PublicationEnd.NOTHING)
            return self._finish(opened, still)

    def _published(
        self,
        kind: PublicationKind,
        before: PublishedState | None,
        state: PublishedState,
        look: Evidence,
        forced: str,
        still: StillAlone,
        *,
        dry: bool,
        instead_of: int | None = None,
    ) -> PublicationResult:
        left = tuple(step for step in steps_to(state) if lagging(step, look))
        if not left and instead_of is None:
            if not dry and not self._journal.published(state.domain):
                self._noted(PublicationKind.ADOPT, b"", state)
            return PublicationResult(state.domain, PublicationEnd.NOTHING, state)
        judgement = self._judged(state, before, look)
        end = _kept_from(judgement)
        # Of a host that is not there yet nothing is seen, and nothing has to be: nobody asks for its policy.
        is_open = end is PublicationEnd.UNCLEAR and not announced(look)
        if end is not None and not is_open and not forced:
            return PublicationResult(state.domain, end, state, left, judgement=judgement)
        if dry:
            return PublicationResult(state.domain, PublicationEnd.PLANNED, state, left, judgement=judgement)
        new = NewPublication(state.domain, kind, encoded(before), encoded(state), forced)
        begun = self._journal.begin(new, self._now(), instead_of=instead_of)
        return self._run(begun, still, judgement if _is_read(look) and not is_open else None)

    def _finish(self, opened: Publication, still: StillAlone) -> PublicationResult:
        """Go on with what was begun; where something was only to be noted, it can be noted again."""
        if opened.kind is PublicationKind.ADOPT:
            self._journal.end(opened.number, PublicationState.UNDONE, self._now())
            return PublicationResult(opened.domain, PublicationEnd.UNDONE)
        self._tell(f"{opened.domain}: goes on with what was begun {opened.begun_at:%Y-%m-%d %H:%M:%S} UTC")
        return self._run(opened, still, None)

    def _run(
        self, begun: Publication, still: StillAlone, judgement: PublicationJudgement | None
    ) -> PublicationResult:
        """Make the steps that are left; `judgement` is that of just now, None where the last step is to be judged first."""
        state = decoded(begun.after)
        assert state is not None, "what is published has a state"
        steps = steps_to(state)
        for place, step in enumerate(steps):
            left = steps[place:]
            still()
            look = self.looks.published(state.domain)
            lag = lagging(step, look)
            if lag:
                if self._now() - begun.begun_at > JUDGED_FOR:
                    judgement = None
                if step.step is StepName.ID and judgement is None and not begun.forced:
                    judgement = self._judged(state, decoded(begun.before), look)
                    end = _kept_from(judgement)
                    if end is not None:
                        return PublicationResult(state.domain, end, state, left, judgement=judgement)
                self._note(begun, step, StepStanding.BEGUN, "")
                still()
                try:
                    self._tell(f"{state.domain}: {step.step}: {self._made(step, state, look)}")
                except KeeperError as error:
                    self._note(begun, step, StepStanding.BEGUN, str(error))
                    return PublicationResult(
                        state.domain, PublicationEnd.FAILED, state, left, said=str(error)
                    )
                lag = self._awaited(step, state.domain)
            if lag:
                self._note(begun, step, StepStanding.BEGUN, f"{lag[0].place} {lag[0].shows}")
                return PublicationResult(state.domain, PublicationEnd.WAITING, state, left, lag)
            self._note(begun, step, StepStanding.SEEN, "")
        self._journal.end(begun.number, PublicationState.DONE, self._now())
        return PublicationResult(state.domain, PublicationEnd.DONE, state)

    def _made(self, step: PublicationStep, state: PublishedState, look: Evidence) -> str:
        """Make a step, and return what was done; raises KeeperError where that is not certain."""
        if step.kind is Kind.POLICY:
            if not step.policy:
                return self._folder.remove(state.domain)
            return self._folder.put(state.domain, step.policy)
        name = owner_of(step, look)
        zone = zone_of(look, name)
        here = held(step, look)
        if zone is None or here is None:
            raise KeeperError(
                f"{name}: no name server of its zone tells what stands there; nothing was altered"
            )
        altered = AlteredSet(name, step.kind, here, wanted_beside(step, here), self._ttl_s)
        return self._keeper.put(zone, altered)

    def _awaited(self, step: PublicationStep, domain: str) -> tuple[LaggingPlace, ...]:
        """Look until everybody shows a step or the patience is over; return who does not."""
        patience = Patience(self._patience_s, self._pause)
        return patience.looked_until_none(lambda: lagging(step, self.looks.published(domain)))

    def _judged(
        self, state: PublishedState, before: PublishedState | None, look: Evidence
    ) -> PublicationJudgement:
        evidence = self.looks.arriving(state, look)
        older = () if before is None else (before,)
        return judged(state, evidence, now=evidence.observed_at(), older=older, senders=self._senders)

    def _wanted(
        self, domain: str, before: PublishedState | None, policy: Policy, wanted: WantedOf, look: Evidence
    ) -> PublishedState:
        shown = before is not None and is_only_policy(before.policy, look)
        state = with_policy(before, domain, policy, self._now(), self._used(domain), is_shown=shown)
        if not wanted.announced:
            return without_record(state, is_served=wanted.served)
        return msgspec.structs.replace(
            state, reports=wanted.reports or state.reports, host=wanted.host or state.host
        )

    def _before(self, domain: str, look: Evidence) -> PublishedState | str | None:
        """Return the state that was published last, or that is found where none was; why that cannot be read, else."""
        last = self._journal.published(domain)
        if last:
            return decoded(last[0].after)
        return found_state(look) if announced(look) else None

    def _used(self, domain: str) -> frozenset[str]:
        history = self._journal.history(domain, PUBLICATIONS_KEPT_MAX)
        states = (decoded(data) for one in history for data in (one.before, one.after))
        return frozenset(state.id for state in states if state is not None)

    def _noted(self, kind: PublicationKind, before: bytes, state: PublishedState) -> None:
        """Note a state that is there already as published."""
        new = NewPublication(state.domain, kind, before, encoded(state))
        begun = self._journal.begin(new, self._now())
        self._journal.end(begun.number, PublicationState.DONE, self._now())

    def _note(self, begun: Publication, step: PublicationStep, standing: StepStanding, said: str) -> None:
        self._journal.note(begun.number, step.step, standing, said, self._now())


def _is_unheard_of(opened: Publication, look: Evidence) -> bool:
    """Tell whether no sender can have heard of what is open, so that another one may take its place at once."""
    is_begun = any(one.step == StepName.ID for one in opened.steps)
    return not is_begun and not unseen(look) and not announced(look)


def _is_settled(finished: PublicationResult, change: WantedPolicy) -> bool:
    """Tell whether another publication may follow: what was open is over, or never may be, and another policy is wanted."""
    if finished.end in _NOT_ALLOWED and finished.state is not None:
        stuck = finished.state.policy_value()
        return change.of(stuck) != stuck
    return finished.end in {PublicationEnd.DONE, PublicationEnd.UNDONE}


def _kept_from(judgement: PublicationJudgement) -> PublicationEnd | None:
    match judgement.permission:
        case Permission.REFUSED:
            return PublicationEnd.REFUSED
        case Permission.UNCLEAR:
            return PublicationEnd.UNCLEAR
        case Permission.GRANTED:
            return None


def _is_read(look: Evidence) -> bool:
    """Tell whether senders can read a policy from every address, so that one that is served there decides."""
    fetches = policy_host(look).fetches
    return bool(fetches) and not any(map(fetch_fault, fetches))


def _nothing_before(done: tuple[Publication, ...]) -> str:
    if not done:
        return "nothing was published from here, so that there is nothing to go back to"
    return "there is no state before to go back to; `publish apply --mode none` is the way out"


def _state_before(done: tuple[Publication, ...]) -> PublishedState | None:
    """Return what was published before the last of those that were done."""
    if not done:
        return None
    return decoded(done[0].before) or (decoded(done[1].after) if len(done) > 1 else None)

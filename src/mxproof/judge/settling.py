"""What a series of checks of one domain comes to: what holds, and which of what was seen is news.

A single check may meet a server that restarts or a resolver that is late. So a change holds once it was seen twice, and what
could not be found out is never taken for a change of mail:

| a check sees | what follows |
|---|---|
| what holds | nothing; the newer observation takes the place of the older |
| something else, for the first time | it is looked at again soon |
| the same once more, within CANDIDATE_CHECKS | it holds from now on, and is news (`TurnKind.CHANGED`) |
| a sender that fares otherwise once more in the same way | the same, whatever findings come and go beside it |
| the same mail, and another record, address or certificate, twice | it is written down (`TurnKind.DETAIL`) |
| the same mail, and yet another one while there are some that were seen once | nothing: addresses that turn are not run after |
| less than before, BLIND_CHECKS times in a row | that is news of its own (`TurnKind.BLIND`), once, and so is its end |
| FLAPS changes of mail within FLAP_SPAN | the last of them says so; those that follow are quiet until a day has passed without |
| the last of those was quiet, and senders do not simply deliver since STAYS | that is told, for nobody knows that it stayed |

A finding that only tells of a silence is no news by itself while senders cannot be judged: the news then is that less is seen.

A check is judged for every sender as it comes and as it is where it holds a policy that was served before (`remembering`).

What is unknown now keeps the place of what was known: a sender that could not be judged counts as faring as before.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.codes import OF_SILENCE
from mxproof.judge.differing import JudgedEvidence, seen
from mxproof.judge.remembering import held_beside, seen_served
from mxproof.judge.vocabulary import Security, Severity, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from mxproof.mail.observed_fact import observed_facts

CANDIDATE_CHECKS = 6
"""How many checks a change that was seen once is remembered for: two name servers that differ show it now and then."""
SEEN_ONCE_MAX = 4
BLIND_CHECKS = 4
FLAPS = 4
FLAP_SPAN = timedelta(days=1)
STAYS = timedelta(hours=6)

_DIGEST_CHARACTERS = 16
_WEIGHED = frozenset({Severity.ERROR, Severity.WARNING})
_LOST = frozenset({Verdict.REFUSED, Verdict.AT_RISK})


class Fate(msgspec.Struct, frozen=True, array_like=True):
    """What one sender does with mail, and the findings that make it."""

    outcome: Verdict
    security: Security | None
    because: tuple[str, ...]


class Weighed(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One finding, without words."""

    code: str
    subject: str
    severity: Severity


class SeenState(msgspec.Struct, frozen=True):
    """What one check saw, as far as two are compared.

    `fates` are those of the senders that decide, `findings` those that weigh as a warning at least; `facts` holds a digest of
    the value of each fact, empty where that could not be found out, and `unknowns` are the questions that were not answered.
    """

    fates: Mapping[str, Fate]
    findings: tuple[Weighed, ...]
    facts: Mapping[str, str]
    unknowns: tuple[str, ...] = ()


class Candidate(msgspec.Struct, frozen=True):
    """Something that was seen once, when that was, and for how many more checks it is remembered."""

    what: str
    since: datetime
    checks_left: int


class Blindness(msgspec.Struct, frozen=True):
    """Since when less is seen than before, in how many checks, and whether that was told."""

    since: datetime
    checks: int
    is_told: bool = False


class SettledState(msgspec.Struct, frozen=True):
    """What holds of a domain, None before its first check.

    `turns` are the moments of its last changes of mail, `served` the policies that were seen served, for which senders it is judged too.
    """

    sight: SeenState | None = None
    candidates: tuple[Candidate, ...] = ()
    blindness: Blindness | None = None
    turns: tuple[datetime, ...] = ()
    served: tuple[Memory, ...] = ()


class TurnKind(StrEnum):
    """Which kind of news."""

    FIRST = "first"
    """The domain was checked for the first time, and what holds was seen twice."""
    CHANGED = "changed"
    """A sender fares otherwise, or a finding appeared or is gone."""
    DETAIL = "detail"
    """Mail fares as before, and a record, an address or a certificate is not what it was."""
    BLIND = "blind"
    SIGHTED = "sighted"
    """What could not be found out for some time can be again."""
    SILENT = "silent"
    """Nothing of a check: a usual sender has fallen silent, or a usual reporter, or all at once."""
    HEARD = "heard"
    """Who was silent writes again."""


class Turn(msgspec.Struct, frozen=True):
    """News of a domain: what kind, and since when as far as it was seen.

    `is_flapping`: it has gone back and forth lately; `is_quiet`: that was told already; `stays`: it was quiet, and has come to stay.
    """

    kind: TurnKind
    since: datetime
    is_flapping: bool = False
    is_quiet: bool = False
    stays: bool = False


class Step(msgspec.Struct, frozen=True):
    """What a check leads to: what holds then, the news, and whether it is looked at again soon.

    `adopts`: what was observed is what later observations are compared with.
    """

    held: SettledState
    turn: Turn | None
    adopts: bool
    soon: bool


class JudgedCheck(msgspec.Struct, frozen=True):
    """What a check saw as it was judged, for senders that hold an earlier policy too, and what it leads to."""

    judged: JudgedEvidence
    memories: tuple[Memory, ...]
    step: Step


def looked(held: SettledState, evidence: Evidence) -> JudgedCheck:
    """Return what the check that brought `evidence` leads to, where `held` is what held before."""
    domain = assemble(evidence, evidence.observed_at())
    memories = held_beside(held.served, domain)
    judged = seen(evidence, memories=memories)
    held = msgspec.structs.replace(held, served=seen_served(held.served, domain))
    return JudgedCheck(judged, memories, settle(held, sight(judged), judged.now))


def sight(judged: JudgedEvidence) -> SeenState:
    """Return what an observation comes to, as far as it is compared."""
    report = judged.report
    facts = observed_facts(judged.evidence, assemble(judged.evidence, judged.now))
    return SeenState(
        fates={
            one.id: Fate(one.outcome, one.security, tuple(sorted(one.because)))
            for one in report.senders
            if one.decides
        },
        findings=tuple(
            sorted(
                Weighed(one.code, one.subject, one.severity)
                for one in report.findings
                if one.severity in _WEIGHED
            )
        ),
        facts={
            " ".join((name.kind, name.name, name.about)): "" if fact.lines is None else _digest(fact.lines)
            for name, fact in facts.items()
        },
        unknowns=tuple(sorted({one.question for one in report.unknowns})),
    )


def settle(held: SettledState, seen: SeenState, at: datetime) -> Step:
    """Return what the check that saw `seen` at `at` leads to."""
    before = held.sight
    blind = before is not None and _is_blind(before, seen)
    whole = seen if before is None else _carried(before, seen, blind=blind)
    blindness, turn = _blindness(held.blindness, blind=blind, at=at)
    held = msgspec.structs.replace(held, blindness=blindness)
    kind = _kind(before, whole)
    if turn is None and not blind and kind in (None, TurnKind.DETAIL):
        held, turn = _stayed(held, at)
    if kind is None:
        return Step(_aged(held), turn, adopts=not blind, soon=False)
    what = _name(before, whole, kind)
    known = next((one for one in held.candidates if one.what == what), None)
    if known is None:
        new = Candidate(what, at, CANDIDATE_CHECKS)
        candidates = (*_aged(held).candidates, new)[-SEEN_ONCE_MAX:]
        soon = kind is not TurnKind.DETAIL or not held.candidates
        return Step(msgspec.structs.replace(held, candidates=candidates), turn, adopts=False, soon=soon)
    settled = msgspec.structs.replace(held, sight=whole, candidates=())
    if kind is not TurnKind.CHANGED:
        return Step(settled, turn or Turn(kind, known.since), adopts=True, soon=False)
    # One in the time to come was put there by a clock that was wrong, and would make all that follows quiet.
    turns = (*(one for one in held.turns if at - FLAP_SPAN < one <= at), at)[-(FLAPS + 1) :]
    changed = Turn(kind, known.since, is_flapping=len(turns) >= FLAPS, is_quiet=len(turns) > FLAPS)
    return Step(msgspec.structs.replace(settled, turns=turns), changed, adopts=True, soon=False)


def _stayed(held: SettledState, at: datetime) -> tuple[SettledState, Turn | None]:
    """Return the news that mail has not been well for long since a change that nobody was told of, and what is held then."""
    if len(held.turns) <= FLAPS or at - held.turns[-1] < STAYS or held.sight is None:
        return held, None
    if not any(one.outcome in _LOST for one in held.sight.fates.values()):
        return held, None
    told = msgspec.structs.replace(held, turns=held.turns[-FLAPS:])
    return told, Turn(TurnKind.CHANGED, held.turns[-1], stays=True)


def _kind(before: SeenState | None, seen: SeenState) -> TurnKind | None:
    """Return which kind of news it would be; None where nothing is other than it was."""
    if before is None:
        return TurnKind.FIRST
    if (seen.fates, seen.findings) != (before.fates, before.findings):
        return TurnKind.CHANGED
    return TurnKind.DETAIL if seen.facts != before.facts else None


def _name(before: SeenState | None, seen: SeenState, kind: TurnKind) -> str:
    """Return a name for what is other than it was, the same whenever it is seen.

    Of senders that fare otherwise that is how they fare: a warning that is there now and then would give it a new name each time.
    """
    if kind is TurnKind.DETAIL:
        return _digest(sorted(seen.facts.items()))
    if before is None or seen.fates != before.fates:
        return _digest(sorted(seen.fates.items()))
    return _digest(seen.findings)


def _is_blind(before: SeenState, seen: SeenState) -> bool:
    """Tell whether there is a sender that was judged before and could not be judged now."""
    return any(
        one.outcome is Verdict.UNKNOWN and before.fates.get(sender, one).outcome is not Verdict.UNKNOWN
        for sender, one in seen.fates.items()
    )


def _carried(before: SeenState, seen: SeenState, *, blind: bool) -> SeenState:
    """Return what was seen, with what was known before in place of what could not be found out."""
    fates = {
        sender: before.fates.get(sender, one) if one.outcome is Verdict.UNKNOWN else one
        for sender, one in seen.fates.items()
    }
    facts = {name: value or before.facts.get(name, "") for name, value in seen.facts.items()}
    findings = seen.findings
    if blind:
        findings = tuple(one for one in findings if one.code not in OF_SILENCE)
    if blind or set(seen.unknowns) - set(before.unknowns):
        found = {(one.code, one.subject) for one in findings}
        kept = (one for one in before.findings if (one.code, one.subject) not in found)
        findings = tuple(sorted((*kept, *findings)))
        facts = {**before.facts, **facts}
    return SeenState(fates, findings, facts, before.unknowns if blind else seen.unknowns)


def _blindness(
    before: Blindness | None, *, blind: bool, at: datetime
) -> tuple[Blindness | None, Turn | None]:
    if not blind:
        ended = before is not None and before.is_told
        return None, Turn(TurnKind.SIGHTED, at) if ended else None
    if before is None:
        return Blindness(at, 1), None
    longer = msgspec.structs.replace(before, checks=before.checks + 1)
    if longer.checks < BLIND_CHECKS or longer.is_told:
        return longer, None
    return msgspec.structs.replace(longer, is_told=True), Turn(TurnKind.BLIND, longer.since)


def _aged(held: SettledState) -> SettledState:
    """Return what is held with its candidates one check older."""
    left = tuple(
        msgspec.structs.replace(one, checks_left=one.checks_left - 1)
        for one in held.candidates
        if one.checks_left > 1
    )
    return msgspec.structs.replace(held, candidates=left)


def _digest(value: Sequence[object]) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:_DIGEST_CHARACTERS]

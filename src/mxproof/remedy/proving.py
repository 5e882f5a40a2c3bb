"""A report whose fixes were applied and judged: what does not hold is taken back before anybody reads it.

    proven(report, evidence, ...) -> Report

| the fix of a code, all its findings together | printed |
|---|---|
| leaves a sender refusing for the very finding | no: the first other way that holds, else a sentence that says so |
| harms some sender | no, as above, unless the fixes of other findings that stop it then are made along with it |
| leaves a sender refusing for another finding of the report | yes, verified along with the fix of that one |
| leaves it refusing for what only shows then | yes, and the reasons that remain are named |
| what it leaves unseen decides | yes, and that it depends on that is said |
| harms some sender once the fixes printed before it are made, and not alone | no, and a sentence says so |
| has senders demand more, and what those, or the fixes along with it, leave unseen might not meet it | no, and a sentence says so |
| names keys that those may have replaced | no, and a sentence says so |
| nobody refuses, and nobody fares worse | yes |

Another way than the best is printed only where all that it comes to was seen.

The fixes of one code are judged as the union of their changes, since what mends one host alone may harm where senders
ask for all hosts alike. A wait is left out where no policy is remembered: nothing but memory hangs on it, and what
runs out in the meantime is renewed by whoever waits. Equal sets of changes are judged once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.catalogue import joined, paragraph
from mxproof.judge.catalogue.proof_words import not_yet, proof, withheld
from mxproof.judge.report import Delivery, Report, SenderAfter, VerifiedFix, WordedFinding, WordedWay
from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.vocabulary import Remedied, Verdict
from mxproof.mail.change import (
    Change,
    Configure,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    TlsaValue,
    TxtValue,
    Wait,
)
from mxproof.mail.memory import Memory, SenderMemory
from mxproof.remedy.judgement import Judge
from mxproof.remedy.verify import Verified, verified_after

ALONG_MAX = 6
"""How many other fixes are tried along with one; more faults than that are mended one after another."""
TOLD_MAX = 20
_POLICY_RECORD = "v=STSv1"
"""How the record begins that announces a policy (RFC 8461 section 3.1)."""

Changes = tuple[Change, ...]
_STOPPED = frozenset({Verdict.REFUSED, Verdict.AT_RISK})


class _Trial:
    """Sets of changes applied to one piece of evidence, each judged once."""

    def __init__(
        self,
        evidence: Evidence,
        now: datetime,
        memories: tuple[SenderMemory, ...],
        senders: Sequence[Traits],
        before: tuple[Delivery, ...],
    ) -> None:
        self._judge = Judge(evidence, now, memories, senders)
        self._judge.take_note(before)
        self.before = before
        self._remembers = any(isinstance(one, Memory) for one in memories)
        self._judged: dict[Changes, Verified] = {}

    def verified(self, changes: Iterable[Change]) -> Verified:
        """Return what becomes of mail through `changes`, each made once."""
        told = tuple(dict.fromkeys(one for one in changes if self._remembers or not isinstance(one, Wait)))
        once = tuple(_with_earlier_names(told))
        if once not in self._judged:
            self._judged[once] = verified_after(self.before, once, self._judge)
        return self._judged[once]


def _with_earlier_names(changes: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes, each certificate with the names too that others before it have the server show."""
    names: dict[tuple[Service, str, str], tuple[str, ...]] = {}
    for change in changes:
        if not isinstance(change, PresentCertificate):
            yield change
            continue
        places = [(change.service, change.host, address) for address in change.addresses]
        earlier = (name for place in places for name in names.get(place, ()))
        widened = msgspec.structs.replace(change, names=tuple(dict.fromkeys((*change.names, *earlier))))
        names |= dict.fromkeys(places, widened.names)
        yield widened


def proven(
    report: Report,
    evidence: Evidence,
    *,
    now: datetime,
    memories: tuple[SenderMemory, ...] = (),
    senders: Sequence[Traits] = SENDERS,
) -> Report:
    """Return `report` with each fix verified that has changes, and without those that do not hold."""
    by_code: dict[str, list[WordedFinding]] = {}
    for finding in report.findings:
        by_code.setdefault(finding.code, []).append(finding)
    changes = {code: _united(one.changes for one in found) for code, found in by_code.items()}
    if not any(changes.values()) and not any(one.ways for one in report.findings):
        return report
    trial = _Trial(evidence, now, memories, senders, report.senders)
    best, usable = _best(trial, by_code, changes)
    others = {code: [one for one, _ in _ways(trial, code, found, usable)] for code, found in by_code.items()}
    findings = tuple(_held(one, best.get(one.code), others[one.code]) for one in report.findings)
    return msgspec.structs.replace(report, findings=findings)


class _Judged(msgspec.Struct, frozen=True):
    """What a way to mend a code comes to, and whether it may be advised."""

    fix: VerifiedFix
    holds: bool
    clashes: tuple[str, ...] = ()
    """The codes for which senders would stop where all that is printed before it is done first."""
    is_early: bool = False
    """Whether it clashes with what is printed before it, or may do so."""

    @property
    def is_fit(self) -> bool:
        """Tell whether it may be printed as another way than the best: all that it comes to was seen."""
        return self.holds and self.fix.standing is not Remedied.UNKNOWN


def _best(
    trial: _Trial, by_code: Mapping[str, list[WordedFinding]], changes: Mapping[str, Changes]
) -> tuple[dict[str, _Judged], dict[str, Changes]]:
    """Judge the best way of every code, along with no other than those that hold, which are returned too."""
    usable = {code: made for code, made in changes.items() if made}
    best = {code: _judged(trial, code, made, by_code[code], usable) for code, made in usable.items()}
    while True:
        gone = {code for code, one in best.items() if not one.holds} & usable.keys()
        usable = {code: made for code, made in usable.items() if code not in gone}
        leaning = [code for code in usable if gone.intersection(best[code].fix.along)]
        best |= {code: _judged(trial, code, usable[code], by_code[code], usable) for code in leaning}
        if leaning:
            continue
        printed = {code: _printed(trial, code, by_code[code], best[code], usable) for code in best}
        clashing = dict(_clashing(trial, best, printed, usable, by_code))
        if not clashing:
            return best, usable
        best |= clashing


def _printed(
    trial: _Trial, code: str, found: Sequence[WordedFinding], best: _Judged, usable: Mapping[str, Changes]
) -> tuple[_Judged, Changes] | None:
    """Return the way of a code that is printed first: the best one, or the other that stands in for it."""
    if best.holds:
        return best, usable[code]
    others = () if best.is_early else _ways(trial, code, found, usable)
    return next(((one, made) for one, made in others if one.is_fit), None)


def _clashing(
    trial: _Trial,
    best: Mapping[str, _Judged],
    printed: Mapping[str, tuple[_Judged, Changes] | None],
    usable: Mapping[str, Changes],
    by_code: Mapping[str, list[WordedFinding]],
) -> Iterator[tuple[str, _Judged]]:
    """Yield the fixes that harm where somebody makes all fixes in the order in which they are printed."""
    done: Changes = ()
    for code, one in printed.items():
        if one is None:
            continue
        judged, own = one
        made = (*done, *(change for each in judged.fix.along for change in usable[each]), *own)
        got = trial.verified(made)
        harms = got.standing is Remedied.HARMS
        stops = bool(_reasons(trial.before, frozenset(by_code[code][0].affects)))
        is_open = (done and got.unseen) or (judged.fix.along and judged.fix.unseen)
        is_unsure = (bool(is_open) and any(map(_demands, own))) or _is_of_old_key(own, done)
        if harms or (is_unsure and not stops):
            clashes = _reasons(got.after, frozenset(got.worse())) if harms else ()
            yield code, msgspec.structs.replace(best[code], holds=False, clashes=clashes, is_early=True)
        else:
            done = made


def _is_of_old_key(own: Changes, done: Changes) -> bool:
    """Tell whether records are published for keys that are seen, after certificates that may have come with new ones."""
    renewed = any(
        isinstance(one, PresentCertificate)
        and one.service is Service.SMTP
        and not (one.keeps_key or one.chain)
        for one in done
    )
    return renewed and any(isinstance(one, Publish) and isinstance(one.record, TlsaValue) for one in own)


def _demands(change: Change) -> bool:
    """Tell whether senders may demand more of every host after a change: a policy, or records that are secure."""
    match change:
        case ServePolicy() | PresentCertificate(Service.HTTPS) | Configure(Service.HTTPS | Service.DNS):
            return True
        case Publish(_, TlsaValue()):
            return True
        case Publish(_, TxtValue(text)):
            return text.startswith(_POLICY_RECORD)
        case _:
            return False


def _ways(
    trial: _Trial, code: str, found: Sequence[WordedFinding], changes: Mapping[str, Changes]
) -> list[tuple[_Judged, Changes]]:
    """Judge the other ways of a code: the first of every finding together, then the second of every one."""
    count = max(len(one.ways) for one in found)
    united = [
        _united(one.ways[place].changes for one in found if place < len(one.ways)) for place in range(count)
    ]
    return [(_judged(trial, code, made, found, {**changes, code: made}), made) for made in united]


def _judged(
    trial: _Trial,
    code: str,
    made: Changes,
    found: Sequence[WordedFinding],
    changes: Mapping[str, Changes],
) -> _Judged:
    """Judge `made` as the fix of `code`; `changes` are the fixes of all codes."""
    affected = frozenset(found[0].affects)
    got = trial.verified(made)
    along: list[str] = []
    for _ in range(ALONG_MAX):
        reasons = _reasons(got.after, affected | set(got.worse()))
        more = [other for other in reasons if other != code and other not in along and changes.get(other)]
        if not more:
            break
        along += more
        got = trial.verified(one for each in (*along, code) for one in changes[each])
    then = _reasons(got.after, affected)
    holds = got.standing is not Remedied.HARMS and code not in then
    stops = bool(_reasons(trial.before, affected))
    return _Judged(_told(got, tuple(along), then, stops=stops), holds)


def _reasons(after: Sequence[Delivery], affected: frozenset[str]) -> tuple[str, ...]:
    """Return the codes for which senders that a finding affects do not simply deliver."""
    left = [one for one in after if one.decides and one.id in affected and one.outcome in _STOPPED]
    return tuple(dict.fromkeys(code for one in left for code in one.because))


def _told(got: Verified, along: tuple[str, ...], then: tuple[str, ...], *, stops: bool) -> VerifiedFix:
    deciding = [one.outcome for one in got.after if one.decides]
    return VerifiedFix(
        standing=got.standing,
        senders=tuple(SenderAfter(one.id, one.outcome, one.security) for one in got.after),
        words=proof(got.standing, deciding, along, then, stops=stops, unseen=len(got.unseen)),
        along=along,
        then=then,
        assumed=tuple(f"{one.what} {one.subject}" for one in got.assumed[:TOLD_MAX]),
        unseen=tuple(map(str, got.unseen[:TOLD_MAX])),
    )


def _held(finding: WordedFinding, best: _Judged | None, others: Sequence[_Judged]) -> WordedFinding:
    """Return a finding with what holds of its ways; the first of them that does stands in for a best one that does not."""
    pairs = list(zip(finding.ways, others, strict=False))
    held = [msgspec.structs.replace(way, verified=one.fix) for way, one in pairs if one.is_fit]
    plain = finding.otherwise[: len(finding.otherwise) - len(finding.ways)]
    if best is None or best.holds:
        fix = best.fix if best is not None else None
        return _with(finding, finding, plain, held, fix)
    if held and not best.is_early:
        return _with(finding, held[0], plain, held[1:], held[0].verified)
    nothing = WordedWay((), ())
    why = not_yet(best.clashes) if best.is_early else withheld(best.fix, finding.code)
    return _with(finding, nothing, (why, *plain), [], best.fix)


def _with(
    finding: WordedFinding,
    best: WordedFinding | WordedWay,
    plain: tuple[str, ...],
    others: list[WordedWay],
    fix: VerifiedFix | None,
) -> WordedFinding:
    otherwise = (*plain, *map(paragraph, others))
    return msgspec.structs.replace(
        finding,
        fix=joined(best.steps, otherwise),
        steps=best.steps,
        otherwise=otherwise,
        changes=best.changes,
        duties=best.duties,
        who=best.who,
        ways=tuple(others),
        verified=fix,
    )


def _united(sets: Iterable[Changes]) -> Changes:
    return tuple(dict.fromkeys(change for each in sets for change in each))

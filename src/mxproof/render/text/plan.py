"""The plan as text: what senders do now, each way out with what it costs, its steps, and what is supposed; best first.

Under each way stands the rehearsal: its order of steps, and the naive order where somebody would suffer from that.
"""

from collections.abc import Iterable
from types import MappingProxyType

from mxproof.judge.vocabulary import Security, Verdict
from mxproof.remedy.apply import Assumption, Supposition
from mxproof.remedy.measure import MeasureKind
from mxproof.remedy.plan import (
    Cost,
    Pause,
    Plan,
    PlannedStep,
    Relief,
    SenderOutcome,
    Shortening,
    Suffering,
    WayOut,
    Weakened,
)
from mxproof.remedy.search.goal import Goal
from mxproof.render.text.change import changes_laid_out
from mxproof.render.text.deed_words import title
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.rehearsal import LEGEND, picture
from mxproof.render.text.words import (
    SECURITY_WORDS,
    VERDICT_MARKS,
    VERDICT_TONES,
    VERDICT_WORDS,
    duration,
    listed,
)

_INDENT = 3
_COLUMN = 14
_SENDERS_NAMED_MAX = 6
_SUBJECTS_NAMED_MAX = 2
_MARK = "✔"

PAUSES = MappingProxyType(
    {
        Pause.NONE: "",
        Pause.NEXT_SERVER: "so that one server changes after the other",
        Pause.TTL: "until no cache holds the old records",
        Pause.MAX_AGE: "until no sender goes by an older policy (max_age)",
    }
)
_SUPPOSED = MappingProxyType(
    {
        Supposition.CERTIFICATE: "a trusted certificate is shown for",
        Supposition.SERVING: "the policy is served at",
        Supposition.NO_OTHER_RECORDS: "no other records stand at",
        Supposition.ANSWERING: "mail is taken over TLS at",
        Supposition.TTL: "caches hold nothing for longer than was seen of",
        Supposition.SECONDARY_LAG: "all name servers have a change within {} of",
        Supposition.RENEWED: "the certificate that ends meanwhile is renewed in time at",
        Supposition.SAME_SERVER: "the server shows the same as to other names for",
    }
)


def text(plan: Plan, paper: Paper) -> str:
    """Return the whole plan; it ends with a line break."""
    decides = frozenset(one.id for one in plan.before) - _guesses(plan)
    blocks = [_answer(plan, decides, paper)]
    blocks += [_way(number, way, decides, paper) for number, way in enumerate(plan.ways, 1)]
    blocks.append(_relief(plan.relief, paper))
    blocks.append(_extent(plan, paper))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _guesses(plan: Plan) -> frozenset[str]:
    return frozenset(plan.undecided)


def _answer(plan: Plan, decides: frozenset[str], paper: Paper) -> list[str]:
    """Return what senders do now, and how many ways there are out of it."""
    counted = [one for one in plan.before if one.id in decides]
    if plan.target is not None:
        return _answer_to_target(plan, counted, paper)
    if plan.reached:
        front = Label(0, f"{_MARK} NOTHING TO DO", Tone.GOOD)
        said = f"all {len(counted)} modelled senders do what is wanted of them with mail for {plan.domain}."
        return paper.hung(said, len(front.text) + 2, front)
    if plan.ways:
        count = len(plan.ways)
        front = Label(0, f"{_MARK} {count} WAY{'S' if count > 1 else ''} OUT", Tone.GOOD)
        aim = " in verified sessions" if plan.goal is Goal.SECURE else ""
        said = f"after {'each of them' if count > 1 else 'it'} all {len(counted)} modelled senders deliver to {plan.domain}{aim}."
    elif plan.is_unknown:
        front = Label(0, f"{VERDICT_MARKS[Verdict.UNKNOWN]} UNKNOWN", VERDICT_TONES[Verdict.UNKNOWN])
        said = (
            f"what all {len(counted)} modelled senders do with mail for {plan.domain} could not be found out."
        )
    else:
        front = Label(0, f"{VERDICT_MARKS[Verdict.REFUSED]} NO WAY FOUND", Tone.BAD)
        said = f"no change that was tried has all {len(counted)} modelled senders deliver to {plan.domain}."
    lines = paper.hung(said, len(front.text) + 2, front)
    return [*lines, *_now(counted, paper), *_obstacles(plan, paper)]


def _answer_to_target(plan: Plan, counted: list[SenderOutcome], paper: Paper) -> list[str]:
    """Return whether there is an order to the planned state in which nobody fares worse, and how long it takes."""
    safe = next((way for way in plan.ways if way.is_safe), None)
    if plan.reached:
        front = Label(0, f"{_MARK} NOTHING TO DO", Tone.GOOD)
        said = f"what is planned of {plan.domain} is what is there already."
    elif not plan.target:
        front = Label(0, f"{VERDICT_MARKS[Verdict.UNKNOWN]} UNKNOWN", Tone.UNKNOWN)
        said = f"whether what is planned of {plan.domain} is there already could not be found out."
    elif safe is not None:
        front = Label(0, f"{_MARK} SAFE ORDER", Tone.GOOD)
        steps = f"{len(safe.steps)} step{'' if len(safe.steps) == 1 else 's'}"
        over = f", over {span(safe.steps[-1].at_s)}" if safe.steps and safe.steps[-1].at_s else ""
        said = (
            f"{steps} to what is planned of {plan.domain}{over}; none of {len(counted)} modelled senders fares "
            "worse at any moment."
        )
    elif plan.ways:
        front = Label(0, f"{VERDICT_MARKS[Verdict.REFUSED]} NO SAFE ORDER", Tone.BAD)
        said = f"in every order that was tried somebody fares worse on the way to what is planned of {plan.domain}."
    else:
        front = Label(0, f"{VERDICT_MARKS[Verdict.REFUSED]} GETS WORSE", Tone.BAD)
        said = f"in what is planned of {plan.domain} mail is not delivered for good, or that could not be found out."
    lines = paper.hung(said, len(front.text) + 2, front)
    return lines if plan.reached else [*lines, *_now(counted, paper), *_obstacles(plan, paper)]


def _now(senders: Iterable[SenderOutcome], paper: Paper) -> list[str]:
    by_outcome: dict[Verdict, list[str]] = {}
    for one in senders:
        by_outcome.setdefault(one.outcome, []).append(one.id)
    lines: list[str] = []
    for verdict, word in VERDICT_WORDS.items():
        ids = by_outcome.get(verdict, [])
        if ids:
            said = listed(ids) if len(ids) <= _SENDERS_NAMED_MAX else f"{len(ids)} senders"
            front = () if lines else (Label(_INDENT - 1, "now"),)
            lines += paper.hung(said, _COLUMN + 10, *front, Label(_COLUMN, word, VERDICT_TONES[verdict]))
    return lines


def _obstacles(plan: Plan, paper: Paper) -> list[str]:
    lines: list[str] = []
    for whom, said in obstacles(plan):
        label = () if lines else (Label(_INDENT - 1, "against it"),)
        lines += paper.hung(f"{whom}: {said}", _COLUMN, *label)
    unseen = not_seen(plan)
    if unseen:
        lines += paper.hung(_first(unseen, paper), _COLUMN, Label(_INDENT - 1, "not seen"))
    return lines


def obstacles(plan: Plan) -> list[tuple[str, str]]:
    """Return which senders have the same things stand against them, and what those are."""
    together: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for one in plan.impossible:
        together.setdefault((one.because, tuple(map(str, one.kept))), []).append(one.sender)
    return [
        (
            listed(ids) if len(ids) <= _SENDERS_NAMED_MAX else f"{len(ids)} senders",
            listed(because) + (f"; there is a way that alters {listed(kept)}" if kept else ""),
        )
        for (because, kept), ids in together.items()
    ]


def not_seen(plan: Plan) -> list[str]:
    """Return what was not seen from here, for want of which there is no way for some sender."""
    return list(dict.fromkeys(question for one in plan.impossible for question in one.unseen))


def _way(number: int, way: WayOut, decides: frozenset[str], paper: Paper) -> list[str]:
    """Return one way: what it is, what it costs, its steps, what is supposed, and the rehearsal."""
    lines = paper.hung(title(way.deeds, way.changes), _INDENT, Label(0, f"{number}.", Tone.STRONG))
    lines += paper.hung(listed(costs(way.cost)), _COLUMN, Label(_INDENT, "cost"))
    lines += paper.hung(when(way), _COLUMN, Label(_INDENT, "mail"))
    lines += _shorter(way.shortening, paper)
    lines += step_lines(way.steps, _INDENT, paper)
    if not way.steps:
        lines += changes_laid_out(way.changes, _COLUMN, paper, Label(_INDENT, "step 1"))
    lines += _assumed(way.assumed, paper)
    lines += paper.hung(LEGEND, _COLUMN, Label(_INDENT, "in order"))
    lines += picture(way.rehearsal, decides, _INDENT, paper)
    if way.naive.suffering:
        said = "naively: records first, the policy last, without a wait"
        lines += [paper.row(Label(_INDENT, said, Tone.BAD))]
        lines += picture(way.naive, decides, _INDENT, paper)
    return lines


def _shorter(shortening: Shortening | None, paper: Paper) -> list[str]:
    """Return what would shorten the way another time, nothing where no policy is waited for."""
    if shortening is None or shortening.restored_s is None:
        return []
    front = Label(_INDENT, "shorter")
    until, then = duration(shortening.before_s), span(shortening.restored_s)
    said = f"{then}, once a policy with a max_age of {duration(shortening.max_age_s)} was served for {until}"
    return paper.hung(said, _COLUMN, front)


def costs(cost: Cost) -> list[str]:
    """Return what has to be given for a way, the dearest first; nothing is said of what it does not touch."""
    counted = [
        (cost.hosts_fewer, "do without {} MX host", "do without {} MX hosts"),
        (cost.addresses_fewer, "do without {} address", "do without {} addresses"),
        (cost.servers, "set up {} server", "set up {} servers"),
        (cost.certificates, "install {} certificate", "install {} certificates"),
        (cost.policies, "replace the policy file", "replace {} policy files"),
        (cost.records, "alter {} record", "alter {} records"),
    ]
    said = [(one if count == 1 else many).format(count) for count, one, many in counted if count]
    if cost.restored_s:
        said.append(f"wait {span(cost.restored_s)}")
    return said or ["nothing but time"]


def when(way: WayOut) -> str:
    """Return when every sender delivers, and who suffers until then."""
    planned = MeasureKind.PLANNED in way.kinds
    if way.cost.restored_s is None:
        end = "it could not be shown from when on every sender delivers"
    elif planned:
        end = "all is in force " + (
            f"{span(way.cost.restored_s)} after the first step" if way.cost.restored_s else "at once"
        )
    elif way.cost.restored_s == 0:
        end = "every sender delivers as soon as it is done"
    else:
        end = f"every sender is sure to deliver {span(way.cost.restored_s)} after the first step"
    if way.is_safe:
        open_ = listed(_weaker(way.rehearsal.weakened))
        return f"{end}; none that delivers now fails at any moment" + (f", though {open_}" if open_ else "")
    return f"{end}; meanwhile {listed(_sufferings(way.rehearsal.suffering))}"


def _weaker(weakened: Iterable[Weakened]) -> list[str]:
    """Return who delivers less protected for how long, senders that do so alike together."""
    together: dict[tuple[Security | None, int | None], list[str]] = {}
    for one in weakened:
        lasting = None if one.until_s is None else one.until_s - one.from_s
        together.setdefault((one.security, lasting), []).append(one.sender)
    return [
        f"{listed(ids) if len(ids) <= _SENDERS_NAMED_MAX else f'{len(ids)} senders'}"
        f" {'deliver' if len(ids) > 1 else 'delivers'} less protected ({SECURITY_WORDS[security] if security else 'not at all'})"
        f" {'for good' if lasting is None else f'for {span(lasting)}'}"
        for (security, lasting), ids in together.items()
    ]


def _relief(relief: Relief | None, paper: Paper) -> list[str]:
    """Return what mode testing does until then, and why it is weaker."""
    if relief is None:
        return []
    helped = (
        listed(relief.helped) if len(relief.helped) <= _SENDERS_NAMED_MAX else f"{len(relief.helped)} senders"
    )
    within = f" within {span(relief.from_s)}" if relief.from_s else ""
    said = (
        f"the policy in mode testing, with a new id, has {helped} deliver{within}. It is weaker: nothing holds a "
        "sender to a verified session then, and whoever stands between can strip TLS away unnoticed."
    )
    return paper.hung(said, _COLUMN, Label(0, "until then"))


def _sufferings(suffering: Iterable[Suffering]) -> list[str]:
    """Return who fares worse and for how long, senders that do so alike together."""
    together: dict[tuple[Verdict, int | None], list[str]] = {}
    for one in suffering:
        lasting = None if one.until_s is None else one.until_s - one.from_s
        together.setdefault((one.outcome, lasting), []).append(one.sender)
    return [
        f"{listed(ids) if len(ids) <= _SENDERS_NAMED_MAX else f'{len(ids)} senders'}: {VERDICT_WORDS[outcome]}"
        f" {'for good' if lasting is None else f'for {span(lasting)}'}"
        for (outcome, lasting), ids in together.items()
    ]


def step_lines(steps: tuple[PlannedStep, ...], indent: int, paper: Paper) -> list[str]:
    """Return the steps of an order, with what is waited for behind each."""
    lines: list[str] = []
    for number, step in enumerate(steps, 1):
        lines += changes_laid_out(step.changes, _COLUMN, paper, Label(indent, f"step {number}"))
        wait_s = step.wait_until_s - step.at_s
        if wait_s > 0:
            lines += paper.hung(f"wait {span(wait_s)} {PAUSES[step.because]}", _COLUMN)
    return lines


def _assumed(assumed: Iterable[Assumption], paper: Paper) -> list[str]:
    """Return what is supposed, once for each kind."""
    together: dict[str, list[str]] = {}
    for one in assumed:
        together.setdefault(supposed(one), []).append(one.subject)
    lines: list[str] = []
    for words, subjects in together.items():
        front = () if lines else (Label(_INDENT, "supposed"),)
        lines += paper.hung(f"{words} {_first(subjects, paper)}", _COLUMN, *front)
    return lines


def supposed(one: Assumption) -> str:
    """Return what is supposed, up to the name that it is supposed of."""
    return _SUPPOSED[one.what].format(duration(one.within_s or 0))


def _first(subjects: list[str], paper: Paper) -> str:
    """Return the subjects, or the first of too many."""
    every = list(dict.fromkeys(subjects))
    if paper.verbose or len(every) <= _SUBJECTS_NAMED_MAX:
        return listed(every)
    return f"{', '.join(every[:_SUBJECTS_NAMED_MAX])} and {len(every) - _SUBJECTS_NAMED_MAX} more"


def span(seconds: int) -> str:
    """Return a time in days, hours or minutes, rounded up to two of them."""
    if seconds < 3600 or seconds % 3600 == 0:
        return duration(seconds)
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3600, -(-(seconds % 3600) // 60)
    parts = [(days, "days" if days > 1 else "day"), (hours, "h"), (minutes, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def _extent(plan: Plan, paper: Paper) -> list[str]:
    """Return how far was looked."""
    extent = plan.search
    if (
        plan.reached
        or not extent.judged
        or (plan.target is not None and extent.complete_to <= 1 and plan.ways)
    ):
        return []
    counted = f"{extent.judged} set{'' if extent.judged == 1 else 's'} of measures"
    if extent.stopped:
        said = f"{counted}, the bound of the search; there may be other ways."
    elif plan.ways:
        size = extent.complete_to
        said = f"{counted}: all of one to {size}, and larger ones only along what senders refuse for."
    else:
        said = f"{counted}: all that bear on what senders refuse for."
    return paper.hung(said, _INDENT + 9, Label(0, "looked at"))

"""The runbook of a way in Markdown: for each step what to do, the check after it, how long to wait, and the way back."""

from collections.abc import Iterator

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Plan, PlannedStep, WayOut
from mxproof.remedy.rehearsal.way_back import WayBack
from mxproof.remedy.step_record import ActedStep
from mxproof.render.markdown.text import block, code, table, text
from mxproof.render.text.change import change_lines
from mxproof.render.text.plan import PAUSES, span, supposed
from mxproof.render.text.words import VERDICT_WORDS, moment

_FILES = (
    ("zone.txt", "lines of the zone; a line that begins with `; remove:` goes"),
    ("nsupdate.txt", "the same for `nsupdate`: it does nothing where the zone is not as it was seen"),
    ("powerdns.json", "the same for PowerDNS: the body of `PATCH /api/v1/servers/localhost/zones/ZONE`"),
    ("mta-sts.txt", "the policy to serve, at every address of the policy host"),
    ("certificates.sh", "the names of the certificates, as commands of certbot"),
)


def runbook(
    plan: Plan,
    number: int,
    steps: tuple[ActedStep, ...],
    ways_back: tuple[WayBack, ...],
    files: frozenset[str],
) -> str:
    """Return the whole text; `ways_back` are those of the steps."""
    way = plan.ways[number - 1]
    parts = [*_head(plan, number, way)]
    for place, planned in enumerate(way.steps, 1):
        parts += _step(plan, number, place, planned, steps[place - 1], files)
        parts += _back(place, steps[place - 1], ways_back[place - 1], files)
    return "\n\n".join([*parts, *_end(plan, way)]) + "\n"


def verify_command(number: int, made: str = "") -> str:
    """Return the command that tells whether the next step may be made."""
    way = f" --way {number}" if number > 1 else ""
    return f"mxproof plan --verify plan.json{way}{made}"


def _head(plan: Plan, number: int, way: WayOut) -> Iterator[str]:
    failing = [one for one in plan.before if one.outcome is not Verdict.DELIVERS]
    yield f"# Mail of {code(plan.domain)}: {len(way.steps)} step{'s' if len(way.steps) != 1 else ''}"
    yield f"Planned as of {moment(plan.judged_at)}, way {number} of {len(plan.ways)}. Nothing has been changed yet."
    yield (
        table(("Sender", "Now"), [(code(one.id), VERDICT_WORDS[one.outcome]) for one in failing])
        if failing
        else "Every sender delivers now."
    )
    if way.is_safe:
        yield "In this order no sender that delivers now fails at any moment."
        if way.rehearsal.weakened:
            weaker = ", ".join(dict.fromkeys(code(one.sender) for one in way.rehearsal.weakened))
            yield f"**Delivered is not protected:** for a while, or for good, these deliver with less protection than now: {weaker}."
    else:
        worse = ", ".join(dict.fromkeys(code(one.sender) for one in way.rehearsal.suffering))
        yield f"**No order was found in which nobody fares worse meanwhile.** Those that do: {worse}."
    yield "Before each step, ask whether it may be made: status 0 go on, 3 wait, 1 do not."
    yield block(verify_command(number), "sh")


def _step(
    plan: Plan, number: int, place: int, planned: PlannedStep, step: ActedStep, files: frozenset[str]
) -> Iterator[str]:
    yield f"## Step {place}, {'at once' if planned.at_s == 0 else f'{span(planned.at_s)} after the first'}"
    yield block("\n".join(change_lines(step.changes)), "diff")
    own = [(name, words) for name, words in _FILES if f"step-{place}/{name}" in files]
    if own:
        yield "\n".join(f"- {code(f'step-{place}/{name}')}: {words}" for name, words in own)
    yield "Check after it:"
    made = ' --made "$(date -u +%FT%TZ)"'
    yield block(f"{verify_command(number, made)}\nmxproof check {plan.domain}", "sh")
    wait_s = planned.wait_until_s - planned.at_s
    if wait_s > 0:
        yield f"Then wait {span(wait_s)} {PAUSES[planned.because]}."


def _back(place: int, step: ActedStep, rehearsed: WayBack, files: frozenset[str]) -> Iterator[str]:
    """Yield how to undo the step."""
    yield "The way back, as long as no later step is made:"
    if step.back:
        yield block("\n".join(change_lines(step.back)), "diff")
    own = sorted(name for name in files if name.startswith(f"step-{place}/back/"))
    lines = [f"- {code(name)}" for name in own]
    if not step.restores_all:
        lines.append(
            "- put back the certificate and the set-up of before: keep a copy of both before the step"
        )
    nothing = (
        "Nothing but what is said above."
        if step.back
        else "No policy that senders take was served before: none can be put back, and nothing else was rehearsed."
    )
    yield "\n".join(lines) or nothing
    if step.back:
        yield _judged(rehearsed)


def _judged(rehearsed: WayBack) -> str:
    """Return whether senders fare worse when a step is undone, and how long to wait before that."""
    if not rehearsed.suffering:
        return "Rehearsed: no sender that delivers before the first step fails when this is undone, at any moment."
    whom = ", ".join(map(code, rehearsed.suffering))
    if rehearsed.safe_after_s is None:
        return f"**Rehearsed: undone, it has these fail for a while, whenever that is:** {whom}. Better go on to the next step."
    return f"**Rehearsed: undone earlier than {span(rehearsed.safe_after_s)} after the step, it has these fail:** {whom}. Wait for that time, or go on to the next step."


def _end(plan: Plan, way: WayOut) -> Iterator[str]:
    yield "## At the end"
    yield f"Every sender then does as planned: {code(f'mxproof check {plan.domain}')}."
    if way.assumed:
        yield "This rests on what was supposed:"
        yield "\n".join(f"- {supposed(one)} {text(one.subject)}" for one in way.assumed)

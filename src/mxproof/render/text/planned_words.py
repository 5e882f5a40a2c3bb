"""What a planned state does to mail, in sentences: made once, for every form that says it."""

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.apply import Assumption
from mxproof.remedy.plan import Pause
from mxproof.remedy.preflight import PlannedSender, Preflight, Weakening, WhatIf, Worsening
from mxproof.render.text.plan import span, supposed
from mxproof.render.text.words import SECURITY_WORDS, VERDICT_WORDS, listed

NAMED_MAX = 4
"""Senders that a sentence names."""
_DEEDS = MappingProxyType(
    {
        Verdict.REFUSED: "refuse mail",
        Verdict.AT_RISK: "perhaps refuse mail",
        Verdict.UNKNOWN: "deliver or not, which is not known",
    }
)
_ENDS = MappingProxyType(
    {
        Pause.TTL: "until no cache holds the old records",
        Pause.MAX_AGE: "until the old policy ends",
    }
)


def preflight_sentences(made: Preflight) -> list[str]:
    """Return what gets worse, senders that fare alike in one sentence, the worst first; one sentence where nothing does."""
    if made.worse:
        return [f"this change would make {one}" for one in worsenings(made.worse, _count(made.after))]
    unknown = [short_name(one.name) for one in made.after if one.decides and one.outcome is Verdict.UNKNOWN]
    if unknown:
        return [f"what {named(unknown, _count(made.after))} would do could not be found out"]
    if not made.changes:
        return [f"what is planned of {made.domain} is what is there already"]
    said = f"none of the {_count(made.after)} modelled senders fares worse for it at any moment"
    if made.weaker:
        one = len(made.weaker) == 1
        return [f"{said}, but {len(made.weaker)} deliver{'s' if one else ''} less protected than before"]
    return [said]


def weakenings(weaker: Iterable[Weakening]) -> list[str]:
    """Return the senders that deliver less protected than before, those with the same change together."""
    together: dict[str, list[str]] = {}
    for one in weaker:
        change = " → ".join(
            "not delivered" if level is None else SECURITY_WORDS[level] for level in (one.before, one.after)
        )
        together.setdefault(change, []).append(one.sender)
    return [f"{', '.join(senders)}: {change}" for change, senders in together.items()]


def worsenings(worse: Iterable[Worsening], count: int = 0) -> list[str]:
    """Return senders that fare alike, with what becomes of their mail and for how long; `count` are all there are."""
    together: dict[tuple[int, int, int | None, Verdict, Pause], list[str]] = {}
    for one in worse:
        urgency = list(_DEEDS).index(one.outcome)
        key = urgency, one.from_s, one.until_s, one.outcome, one.until
        together.setdefault(key, []).append(short_name(one.name))
    return [
        f"{named(names, count)} {_DEEDS[outcome]} {_lasting(from_s, until_s, until)}"
        for (_, from_s, until_s, outcome, until), names in sorted(
            together.items(), key=lambda item: (item[0][0], item[0][2] is not None, item[0][1], item[1])
        )
    ]


def what_if_sentence(made: WhatIf) -> str:
    """Return how many senders deliver after the changes, and who does not."""
    deciding = [one for one in made.after if one.decides]
    failing = [one for one in deciding if one.outcome is not Verdict.DELIVERS]
    if not failing:
        return f"all {len(deciding)} modelled senders would deliver to {made.domain}"
    if all(one.outcome is Verdict.UNKNOWN for one in deciding):
        return f"what all {len(deciding)} modelled senders would do with mail for {made.domain} could not be found out"
    groups = [
        f"{named(names, len(deciding))} would {_DEEDS[verdict]}"
        for verdict in _DEEDS
        if (names := [short_name(one.name) for one in failing if one.outcome is verdict])
    ]
    delivering = len(deciding) - len(failing)
    rest = f"; {delivering} of {len(deciding)} modelled senders would deliver to {made.domain}"
    return listed(groups) + (rest if delivering else "")


def changed_senders(before: Sequence[PlannedSender], after: Sequence[PlannedSender]) -> list[str]:
    """Return the senders that do something else after the changes, those with the same change together."""
    together: dict[str, list[str]] = {}
    for one, then in zip(before, after, strict=True):
        if one.outcome is not then.outcome:
            change = f"{VERDICT_WORDS[one.outcome]} → {VERDICT_WORDS[then.outcome]}"
            together.setdefault(change, []).append(one.sender)
    return [f"{', '.join(senders)}: {change}" for change, senders in together.items()]


def reasons(fared: Iterable[tuple[str, Sequence[str], str | None]]) -> list[str]:
    """Return why senders do not simply deliver, those with the same codes and bounce together."""
    together: dict[tuple[str, ...], dict[str, None]] = {}
    for sender, because, bounce in fared:
        why = (*sorted(because), *([bounce] if bounce else []))
        together.setdefault(why, {}).setdefault(sender)
    return [f"{', '.join(senders)}: {', '.join(why)}" for why, senders in together.items() if why]


def assumptions(assumed: Iterable[Assumption]) -> list[str]:
    """Return what is supposed, once for each kind."""
    together: dict[str, dict[str, None]] = {}
    for one in assumed:
        together.setdefault(supposed(one), {}).setdefault(one.subject)
    return [f"{words} {listed(list(subjects))}" for words, subjects in together.items()]


def short_name(name: str) -> str:
    """Return the name of a sender as it stands in a sentence, without what is in brackets behind it."""
    short = name.partition(" (")[0]
    return f"a{short[1:]}" if short.startswith("A ") else short


def named(names: Sequence[str], count: int = 0) -> str:
    """Return the names, or the first and how many more there are, or that they are all of `count`."""
    if len(names) == count > 1:
        return f"all {count} modelled senders"
    if len(names) <= NAMED_MAX:
        return listed(names)
    return listed([*names[: NAMED_MAX - 1], f"{len(names) - NAMED_MAX + 1} more"])


def _lasting(from_s: int, until_s: int | None, until: Pause) -> str:
    since = f"from {span(from_s)} after it on " if from_s else ""
    if until_s is None:
        return f"{since}for good"
    return f"{since}{_ENDS[until]}: {span(until_s - from_s)}"


def _count(after: Sequence[PlannedSender]) -> int:
    return sum(one.decides for one in after)

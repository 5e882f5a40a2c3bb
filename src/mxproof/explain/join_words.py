"""The words of a join: what was found, where else it may come from, and what was not asked."""

from datetime import datetime, timedelta
from typing import Final

from mxproof.explain.causes.cause import Cause
from mxproof.explain.explanation import Explanation, LookedFor
from mxproof.explain.server_version import CheckedDomain, JudgedVersion
from mxproof.formats.mtasts import MAX_AGE_S_MAX, STRICT
from mxproof.formats.text import listed
from mxproof.judge.block import passages
from mxproof.judge.report import Delivery, WordedFinding
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.domain import MailDomain

_OUTCOME_WORDS: Final = {
    Verdict.REFUSED: "{} would refuse now",
    Verdict.AT_RISK: "{} may refuse now",
    Verdict.DELIVERS: "{} would deliver now",
    Verdict.UNKNOWN: "what {} would do now cannot be told",
}
_REMEMBERED: Final = (
    "A sender that fetched an older policy keeps to it until its max_age is over, whatever is published now;"
    " --cached-policy tells `mxproof check` of it."
)
_DAY_S: Final = 86_400
_MOMENT: Final = "%Y-%m-%d %H:%M UTC"


def beyond(unseen: tuple[str, ...]) -> str:
    """Return that the cause rests on what no check of a domain asks."""
    if not unseen:
        return "The text states no cause that a check could look for."
    return f"A check of how mail arrives at a domain does not ask about this. Not asked: {listed(unseen)}."


def _running(detail: str) -> str:
    """Return a detail as running text, with what stands in lines of its own behind one another."""
    said = [f"{one.text};" if one.pasted else one.text for one in passages(detail)]
    return " ".join(said)


def sentences(
    joined: LookedFor,
    explanation: Explanation,
    cause: Cause,
    delivery: Delivery | None,
    told: tuple[WordedFinding, ...],
    not_asked: tuple[str, ...],
    checked: CheckedDomain,
    version: JudgedVersion | None,
) -> list[str]:
    """Return what is said of a check, sentence by sentence."""
    found = [ended(one.summary) for one in told]
    if joined is LookedFor.CONFIRMED and version is not None:
        said = [f"The check finds the reason{_asked(checked)}: {_told_by(version)}", *found]
    elif joined is LookedFor.CONFIRMED:
        said = ["The check finds the reason.", *found]
    elif joined is LookedFor.CHANGED:
        said = ["The check does not find this reason any more, but another one.", *found]
    elif joined is LookedFor.NOT_FOUND:
        held = [ended(_running(one.detail)) for one in told]
        differing = [sentence for pair in zip(found, held, strict=True) for sentence in pair]
        said = _not_found(explanation, cause, differing, checked)
    else:
        said = [
            f"The check cannot tell, and acquits nobody. Not asked, or without an answer: {listed(not_asked)}."
        ]
    if delivery is not None:
        bounce = delivery.bounce.transient or delivery.bounce.final if delivery.bounce is not None else None
        reply = f": {bounce}" if bounce else ""
        said.append(ended(f"{_OUTCOME_WORDS[delivery.outcome].format(delivery.name)}{reply}"))
    if cause.demanded_by is Security.MTA_STS and joined is not LookedFor.NOT_FOUND:
        said.append(_REMEMBERED)
    return said


def _not_found(
    explanation: Explanation,
    cause: Cause,
    differing: list[str],
    checked: CheckedDomain,
) -> list[str]:
    """Say that it was looked for, and what may explain a bounce all the same, the surest first."""
    said = [f"The check looked for this reason and does not find it{_asked(checked)}."]
    if differing:
        said.append("But the name servers do not tell all senders the same.")
    said += differing
    if cause.demanded_by is Security.MTA_STS:
        said.append(_held(checked.domain, explanation.last_attempt))
    if not differing:
        held = "Otherwise it" if cause.demanded_by is Security.MTA_STS else "It"
        said.append(f"{held} was repaired since, or comes and goes.")
    return said


def _told_by(version: JudgedVersion) -> str:
    """Return which name servers tell that for which a sender refuses."""
    where = [f"{one.server} ({one.address})" for one in version.version.servers]
    names = listed(dict.fromkeys(f"{one.kind} of {one.name}" for one, _ in version.version.held))
    one = len(where) == 1
    return (
        f"{'one name server differs' if one else 'name servers differ'}, {listed(where)} {'has' if one else 'have'} {names} "
        "otherwise, and a sender that is told so refuses for this reason."
    )


def _asked(checked: CheckedDomain) -> str:
    """Return where the records were asked for."""
    if not checked.served:
        return ""
    kinds = listed(sorted({one.kind for one in checked.served}))
    count = len({one.server for one in checked.served})
    return f" ({kinds} records asked at {count} name {'server' if count == 1 else 'servers'}, one by one)"


def _held(domain: MailDomain, tried_at: datetime | None) -> str:
    """Return until when a sender may hold an older policy, by the max_age of the one that is served now."""
    served = [policy for one in domain.policy_host.fetches if (policy := one.read(STRICT)) is not None]
    max_age_s = max((one.max_age_s for one in served), default=None)
    if max_age_s is None:
        days = MAX_AGE_S_MAX // _DAY_S
        return (
            "An old policy may still be held by the sender: no policy is served now that would tell for how long, and"
            f" RFC 8461 section 3.2 allows {days} days."
        )
    until = (tried_at or domain.at) + timedelta(seconds=max_age_s)
    if until <= domain.at:
        return f"An old policy is hardly held any more: with the max_age of now it was over at {until.strftime(_MOMENT)}."
    return (
        f"An old policy may be held by the sender until {until.strftime(_MOMENT)}, if it was fetched as late as"
        f" {'the last attempt' if tried_at else 'now'} and had the max_age of now ({max_age_s} s)."
    )


def ended(sentence: str) -> str:
    """Return a sentence with a capital letter and a full stop."""
    sentence = capital(sentence.strip())
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def capital(words: str) -> str:
    """Return words with a capital letter, but for a name that they begin with."""
    is_name = "." in words.partition(" ")[0].rstrip(".")
    return words if is_name else words[:1].upper() + words[1:]

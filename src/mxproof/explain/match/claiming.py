"""Which causes a text states: every rule that matches, earlier rules first, no words counted twice."""

import re

import msgspec

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.causes.fault import Suspect
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.knowledge.status import author_of, status_cause
from mxproof.explain.match.known_text import KnownText, known_texts, report_texts
from mxproof.explain.match.needle import Needles, near
from mxproof.explain.match.template import Match, find, folded
from mxproof.formats.bounce.reply import reply_codes
from mxproof.judge.vocabulary import Confidence

QUOTED_CHARACTERS_MAX = 200

_BEFORE_MAX = 60
_AFTER_MAX = 80
_CODE = re.compile(r"(?<![\d.])[245]\d\d[ -](?=[245]?\.?)")
_RECIPIENT_DOMAIN = re.compile(r"@([A-Za-z0-9][A-Za-z0-9.-]{0,252}[A-Za-z0-9])>")
_REPLIED = re.compile(r"said: ['\"]?[45]\d\d[ -](?:[245]\.\d{1,3}\.\d{1,3} )?$")
_SUBJECT_CHARACTERS_MAX = 60
_SUBJECT = re.compile(
    r"\bsubject(?: line)?(?: of)?(?: the message)?(?: is)?(?: ?[:(]| [\"']).{0,30}$", re.IGNORECASE
)
"""The subject of the returned message, quoted in a report: what it says is no diagnosis."""
_DMARC = "dmarc_fail"
_ASKS_NOTHING = re.compile(r"\b(?:p|policy|dis|action) ?= ?\"?none\b", re.IGNORECASE)
"""Of a policy that asks for nothing: a message that fails it is not refused for that."""
_POLICY_FETCH = "mtasts_fetch"
_POLICY_URL = "https://mta-sts."
_URL_BEFORE_MAX = 250
_OF_SENDER = re.compile(r"\b(?:spf|dkim|dmarc|arc|ptr|rdns|reverse dns|helo|ehlo)\b", re.IGNORECASE)
_OF_ANY_HOST = (CauseKind.TRANSPORT_SECURITY, CauseKind.DNS, CauseKind.CONNECTION)
_CLAUSE_CHARACTERS_MAX = 160
_CONDITION = re.compile(
    r"\s{0,3}[-*(\"']{0,2}(?:if|whether|in case|unless|how to|wenn|falls|si|se|als)\s", re.IGNORECASE
)
_END = re.compile(r"[.;] | \[|\)|(?<!\w)'|'(?!\w)")
"""Where a sentence ends; the apostrophe of `doesn't` ends none."""


class StatedCause(msgspec.Struct, frozen=True):
    """A cause that a text states, with the words for it and the names in them (empty where there are none).

    `system` wrote the text, where it is known to be the only one that does; `lead` marks a text too general to claim.
    `suspects` are those that the words leave, empty where they tell no more than the cause; `source` is where the text
    is known from. What `is_meant` was read from the meaning of a sentence, not known as a text.
    """

    cause: str
    confidence: Confidence
    because: str
    side: Side
    system: str = ""
    host: str = ""
    address: str = ""
    domain: str = ""
    check: str = ""
    lead: bool = False
    suspects: tuple[Suspect, ...] = ()
    source: str = ""
    is_meant: bool = False


def stated(text: str) -> tuple[StatedCause, ...]:
    """Return the causes that a flat text states in words."""
    return _by_rules(text, known_texts())


def stated_in_report(text: str) -> tuple[StatedCause, ...]:
    """Return the causes that the flat text of a TLS report states."""
    return _by_rules(text, report_texts())


def stated_by_code(text: str, *, lead: bool) -> tuple[StatedCause, ...]:
    """Return the causes that enhanced status codes in a text state by themselves.

    Where the words speak of who the sender is and the code does not, they do not agree: that is a possibility at most.
    """
    causes = {cause: code for code in reply_codes(text) if (cause := status_cause(code.enhanced))}
    if not causes:
        return ()
    is_of_sender = bool(_OF_SENDER.search(text))
    return tuple(
        StatedCause(
            cause,
            Confidence.GUESS,
            f"{code.basic} {code.enhanced}".strip(),
            Side.UNKNOWN,
            author_of(code.enhanced),
            lead=lead or (is_of_sender and CATALOGUE[cause].kind is not CauseKind.AUTHENTICATION),
        )
        for cause, code in causes.items()
    )


def without_wrappers(found: tuple[StatedCause, ...]) -> tuple[StatedCause, ...]:
    """Return the causes without those that only surround another one; where there is no other, as they are."""
    inner = tuple(one for one in found if not CATALOGUE[one.cause].wrapper)
    return inner or found


def is_of_subject(text: str, start: int) -> bool:
    """Tell whether the words at `start` are of the subject of a returned message, which is no diagnosis."""
    return bool(_SUBJECT.search(text[max(0, start - _SUBJECT_CHARACTERS_MAX) : start]))


def is_condition(text: str, start: int) -> bool:
    """Tell whether the words at `start` stand in a clause that says when something would be so, not that it is."""
    clause = re.split(r"[.;:,!?\n] ", text[max(0, start - _CLAUSE_CHARACTERS_MAX) : start])[-1]
    return bool(_CONDITION.match(clause))


def _by_rules(text: str, known: Needles[KnownText]) -> tuple[StatedCause, ...]:
    examined = folded(text)
    taken: list[tuple[int, int]] = []
    found: list[StatedCause] = []
    for one in near(known, examined):
        match = find(one.template, examined)
        if match is None or any(match.start < end and start < match.end for start, end in taken):
            continue
        if _is_of_another(one, text, match):
            continue
        taken.append((match.start, match.end))
        found.append(_stated(one, match, text))
    return tuple(found)


def _is_of_another(known: KnownText, text: str, match: Match) -> bool:
    """Tell whether words without a code of their own stand in the reply of another host than the program that has them."""
    is_own = known.chapter.side is not Side.SENDER or known.chapter.system is None or known.rule.codes
    return not is_own and bool(_REPLIED.search(text[max(0, match.start - _BEFORE_MAX) : match.start]))


def _is_of_policy(cause: str, text: str, match: Match) -> bool:
    """Tell whether words about TLS, a name or a connection are about the host of the policy, not about a mail server."""
    if CATALOGUE[cause].kind not in _OF_ANY_HOST or cause.startswith("mtasts"):
        return False
    return _POLICY_URL in text[max(0, match.start - _URL_BEFORE_MAX) : match.end]


def _stated(known: KnownText, match: Match, text: str) -> StatedCause:
    system, side = known.chapter.system, known.chapter.side
    start = match.start
    of_policy = _is_of_policy(known.rule.cause, text, match)
    before = text[max(0, start - _BEFORE_MAX) : start]
    recipients = _RECIPIENT_DOMAIN.findall(before) if side is Side.SENDER else []
    return StatedCause(
        cause=_POLICY_FETCH if of_policy else known.rule.cause,
        confidence=known.rule.confidence,
        because=_quoted(text, match),
        side=side,
        system=(system or "") if side is Side.SENDER else "",
        host=match.capture("host"),
        address=match.capture("address"),
        domain=match.capture("domain") or (recipients[-1] if recipients else ""),
        check="" if of_policy else known.rule.check,
        lead=known.rule.lead
        or is_of_subject(text, start)
        or is_condition(text, start)
        or (known.rule.cause == _DMARC and bool(_ASKS_NOTHING.search(text))),
        suspects=() if of_policy else known.rule.suspects,
        source=known.rule.source,
    )


def _quoted(text: str, match: Match) -> str:
    """Return the words of the match from the reply code before it to the end of its sentence."""
    start = text.rfind(" ", 0, match.start) + 1 if text[match.start] == "." else match.start
    earliest = max(0, start - _BEFORE_MAX)
    codes = list(_CODE.finditer(text, earliest, start))
    start = codes[-1].start() if codes else start
    after = text[match.end : match.end + _AFTER_MAX]
    stop = _END.search(text, match.end, match.end + _AFTER_MAX)
    end = stop.start() if stop else match.end + len(after) % _AFTER_MAX
    if text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end):
        end += 1
    return text[start:end].strip()[:QUOTED_CHARACTERS_MAX]

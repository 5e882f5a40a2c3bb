"""The answer: from bytes to an explanation, without asking anyone.

For each recipient the statements are read in the order of `StatementPlace`, and reading stops at the first one that
states a cause; one that only surrounds another (an expiry, `Cannot connect [Message=...]`) waits for a better one.
HTML is read only when the plain parts gave none. A text too general to claim and a status code beside words that no
rule knows give leads, never causes. What a statement counts for, and which of all that was found is the answer, say
the tables of `mxproof.explain.precedence`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import msgspec

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import Failing
from mxproof.explain.diagnosis import Diagnosis
from mxproof.explain.explanation import Explanation
from mxproof.explain.knowledge import other_kinds
from mxproof.explain.knowledge.other_kinds import OtherKind, Tells
from mxproof.explain.match.authentication import causes_of
from mxproof.explain.match.claiming import (
    StatedCause,
    stated,
    stated_by_code,
    stated_in_report,
    without_wrappers,
)
from mxproof.explain.match.other_kind import GOOD_ACTIONS, has_code, told_by_report, told_by_text
from mxproof.explain.match.template import folded
from mxproof.explain.match.unread import unread_sentence
from mxproof.explain.meant import is_vague, with_meaning
from mxproof.explain.precedence import (
    COUNTS,
    PRECEDENCE,
    Claimed,
    CountsAs,
    Named,
    RecipientReport,
    Voice,
    claimed,
    named,
    only_wrappers,
)
from mxproof.explain.read.material import Material, MaterialForm, Notification, Statement, StatementPlace
from mxproof.explain.read.strangers import is_of_other_service
from mxproof.explain.read.text import read
from mxproof.explain.specific import most_specific, refined
from mxproof.explain.wording import explanation

CAUSES_MAX = 20

_NO_ANSWER = ".4.1"
"""RFC 3463 section 3.5: no answer from host."""
_UNANSWERED = re.compile(
    r"(?<![\d.])[45]\.4\.[12](?!\d)|\bconnect(?:ion|ing)? .{0,80}(?:\]:|:25\b|\bmx\b)|\[[0-9A-Fa-f.:]{0,45}\]:\d{0,5}:? connect",
    re.IGNORECASE,
)
"""A reply that no host answered or that the connection broke off, or an attempt to connect to an address or an MX."""
_WITHOUT_REASON = frozenset(
    {other_kinds.UNSTATED, other_kinds.DELAYED, other_kinds.EXPIRED}
    | {kind for kind in other_kinds.OTHER_KINDS if kind.tells is Tells.REFUSAL}
)
_LINES = (StatementPlace.LOG, StatementPlace.NOTE, StatementPlace.LINE)
_CLAIMED_BY_CODE = (MaterialForm.LINES, MaterialForm.LOG)
InWords = Callable[[], OtherKind | None]
"""The kind that words of the material name, looked for only where it is asked for."""
_RANK = {place: rank for rank, place in enumerate(StatementPlace)}


def explain(data: bytes, source: str = "-") -> Explanation:
    """Return what `data` is about; `source` names where it comes from."""
    return explanation(source, diagnosed(data))


def diagnosed(data: bytes) -> Diagnosis:
    """Return what `data` is about, not yet in words."""
    found = _judged(read(data))
    if not found.material.has_markup_unread or not only_wrappers(found.claims):
        return found
    with_markup = read(data, markup=True)
    again = _judged(with_markup) if with_markup != found.material else found
    return again if again.claims or not found.claims else found


def _judged(material: Material) -> Diagnosis:
    """Return what the material states."""
    if material.form is MaterialForm.NOTHING:
        return Diagnosis(material=material)
    if material.form is MaterialForm.MESSAGE:
        return _message(material)
    if not material.is_mail:
        return _of_no_mail(material)
    if material.form is MaterialForm.TLS_REPORT:
        return _tls_report(material)
    return _report(material)


def _message(material: Material) -> Diagnosis:
    """Judge a message that is no bounce: by a bounce in its text, or by what the receiver wrote into its header."""
    quoted = [one for one in material.statements if one.place is StatementPlace.NOTICE]
    headers = [one for one in material.statements if one.place is not StatementPlace.NOTICE]
    if claims := _in_words(quoted) or causes_of(material.auth) or _in_words(headers):
        return Diagnosis(material=material, claims=claims)
    if material.notification is Notification.AUTOMATIC_REPLY:
        return Diagnosis(material=material, other=other_kinds.VACATION)
    return Diagnosis(material=material, other=other_kinds.PASSED if material.auth else None)


def _of_no_mail(material: Material) -> Diagnosis:
    """Judge a text that does not speak of mail: words of a TLS library or a socket, if no other service is named."""
    found = _in_words(list(material.statements))
    is_other = any(is_of_other_service(one.text) for one in material.statements)
    return Diagnosis(material=material, claims=() if is_other else found)


def _in_words(statements: list[Statement]) -> tuple[StatedCause, ...]:
    found = (one for statement in statements for one in stated(statement.text) if not one.lead)
    return without_wrappers(_each_once(found))


def _tls_report(material: Material) -> Diagnosis:
    """Judge a TLS report by its rows, and where they cannot be read, by the reason codes that stand in its text."""
    from mxproof.explain.tlsrpt.stated_rows import stated_in_rows  # noqa: PLC0415 - a bounce is explained without it

    rows = stated_in_rows(material.tls_report)
    if rows is None:
        rows = tuple(one for statement in material.statements for one in stated_in_report(statement.text))
    found = _each_once(rows)
    claims = tuple(one for one in found if not one.lead)
    return Diagnosis(
        material=material,
        claims=claims,
        leads=tuple(one for one in found if one.lead),
        other=None if claims else other_kinds.TLS_REPORT,
    )


def _report(material: Material) -> Diagnosis:
    """Judge a bounce, a log or bare lines: what is said of each recipient, then which of it is the answer."""
    known: dict[str, tuple[StatedCause, ...]] = {}
    words = cache(lambda: told_by_text(tuple(folded(statement.text) for statement in _telling(material))))
    found = {address: _of(address, material, known, words) for address in _addresses(material)}
    claims = _each_once(one for statements in found.values() for one in statements if not one.lead)
    leads = _each_once(one for statements in found.values() for one in statements if one.lead)
    answer = _answer(material, claims, leads, words)
    told = {one.cause for one in answer} if isinstance(answer, tuple) else set()
    other = answer if isinstance(answer, OtherKind) else None
    unread = unread_sentence(material) if other in _WITHOUT_REASON else ""
    return Diagnosis(
        material=material,
        claims=answer if isinstance(answer, tuple) else (),
        leads=tuple(lead for lead in leads if lead.cause not in told),
        other=other_kinds.UNREAD if unread and other is other_kinds.UNSTATED else other,
        unread=unread,
        by_recipient=tuple(
            (
                address,
                tuple(dict.fromkeys(one.cause for one in statements if one.cause in told and not one.lead)),
            )
            for address, statements in found.items()
        ),
        other_by_recipient=tuple(_other_kinds(material, found)) if len(found) > 1 else (),
    )


def _other_kinds(material: Material, found: dict[str, tuple[StatedCause, ...]]) -> Iterator[tuple[str, str]]:
    """Yield each recipient of several that no cause was found for, with the kind that its own words name."""
    for address, statements in found.items():
        if not any(not one.lead for one in statements):
            mine = tuple(one for one in material.statements if one.recipient == address)
            own = tuple(folded(one.text) for one in _last_first(mine))
            if address and (kind := told_by_text(own)):
                yield address, kind.id


def _answer(
    material: Material, claims: tuple[StatedCause, ...], leads: tuple[StatedCause, ...], in_words: InWords
) -> tuple[StatedCause, ...] | OtherKind | None:
    """Return what the first voice that has something to say answers: causes, or a kind; None where all are silent."""
    strength = claimed(claims)
    words, says = None, Named.UNREAD
    if strength is not Claimed.SOUND:
        words = in_words()
        says = named(words, in_prose=_is_prose(material, words))
    voices = PRECEDENCE[strength, says]
    kind = told_by_report(material) if Voice.CODES in voices else None
    for voice in voices:
        if voice is Voice.CLAIMS:
            return claims
        if voice is Voice.WORDS:
            return words
        if voice is Voice.LEADS and not only_wrappers(leads):
            return other_kinds.UNCLEAR
        if voice is Voice.CODES and kind is not None and kind.tells is Tells.REASON:
            return kind
    return kind if Voice.REST in voices else None


def _telling(material: Material) -> tuple[Statement, ...]:
    """Return the statements whose words may name another kind: in a log those that tell how an attempt came out."""
    told = tuple(one for one in material.statements if one.place is not StatementPlace.NOTE)
    return _last_first(told or material.statements)


def _last_first(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return what is said of the last attempt for each recipient, then of those before it, the later before the earlier."""
    last: dict[str, int] = {}
    for one in statements:
        last[one.recipient] = max(one.attempt, last.get(one.recipient, 0))
    earlier = [one for one in statements if one.attempt < last[one.recipient]]
    told = [one for one in statements if one.attempt == last[one.recipient]]
    return (*told, *sorted(earlier, key=lambda one: -one.attempt))


def _is_prose(material: Material, words: OtherKind | None) -> bool:
    """Tell whether words stand in text without any code; it matters only where they name a mere refusal."""
    may_be = words is not None and words.tells is Tells.REFUSAL and material.form is MaterialForm.LINES
    return may_be and not has_code(material)


def _addresses(material: Material) -> tuple[str, ...]:
    """Return the recipients that have a statement of their own; an empty address stands for the rest."""
    reported = dict.fromkeys(one.address for one in material.recipients if one.action not in GOOD_ACTIONS)
    spoken_of = dict.fromkeys(one.recipient for one in material.statements if one.recipient)
    delivered = {one.address for one in material.recipients if one.action in GOOD_ACTIONS}
    return tuple(address for address in {**reported, **spoken_of} if address not in delivered) or ("",)


def _of(
    address: str, material: Material, known: dict[str, tuple[StatedCause, ...]], words: InWords
) -> tuple[StatedCause, ...]:
    """Return what the statements say of one recipient, causes and leads; `known` keeps what each text states.

    A notice about all of several hundred recipients is so searched once.
    """
    mine = [one for one in material.statements if one.recipient in (address, "")]
    if address and len({one.recipient for one in material.statements if one.recipient}) <= 1:
        mine = list(material.statements)
    found = (
        _in_log(mine, known)
        if material.form is MaterialForm.LOG
        else _in_report(address, material, mine, known)
    )
    if is_vague(found) and not (material.form is MaterialForm.BOUNCE and any(one.lead for one in found)):
        kind = words()
        if kind is None or kind.tells is not Tells.REASON:
            found = with_meaning(found, _telling_of(mine, material))
    if not found:
        is_lead = material.form not in _CLAIMED_BY_CODE
        coded = [one for one in mine if one.place is not StatementPlace.NOTE]
        found = tuple(one for statement in coded for one in stated_by_code(statement.text, lead=is_lead))
    found = most_specific(found)
    claims = without_wrappers(tuple(one for one in found if not one.lead))
    return (*claims, *(one for one in found if one.lead))


def _telling_of(mine: list[Statement], material: Material) -> list[Statement]:
    """Return the statements whose sentences may tell a cause, the most reliable first: of a log the last attempt's."""
    if material.form is not MaterialForm.LOG:
        diagnosed = any(one.place is StatementPlace.DIAGNOSTIC for one in mine)
        told = [one for one in mine if not (diagnosed and one.place is StatementPlace.TRANSCRIPT)]
        return sorted(told, key=lambda one: _RANK[one.place])
    if material.recipients and all(one.action in GOOD_ACTIONS for one in material.recipients):
        return []
    last = max((one.attempt for one in mine), default=0)
    status = [one for one in mine if one.place is StatementPlace.LOG and one.attempt == last]
    if _has_reason(status):
        return []
    return status + [one for one in mine if one.place is StatementPlace.NOTE and one.attempt in (0, last)]


def _in_report(
    address: str, material: Material, mine: list[Statement], known: dict[str, tuple[StatedCause, ...]]
) -> tuple[StatedCause, ...]:
    """Return what the first statement with a cause says, in the order of their places, those of this recipient first."""
    report = _reported(address, material, mine)
    found: list[StatedCause] = []
    for statement in sorted(mine, key=lambda one: (_RANK[one.place], one.recipient != address)):
        if any(not one.lead and not CATALOGUE[one.cause].wrapper for one in found):
            break
        found += _counted(
            _stated(statement.text, known), COUNTS[statement.place, _said_so(statement) or report]
        )
    return tuple(found)


def _in_log(mine: list[Statement], known: dict[str, tuple[StatedCause, ...]]) -> tuple[StatedCause, ...]:
    """Return what the last attempt that states anything failed for, by its status and its notes.

    One that only surrounds another, as that the time is over, waits for an earlier one.
    """
    waiting: tuple[StatedCause, ...] = ()
    loose = [one for one in mine if not one.attempt]
    attempts = sorted({one.attempt for one in mine if one.attempt}, reverse=True)
    for attempt in attempts or [0]:
        lines = [one for one in mine if one.attempt == attempt and attempt]
        status = [one for one in lines if one.place is StatementPlace.LOG]
        notes = [one for one in (*loose, *lines) if one.place is StatementPlace.NOTE]
        claimed = tuple(one for line in status for one in _in_line(line, known))
        if not claimed and _has_reason(status):
            return ()
        found = refined(claimed, tuple(one for note in notes for one in _in_line(note, known)))
        if any(one.lead or not CATALOGUE[one.cause].wrapper for one in found):
            return found
        waiting = waiting or found
    return waiting


def _in_line(line: Statement, known: dict[str, tuple[StatedCause, ...]]) -> tuple[StatedCause, ...]:
    return _counted(_stated(line.text, known), COUNTS[line.place, _said_so(line) or RecipientReport.SILENT])


def _stated(text: str, known: dict[str, tuple[StatedCause, ...]]) -> tuple[StatedCause, ...]:
    if text not in known:
        known[text] = stated(text)
    return known[text]


def _has_reason(status: list[Statement]) -> bool:
    """Tell whether the status of an attempt names a reason of another kind."""
    kind = told_by_text(tuple(folded(one.text) for one in status))
    return kind is not None and kind.tells is Tells.REASON


def _said_so(statement: Statement) -> RecipientReport | None:
    """Return that no host answered where the line itself says so, by a code or by what it tried."""
    is_line = statement.place in _LINES
    return RecipientReport.UNANSWERED if is_line and _UNANSWERED.search(statement.text) else None


def _reported(address: str, material: Material, mine: list[Statement]) -> RecipientReport:
    """Return what the report says of a recipient beside the prose."""
    if all(one.place is not StatementPlace.DIAGNOSTIC for one in mine):
        return RecipientReport.SILENT
    unanswered = any(one.address == address and one.status[1:] == _NO_ANSWER for one in material.recipients)
    return RecipientReport.UNANSWERED if unanswered else RecipientReport.DIAGNOSED


def _counted(causes: tuple[StatedCause, ...], counts: CountsAs) -> tuple[StatedCause, ...]:
    """Return the causes of one statement, each as the claim or the lead that it counts for."""
    if counts is CountsAs.STATED:
        return causes
    if counts is CountsAs.LEADS:
        return tuple(msgspec.structs.replace(one, lead=True) for one in causes)
    return tuple(
        msgspec.structs.replace(one, lead=one.lead and CATALOGUE[one.cause].failing is not Failing.CONNECTION)
        for one in causes
    )


def _each_once(found: Iterable[StatedCause]) -> tuple[StatedCause, ...]:
    """Return each cause once, by the first text that tells whose fault it can be, or else by the first of all."""
    once: dict[str, StatedCause] = {}
    for one in found:
        if one.cause not in once or (one.suspects and not once[one.cause].suspects):
            once[one.cause] = one
    return tuple(once.values())[:CAUSES_MAX]

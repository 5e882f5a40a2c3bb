"""The answer: from bytes to an explanation, without asking anyone.

For each recipient the statements are read in the order of `StatementPlace`, and reading stops at the first one that states a
cause; one that only surrounds another (an expiry, `Cannot connect [Message=...]`) waits for a better one. HTML is
read only when the plain parts gave none. A text too general to claim, a status code beside words that no rule knows,
and the transcript of a session that may have had several recipients give leads, never causes.
"""

from collections.abc import Iterable

import msgspec

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.explanation import Explanation
from mxproof.explain.knowledge import other_kinds
from mxproof.explain.knowledge.other_kinds import OtherKind
from mxproof.explain.match.authentication import causes_of
from mxproof.explain.match.claiming import (
    StatedCause,
    stated,
    stated_by_code,
    stated_in_report,
    without_wrappers,
)
from mxproof.explain.match.other_kind import told_by_status, told_by_text
from mxproof.explain.match.template import folded
from mxproof.explain.read.material import Material, MaterialForm, Statement, StatementPlace
from mxproof.explain.read.text import read
from mxproof.explain.wording import explanation
from mxproof.formats.bounce.dsn import Action
from mxproof.formats.bounce.reply import reply_codes
from mxproof.judge.vocabulary import Confidence

CAUSES_MAX = 20

_NO_ANSWER = ".4.1"
"""RFC 3463 section 3.5: no answer from host."""
_UNANSWERED = frozenset({"connect_timeout", "connect_refused", "connect_failure"})
_CLAIMED_BY_CODE = (MaterialForm.LINES, MaterialForm.LOG)
_NOTIFICATIONS = {
    "complaint": other_kinds.COMPLAINT,
    "delivery": other_kinds.DELIVERED,
    "receipt": other_kinds.RECEIPT,
}
_GOOD_ACTIONS = frozenset({Action.DELIVERED, Action.RELAYED, Action.EXPANDED})


class Diagnosis(msgspec.Struct, frozen=True):
    """What was found: claimed causes, leads, the kind of bounce without a cause, and which recipient has which."""

    claims: tuple[StatedCause, ...] = ()
    leads: tuple[StatedCause, ...] = ()
    other: OtherKind | None = None
    by_recipient: tuple[tuple[str, tuple[str, ...]], ...] = ()


def explain(data: bytes, source: str = "-") -> Explanation:
    """Return what `data` is about; `source` names where it comes from."""
    material = read(data)
    verdict = judged(material)
    if material.form is MaterialForm.BOUNCE and not _is_settled(verdict):
        with_markup = read(data, markup=True)
        again = judged(with_markup) if with_markup != material else verdict
        if again.claims or not verdict.claims:
            material, verdict = with_markup, again
    return explanation(
        source, material, verdict.claims, verdict.leads, verdict.other, dict(verdict.by_recipient)
    )


def judged(material: Material) -> Diagnosis:
    """Return what the material states."""
    if material.form is MaterialForm.NOTHING:
        return Diagnosis()
    if material.form is MaterialForm.MESSAGE:
        return _message(material)
    if material.form is MaterialForm.TLS_REPORT:
        return _tls_report(material)
    known: dict[str, tuple[StatedCause, ...]] = {}
    found = {address: _of(address, material, known) for address in _addresses(material)}
    claims = _each_once(one for statements in found.values() for one in statements if not one.lead)
    leads = _each_once(one for statements in found.values() for one in statements if one.lead)
    texts = tuple(folded(statement.text) for statement in material.statements)
    firm = told_by_text(texts) if not claims or _is_weak(claims) else None
    if firm is not None and firm.firm and claims:
        claims = ()
    claimed = {claim.cause for claim in claims}
    return Diagnosis(
        claims=claims,
        leads=tuple(lead for lead in leads if lead.cause not in claimed),
        other=None if claims else _named(_kind(firm, material), leads),
        by_recipient=tuple(
            (address, tuple(one.cause for one in statements if one.cause in claimed and not one.lead))
            for address, statements in found.items()
        ),
    )


def _kind(told: OtherKind | None, material: Material) -> OtherKind | None:
    """Return the kind that the words tell, or else the codes; prose without a code that says `policy` is no refusal."""
    if told is None:
        return _other(material)
    is_prose = material.form is MaterialForm.LINES and not _has_code(material)
    return None if is_prose and told.id == other_kinds.REFUSED_ID else told


def _named(kind: OtherKind | None, leads: tuple[StatedCause, ...]) -> OtherKind | None:
    """Return the kind to name: with a lead beside it, a kind that explains little is unclear."""
    little = kind is None or not kind.firm or kind.id == other_kinds.REFUSED_ID
    return other_kinds.UNCLEAR if little and leads and not _only_wrappers(leads) else kind


def _is_settled(verdict: Diagnosis) -> bool:
    return bool(verdict.claims) and not _only_wrappers(verdict.claims)


def _message(material: Material) -> Diagnosis:
    """Judge a message that is no bounce: by a bounce in its text, or by what the receiver wrote into its header."""
    quoted = [one for one in material.statements if one.place is StatementPlace.NOTICE]
    headers = [one for one in material.statements if one.place is not StatementPlace.NOTICE]
    claims = _in_words(quoted) or causes_of(material.auth) or _in_words(headers)
    if claims:
        return Diagnosis(claims=claims)
    if "auto-replied" in material.marks or "away" in material.marks.partition("\n")[2][:200]:
        return Diagnosis(other=other_kinds.VACATION)
    return Diagnosis(other=other_kinds.PASSED if material.auth else None)


def _in_words(statements: list[Statement]) -> tuple[StatedCause, ...]:
    found = (one for statement in statements for one in stated(statement.text) if not one.lead)
    return without_wrappers(_each_once(found))


def _tls_report(material: Material) -> Diagnosis:
    """Judge a TLS report by the reason codes that a sender adds; its rows are for `mxproof tlsrpt`."""
    found = _each_once(one for statement in material.statements for one in stated_in_report(statement.text))
    claims = tuple(one for one in found if not one.lead)
    return Diagnosis(
        claims, tuple(one for one in found if one.lead), None if claims else other_kinds.TLS_REPORT
    )


def _addresses(material: Material) -> tuple[str, ...]:
    """Return the recipients that have a statement of their own; an empty address stands for the rest."""
    named = dict.fromkeys(one.address for one in material.recipients if one.action not in _GOOD_ACTIONS)
    spoken_of = dict.fromkeys(one.recipient for one in material.statements if one.recipient)
    delivered = {one.address for one in material.recipients if one.action in _GOOD_ACTIONS}
    return tuple(address for address in {**named, **spoken_of} if address not in delivered) or ("",)


def _of(
    address: str, material: Material, known: dict[str, tuple[StatedCause, ...]]
) -> tuple[StatedCause, ...]:
    """Return what the statements say of one recipient, causes and leads; `known` keeps what each text states.

    A notice about all of several hundred recipients is so searched once.
    """
    mine = [one for one in material.statements if one.recipient in (address, "")]
    if address and len({one.recipient for one in material.statements if one.recipient}) <= 1:
        mine = list(material.statements)
    mine.sort(key=lambda one: list(StatementPlace).index(one.place))
    unanswered = any(one.address == address and one.status[1:] == _NO_ANSWER for one in material.recipients)
    diagnosed = any(one.place is StatementPlace.DIAGNOSTIC for one in mine)
    found: list[StatedCause] = []
    for statement in mine:
        if any(not one.lead and not CATALOGUE[one.cause].wrapper for one in found):
            break
        if statement.text not in known:
            known[statement.text] = stated(statement.text)
        by_session = diagnosed and statement.place is StatementPlace.TRANSCRIPT
        read = map(_as_lead, known[statement.text]) if by_session else known[statement.text]
        found += map(_as_claim, read) if unanswered and statement.place is StatementPlace.DIAGNOSTIC else read
    if not found:
        claimed = material.form in _CLAIMED_BY_CODE
        found += [one for statement in mine for one in stated_by_code(statement.text, lead=not claimed)]
    claims = without_wrappers(tuple(one for one in found if not one.lead))
    return (*claims, *(one for one in found if one.lead))


def _as_lead(one: StatedCause) -> StatedCause:
    return msgspec.structs.replace(one, lead=True)


def _as_claim(one: StatedCause) -> StatedCause:
    """Return what a general text says of a connection as a claim: the status says that no host answered."""
    return msgspec.structs.replace(one, lead=one.lead and one.cause not in _UNANSWERED)


def _each_once(found: Iterable[StatedCause]) -> tuple[StatedCause, ...]:
    once: dict[str, StatedCause] = {}
    for one in found:
        once.setdefault(one.cause, one)
    return tuple(once.values())[:CAUSES_MAX]


def _only_wrappers(claims: tuple[StatedCause, ...]) -> bool:
    return all(CATALOGUE[claim.cause].wrapper for claim in claims)


def _is_weak(claims: tuple[StatedCause, ...]) -> bool:
    """Tell whether words that name another kind count for more: Microsoft's `550 5.1.10` is no null MX."""
    return _only_wrappers(claims) or all(claim.confidence is Confidence.GUESS for claim in claims)


def _other(material: Material) -> OtherKind | None:
    """Return the kind of a bounce whose words say nothing that is known."""
    if material.notification in _NOTIFICATIONS:
        return _NOTIFICATIONS[material.notification]
    statuses = tuple(one.status for one in material.recipients if one.status[:1] in ("4", "5"))
    if told := told_by_status(statuses):
        return told
    actions = {one.action for one in material.recipients}
    if actions and actions <= _GOOD_ACTIONS:
        return other_kinds.DELIVERED
    if Action.DELAYED in actions:
        return other_kinds.DELAYED
    if any(status.endswith(".4.7") for status in statuses):
        return other_kinds.EXPIRED
    if material.form is MaterialForm.BOUNCE:
        return other_kinds.UNSTATED
    return other_kinds.UNSTATED if _has_code(material) else None


def _has_code(material: Material) -> bool:
    return any(reply_codes(one.text) for one in material.statements)

"""Which other kind a bounce is of: the one that its words name, or else its codes, its parts and its actions."""

import re
from functools import cache

from mxproof.explain.knowledge import other_kinds
from mxproof.explain.knowledge.other_kinds import OTHER_KINDS, OtherKind
from mxproof.explain.knowledge.translated import OTHER_KIND_TEXTS
from mxproof.explain.match.needle import Needles, near, needles
from mxproof.explain.match.template import Folded, Template, find, template
from mxproof.explain.read.material import Material, MaterialForm, Notification
from mxproof.formats.bounce.dsn import Action
from mxproof.formats.bounce.reply import reply_codes

GOOD_ACTIONS = frozenset({Action.DELIVERED, Action.RELAYED, Action.EXPANDED})

_NOTIFICATIONS = {
    Notification.COMPLAINT: other_kinds.COMPLAINT,
    Notification.DELIVERY: other_kinds.DELIVERED,
    Notification.RECEIPT: other_kinds.RECEIPT,
    Notification.AUTOMATIC_REPLY: other_kinds.VACATION,
    Notification.DMARC_REPORT: other_kinds.DMARC_REPORT,
}
_QUOTED_REPLY = re.compile(r"(?::|<<<) ?['\"]?[45]\d\d[ -]\S")
"""A reply behind who gave it, or in a transcript."""
_TIME_OVER = ".4.7"
"""RFC 3463 section 3.5: delivery time expired."""


@cache
def _entries() -> Needles[tuple[Template, OtherKind]]:
    """Return every template, kind by kind."""
    return needles(
        (one, (one, kind))
        for kind in OTHER_KINDS
        for one in map(template, (*kind.texts, *OTHER_KIND_TEXTS.get(kind.id, ())))
    )


def told_by_text(texts: tuple[Folded, ...]) -> OtherKind | None:
    """Return the kind that one of the texts names, the first text first."""
    for examined in texts:
        for one, kind in near(_entries(), examined):
            if find(one, examined) is not None:
                return kind
    return None


def told_by_report(material: Material) -> OtherKind | None:
    """Return the kind of a bounce whose words say nothing that is known."""
    if material.notification is not None:
        return _NOTIFICATIONS[material.notification]
    statuses = _statuses(material)
    if told := _told_by_status(statuses):
        return told
    actions = {one.action for one in material.recipients}
    if actions and actions <= GOOD_ACTIONS:
        return other_kinds.DELIVERED
    if Action.DELAYED in actions:
        return other_kinds.DELAYED
    if any(status.endswith(_TIME_OVER) for status in statuses):
        return other_kinds.EXPIRED
    is_report = material.form is MaterialForm.BOUNCE or has_code(material)
    return other_kinds.UNSTATED if is_report else None


def _statuses(material: Material) -> tuple[str, ...]:
    """Return the enhanced codes of class 4 or 5: those of the report, and where there is none, those in the text."""
    reported = tuple(one.status for one in material.recipients)
    if not reported and material.form is MaterialForm.LINES:
        reported = tuple(code.enhanced for one in material.statements for code in reply_codes(one.text))
    return tuple(status for status in reported if status[:1] in ("4", "5"))


def has_code(material: Material) -> bool:
    """Tell whether a reply code stands anywhere in the text."""
    return any(reply_codes(one.text) or _QUOTED_REPLY.search(one.text) for one in material.statements)


def _told_by_status(statuses: tuple[str, ...]) -> OtherKind | None:
    """Return the kind that an enhanced status code of class 4 or 5 names."""
    for status in statuses:
        rest = status.partition(".")[2]
        for kind in OTHER_KINDS:
            if rest in kind.statuses:
                return kind
    return None

"""The words of an explanation: who decided, what it means, what to look at, and the next command.

Plain words first; the codes stand beside them for who wants to search for them.
"""

import re
from datetime import datetime

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.base_rate import base_rate
from mxproof.explain.causes.cause import Cause, CauseKind
from mxproof.explain.causes.fault import Fault, Suspect
from mxproof.explain.diagnosis import Diagnosis
from mxproof.explain.explanation import Claim, Explanation, Joined, Recipient, Reporter, Suspicion
from mxproof.explain.fault import fault_of, suspects_of
from mxproof.explain.knowledge import other_kinds
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.knowledge.systems import NAMES
from mxproof.explain.match.authentication import keys_of
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.match.hosts import failing_host
from mxproof.explain.match.other_kind import GOOD_ACTIONS
from mxproof.explain.read.material import Material, MaterialForm
from mxproof.explain.read.reporter import reporter
from mxproof.explain.specific import narrowing
from mxproof.formats.bounce.dsn import Action, RecipientStatus
from mxproof.formats.bounce.reply import flattened, plain, reply_codes
from mxproof.formats.dkim import KEY_LABEL
from mxproof.formats.names import is_address, is_host

CODES_SHOWN_MAX = 10
NEXT_MAX = 3

_LABELS_OF_HOST = 3
_TO_PUT_IN = {
    "RECIPIENT-DOMAIN": "what stands behind the @ of the recipient",
    "SENDER-DOMAIN": "what stands behind the @ of the sender",
    "SELECTOR": "s= in the DKIM-Signature header, whose d= is the domain",
    "HOST": "the server that was to take the mail",
    "ADDRESS": "the address from which the mail was sent",
}
"""What to put in for each name that stands in capitals in a command."""
_CALLED_DOMAIN = re.compile(
    r"\bdomain(?:\"? ?[:=] ?\"| (?=[\w.-]{4,253} (?:failed|does not|returned)\b))([A-Za-z0-9][A-Za-z0-9.-]{1,252})",
    re.IGNORECASE,
)

_OF_SERVER = ("ssl_accept error from ", "lost connection after starttls from ")
"""How a server notes that a client did not finish TLS with it (Postfix smtpd/smtpd.c, tls/tls_server.c)."""
_NOT_UNDERSTOOD = "Nothing in this text is known here."
_SAYS = "It says: '{sentence}'."
_NO_REASON = "No reason is given."
_SILENT_KINDS = (other_kinds.DELAYED, other_kinds.EXPIRED)


def explanation(source: str, diagnosis: Diagnosis, live: Joined | None = None) -> Explanation:
    """Return what was found, in words; `live` is what a check finds now."""
    material, claims, leads, other = (
        diagnosis.material,
        diagnosis.claims,
        diagnosis.leads,
        diagnosis.other,
    )
    first = CATALOGUE[claims[0].cause] if claims else None
    who = reporter(material, first, claims[0].system if claims else "")
    side = claims[0].side if claims else Side.UNKNOWN
    domain = _domain(material, claims or leads, diagnosis.by_recipient)
    suspects = suspects_of(claims[0], material, who.name, domain) if claims else ()
    keys = keys_of(material.auth, material.signatures)
    began, ended = _span(material)
    return Explanation(
        source=source,
        understood=bool(claims or other),
        kind=first.kind if first else CauseKind.OTHER,
        other=other.id if other and not claims else None,
        decided_by=side,
        fault=fault_of(suspects),
        suspects=tuple(Suspicion(one.fault, one.words) for one in suspects),
        domain=domain,
        dkim_keys=keys,
        reporter=who,
        recipients=_recipients(material, dict(diagnosis.by_recipient), dict(diagnosis.other_by_recipient)),
        codes=_codes(material) if material.is_mail else (),
        causes=tuple(_claim(one, material, who, domain) for one in claims),
        leads=tuple(_claim(one, material, who, domain) for one in leads),
        first_attempt=began,
        last_attempt=ended,
        retried_s=_retried_s(material, began, ended),
        headline=first.title if first else (other.id.replace("-", " ") if other else "not understood"),
        words=_words(who, side, first, diagnosis, live),
        next=_next(claims or leads, diagnosis, who, domain, keys),
        live=live,
        unread=diagnosis.unread or None,
        joined=live.joined if live else None,
    )


def _claim(one: StatedCause, material: Material, who: Reporter, domain: str | None) -> Claim:
    cause = CATALOGUE[one.cause]
    return Claim(
        one.cause,
        one.confidence,
        one.because,
        failing_host(one, material),
        f"{cause.check} {one.check}".strip(),
        fault_of(suspects_of(one, material, who.name, domain)),
        one.source,
        one.domain or None,
    )


def _words(who: Reporter, side: Side, cause: Cause | None, diagnosis: Diagnosis, live: Joined | None) -> str:
    """Return two or three sentences: who decided, and what it means.

    The published rate is for a reader who has nothing better: beside a measurement, `live` tells it where it is due.
    """
    if cause is None:
        return _other_words(diagnosis)
    if diagnosis.material.form is MaterialForm.MESSAGE:
        rate = base_rate(cause.id) if live is None else None
        return f"{cause.words} {rate.words}" if rate else cause.words
    name = who.name or "The sending system"
    if diagnosis.material.form is MaterialForm.TLS_REPORT:
        return f"{name} counts sessions that failed. {cause.words}"
    if _is_of_server(diagnosis.material):
        decided = f"{name} was to take mail here, and the client that brought it did not finish TLS with it."
    elif side is Side.SENDER:
        decided = f"{name} had the message and did not hand it over."
    elif side is Side.RECEIVER:
        decided = "The receiving server refused the message."
    else:
        decided = f"{name} reports that the message was not delivered."
    left = narrowing(cause.id, (one.text for one in diagnosis.material.statements))
    return f"{decided} {left.words if left else cause.words}"


def _is_of_server(material: Material) -> bool:
    """Tell whether a log is of the server that was to take mail, not of one that had it and was to hand it over."""
    return not material.recipients and any(
        one.text.lower().startswith(_OF_SERVER) for one in material.statements
    )


def _other_words(diagnosis: Diagnosis) -> str:
    """Return what a kind means; a reason that could not be read is quoted, and only where there is none, it is said."""
    other = diagnosis.other
    if other is None:
        return _NOT_UNDERSTOOD
    if diagnosis.unread:
        return f"{other.words} {_SAYS.format(sentence=diagnosis.unread)}"
    return f"{other.words} {_NO_REASON}" if other in _SILENT_KINDS else other.words


def _recipients(
    material: Material, by_recipient: dict[str, tuple[str, ...]], others: dict[str, str]
) -> tuple[Recipient, ...]:
    known = {one.address: one for one in material.recipients}
    addresses = dict.fromkeys([*known, *(address for address in by_recipient if address)])
    return tuple(
        _recipient(address, known.get(address), by_recipient.get(address, ()), others.get(address))
        for address in addresses
    )


def _recipient(
    address: str, known: RecipientStatus | None, causes: tuple[str, ...], other: str | None
) -> Recipient:
    if known is None:
        return Recipient(address, causes=causes, other=other)
    action = None if known.action is Action.UNSTATED else known.action.value
    return Recipient(
        address, action, known.status or None, flattened(plain(known.diagnostic)) or None, causes, other
    )


def _codes(material: Material) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for statement in material.statements:
        for code in reply_codes(statement.text):
            found[f"{code.basic} {code.enhanced}".strip()] = None
    return tuple(found)[:CODES_SHOWN_MAX]


def _domain(
    material: Material,
    found: tuple[StatedCause, ...],
    by_recipient: tuple[tuple[str, tuple[str, ...]], ...],
) -> str | None:
    """Return the domain to look at: the sender's where the receiver decided, else that whose mail failed.

    The first recipient that the cause is told of goes before one that it is not; where no recipient is named, the
    domain of the host that failed. It is always one that stands in the text.
    """
    named = next((one.domain for one in found if one.domain), "").lower()
    if found and found[0].side is Side.RECEIVER:
        return named or material.sender_domain or None
    hit = [address for address, causes in by_recipient if address and found and found[0].cause in causes]
    refused = [one.address for one in material.recipients if one.action not in GOOD_ACTIONS]
    spoken_of = [one.recipient for one in material.statements if one.recipient]
    addresses = [*hit, *refused, *spoken_of]
    domains = [address.rpartition("@")[2].lower() for address in addresses if "@" in address]
    known = [domain for domain in domains if is_host(domain)]
    if named in known:
        return named
    return (
        next(iter(known), None)
        or named
        or _spoken_of(material)
        or (_domain_of_host(found[0], material) if found else None)
    )


def _spoken_of(material: Material) -> str | None:
    """Return the domain that a statement calls one: in a field of a log, or in a sentence of its own."""
    found = (
        match.group(1).lower() for one in material.statements if (match := _CALLED_DOMAIN.search(one.text))
    )
    return next((domain for domain in found if is_host(domain) and "." in domain), None)


def _domain_of_host(one: StatedCause, material: Material) -> str | None:
    """Return the domain of the host that failed: a name below a domain of two labels, or the name itself."""
    host = failing_host(one, material)
    if host is None or is_address(host):
        return None
    labels = host.split(".")
    return ".".join(labels[1:]) if len(labels) == _LABELS_OF_HOST else host


def _span(material: Material) -> tuple[datetime | None, datetime | None]:
    times = [at for at in (material.arrived, *material.attempts) if at]
    return (min(times), max(times)) if times else (None, None)


def _retried_s(material: Material, began: datetime | None, ended: datetime | None) -> int | None:
    if material.delay_s is not None:
        return material.delay_s
    if began is None or ended is None or began == ended:
        return None
    return int((ended - began).total_seconds())


def _next(
    found: tuple[StatedCause, ...],
    diagnosis: Diagnosis,
    who: Reporter,
    first_domain: str | None,
    keys: tuple[str, ...],
) -> tuple[str, ...]:
    """Return the commands of those who may be at fault, with their names filled in; `first_domain` is that of the first cause.

    A name that is not known stays in capitals, and behind the command stands, as a comment of the shell, what to put in.
    """
    commands: dict[str, None] = {}
    material = diagnosis.material
    for one in found:
        domain = first_domain if one is found[0] else _domain(material, (one,), diagnosis.by_recipient)
        host = failing_host(one, material) or ""
        address = one.address or (host if is_address(host) else "")
        names = {
            "domain": domain or _unnamed_domain(one),
            "host": host or "HOST",
            "address": address or "ADDRESS",
            "key": keys[0] if keys else f"SELECTOR.{KEY_LABEL}.{domain or _unnamed_domain(one)}",
        }
        for suspect in suspects_of(one, material, who.name, domain):
            command = _command(suspect, one, who)
            if command:
                commands[_with_what_to_put_in(command.format_map(names))] = None
    return tuple(commands)[:NEXT_MAX]


def _unnamed_domain(one: StatedCause) -> str:
    """Return what stands for a domain that the text does not name: the sender's where a receiver judged that.

    Where a check of how mail arrives can find the cause, it is the recipient's, whoever says so.
    """
    cause = CATALOGUE[one.cause]
    is_judged = one.side is Side.RECEIVER and not cause.findings
    of_sender = is_judged or cause.kind is CauseKind.AUTHENTICATION
    return "SENDER-DOMAIN" if of_sender else "RECIPIENT-DOMAIN"


def _with_what_to_put_in(command: str) -> str:
    words = command.replace(".", " ").split()
    notes = [f"{name}: {what}" for name, what in _TO_PUT_IN.items() if name in words]
    return f"{command}  # {'; '.join(notes)}" if notes else command


def _command(suspect: Suspect, one: StatedCause, who: Reporter) -> str:
    """Return the command that tells of a suspect: its own, or that of the cause for another side than the sending one.

    A command that another mail system than the one that reports would know is left out.
    """
    if suspect.next:
        known = not suspect.program or who.name in (None, NAMES[suspect.program])
        return suspect.next if known else ""
    is_own_machine = suspect.fault is Fault.SENDER and one.side is Side.SENDER
    return "" if is_own_machine and "{domain}" in CATALOGUE[one.cause].next else CATALOGUE[one.cause].next

"""MX hosts: aliases, addresses, TLSA records, and the SMTP sessions at each address."""

from datetime import datetime

import msgspec

from mxproof.evidence import (
    ABSENT,
    UNASKED,
    Answer,
    Der,
    DnsData,
    Evidence,
    Kind,
    Outcome,
    Question,
    SmtpData,
    SmtpStage,
    TlsaRecord,
)
from mxproof.formats.address_scope import SpecialRange, special_range
from mxproof.formats.names import bare_address, canonical, is_lax_host, is_localhost
from mxproof.formats.tlsa import Tlsa, usable
from mxproof.mail.domain import (
    Endpoint,
    Host,
    HostState,
    Session,
    SessionState,
    TlsaSet,
    TlsaState,
)
from mxproof.mail.reverse_name import ptr_state
from mxproof.mail.tls_offer import offers_of
from mxproof.mail.transcript import last_reply
from mxproof.mail.trust import chain_of
from mxproof.survey.inbound import other_port_questions
from mxproof.survey.reading import (
    FAMILY_KINDS,
    Exchange,
    addresses,
    addresses_secure,
    alias_chain,
    askable,
    is_alias_loop,
    literal_addresses,
    nameless,
    ptr_names,
    reverse_name,
    tlsa_bases,
    tlsa_name,
)

_Inside = tuple[tuple[bytes, list[bytes]], ...]
"""Commands in upper case, each with the lines of the reply to it."""
_GREETINGS = frozenset({b"EHLO", b"HELO"})
_TAKEN = b"250"
_STARTTLS = "STARTTLS"
_BYE = b"221"
"""The server takes its leave, whatever it was asked (RFC 5321 section 4.2.1)."""
_FAILED = frozenset({Outcome.SERVFAIL, Outcome.BOGUS})
_UNSEEN = frozenset({Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.UNASKED})
_UNCONNECTED = _UNSEEN | {Outcome.REFUSED}


def host_of(
    evidence: Evidence, exchange: Exchange, anchors: tuple[Der, ...], now: datetime, *, blocked: bool
) -> Host:
    """Return one MX host with everything known of it."""
    name = exchange.name
    chain = alias_chain(evidence, name) if askable(name) else (name,)
    target = chain[-1]
    kinds = [FAMILY_KINDS[family] for family in evidence.vantage.families] if askable(name) else []
    questions = tuple(Question(kind, name) for kind in kinds)
    found = addresses(evidence, name) if askable(name) else literal_addresses(evidence, name)
    names = (name,) if target == name else (name, target)
    tlsa_target = _tlsa_set(evidence, target)
    tlsa_alias = _tlsa_set(evidence, name) if target != name else None
    at_base = {target: tlsa_target, name: tlsa_alias or tlsa_target}
    bases = tlsa_bases(evidence, name) if askable(name) else ()
    return Host(
        name=name,
        preference=exchange.preference,
        state=host_state(evidence, name),
        chain=chain,
        addresses_secure=addresses_secure(evidence, name),
        questions=questions,
        answers=tuple(map(evidence.answer, questions)),
        tlsa_target=tlsa_target,
        tlsa_alias=tlsa_alias,
        tlsa_tried=tuple(at_base[base] for base in bases),
        endpoints=tuple(
            _endpoint(evidence, names, address, anchors, now, blocked=blocked) for address in found
        ),
        tlsa_other_ports=tuple(
            question
            for question in (other_port_questions(evidence, name) if askable(name) else ())
            if evidence.answer(question).outcome is Outcome.FOUND
        ),
    )


def host_state(evidence: Evidence, name: str) -> HostState:
    """Return what the look-ups of the addresses of `name` came to."""
    if bare_address(name) is not None:
        return HostState.LITERAL
    if is_localhost(name):
        return HostState.LOCALHOST
    if not is_lax_host(name):
        return HostState.INVALID
    if addresses(evidence, name):
        return HostState.RESOLVED
    if is_alias_loop(evidence, name):
        return HostState.ALIAS_LOOP
    outcomes = {evidence.dns(FAMILY_KINDS[family], name)[0].outcome for family in evidence.vantage.families}
    if Outcome.NXDOMAIN in outcomes:
        return HostState.NXDOMAIN
    return HostState.NO_ADDRESS if outcomes <= {Outcome.EMPTY, Outcome.FOUND} else HostState.UNKNOWN


def blocked_from_here(evidence: Evidence) -> bool:
    """Tell whether no SMTP connection at all came through, so that the fault may be on this side."""
    asked = [
        answer
        for question, answer in evidence.answers.items()
        if question.kind is Kind.SMTP and not is_withheld(evidence, question, answer)
    ]
    return bool(asked) and all(_unconnected(answer) for answer in asked)


def not_public(evidence: Evidence, question: Question) -> SpecialRange | None:
    """Return the special-purpose range that the address of a connection is in, None for a public one.

    Addresses for documentation count as public where they answered, which they do in a world that is made up only.
    """
    found = special_range(question.at)
    if found is None or not found.is_example:
        return found
    unasked = evidence.answer(question).outcome is Outcome.UNASKED and not evidence.vantage.simulated
    return found if unasked and question in evidence.answers else None


def is_withheld(evidence: Evidence, question: Question, answer: Answer) -> bool:
    """Tell whether nobody connected because the address is not public."""
    return answer.outcome is Outcome.UNASKED and not_public(evidence, question) is not None


def _unconnected(answer: Answer) -> bool:
    stage = answer.data.stage if isinstance(answer.data, SmtpData) else SmtpStage.CONNECT
    return stage is SmtpStage.CONNECT and answer.outcome in _UNCONNECTED


def _endpoint(
    evidence: Evidence,
    names: tuple[str, ...],
    address: str,
    anchors: tuple[Der, ...],
    now: datetime,
    *,
    blocked: bool,
) -> Endpoint:
    reverse = Question(Kind.PTR, reverse_name(address))
    forward = FAMILY_KINDS[6 if ":" in address else 4]
    reverse_names = ptr_names(evidence, address)
    offers = offers_of(evidence, names[0], address) if evidence.vantage.sets else ()
    refused = frozenset(one.offer for one in offers if one.is_refused)
    sessions = (_session(evidence, name, address, anchors, now, blocked=blocked) for name in names)
    questions = (reverse, *(Question(forward, name) for name in reverse_names))
    return Endpoint(
        address=address,
        ptr_state=ptr_state(evidence, evidence.answer(reverse), address, questions[1:]),
        ptr_names=tuple(canonical(name) for name in reverse_names),
        ptr_questions=questions,
        sessions=tuple(msgspec.structs.replace(one, refused=refused) if refused else one for one in sessions),
        not_public=not_public(evidence, Question(Kind.SMTP, names[0], address)),
        offers=offers,
        nameless=_session(evidence, address, address, anchors, now, blocked=blocked)
        if evidence.vantage.sets and address not in names and nameless(address) in evidence.answers
        else None,
    )


def _session(
    evidence: Evidence, name: str, address: str, anchors: tuple[Der, ...], now: datetime, *, blocked: bool
) -> Session:
    answer, data = evidence.smtp(name, address)
    tls = data.tls if data is not None else None
    inside = _inside_tls(data) if data is not None and tls is not None else ()
    return Session(
        server_name=name,
        state=SessionState.UNKNOWN if blocked else _session_state(answer, data),
        question=Question(Kind.SMTP, name, address),
        answer=answer,
        transcript=data.transcript if data is not None else (),
        tls=tls,
        chain=chain_of(tls, anchors, now) if tls is not None else None,
        repeats_starttls=_repeats_starttls(inside),
        speaks_early=data is not None and bool(data.early),
        called=_called(data) if data is not None else "",
        extensions=_extensions(data, inside) if data is not None else (),
        greeted_ms=data.greeted_ms if data is not None else 0,
    )


def _session_state(answer: Answer, data: SmtpData | None) -> SessionState:
    stage = data.stage if data is not None else SmtpStage.CONNECT
    if answer.outcome in _UNSEEN:
        return SessionState.UNKNOWN
    if answer.outcome is Outcome.REFUSED:
        return SessionState.REFUSED
    if answer.outcome is Outcome.TLS_FAILED:
        return SessionState.HANDSHAKE_FAILED
    if data is not None and data.early and stage is SmtpStage.STARTTLS:
        return SessionState.EARLY_DATA
    if answer.outcome is Outcome.CLOSED and stage is SmtpStage.GREETING:
        return SessionState.TURNED_AWAY
    if data is not None and _ends_at_ehlo(answer, data):
        return SessionState.EHLO_REJECTED
    if answer.outcome is not Outcome.FOUND or data is None:
        return SessionState.HANDSHAKE_FAILED if stage is SmtpStage.HANDSHAKE else SessionState.BROKEN
    return _ended_state(data)


def _ended_state(data: SmtpData) -> SessionState:
    """Read where a dialogue led to its end stopped (the meaning of the stages stands with SmtpData)."""
    if data.stage is SmtpStage.SECURED:
        return _secured_state(_inside_tls(data))
    if data.stage is SmtpStage.STARTTLS:
        return SessionState.STARTTLS_REJECTED
    if data.stage is SmtpStage.EHLO and last_reply(data.transcript).startswith(b"2"):
        return SessionState.NO_STARTTLS
    return SessionState.TURNED_AWAY


def _secured_state(inside: _Inside) -> SessionState:
    """Read what the server says to EHLO inside TLS, and to HELO where that follows (RFC 3207 section 4.2)."""
    said = [lines[-1][:3] for command, lines in inside if lines and command[:4] in _GREETINGS]
    taken = [code[:1] == b"2" and code != _BYE for code in said]
    if not taken or taken[0]:
        return SessionState.SECURED
    if not taken[-1]:
        return SessionState.EHLO_REJECTED
    return SessionState.HELO_AT_ONCE if said[0][:1] == b"4" else SessionState.HELO_ONLY


def _ends_at_ehlo(answer: Answer, data: SmtpData) -> bool:
    """Tell whether the server answered EHLO inside TLS with an error, and then ended the connection."""
    ended = answer.outcome is Outcome.CLOSED and data.stage is SmtpStage.SECURED
    said = [lines[-1][:1] for _, lines in _inside_tls(data) if lines] if ended else []
    return bool(said) and said[0] != b"2"


def _repeats_starttls(inside: _Inside) -> bool:
    """Tell whether EHLO inside TLS lists STARTTLS again, which it must not (RFC 3207 section 4.2)."""
    return any(
        line[4:12].upper() == b"STARTTLS" and not line[12:].strip()
        for command, lines in inside
        if command[:4] == b"EHLO"
        for line in lines[1:]
    )


def _called(data: SmtpData) -> str:
    """Return what the server calls itself, behind the code of the first reply to EHLO."""
    greeted = False
    for line in data.transcript:
        if line.side == "C":
            greeted = line.text[:4].upper() in _GREETINGS
        elif greeted:
            word = line.text[4:].split(maxsplit=1)[:1] if line.text[:3] == _TAKEN else ()
            return word[0].decode("ascii", "backslashreplace").lower().rstrip(".") if word else ""
    return ""


def _extensions(data: SmtpData, inside: _Inside) -> tuple[str, ...]:
    """Return the extensions of the last reply to EHLO; inside TLS there may be others than in the clear (RFC 8689 section 2)."""
    for command, lines in inside:
        if command[:4] == b"EHLO" and lines and lines[0][:3] == _TAKEN:
            said = (line[4:].decode("ascii", "backslashreplace").strip().upper() for line in lines[1:])
            return tuple(one for one in said if one and one != _STARTTLS)
    return tuple(one for one in data.keywords if one != _STARTTLS)


def _inside_tls(data: SmtpData) -> _Inside:
    """Return the commands inside TLS, each with the lines of the reply to it."""
    said: list[tuple[bytes, list[bytes]]] = []
    replies: list[bytes] = []
    for line in reversed(data.transcript):  # it ends soon after the handshake
        if line.side == "S":
            replies.insert(0, line.text)
            continue
        command = line.text.upper()
        if command == b"STARTTLS":
            return tuple(reversed(said))
        said.append((command, replies))
        replies = []
    return ()


def _tlsa_set(evidence: Evidence, base: str) -> TlsaSet:
    name = tlsa_name(base)
    if not askable(base):
        return TlsaSet(base, TlsaState.ABSENT, Question(Kind.TLSA, name), UNASKED, (), ())
    answer, data = evidence.dns(Kind.TLSA, name)
    records = tuple(
        sorted(
            Tlsa(record.usage, record.selector, record.matching_type, record.association)
            for record in (data.records if data is not None and answer.outcome is Outcome.FOUND else ())
            if isinstance(record, TlsaRecord)
        )
    )
    return TlsaSet(
        base=base,
        state=_tlsa_state(answer, data, validating=evidence.vantage.validating),
        question=Question(Kind.TLSA, name),
        answer=answer,
        records=records,
        usable=tuple(record for record in records if usable(record)),
    )


def _tlsa_state(answer: Answer, data: DnsData | None, *, validating: bool) -> TlsaState:
    """Name the state; the AD bit of a resolver that is not known to validate says nothing either way."""
    if answer.outcome is Outcome.FOUND and data is not None:
        if not validating:
            return TlsaState.UNKNOWN
        return TlsaState.PRESENT if data.secure else TlsaState.INSECURE
    if answer.outcome in ABSENT:
        return TlsaState.ABSENT
    return TlsaState.FAILED if answer.outcome in _FAILED else TlsaState.UNKNOWN

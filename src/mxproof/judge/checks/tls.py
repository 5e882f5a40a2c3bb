"""What each MX address takes of TLS beside what a usual session shows: versions and cipher suites, one sort at a time.

All of it rests on what a server agreed to or refused (`mxproof.mail.tls_offer`); an offer without an answer tells nothing.
"""

from collections import defaultdict
from collections.abc import Iterator

from mxproof.evidence import Question
from mxproof.formats.tls_offer import Offer
from mxproof.judge.checks.mending import shown_still
from mxproof.judge.checks.seen import is_whole
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.change import Change, Configure, Service, Setting
from mxproof.mail.domain import Endpoint, Host, MailDomain, SessionState
from mxproof.mail.tls_offer import OfferMade
from mxproof.survey.tls import NEWEST

_TAKEN = {
    Offer.TLS_1_1: Code.TLS_RETIRED_TAKEN,
    Offer.WEAK: Code.TLS_CIPHER_WEAK,
    Offer.ANONYMOUS: Code.TLS_CIPHER_ANONYMOUS,
    Offer.KEY_TRANSPORT: Code.TLS_KEY_TRANSPORT,
}
"""Offers that a server had better refuse."""
_BEHIND_NEWEST = frozenset({Offer.TLS_1_2, Offer.ECDHE_CBC})
"""What a server with TLS 1.3 may have for who has not."""
_OF_TLS_1_2 = _BEHIND_NEWEST | {Offer.KEY_TRANSPORT}

Seen = tuple[tuple[str, ...], tuple[Question, ...]]
"""What was agreed to, in words of the protocol, and the questions that showed it."""


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge versions and suites of every MX address (RFC 9325 sections 3.1.1, 4.1 and 4.2, RFC 8996 sections 4 and 5)."""
    if domain.blocked:
        return
    for host in domain.hosts:
        found: dict[Code, dict[str, Seen]] = defaultdict(dict)
        for endpoint in host.endpoints:
            for code, seen in _faults(endpoint):
                found[code][endpoint.address] = seen
        for code, places in found.items():
            yield _finding(host, code, places)
        if not found and host.endpoints and is_whole(host) and all(map(_is_whole, host.endpoints)):
            yield _finding(host, Code.TLS_OK, {one.address: _all_of(one) for one in host.endpoints})


def _faults(endpoint: Endpoint) -> Iterator[tuple[Code, Seen]]:
    session = endpoint.sessions[0]
    if endpoint.is_withheld:
        return
    made = {one.offer: one for one in endpoint.offers}
    refused = {offer for offer, one in made.items() if one.is_refused}
    in_force = session.tls is not None and not session.tls.outdated
    if session.tls is not None and in_force and session.tls.version != NEWEST:
        if Offer.TLS_1_2 in refused:
            offers = [made[one] for one in (Offer.TLS_1_2, Offer.ECDHE_CBC) if one in refused]
            yield Code.TLS_SUITES_OLD, ((session.tls.cipher,), (session.question, *_questions(offers)))
        yield Code.TLS_NEWEST_MISSING, ((session.tls.version,), (session.question,))
    if session.tls is not None and session.tls.version == NEWEST and refused >= _OF_TLS_1_2:
        offers = [made[one] for one in sorted(_OF_TLS_1_2)]
        yield Code.TLS_NEWEST_ONLY, ((session.tls.version,), (session.question, *_questions(offers)))
    for offer, code in _TAKEN.items():
        if offer in made and offer not in refused and (offer is not Offer.TLS_1_1 or in_force):
            one = made[offer]
            yield code, ((f"{one.version} {one.cipher}",), (session.question, *one.questions))


def _questions(offers: list[OfferMade]) -> tuple[Question, ...]:
    return tuple(dict.fromkeys(question for one in offers for question in one.questions))


def _is_whole(endpoint: Endpoint) -> bool:
    """Tell whether the server takes mail over TLS and refused every offer that it had better refuse."""
    session = endpoint.sessions[0]
    refused = {one.offer for one in endpoint.offers if one.is_refused}
    taken = {one.offer for one in endpoint.offers if not one.is_refused}
    older = session.tls is not None and (
        session.tls.version != NEWEST or not _BEHIND_NEWEST.isdisjoint(taken)
    )
    return session.state is SessionState.SECURED and older and refused >= _TAKEN.keys()


def _all_of(endpoint: Endpoint) -> Seen:
    session = endpoint.sessions[0]
    versions = [session.tls.version] if session.tls is not None else []
    versions += [one.version for one in endpoint.offers if one.version]
    return tuple(dict.fromkeys(versions)), (session.question, *_questions(list(endpoint.offers)))


def _finding(host: Host, code: Code, places: dict[str, Seen]) -> Finding:
    seen = tuple(dict.fromkeys(one for agreed, _ in places.values() for one in agreed))
    words: dict[str, Value] = {"host": host.name, "addresses": tuple(places), "seen": seen}
    questions = tuple(question for _, asked in places.values() for question in asked)
    if code is Code.TLS_OK:
        questions = (*host.questions, *questions)
    changes = tuple(_mending(host, places)) if code is Code.TLS_SUITES_OLD else ()
    return Finding(code, host.name, words, questions, changes)


def _mending(host: Host, places: dict[str, Seen]) -> Iterator[Change]:
    yield Configure(Service.SMTP, host.name, tuple(places), Setting.TLS)
    sessions = {one.address: one.sessions[0] for one in host.endpoints if one.address in places}
    yield from shown_still(host, sessions)

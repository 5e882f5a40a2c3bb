"""The policy host and what each of its addresses serves (RFC 8461 sections 3.2 and 3.3)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain as chained

from mxproof.evidence import Answer, Der, Evidence, Kind, Outcome, PolicyData, Question
from mxproof.formats.cert import covers
from mxproof.formats.mtasts import examine_policy
from mxproof.mail.domain import PolicyFetch, PolicyHost
from mxproof.mail.fetch_state import FetchState
from mxproof.mail.host import host_state, is_withheld, not_public
from mxproof.mail.trust import Chain, chain_of
from mxproof.survey.reading import FAMILY_KINDS, POLICY_LABEL, addresses, alias_chain

_REDIRECTS = frozenset({300, 301, 302, 303, 305, 306, 307, 308})
"""Those that send the client elsewhere; 304 says that what the client has is still good (RFC 9110 section 15.4)."""
_QUOTED = r'"(?:[^"\\]|\\.)*+("?)'
"""A quoted string in a parameter, within which a comma separates nothing (RFC 9110 section 5.6.4), or one that nobody closed."""
_CHARSET = r"(?i);\s*charset\s*=\s*\"?([^\s\";]+)"
_NO_FIELD = ("",)
_UNCONNECTED = frozenset({Outcome.REFUSED, Outcome.CLOSED})
_UNTRUSTED = frozenset({FetchState.CERTIFICATE, FetchState.TLS_OUTDATED})
_UNKNOWN = frozenset({Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.UNASKED})

Fields = Mapping[str, Sequence[str]]


def policy_host_of(evidence: Evidence, anchors: tuple[Der, ...], now: datetime) -> PolicyHost:
    """Return the policy host of the evidence's domain with one fetch for each of its addresses."""
    name = f"{POLICY_LABEL}.{evidence.domain}"
    questions = tuple(Question(FAMILY_KINDS[family], name) for family in evidence.vantage.families)
    return PolicyHost(
        name=name,
        state=host_state(evidence, name),
        aliases=alias_chain(evidence, name)[1:],
        questions=questions,
        answers=tuple(map(evidence.answer, questions)),
        fetches=tuple(_fetch(evidence, name, address, anchors, now) for address in addresses(evidence, name)),
    )


def _fetch(
    evidence: Evidence, name: str, address: str, anchors: tuple[Der, ...], now: datetime
) -> PolicyFetch:
    answer, data = evidence.policy(name, address)
    tls = data.tls if data is not None else None
    chain = chain_of(tls, anchors, now) if tls is not None else None
    named = chain is not None and chain.leaf is not None and covers(chain.leaf, name)
    question = Question(Kind.POLICY, name, address)
    withheld = is_withheld(evidence, question, answer)
    fields = _fields(data)
    state = FetchState.WITHHELD if withheld else _state(answer, data, fields, chain, named=named)
    media_types = _media_types(fields)
    untrusted = state in _UNTRUSTED and data is not None and data.status
    behind = _transferred(answer, data, fields) if untrusted else None
    return PolicyFetch(
        address=address,
        state=state,
        question=question,
        answer=answer,
        status=data.status if data is not None else 0,
        media_type=media_types[0] if media_types else "",
        location=fields.get("location", _NO_FIELD)[-1],
        body=data.body if data is not None else b"",
        chain=chain,
        examination=examine_policy(data.body) if state is FetchState.FETCHED and data is not None else None,
        tls=tls,
        media_types=media_types,
        charset=_charset(fields.get("content-type", _NO_FIELD)[-1]),
        not_public=not_public(evidence, question),
        field_bytes=max(map(len, chained.from_iterable(data.headers)), default=0) if data is not None else 0,
        behind=behind,
        foretold=examine_policy(data.body) if behind is FetchState.FETCHED and data is not None else None,
    )


def _state(
    answer: Answer, data: PolicyData | None, fields: Fields, chain: Chain | None, *, named: bool
) -> FetchState:
    """Name the first thing that keeps a sender from using the response, in the order a sender meets it."""
    if answer.outcome in _UNKNOWN:
        return FetchState.UNKNOWN
    if answer.outcome in _UNCONNECTED and chain is None:
        return FetchState.UNCONNECTED
    if answer.outcome is Outcome.TLS_FAILED:
        return FetchState.TLS_FAILED
    if data is not None and data.tls is not None and data.tls.outdated:
        return FetchState.TLS_OUTDATED
    if chain is not None and (chain.trust.fault is not None or not named):
        return FetchState.CERTIFICATE
    return _transferred(answer, data, fields)


def _transferred(answer: Answer, data: PolicyData | None, fields: Fields) -> FetchState:
    """Judge what came over the session, whether or not it may be trusted."""
    if answer.outcome is Outcome.OVERSIZE:
        return FetchState.OVERSIZE
    if answer.outcome is not Outcome.FOUND or data is None:
        return FetchState.INCOMPLETE
    return _response_state(data.status, fields)


def _response_state(status: int, fields: Fields) -> FetchState:
    """Judge a whole response: only 200 counts, redirects are not followed (RFC 8461 section 3.3)."""
    if status in _REDIRECTS:
        return FetchState.REDIRECT
    if status != 200:
        return FetchState.STATUS
    if len(_media_types(fields)) > 1:
        return FetchState.INCOMPLETE
    encodings = {
        one.strip().lower() for value in fields.get("content-encoding", ()) for one in value.split(",")
    }
    return FetchState.ENCODED if encodings - {"identity", ""} else FetchState.FETCHED


def _fields(data: PolicyData | None) -> Fields:
    """Return the values of the header fields, in their order, by name in lower case."""
    found: dict[str, list[str]] = {}
    for name, value in data.headers if data is not None else ():
        found.setdefault(name.lower(), []).append(value)
    return found


def _media_types(fields: Fields) -> tuple[str, ...]:
    """Return the media types that a response claims, without parameters.

    Content-Type is a single value; a second field, or a list in one, leaves open which is meant (RFC 9110 sections 5.3
    and 8.3).
    """
    types = [_unquoted(value).split(",") for value in fields.get("content-type", ())]
    return tuple(one.partition(";")[0].strip().lower() for each in types for one in each)


def _unquoted(value: str) -> str:
    """Return the value of a field without its quoted strings; one that nobody closed stays."""
    return re.sub(_QUOTED, lambda one: "" if one[1] else one[0], value) if '"' in value else value


def _charset(content_type: str) -> str:
    """Return the charset that a media type names, empty where it names none (RFC 9110 section 8.3.2)."""
    found = re.search(_CHARSET, content_type) if ";" in content_type else None
    return found[1].lower() if found is not None else ""

"""The DKIM keys of a domain: there, once, readable, strong enough, in use."""

from collections.abc import Iterator

from mxproof.evidence import ABSENT, ANSWERED, DnsData, Transport
from mxproof.formats.dkim import DkimKey, KeyType
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.dkim import Dkim, KeyRecord
from mxproof.mail.domain import MailDomain

DKIM_BITS_WANTED = 2048
"""Signers should have a key of at least this size (RFC 8301 section 3.2)."""


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the keys where they were asked for (RFC 6376 section 3.6.1)."""
    dkim = domain.dkim
    if dkim is None:
        return
    for one in dkim.keys:
        yield from _key(domain, dkim, one)
    silent = all(one.answer.outcome in ABSENT for one in dkim.keys)
    if dkim.keys and silent and not dkim.named:
        asked = tuple(one.question for one in dkim.keys)
        params: dict[str, Value] = {"selectors": tuple(one.selector for one in dkim.keys)}
        yield Finding(Code.DKIM_NOT_FOUND, domain.name, params, asked)


def _key(domain: MailDomain, dkim: Dkim, one: KeyRecord) -> Iterator[Finding]:
    """Say what there is to say of one selector; absence of one that nobody named is no news, and neither is a text that is no key."""
    params: dict[str, Value] = {"domain": domain.name, "selector": one.selector, "why": one.answer}
    outcome, key = one.answer.outcome, one.key
    if outcome in ABSENT:
        if dkim.named:
            yield _finding(Code.DKIM_KEY_MISSING, one, params)
    elif outcome not in ANSWERED:
        if dkim.named:
            yield _finding(Code.DKIM_UNANSWERED, one, params)
    elif len(one.texts) > 1:
        yield _finding(Code.DKIM_KEY_MULTIPLE, one, {**params, "count": len(one.texts)})
    elif key is not None and (dkim.named or _is_meant(one)):
        yield from _read(one, key, params)


def _is_meant(one: KeyRecord) -> bool:
    """Tell whether the text is meant for a key, and not what a wildcard answers with."""
    return any(b"p=" in text for text in one.texts)


def _read(one: KeyRecord, key: DkimKey, params: dict[str, Value]) -> Iterator[Finding]:
    if key.revoked:
        yield _finding(Code.DKIM_KEY_REVOKED, one, params)
    elif key.objections or not key.for_mail:
        yield _finding(Code.DKIM_KEY_INVALID, one, {**params, "faults": key.objections, "texts": one.texts})
    elif key.type is KeyType.RSA and key.bits < DKIM_BITS_WANTED:
        yield _finding(Code.DKIM_KEY_SHORT, one, {**params, "bits": key.bits})
    elif not key.testing:
        size = f"RSA, {key.bits} bits" if key.type is KeyType.RSA else "Ed25519"
        yield _finding(Code.DKIM_OK, one, {**params, "size": size})
    if key.testing:
        yield _finding(Code.DKIM_KEY_TESTING, one, params)
    data = one.answer.data
    if isinstance(data, DnsData) and data.transport == Transport.TCP:
        yield _finding(Code.DKIM_KEY_LARGE, one, params)


def _finding(code: Code, one: KeyRecord, params: dict[str, Value]) -> Finding:
    return Finding(code, one.question.name, params, (one.question,))

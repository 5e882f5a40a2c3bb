"""Addresses that lists have an entry for, and lists that do not tell (RFC 5782).

Listed is what a list says that knows its test points apart, by a code of its own. A refusal, a limit on queries, an answer that
is no list's and silence are never taken for an entry, nor for its absence.
"""

from collections.abc import Iterator

from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.dnsbl import AddressList, Listing, Listings
from mxproof.mail.domain import MailDomain
from mxproof.survey.dnsbl import ListState


def check(domain: MailDomain) -> Iterator[Finding]:
    """Say which addresses are listed where, and what was not told (RFC 5782 sections 2.1 and 5)."""
    seen = domain.listings
    if seen is None:
        return
    for address in seen.addresses:
        listed = [one for one in seen.listings if one.address == address and one.listed]
        if listed:
            yield _listed(address, listed)
    yield from _lists(seen, Code.DNSBL_REFUSED, {ListState.REFUSES})
    yield from _lists(seen, Code.DNSBL_UNANSWERED, {ListState.BROKEN, ListState.UNANSWERED})
    clear = [one for one in seen.listings if one.listed is False]
    if clear:
        yield _clear(domain, clear)


def _listed(address: str, those: list[Listing]) -> Finding:
    params: dict[str, Value] = {
        "zones": tuple(one.zone for one in those),
        "codes": tuple(dict.fromkeys(code for one in those for code in one.codes)),
        "reasons": tuple(dict.fromkeys(text for one in those for text in one.reasons)),
    }
    asked = dict.fromkeys(question for one in those for question in one.questions)
    return Finding(Code.DNSBL_LISTED, address, params, tuple(asked))


def _lists(seen: Listings, code: Code, states: set[ListState]) -> Iterator[Finding]:
    """Yield one finding for each list that does not tell of addresses of some family."""
    alike: dict[str, list[AddressList]] = {}
    for one in seen.lists:
        if one.state in states:
            alike.setdefault(one.zone, []).append(one)
    for zone, those in alike.items():
        params: dict[str, Value] = {
            "families": tuple(f"IPv{one.family}" for one in those),
            "codes": tuple(dict.fromkeys(code for one in those for code in one.codes)),
        }
        asked = dict.fromkeys(question for one in those for question in one.questions)
        yield Finding(code, zone, params, tuple(asked))


def _clear(domain: MailDomain, those: list[Listing]) -> Finding:
    params: dict[str, Value] = {
        "addresses": tuple(dict.fromkeys(one.address for one in those)),
        "zones": tuple(dict.fromkeys(one.zone for one in those)),
    }
    asked = dict.fromkeys(question for one in those for question in one.questions)
    return Finding(Code.DNSBL_OK, domain.name, params, tuple(asked))

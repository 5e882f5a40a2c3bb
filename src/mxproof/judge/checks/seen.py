"""How checks turn what was seen into the params of a finding: why there was no answer, objections, policies."""

from collections.abc import Iterable

from mxproof.evidence import Answer, Outcome
from mxproof.formats import Objection
from mxproof.formats.mtasts import Policy
from mxproof.mail.domain import MailDomain, PolicyReading

_UNANSWERED = {
    Outcome.TIMEOUT: "no answer in time",
    Outcome.REFUSED: "refused",
    Outcome.SERVFAIL: "the resolver answered SERVFAIL",
    Outcome.BOGUS: "the DNSSEC signatures do not verify",
    Outcome.MALFORMED: "the answer is malformed",
    Outcome.OVERSIZE: "the answer is too large",
    Outcome.TRUNCATED: "the answer does not fit into a datagram",
    Outcome.TLS_FAILED: "the TLS handshake failed",
    Outcome.CLOSED: "the connection was closed",
    Outcome.UNREACHABLE: "there is no route from here",
    Outcome.UNASKED: "it was not asked",
    Outcome.EMPTY: "the answer has no such record",
    Outcome.NXDOMAIN: "the name does not exist",
    Outcome.FOUND: "answered",
}


def why(answer: Answer) -> str:
    """Say how asking ended, with the machine's own words where there are any."""
    words = _UNANSWERED[answer.outcome]
    return f"{words} ({answer.detail})" if answer.detail and answer.detail not in words else words


def objected(objections: Iterable[Objection]) -> str:
    """Return objections as clauses, each with its place in the text and the section that it is from."""
    clauses = (f"{one.message} (byte {one.position}, {one.source})" for one in objections)
    return "; ".join(dict.fromkeys(clauses))


def takes_mail(domain: MailDomain) -> bool:
    """Tell whether the domain may receive mail: it exists, and does not say that it takes none."""
    return not domain.mx.null and domain.mx.answer.outcome is not Outcome.NXDOMAIN


def served_policy(domain: MailDomain) -> Policy | None:
    """Return the policy that the first address serves from which one can be read, however leniently."""
    return next(iter(served_policies(domain)), None)


def served_policies(domain: MailDomain) -> tuple[Policy, ...]:
    """Return the policies that can be read, however leniently: one, unless the addresses differ."""
    read = [
        fetch.read(PolicyReading.STRICT) or fetch.read(PolicyReading.LENIENT)
        for fetch in domain.policy_host.fetches
    ]
    return tuple(dict.fromkeys(policy for policy in read if policy is not None))

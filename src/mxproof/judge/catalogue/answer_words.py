"""How asking ended, in words."""

from typing import Final

from mxproof.evidence import Answer, Outcome

UNANSWERED: Final = {
    Outcome.TIMEOUT: "no answer in time",
    Outcome.REFUSED: "refused",
    Outcome.SERVFAIL: "the resolver answered with an error",
    Outcome.BOGUS: "the DNSSEC signatures do not verify",
    Outcome.MALFORMED: "no use can be made of the answer",
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
"""What became of a question that was not answered as hoped."""


def why(answer: Answer) -> str:
    """Say how asking ended, with the machine's own words where there are any."""
    words = UNANSWERED[answer.outcome]
    return f"{words} ({answer.detail})" if answer.detail and answer.detail not in words else words

"""Whether the resolver of this machine answers at all, so that its silence is not blamed on a domain."""

from enum import StrEnum

from mxproof.evidence import ANSWERED, Evidence, Outcome
from mxproof.survey.inbound import control, is_unheard


class ResolverState(StrEnum):
    """What became of the questions that were put to the resolver."""

    ANSWERS = "answers"
    """It answers, or nothing shows that it does not."""
    NO_ROUTE = "no-route"
    """This machine has no way to it: no network, or a firewall that says so."""
    SILENT = "silent"
    """Nothing comes back, or the connection is refused."""
    FAILING = "failing"
    """It answers every question with an error, also the one about the top-level domain."""


def resolver_state(evidence: Evidence) -> ResolverState:
    """Return how the resolver fared; its word is doubted only where it answers for no domain at all."""
    if not is_unheard(evidence):
        return ResolverState.ANSWERS
    answer = evidence.answer(control(evidence))
    if answer.outcome in ANSWERED | {Outcome.BOGUS, Outcome.UNASKED}:
        return ResolverState.ANSWERS
    if answer.outcome is Outcome.UNREACHABLE:
        return ResolverState.NO_ROUTE
    is_error = answer.data is not None or answer.outcome is Outcome.SERVFAIL
    return ResolverState.FAILING if is_error else ResolverState.SILENT

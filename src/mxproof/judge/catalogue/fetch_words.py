"""Words about the fetch of a policy: what came, what came instead, and what waits behind that."""

import msgspec

from mxproof.formats.mtasts import LENIENT, STRICT, Policy
from mxproof.formats.text import listed
from mxproof.judge.catalogue.answer_words import why
from mxproof.judge.value import NextFault
from mxproof.mail.domain import PolicyFetch
from mxproof.mail.fetch_state import FetchState


def stated(policy: Policy) -> str:
    """Say what a policy states."""
    return f"mode {policy.mode}, max_age {policy.max_age_s}, mx {listed(policy.mx)}"


def fetched(fetch: PolicyFetch) -> str:
    """Say what came instead of a policy."""
    match fetch.state:
        case FetchState.CERTIFICATE:
            return _certificate_fault(fetch)
        case FetchState.TLS_OUTDATED if fetch.tls is not None:
            return fetch.tls.version
        case FetchState.INCOMPLETE if len(fetch.media_types) > 1:
            return f"several media types: {listed(fetch.media_types)}"
        case FetchState.STATUS:
            return f"status {fetch.status}"
        case FetchState.REDIRECT:
            return f"status {fetch.status} to {fetch.location or 'nowhere'}"
        case _:
            return why(fetch.answer)


def _certificate_fault(fetch: PolicyFetch) -> str:
    if fetch.chain is not None and fetch.chain.trust.fault is not None:
        return fetch.chain.trust.detail
    leaf = fetch.chain.leaf if fetch.chain is not None else None
    return f"it names {listed(leaf.dns_names if leaf is not None else ())}"


def next_fault(fault: NextFault) -> str:
    """Say what will be wrong once the session with the policy host may be trusted."""
    if fault.fetch is None:
        return f"the policy there does not list {listed(fault.unlisted)}"
    if fault.fetch.behind is FetchState.FETCHED:
        return "the text there is no valid policy"
    return fetched(msgspec.structs.replace(fault.fetch, state=fault.fetch.behind or fault.fetch.state))


def foretold(faults: tuple[NextFault, ...]) -> str:
    """Say what comes next, as the end of a sentence; nothing where nothing is foretold."""
    return f"; once that is mended, the next fault: {'; '.join(map(next_fault, faults))}" if faults else ""


def view(fetch: PolicyFetch) -> str:
    """Say what one address serves."""
    policy = fetch.read(STRICT) or fetch.read(LENIENT)
    if policy is not None:
        return stated(policy)
    return "no valid policy" if fetch.state is FetchState.FETCHED else fetched(fetch)

"""The reverse names of the addresses of MX hosts."""

from collections.abc import Iterator

import msgspec

from mxproof.formats.cert import covers
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.checks.mending import reverse_names
from mxproof.judge.checks.seen import served_policies
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.domain import Endpoint, Host, MailDomain
from mxproof.mail.reverse_name import PtrState


def check(domain: MailDomain) -> Iterator[Finding]:
    """Compare reverse and forward names (RFC 1912 section 2.1, RFC 8601 section 3).

    No RFC makes a sender look at the reverse name of a receiver; this serves those who chase one that may.
    """
    policies = [policy for policy in served_policies(domain) if policy.mode is not Mode.NONE]
    for host in domain.hosts:
        yield from _of_state(host, PtrState.ABSENT, Code.PTR_MISSING)
        yield from _of_state(host, PtrState.UNCONFIRMED, Code.PTR_UNCONFIRMED)
        other = [one for one in host.endpoints if host.name not in one.ptr_names and _is_other(policies, one)]
        if other:
            seen = [fetch.question for fetch in domain.policy_host.fetches]
            seen += [session.question for endpoint in other for session in endpoint.sessions]
            found = _finding(host, Code.PTR_OTHER_NAME, other)
            yield msgspec.structs.replace(found, evidence=(*found.evidence, *seen))


def _of_state(host: Host, state: PtrState, code: Code) -> Iterator[Finding]:
    found = [endpoint for endpoint in host.endpoints if endpoint.ptr_state is state]
    if found:
        yield _finding(host, code, found)


def _is_other(policies: list[Policy], endpoint: Endpoint) -> bool:
    """Tell whether a sender that judged by the reverse name would miss it in the policy or the certificate.

    Where the reverse name is that of the MX host itself, findings about the host say what is missing.
    """
    if not policies or not endpoint.ptr_names:
        return False
    leaves = [session.chain.leaf for session in endpoint.sessions if session.chain is not None]
    named = all(leaf is None or any(covers(leaf, name) for name in endpoint.ptr_names) for leaf in leaves)
    listed_in_all = all(any(policy.matches(name) for name in endpoint.ptr_names) for policy in policies)
    return not named or not listed_in_all


def _finding(host: Host, code: Code, endpoints: list[Endpoint]) -> Finding:
    words: dict[str, Value] = {
        "host": host.name,
        "addresses": tuple(endpoint.address for endpoint in endpoints),
        "names": tuple(name for endpoint in endpoints for name in endpoint.ptr_names),
    }
    questions = tuple(question for one in endpoints for question in one.ptr_questions)
    return Finding(code, host.name, words, questions, tuple(reverse_names(host, endpoints)))

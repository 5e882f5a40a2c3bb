"""What several checks look for in a domain: whether it takes mail, and the policies that it serves."""

from collections.abc import Iterable

from mxproof.evidence import ANSWERED, Answer, Outcome, Question
from mxproof.formats.mtasts import LENIENT, STRICT, Mode, Policy
from mxproof.mail.domain import Host, HostState, MailDomain, PolicyHost
from mxproof.survey.reading import Exchange

NO_HOSTS = frozenset(
    {
        HostState.INVALID,
        HostState.LITERAL,
        HostState.LOCALHOST,
        HostState.ALIAS_LOOP,
        HostState.NXDOMAIN,
        HostState.NO_ADDRESS,
    }
)
"""A name that is no host, or has no address, is at fault in itself, whatever the policy says."""


def takes_mail(domain: MailDomain) -> bool:
    """Tell whether the domain may receive mail: it exists, and does not say that it takes none."""
    return not domain.mx.null and domain.mx.answer.outcome is not Outcome.NXDOMAIN


def served_policy(domain: MailDomain) -> Policy | None:
    """Return the policy that the first address serves from which one can be read, however leniently."""
    return next(iter(served_policies(domain)), None)


def served_policies(domain: MailDomain) -> tuple[Policy, ...]:
    """Return the policies that can be read, however leniently: one, unless the addresses differ."""
    read = [fetch.read(STRICT) or fetch.read(LENIENT) for fetch in domain.policy_host.fetches]
    return tuple(dict.fromkeys(policy for policy in read if policy is not None))


def is_whole(host: Host) -> bool:
    """Tell whether every look-up of the host's addresses was answered, so that none can be left that was not tried."""
    return all(answer.outcome in ANSWERED for answer in host.answers)


def unlisted(domain: MailDomain) -> tuple[Exchange, ...]:
    """Return the MX hosts that some policy served does not list (RFC 8461 section 4.1)."""
    policies = [policy for policy in served_policies(domain) if policy.mode is not Mode.NONE]
    lost = {host.name for host in domain.hosts if host.state in NO_HOSTS}
    return tuple(
        one
        for one in (*domain.mx.exchanges, *domain.mx.unprobed)
        if one.name not in lost and any(not policy.matches(one.name) for policy in policies)
    )


def deciding(domain: MailDomain, hosts: Iterable[Host]) -> tuple[Question, ...]:
    """Return the questions by whose answers senders decide about mail to the domain at these of its hosts."""
    questions: list[Question] = [domain.mx.question, domain.record.question, *domain.policy_host.questions]
    questions += [fetch.question for fetch in domain.policy_host.fetches]
    for host in hosts:
        questions += [*host.questions, host.tlsa_target.question]
        questions += [session.question for one in host.endpoints for session in one.sessions]
        questions += [question for one in host.endpoints for question in one.ptr_questions]
    return tuple(questions)


def unsettled(state: HostState, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Return the answers about a host's addresses where they say why nothing could be found out."""
    return answers if state is HostState.UNKNOWN else ()


def is_bogus(domain: MailDomain, host: Host | PolicyHost) -> bool:
    """Tell whether the addresses of a host are kept back for their signatures alone, which `dnssec` says of them."""
    silent = [
        question
        for question, answer in zip(host.questions, host.answers, strict=True)
        if answer.outcome not in ANSWERED
    ]
    return host.state is HostState.UNKNOWN and bool(silent) and set(silent) <= set(domain.bogus)

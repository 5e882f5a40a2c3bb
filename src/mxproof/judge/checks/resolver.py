"""The resolver of the machine that asks, where it answers nothing at all."""

from collections.abc import Iterator

from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import FailingResolver
from mxproof.mail.domain import MailDomain
from mxproof.mail.resolver import ResolverState


def check(domain: MailDomain) -> Iterator[Finding]:
    """Say that nothing is known of the domain, since the resolver here does not answer for any."""
    if domain.resolver is not ResolverState.ANSWERS:
        seen = FailingResolver(domain.resolver, domain.mx.answer)
        yield Finding(Code.RESOLVER_UNANSWERED, domain.name, {"seen": seen}, (domain.mx.question,))

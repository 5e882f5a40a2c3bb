"""Answers that fail DNSSEC validation: to a validating sender they do not exist."""

from collections.abc import Iterator

from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.change import Configure, Service, Setting
from mxproof.mail.domain import MailDomain


def check(domain: MailDomain) -> Iterator[Finding]:
    """Yield one finding for all names whose signatures do not verify (RFC 4035 section 5.5)."""
    if domain.bogus:
        names = tuple(dict.fromkeys(question.name for question in domain.bogus))
        words: dict[str, Value] = {"names": names, "questions": domain.bogus, "said": domain.bogus_said}
        changes = tuple(Configure(Service.DNS, name, (), Setting.SIGNED) for name in names)
        yield Finding(Code.DNSSEC_BOGUS, domain.name, words, domain.bogus, changes)

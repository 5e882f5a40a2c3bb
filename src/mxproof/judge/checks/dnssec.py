"""Answers that fail DNSSEC validation: to a validating sender they do not exist."""

from collections.abc import Iterator

from mxproof.formats.text import listed
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.domain import MailDomain


def check(domain: MailDomain) -> Iterator[Finding]:
    """Yield one finding for all names whose signatures do not verify (RFC 4035 section 5.5)."""
    if domain.bogus:
        words = {"domain": domain.name, "questions": listed(str(question) for question in domain.bogus)}
        yield Finding(Code.DNSSEC_BOGUS, domain.name, words, domain.bogus)

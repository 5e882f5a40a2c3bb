"""The record that asks senders for reports on TLS."""

from collections.abc import Iterator

from mxproof.formats.text import listed
from mxproof.judge.checks.seen import objected, takes_mail, why
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.domain import MailDomain, RecordState


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the TXT record at _smtp._tls.D (RFC 8460 section 3)."""
    record = domain.tlsrpt
    match record.state:
        case RecordState.UNKNOWN:
            yield _finding(domain, Code.TLSRPT_UNANSWERED, why=why(record.answer))
        case RecordState.SEVERAL:
            yield _finding(domain, Code.TLSRPT_MULTIPLE, count=str(len(record.candidates)))
        case RecordState.NONE if len(record.near) == 1:
            yield _finding(domain, Code.TLSRPT_INVALID, faults=objected(record.objections))
        case RecordState.NONE if takes_mail(domain):
            yield _finding(domain, Code.TLSRPT_MISSING)
        case RecordState.ONE if record.objections:
            yield _finding(domain, Code.TLSRPT_INVALID, faults=objected(record.objections))
        case RecordState.ONE:
            yield _finding(domain, Code.TLSRPT_OK, rua=listed(record.rua))
        case _:
            pass


def _finding(domain: MailDomain, code: Code, **params: str) -> Finding:
    words = {"domain": domain.name, **params}
    return Finding(code, domain.tlsrpt.name, words, (domain.tlsrpt.question,))

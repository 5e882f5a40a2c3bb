"""The record that asks senders for reports on TLS."""

from collections.abc import Iterator

from mxproof.formats.tlsrpt.record import examine_record
from mxproof.judge.checks.mending import owner
from mxproof.judge.checks.seen import takes_mail
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.change import Change, Publish, TxtValue, Withdraw
from mxproof.mail.domain import MailDomain, RecordState

_WANTING = frozenset({Code.TLSRPT_MISSING, Code.TLSRPT_MULTIPLE, Code.TLSRPT_INVALID})


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the TXT record at _smtp._tls.D (RFC 8460 section 3), and where it leads (sections 5.3 and 5.4)."""
    record = domain.tlsrpt
    match record.state:
        case RecordState.UNKNOWN if record.question in domain.bogus:
            return  # which `dnssec` says
        case RecordState.UNKNOWN:
            yield _finding(domain, Code.TLSRPT_UNANSWERED, why=record.answer)
        case RecordState.SEVERAL:
            yield _finding(domain, Code.TLSRPT_MULTIPLE, count=len(record.candidates))
        case RecordState.NONE if len(record.near) == 1:
            yield _finding(domain, Code.TLSRPT_INVALID, faults=record.objections)
        case RecordState.NONE if takes_mail(domain):
            yield _finding(domain, Code.TLSRPT_MISSING)
        case RecordState.ONE if record.objections:
            yield _finding(domain, Code.TLSRPT_INVALID, faults=record.objections)
        case RecordState.ONE:
            yield _finding(domain, Code.TLSRPT_OK, rua=record.rua)
        case _:
            pass
    for one in record.undeliverable:
        params: dict[str, Value] = {"domain": domain.name, "record": record.name}
        code = Code.TLSRPT_HOST_MISSING if one.is_host else Code.TLSRPT_UNDELIVERABLE
        yield Finding(code, one.name, params, (record.question, *one.questions))


def _finding(domain: MailDomain, code: Code, **params: Value) -> Finding:
    asked = domain.tlsrpt.question
    if code not in _WANTING:
        return Finding(code, domain.tlsrpt.name, {"domain": domain.name, **params}, (asked,))
    record = _wanted(domain)
    words: dict[str, Value] = {"domain": domain.name, "record": record, **params}
    return Finding(code, domain.tlsrpt.name, words, (asked,), (*_old(domain, record.name), record))


def _old(domain: MailDomain, name: str) -> Iterator[Change]:
    texts = dict.fromkeys((*domain.tlsrpt.candidates, *domain.tlsrpt.near))
    yield from (Withdraw(name, TxtValue.of(text)) for text in texts)


def _wanted(domain: MailDomain) -> Publish:
    """Return one record with every address that could be read from those that stand there, or one to fill in."""
    texts = (*domain.tlsrpt.candidates, *domain.tlsrpt.near)
    read = [found for text in texts if (found := examine_record(text).lenient) is not None]
    rua = dict.fromkeys(address for record in read for address in record.rua)
    text = f"v=TLSRPTv1; rua={','.join(rua or [f'mailto:tlsrpt@{domain.name}'])}"
    return Publish(owner(domain.tlsrpt.name, domain.tlsrpt.answer), TxtValue(text))

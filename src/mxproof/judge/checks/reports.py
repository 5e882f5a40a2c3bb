"""Where TLS reports go: whether mail arrives there, and the records at TLSA base domains.

Reports are delivered "despite any TLS-related failures" (RFC 8460 section 3), which a system has to be told that sends them
as mail among other mail; one that is not refuses them as it refuses the mail that they are about.
"""

from collections.abc import Iterator

from mxproof.formats import Objection
from mxproof.judge.checks.seen import deciding
from mxproof.judge.codes import Code
from mxproof.judge.enforcing import refusing
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.change import Publish, TxtValue, Withdraw
from mxproof.mail.domain import MailDomain, RecordState, Reports, TlsrptRecord

_SEVERAL = Objection("records-several", "more than one record, where one counts", 0, "RFC 8460 section 3")


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge those who get reports as receivers of mail, and each record at a TLSA base domain (RFC 8460 sections 1.1 and 3)."""
    reports = domain.reports or Reports((), ())
    taking_none = {one.name for one in domain.tlsrpt.undeliverable}
    for receiver in reports.receivers:
        if receiver.name not in taking_none and not receiver.blocked:
            yield from _refused(domain, receiver)
    for record in reports.at_bases:
        yield from _at_base(domain, record)


def _refused(domain: MailDomain, receiver: MailDomain) -> Iterator[Finding]:
    would = refusing(receiver)
    if would.refusing:
        params: dict[str, Value] = {"domain": domain.name, "record": domain.tlsrpt.name, "refused": would}
        asked = (domain.tlsrpt.question, *deciding(receiver, receiver.hosts))
        yield Finding(Code.TLSRPT_REFUSED, receiver.name, params, asked)


def _at_base(domain: MailDomain, record: TlsrptRecord) -> Iterator[Finding]:
    """Yield that what stands at a base domain is meant for a record and counts for none, or not wholly."""
    faults = (_SEVERAL,) if record.state is RecordState.SEVERAL else record.objections
    if not faults:
        return
    texts = tuple(dict.fromkeys((*record.candidates, *record.near)))
    wanted = Publish(record.name, TxtValue(f"v=TLSRPTv1; rua=mailto:tlsrpt@{domain.name}"))
    base = record.name.removeprefix("_smtp._tls.")
    hosts = [host for host in domain.hosts if base in {host.name, host.target}]
    led = [question for host in hosts for question in host.questions]
    led += [tlsa.question for host in hosts for tlsa in host.tlsa_tried]
    params: dict[str, Value] = {
        "domain": domain.name,
        "base": base,
        "faults": faults,
        "wanted": wanted,
    }
    asked = (domain.mx.question, *led, record.question)
    old = tuple(Withdraw(record.name, TxtValue.of(text)) for text in texts)
    yield Finding(Code.TLSRPT_BASE_INVALID, record.name, params, asked, (*old, wanted))

"""The TXT record that announces a policy."""

from collections.abc import Iterator

from mxproof.formats.errors import shown
from mxproof.formats.mtasts import examine_record
from mxproof.formats.text import listed
from mxproof.judge.checks.seen import objected, served_policy, takes_mail, why
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.domain import MailDomain, RecordState, StsRecord


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the TXT record at _mta-sts.D: there, once, and valid (RFC 8461 section 3.1)."""
    record = domain.record
    if record.state is RecordState.UNKNOWN:
        yield _finding(domain, Code.STS_RECORD_UNANSWERED, why=why(record.answer))
    elif record.state is RecordState.SEVERAL:
        yield _finding(domain, Code.STS_RECORD_MULTIPLE, texts=_quoted(record.candidates))
    elif record.state is RecordState.NONE and not record.near:
        yield from _missing(domain)
    elif record.strict is None or rivals(record):
        yield _faulty(domain)


def _missing(domain: MailDomain) -> Iterator[Finding]:
    """Tell a domain without MTA-STS from one whose policy nobody finds."""
    code = Code.STS_ABSENT if served_policy(domain) is None else Code.STS_RECORD_MISSING
    if code is Code.STS_ABSENT and not takes_mail(domain):
        return
    patterns = listed(f"`mx: {host.name}`" for host in domain.hosts)
    yield _finding(domain, code, policy_host=domain.policy_host.name, patterns=patterns)


def _faulty(domain: MailDomain) -> Finding:
    """Weigh a record that is not valid by what a lenient sender makes of it."""
    record = domain.record
    others = rivals(record)
    lenient = record.lenient if record.state is RecordState.ONE or len(record.near) == 1 else None
    faults = [objected(record.objections)] if record.objections else []
    if record.state is RecordState.NONE and len(record.near) > 1:
        faults.append("several texts look like records, and none begins with v=STSv1;")
    if others:
        faults.append(
            f"beside it stands a text that some senders count as a second record: {_quoted(others)}"
        )
    code = Code.STS_RECORD_INVALID if lenient is None else Code.STS_RECORD_AMBIGUOUS
    return _finding(domain, code, texts=_quoted(record.candidates or record.near), faults="; ".join(faults))


def rivals(record: StsRecord) -> tuple[bytes, ...]:
    """Return the texts beside the one record that a sender which follows the grammar alone counts as well.

    The grammar allows space before the first ";", the prose does not (RFC 8461 erratum 6285).
    """
    if record.state is not RecordState.ONE:
        return ()
    return tuple(text for text in record.near if examine_record(text).lenient is not None)


def _finding(domain: MailDomain, code: Code, **params: str) -> Finding:
    ident = domain.at.strftime("%Y%m%dT%H%M%S")
    suggested = f'`{domain.record.name}. IN TXT "v=STSv1; id={ident};"`'
    words = {"domain": domain.name, "record": suggested, **params}
    return Finding(code, domain.record.name, words, (domain.record.question,))


def _quoted(texts: tuple[bytes, ...]) -> str:
    return listed(f"`{shown(text)}`" for text in texts)

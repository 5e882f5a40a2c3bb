"""Reports wherever they are: in a file, packed or not, or in a message (RFC 8460 sections 5.1 to 5.3).

Of a message each part is tried that calls itself a report, and where there is none, each that begins like one: gateways
and old programs call it `application/gzip`, `application/octet-stream` or text. A message that is attached is read in
its place.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from mxproof.formats.bounce.mime import Mail, Part, parse_mail, part_bytes
from mxproof.formats.errors import FormatError, Objection
from mxproof.formats.names import canonical
from mxproof.formats.tlsrpt.json_object import REPORT_BYTES_MAX
from mxproof.formats.tlsrpt.reading import ReadReport, in_order, read_reports
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.report import ReportedPolicy
from mxproof.formats.tlsrpt.unpacking import (
    PACKED_BYTES_MAX,
    from_base64,
    is_packed,
    of_member,
    repaired_packing,
    unpack,
)

REPORT_MESSAGE_BYTES_MAX: Final = 16 * 1024 * 1024
"""A packed report of PACKED_BYTES_MAX in base64, and the rest of the message."""
NESTED_MESSAGES_MAX: Final = 3

_REPORT_TYPE: Final = "application/tlsrpt"
_GZIP_TYPE: Final = "application/tlsrpt+gzip"
_MESSAGE_TYPE: Final = "message/rfc822"
_SIGNED_TYPES: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
"""S/MIME with the signature around the message, which stands in it as it is (RFC 8551 section 3.5.2)."""
_SIGNED_BEGINS: Final = re.compile(rb"(?:MIME-Version|Content-[A-Z][a-z-]{1,30}):", re.IGNORECASE)
_HEAD_BYTES: Final = 16 * 1024
_OF_A_REPORT: Final = re.compile(
    rb"^(?:tls-report-domain:|content-type:\s{0,10}(?:multipart/report|application/tlsrpt))",
    re.IGNORECASE | re.MULTILINE,
)
"""Fields that tell of a report in a message, whatever the part that it is attached as calls itself."""
_FIELD: Final = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]{0,70}[ \t]{0,3}:)")
_OBJECT: Final = re.compile(rb"[\xef\xbb\xbf\xfe\xff\0 \t\r\n]{0,64}\{")
_GZ_NAME: Final = ".gz"
_FIELDS: Final = frozenset(
    {
        b"content-type",
        b"content-transfer-encoding",
        b"dkim-signature",
        b"tls-report-domain",
        b"tls-report-submitter",
    }
)
_FOR_URLS: Final = re.compile(rb"[-_]")
_NOT_FOR_URLS: Final = re.compile(rb"[+/]")
_FROM_URLS: Final = bytes.maketrans(b"-_", b"+/")
"""Base64 with the alphabet for URLs (RFC 4648 section 5)."""


class Authenticated(StrEnum):
    """Whether a report is known to be from its sender (RFC 8460 section 3)."""

    UNKNOWN = "unknown"
    """A file, or a signature that was not verified."""
    UNSIGNED = "unsigned"
    """Mail without a DKIM signature, which a receiver must ignore."""
    VERIFIED = "verified"
    FAILED = "failed"


class FoundReport(msgspec.Struct, frozen=True):
    """A report, and what its message says beside it, empty where it came without one.

    `submitter` and `domain` are those of the TLS-Report fields, `message` the message itself; `repairs` are those of the
    report and of what it came in.
    """

    read: ReadReport
    submitter: str = ""
    domain: str = ""
    authenticated: Authenticated = Authenticated.UNKNOWN
    message: bytes = b""

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """All that was repaired."""
        return self.read.repairs

    @property
    def is_unverified(self) -> bool:
        """Whether it has a signature that may hold, and nobody could say so yet."""
        return bool(self.message) and self.authenticated is Authenticated.UNKNOWN

    @property
    def reporting_domain(self) -> str:
        """The domain of the sender: what the report says goes before its message (RFC 8460 section 5.6)."""
        return self.read.report.submitter or self.submitter


def is_message(data: bytes) -> bool:
    """Tell whether `data` begins as a message does."""
    return _FIELD.match(data[:200].lstrip(b"\r\n")) is not None


def reports_in(data: bytes, name: str = "", unread: list[FormatError] | None = None) -> Iterator[FoundReport]:
    """Yield the reports in a file or message; raises FormatError where there is none that can be read.

    `name` is that of the file, which may tell of a packing. What cannot be read beside others is told in `unread`; where
    that is not given, it is raised once the others were yielded.
    """
    errors: list[FormatError] = []
    found = 0
    if is_message(data):
        reports = _in_message(data[:REPORT_MESSAGE_BYTES_MAX], errors, NESTED_MESSAGES_MAX)
    else:
        reports = _in_file(data, errors, repaired_packing(data, name.lower().endswith(_GZ_NAME)))
    for one in reports:
        found += 1
        yield one
    if errors and (unread is None or not found):
        raise errors[0]
    if unread is not None:
        unread += errors


def _in_file(data: bytes, errors: list[FormatError], repairs: set[Repair]) -> Iterator[FoundReport]:
    for one in unpack(data, errors):
        if is_message(one.data):
            yield from _in_message(one.data, errors, NESTED_MESSAGES_MAX)
            continue
        try:
            yield from _found(one.data, repairs)
        except FormatError as error:
            errors.append(of_member(error, one.name) if one.name else error)


def _found(data: bytes, repairs: set[Repair]) -> list[FoundReport]:
    found = read_reports(data)
    if repairs:
        found = tuple(ReadReport(one.report, in_order((*one.repairs, *repairs))) for one in found)
    return [FoundReport(one) for one in found]


def _in_message(data: bytes, errors: list[FormatError], depth: int) -> Iterator[FoundReport]:
    mail = parse_mail(data, limit=REPORT_MESSAGE_BYTES_MAX, wanted=_FIELDS)
    named = [part for part in mail.parts if part.media_type.startswith(_REPORT_TYPE)]
    found = 0
    for part in named or mail.parts:
        content, damaged = _content(part)
        if depth and (attached := _attached(part, content)):
            for inner in _in_message(attached, errors, depth - 1):
                found += 1
                yield inner
        elif named or _looks_like_report(content):
            found += 1
            try:
                for one in _in_part(part, content, errors, damaged, is_named=bool(named)):
                    yield _with_fields(one, mail, data)
            except FormatError as error:
                errors.append(error)
    if not found and depth == NESTED_MESSAGES_MAX:
        raise FormatError(
            "message", Objection("no-report", "a message without a TLS report", 0, "RFC 8460 section 5.3")
        )


def _attached(part: Part, content: bytes) -> bytes:
    """Return the message that a part is, empty where it is none that could hold a report."""
    if part.media_type == _MESSAGE_TYPE:
        return content if b"tls" in content.lower() else b""
    if part.media_type in _SIGNED_TYPES:
        begin = _SIGNED_BEGINS.search(content)
        return content[begin.start() :] if begin is not None else b""
    return content if is_message(content) and _OF_A_REPORT.search(content[:_HEAD_BYTES]) else b""


def _in_part(
    part: Part, content: bytes, errors: list[FormatError], damaged: bool, *, is_named: bool
) -> Iterator[FoundReport]:
    repairs = {Repair.TRANSFER_ENCODING_BROKEN} if damaged else set()
    if is_named:
        repairs |= repaired_packing(content, part.media_type == _GZIP_TYPE)
    else:
        repairs.add(Repair.PART_TYPE_OTHER)
    yield from _in_file(content, errors, repairs)


def _content(part: Part) -> tuple[bytes, bool]:
    """Return the content of a part, and whether its base64 was damaged, so that only its beginning was taken."""
    if part.encoding == "base64" and _FOR_URLS.search(part.raw) and not _NOT_FOR_URLS.search(part.raw):
        part = msgspec.structs.replace(part, raw=part.raw.translate(_FROM_URLS))
    content = part_bytes(part)
    if content is not part.raw or part.encoding != "base64":
        return content, False
    return from_base64(content), True


def _looks_like_report(content: bytes) -> bool:
    if is_packed(content):
        return len(content) <= PACKED_BYTES_MAX
    return len(content) <= REPORT_BYTES_MAX and _OBJECT.match(content) is not None and b"policies" in content


def _with_fields(one: FoundReport, mail: Mail, message: bytes) -> FoundReport:
    """Return a report beside the fields of its message; where they differ the report goes before (section 5.6)."""
    fields = dict(reversed(mail.headers))
    submitter = canonical(fields.get("tls-report-submitter", "").strip())
    domain = canonical(fields.get("tls-report-domain", "").strip())
    report = one.read.report
    repairs: set[Repair] = set()
    if not submitter or not domain:
        repairs.add(Repair.SUBMITTER_MISSING)
    if submitter and report.submitter and submitter != report.submitter:
        repairs.add(Repair.SUBMITTER_DIFFERS)
    if domain and any(not policy.domain for policy in report.policies):
        policies = tuple(_with_domain(policy, domain) for policy in report.policies)
        report = msgspec.structs.replace(report, policies=policies)
    if domain and report.policies and all(policy.domain != domain for policy in report.policies):
        repairs.add(Repair.DOMAIN_DIFFERS)
    signed = "dkim-signature" in fields
    every = in_order((*one.read.repairs, *repairs)) if repairs else one.read.repairs
    return FoundReport(
        ReadReport(report, every),
        submitter,
        domain,
        Authenticated.UNKNOWN if signed else Authenticated.UNSIGNED,
        message,
    )


def _with_domain(policy: ReportedPolicy, domain: str) -> ReportedPolicy:
    return policy if policy.domain else msgspec.structs.replace(policy, domain=domain)

"""The datagram that Postfix sends through libtlsrpt for each delivery attempt: JSON to the sessions it tells of.

| given | read as |
|---|---|
| no `dpv` | version 1: libtlsrpt before 0.5.0 says none |
| `dpv` of 1 | it is |
| `dpv` of mxproof-1 | one of our policy daemon's: how many attempts it stands for (`n`) since when (`at`), or how long it stands (`standing`) |
| another `dpv` | refused: nobody knows what it would mean |
| bytes that are no UTF-8 | each as U+FFFD: libtlsrpt hands bytes on as servers sent them |
| an answer to EHLO | the name that it begins with |
| a policy without a domain | of the recipient domain: Postfix 3.10.0 leaves it out for no-policy-found |
| a key that is not known | left alone |
| anything else | refused |

What is read can be printed in a report (`writing`): texts are cut, names and addresses that are none are left out.
"""

import re
from typing import Annotated, Final

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.names import bare_address, canonical, is_host
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.report import FailureDetails, PolicyType, ReportedPolicy

SESSION_BYTES_MAX: Final = 64 * 1024
"""A hundred times what Postfix sends; the kernel would let three times as much pass (net.core.wmem_default)."""
DATAGRAM_POLICIES_MAX: Final = 16
DATAGRAM_LINES_MAX: Final = 200
"""Lines of a policy, patterns of MX hosts, or failures of one policy."""
DATAGRAM_TEXT_CHARACTERS_MAX: Final = 500
TOLD_ATTEMPTS_MAX: Final = 1_000_000
"""Attempts that one datagram may stand for."""
STANDING_S_MAX: Final = 86_400
VERSION: Final = "1"
OUR_VERSION: Final = "mxproof-1"

REFUSALS: Final = ("content", "domain", "json", "size", "version")
"""The rules that a datagram may break."""

_SUBJECT: Final = "TLSRPT datagram"
_SOURCE: Final = "libtlsrpt, tlsrpt.h"
_POLICY_TYPES: Final = {1: PolicyType.TLSA, 2: PolicyType.STS, 9: PolicyType.NO_POLICY_FOUND}
_RESULT_TYPES: Final = {
    201: ResultType.STARTTLS_NOT_SUPPORTED,
    202: ResultType.CERTIFICATE_HOST_MISMATCH,
    203: ResultType.CERTIFICATE_NOT_TRUSTED,
    204: ResultType.CERTIFICATE_EXPIRED,
    205: ResultType.VALIDATION_FAILURE,
    301: ResultType.STS_POLICY_FETCH_ERROR,
    302: ResultType.STS_POLICY_INVALID,
    303: ResultType.STS_WEBPKI_INVALID,
    304: ResultType.TLSA_INVALID,
    305: ResultType.DNSSEC_INVALID,
    306: ResultType.DANE_REQUIRED,
}
RESULT_CODES: Final = {str(kind): code for code, kind in _RESULT_TYPES.items()}
"""From a result type to its number in a datagram."""
POLICY_CODES: Final = {str(kind): code for code, kind in _POLICY_TYPES.items()}
"""From a type of policy to its number in a datagram."""
_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_REPLY_CODE: Final = re.compile(r"\d{3}[- ]")
_PATTERN: Final = re.compile(r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9_])?")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+", re.ASCII)

_Texts = Annotated[tuple[str, ...], msgspec.Meta(max_length=DATAGRAM_LINES_MAX)]


class SessionDatagram(msgspec.Struct, frozen=True, gc=False):
    """One delivery attempt to a recipient domain: under which policies, and whether it satisfied each.

    Each of `policies` counts it as one success or one failure; each of their failures has the count of that. `record` is the
    TLSRPT record of the domain. `attempts` is 1 and the rest None, but for datagrams of our own: those may stand for several and be
    late, `at` is in seconds since 1970; with `standing_s` it is no attempt, but what stands for so many seconds.
    """

    domain: str
    record: str
    policies: tuple[ReportedPolicy, ...]
    attempts: int = 1
    at: float | None = None
    standing_s: float | None = None


class _Failure(msgspec.Struct, gc=False):
    c: int
    s: str | None = None
    n: str | None = None
    h: str | None = None
    r: str | None = None
    a: str | None = None
    f: str | None = None


class _Policy(
    msgspec.Struct,
    gc=False,
    rename={
        "type": "policy-type",
        "domain": "policy-domain",
        "strings": "policy-string",
        "mx_hosts": "mx-host",
        "failures": "failure-details",
        "final": "f",
    },
):
    type: int
    final: Annotated[int, msgspec.Meta(ge=0, le=1)]
    domain: str | None = None
    strings: _Texts = ()
    mx_hosts: _Texts = ()
    failures: Annotated[tuple[_Failure, ...], msgspec.Meta(max_length=DATAGRAM_LINES_MAX)] = ()


class _Datagram(msgspec.Struct, gc=False):
    d: str
    policies: Annotated[tuple[_Policy, ...], msgspec.Meta(min_length=1, max_length=DATAGRAM_POLICIES_MAX)]
    pr: str | None = None
    dpv: str | None = None
    n: Annotated[int, msgspec.Meta(ge=1, le=TOLD_ATTEMPTS_MAX)] = 1
    at: Annotated[float, msgspec.Meta(ge=0, le=2**37)] | None = None
    standing: Annotated[float, msgspec.Meta(ge=0, le=STANDING_S_MAX)] | None = None


_decode: Final = msgspec.json.Decoder(_Datagram).decode


def read_datagram(data: bytes) -> SessionDatagram:
    """Return what a datagram tells; raises FormatError, whose rule is a word for a count, for what is none."""
    found = _decoded(data)
    if found.dpv is not None and found.dpv not in (VERSION, OUR_VERSION):
        raise _refusal("version", f"of version {shown(found.dpv)!r}, and this reads 1", found.dpv)
    domain = _host(found.d)
    if not domain:
        raise _refusal("domain", "its recipient domain is no name of a host", found.d)
    policies = tuple(_policy(one, domain) for one in found.policies)
    record = _text(found.pr)
    if found.dpv != OUR_VERSION:
        return SessionDatagram(domain, record, policies)
    return SessionDatagram(domain, record, policies, found.n, found.at, found.standing)


def _decoded(data: bytes) -> _Datagram:
    if len(data) > SESSION_BYTES_MAX:
        raise _refusal("size", f"longer than {SESSION_BYTES_MAX} bytes", data[:40])
    try:
        try:
            return _decode(data)
        except UnicodeDecodeError:
            return _decode(data.decode("utf-8", "replace"))
    except msgspec.ValidationError as error:
        raise _refusal("content", str(error), data[:40]) from None
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise _refusal("json", "no JSON", data[:40]) from None


def _policy(one: _Policy, recipient: str) -> ReportedPolicy:
    kind = _POLICY_TYPES.get(one.type)
    if kind is None:
        raise _refusal("content", f"a policy of type {one.type}", str(one.type))
    domain = _host(one.domain) if one.domain else recipient
    if not domain:
        raise _refusal("domain", "its policy domain is no name of a host", one.domain or "")
    strings = () if kind is PolicyType.NO_POLICY_FOUND else _lines(one.strings)
    mx_hosts = tuple(filter(None, map(_pattern, one.mx_hosts))) if kind is PolicyType.STS else ()
    failures = tuple(map(_details, one.failures))
    return ReportedPolicy(kind, domain, 1 - one.final, one.final, strings, mx_hosts, failures)


def _details(one: _Failure) -> FailureDetails:
    kind = _RESULT_TYPES.get(one.c)
    reason = _text(one.f) or ("" if kind is not None else f"libtlsrpt-{one.c}")
    uri = one.a or ""
    return FailureDetails(
        kind or ResultType.VALIDATION_FAILURE,
        1,
        _address(one.s),
        _host(one.n),
        _greeting(one.h),
        _address(one.r),
        reason,
        uri if len(uri) <= DATAGRAM_TEXT_CHARACTERS_MAX and _URI.fullmatch(uri) else "",
    )


def _text(text: str | None) -> str:
    """Return a text on one line, cut."""
    if not text:
        return ""
    if len(text) <= DATAGRAM_TEXT_CHARACTERS_MAX and text.isascii() and text.isprintable():
        return text.strip(" ")
    return (
        _SPACE.sub(" ", text[: 2 * DATAGRAM_TEXT_CHARACTERS_MAX])
        .strip()[:DATAGRAM_TEXT_CHARACTERS_MAX]
        .strip()
    )


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines of a policy, or TLSA records; a line that a reader of reports would take apart is told as it can be."""
    return tuple(filter(None, map(_text, texts)))


def _host(text: str | None) -> str:
    name = canonical(text.strip()) if text else ""
    return name if name and is_host(name) else ""


def _pattern(text: str) -> str:
    name = canonical(text.strip())
    return name if _PATTERN.fullmatch(name) else ""


def _address(text: str | None) -> str:
    return (bare_address(text.strip()) or "") if text else ""


def _greeting(text: str | None) -> str:
    """Return the name that a server greeted with, out of its whole answer to EHLO (RFC 5321 section 4.1.1.1)."""
    if not text:
        return ""
    first = _REPLY_CODE.sub("", text[:DATAGRAM_TEXT_CHARACTERS_MAX].lstrip(), count=1).split(maxsplit=1)
    return _SPACE.sub("", first[0]) if first else ""


def _refusal(rule: str, message: str, seen: bytes | str) -> FormatError:
    return FormatError(_SUBJECT, Objection(rule, message, 0, _SOURCE, shown(seen)))

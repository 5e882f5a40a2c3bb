"""Reports as programs that nobody here has seen could write them: nothing of them is lost, and each departure is a repair.

Most are as such programs could plausibly write them, and were first read as they stand.
"""

import base64
import copy
import gzip
import json
import quopri
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mxproof.explain.tlsrpt.quoted_policy import quoted_policy
from mxproof.formats.errors import FormatError
from mxproof.formats.mtasts import Mode
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.formats.tlsrpt.report import TlsReport
from support_tlsrpt import object_of

Report = dict[str, Any]
Edit = Callable[[Report], object]
ROW = ("policies", 0)
POLICY, SUMMARY, DETAILS = (*ROW, "policy"), (*ROW, "summary"), (*ROW, "failure-details")


def base() -> Report:
    report: Report = copy.deepcopy(object_of("rfc8460-appendix-b.json"))
    row: Any = report["policies"]
    row[0]["policy"]["mx-host"] = ["*.mail.company-y.example"]
    for key in ("additional-information", "failure-reason-code"):
        for one in row[0]["failure-details"]:
            one.pop(key, None)
    return report


BASE = base()
(BASE_ROW,) = BASE["policies"]
LINES = BASE_ROW["policy"]["policy-string"]


def read(data: bytes, name: str = "a.json") -> list[TlsReport]:
    return [one.read.report for one in reports_in(data, name)]


(WANT,) = read(json.dumps(BASE).encode())


def altered(path: tuple[str | int, ...], value: object) -> object:
    report = base()
    inner: Any = report
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return report


def edited(edit: Edit) -> object:
    report = base()
    edit(report)
    return report


def spelled(spell: Callable[[str], str]) -> object:
    def go(value: object) -> object:
        if isinstance(value, dict):
            return {spell(key): go(inner) for key, inner in value.items()}
        return [go(inner) for inner in value] if isinstance(value, list) else value

    return go(BASE)


def camel(key: str) -> str:
    first, *rest = key.split("-")
    return first + "".join(map(str.title, rest))


def renamed(path: tuple[str | int, ...], before: str, after: str) -> object:
    report = base()
    inner: Any = report
    for step in path:
        inner = inner[step]
    for one in inner if isinstance(inner, list) else [inner]:
        if before in one:
            one[after] = one.pop(before)
    return report


def moved(name: str) -> object:
    def edit(report: Report) -> None:
        row = report["policies"][0]
        row["policy"][name] = row.pop(name)

    return edited(edit)


def flat(report: Report) -> None:
    row = report["policies"][0]
    row.update(row.pop("policy"))
    row.update(row.pop("summary"))


def flat_range(report: Report) -> None:
    report.update(report.pop("date-range"))


SAME: dict[str, object] = {
    "keys in camel case": spelled(camel),
    "keys in Pascal case": spelled(lambda key: camel(key)[:1].upper() + camel(key)[1:]),
    "keys in snake case": spelled(lambda key: key.replace("-", "_")),
    "keys in capitals": spelled(str.upper),
    "keys with a blank": spelled(lambda key: f"{key} "),
    "report within": {"version": 1, "tls-report": BASE},
    "report in a list": [BASE],
    "report in a text": json.dumps(BASE),
    "policies in a list of lists": altered(("policies",), [[BASE_ROW]]),
    "policies by number": altered(("policies",), {"0": BASE_ROW}),
    "one policy and no list": altered(("policies",), BASE_ROW),
    "null among the details": altered(DETAILS, [*BASE_ROW["failure-details"], None]),
    "everything in the row": edited(flat),
    "summary in the policy": moved("summary"),
    "details in the policy": moved("failure-details"),
    "summary in a list": altered(SUMMARY, [BASE_ROW["summary"]]),
    "failures": renamed(ROW, "failure-details", "failures"),
    "failure-detail": renamed(ROW, "failure-details", "failure-detail"),
    "failed-sessions-count": renamed(DETAILS, "failed-session-count", "failed-sessions-count"),
    "count": renamed(DETAILS, "failed-session-count", "count"),
    "total-failed-sessions": renamed(SUMMARY, "total-failure-session-count", "total-failed-sessions"),
    "successful": renamed(SUMMARY, "total-successful-session-count", "successful"),
    "total-success-count": renamed(SUMMARY, "total-successful-session-count", "total-success-count"),
    "receiving-mx-host-name": renamed(DETAILS, "receiving-mx-hostname", "receiving-mx-host-name"),
    "mx-host-pattern": renamed(POLICY, "mx-host", "mx-host-pattern"),
    "dates by start and end": edited(
        lambda report: report.update(
            {"date-range": dict(zip(("start", "end"), report["date-range"].values(), strict=True))}
        )
    ),
    "dates beside the others": edited(flat_range),
    "dates in a list": altered(("date-range",), list(BASE["date-range"].values())),
    "dates as an interval": altered(("date-range",), "/".join(BASE["date-range"].values())),
    "contact in an object": altered(("contact-info",), {"email": BASE["contact-info"]}),
    "contact in a list": altered(("contact-info",), [BASE["contact-info"]]),
    "contact with a name": altered(("contact-info",), f"TLS Reports <{BASE['contact-info']}>"),
    "contact as a URI": altered(("contact-info",), f"mailto:{BASE['contact-info']}"),
    "thousands with a comma": altered((*SUMMARY, "total-successful-session-count"), "5,326"),
    "thousands with a blank": altered((*SUMMARY, "total-successful-session-count"), "5 326"),
    "count with blanks": altered((*SUMMARY, "total-successful-session-count"), " 5326 "),
    "count with its unit": altered((*SUMMARY, "total-successful-session-count"), "5326 sessions"),
    "count in a list": altered((*SUMMARY, "total-successful-session-count"), [5326]),
    "domain in an object": altered((*POLICY, "policy-domain"), {"name": "company-y.example"}),
    "policy in one text": altered((*POLICY, "policy-string"), "\r\n".join(LINES)),
    "policy with semicolons": altered((*POLICY, "policy-string"), "; ".join(LINES)),
    "policy with commas": altered((*POLICY, "policy-string"), ", ".join(LINES)),
    "policy with escaped lines": altered((*POLICY, "policy-string"), "\\n".join(LINES)),
    "policy as JSON": altered((*POLICY, "policy-string"), json.dumps(LINES)),
    "policy in a list of lists": altered((*POLICY, "policy-string"), [LINES]),
    "policy as an object": altered(
        (*POLICY, "policy-string"),
        {"version": "STSv1", "mode": "testing", "mx": ["*.mail.company-y.example"], "max_age": 86400},
    ),
    "type in capitals": altered((*POLICY, "policy-type"), "STS"),
    "type by its name": altered((*POLICY, "policy-type"), "MTA-STS"),
    "domain with a dot": altered((*POLICY, "policy-domain"), "Company-Y.EXAMPLE."),
    "domain as an address": altered((*POLICY, "policy-domain"), "@company-y.example"),
    "result in capitals": altered((*DETAILS, 0, "result-type"), "CERTIFICATE_EXPIRED"),
    "result as a sentence": altered((*DETAILS, 0, "result-type"), "Certificate expired."),
    "address with a port": altered((*DETAILS, 1, "receiving-ip"), "203.0.113.56:25"),
    "address in brackets": altered((*DETAILS, 1, "receiving-ip"), "[203.0.113.56]:25"),
    "address as a network": altered((*DETAILS, 1, "receiving-ip"), "203.0.113.56/32"),
    "address in a list": altered((*DETAILS, 1, "receiving-ip"), ["203.0.113.56"]),
    "host with a dot": altered((*DETAILS, 1, "receiving-mx-hostname"), "MX2.mail.company-y.example."),
    "host with a preference": altered(
        (*DETAILS, 1, "receiving-mx-hostname"), "10 mx2.mail.company-y.example."
    ),
    "host with a port": altered((*DETAILS, 1, "receiving-mx-hostname"), "mx2.mail.company-y.example:25"),
    "host with its address": altered(
        (*DETAILS, 1, "receiving-mx-hostname"), "mx2.mail.company-y.example[203.0.113.56]"
    ),
}


@pytest.mark.parametrize("odd", SAME.values(), ids=SAME.keys())
def test_of_an_odd_report_nothing_is_lost(odd: object) -> None:
    (got,) = read(json.dumps(odd).encode())
    (row,), (want,) = got.policies, WANT.policies
    assert (row.success, row.failure, row.type, row.domain) == (
        want.success,
        want.failure,
        want.type,
        want.domain,
    )
    assert [one.count for one in row.failures] == [one.count for one in want.failures]
    assert [one.receiving_mx for one in row.failures] == [one.receiving_mx for one in want.failures]
    assert [one.receiving_ip for one in row.failures] == [one.receiving_ip for one in want.failures]
    assert [one.result_type for one in row.failures] == [one.result_type for one in want.failures]
    quoted = quoted_policy(row)
    assert quoted is not None
    assert (quoted.mode, quoted.max_age_s, quoted.mx) == (Mode.TESTING, 86400, ("*.mail.company-y.example",))
    assert (row.mx_hosts, got.begin, got.end) == (want.mx_hosts, WANT.begin, WANT.end)
    assert (got.id, got.organization, got.submitter) == (WANT.id, WANT.organization, WANT.submitter)


@pytest.mark.parametrize("odd", SAME.values(), ids=SAME.keys())
def test_each_departure_is_told(odd: object) -> None:
    (got,) = reports_in(json.dumps(odd).encode())
    only_case = odd in (SAME["host with a dot"], SAME["domain with a dot"])
    assert bool(got.repairs) is not only_case


@pytest.mark.parametrize(
    "written",
    [
        *("1772323200", 1772323200, 1772323200000, "1772323200000", "/Date(1772323200000)/", "2026-03-01"),
        *("2026/03/01 00:00:00", "20260301T000000Z", "2026-03-01T00:00Z", "2026-03-01 00:00:00 +0000 UTC"),
        *("2026-03-01T01:00:00+0100", "2026-03-01T00:00:00GMT", "Sun, 01 Mar 2026 00:00:00 +0000"),
        *("01.03.2026", "1.3.2026 00:00", [2026, 3, 1, 0, 0], {"$date": "2026-03-01T00:00:00Z"}),
        *("Sun Mar  1 00:00:00 2026", "2026-03-01T00:00:00+00:00Z", "2026-03-01T00:00:00.0000000Z"),
    ],
)
def test_a_time_is_read_in_whatever_form(written: object) -> None:
    (got,) = read(
        json.dumps(altered(("date-range",), {"start-datetime": written, "end-datetime": written})).encode()
    )
    assert (got.begin, got.end) == (datetime(2026, 3, 1, tzinfo=UTC),) * 2


def mail(media_type: str, body: bytes, encoding: str = "") -> bytes:
    head = f"Content-Type: {media_type}\r\n" + (
        f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
    )
    return (
        b"From: a@company-x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n"
        + head.encode()
        + b"\r\n"
        + body
        + b"\r\n--b--\r\n"
    )


def attached(media_type: str, message: bytes) -> bytes:
    return mail(media_type, base64.encodebytes(message), "base64")


def signed(message: bytes) -> bytes:
    """Return a message within a signature of S/MIME, as far as a reader without keys has to know it."""
    around = bytes.fromhex("3082010006092a864886f70d010702a0820100308201000201013100")
    return b"From: a@company-x.example\r\n" + (
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(around + message + b"\x30\x82\x01\x00")
    )


PLAIN = json.dumps(BASE).encode()
PACKED = gzip.compress(PLAIN, mtime=0)
CODED = base64.encodebytes(PACKED)
AROUND = {
    "a comma too many": PLAIN[:-1] + b",}",
    "a guard before it": b")]}',\n" + PLAIN,
    "a comment before it": b"// report\n" + PLAIN,
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "zlib": zlib.compress(PLAIN),
    "base64": CODED,
    "an empty line before gzip": b"\r\n" + PACKED,
    "a line end behind gzip": PACKED + b"\r\n",
    "application/gzip": mail("application/gzip", CODED, "base64"),
    "no encoding named": mail("application/tlsrpt+gzip", CODED),
    "another encoding named": mail("application/tlsrpt+gzip", CODED, "7bit"),
    "quoted-printable": mail("application/tlsrpt+json", quopri.encodestring(PLAIN), "quoted-printable"),
    "text": mail("text/plain", PLAIN),
    "base64 for URLs": mail("application/tlsrpt+gzip", base64.urlsafe_b64encode(PACKED), "base64"),
    "another name": mail("application/tls-rpt+gzip", CODED, "base64"),
    "gzip of gzip": gzip.compress(PACKED),
    "a message in a file attached": attached(
        "application/octet-stream", mail("application/tlsrpt+gzip", CODED, "base64")
    ),
    "a message in a digest": mail(
        "text/plain",
        mail("application/tlsrpt+gzip", CODED, "base64").replace(b"=b\r", b"=c\r").replace(b"--b", b"--c"),
    ),
    "a signature around it": signed(mail("application/tlsrpt+gzip", CODED, "base64")),
    "no multipart": b"From: a@company-x.example\r\nContent-Transfer-Encoding: base64\r\n\r\n" + CODED,
}


@pytest.mark.parametrize("data", AROUND.values(), ids=AROUND.keys())
def test_a_report_is_found_in_whatever_is_around_it(data: bytes) -> None:
    assert read(data) == [WANT]


def test_a_domain_in_its_own_script_is_the_one_in_dns() -> None:
    (got,) = read(json.dumps(altered((*POLICY, "policy-domain"), "Bücher.example")).encode())
    assert [one.domain for one in got.policies] == ["xn--bcher-kva.example"]


@pytest.mark.parametrize("between", [b"\n", b",\n", b""])
def test_reports_behind_one_another_are_each_read(between: bytes) -> None:
    other = json.dumps(altered(("report-id",), "other")).encode()
    assert [one.id for one in read(PLAIN + between + other)] == [WANT.id, "other"]
    assert [one.id for one in read(b"[" + PLAIN + b"," + other + b"]")] == [WANT.id, "other"]


@pytest.mark.parametrize(
    "other",
    [{"id": 1, "contact": "a@b.example"}, {"Policy": {}, "Id": "x"}, [{"org": "x"}], {"a": {"date": 1}}],
)
def test_other_json_is_no_report(other: object) -> None:
    with pytest.raises(FormatError):
        read(json.dumps(other).encode())

"""The laws of the report reader: print then parse is identity, and any bytes give a report or a FormatError."""

import gzip
import json
import string
from contextlib import suppress
from datetime import UTC, datetime
from os import environ
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.by_the_letter import report_by_the_letter
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.formats.tlsrpt.reading import ReadReport, read_report, read_tolerantly
from mxproof.formats.tlsrpt.report import RESULT_TYPES, FailureDetails, ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.value import COUNT_MAX
from mxproof.formats.tlsrpt.writing import print_report
from support_formats import hosts
from support_long import EXHAUSTIVE, examples
from support_tlsrpt import samples

MUTANTS = int(environ.get("MXPROOF_TLSRPT_MUTANTS", "3000"))
"""How many damaged samples are tried; 100000 in the long form."""

_words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), min_size=1, max_size=40)
_lines = st.text(string.ascii_letters + string.digits + ": ._*=-", min_size=1, max_size=60).filter(str.strip)
_moments = st.datetimes(datetime(1970, 1, 1), datetime(9998, 1, 1)).map(  # noqa: DTZ001 - hypothesis wants it bare
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
_counts = st.integers(0, COUNT_MAX)
_addresses = st.one_of(st.just(""), st.ip_addresses().map(str))
_failures = st.builds(
    FailureDetails,
    st.sampled_from(sorted(map(str, RESULT_TYPES))),
    st.integers(1, COUNT_MAX),
    _addresses,
    st.one_of(st.just(""), hosts),
    st.one_of(st.just(""), hosts),
    _addresses,
    st.one_of(st.just(""), _words),
    st.one_of(st.just(""), hosts.map("https://{}/".format)),
)
_policies = st.one_of(
    st.builds(
        ReportedPolicy,
        st.just("sts"),
        hosts,
        _counts,
        _counts,
        st.lists(_lines, max_size=5).map(tuple),
        st.lists(hosts, max_size=3).map(tuple),
        st.lists(_failures, max_size=3).map(tuple),
    ),
    st.builds(
        ReportedPolicy,
        st.sampled_from(["tlsa", "no-policy-found"]),
        hosts,
        _counts,
        _counts,
        failures=st.lists(_failures, max_size=3).map(tuple),
    ),
)
_reports = st.builds(
    lambda organization, times, local, domain, report_id, policies: TlsReport(
        organization, min(times), max(times), f"{local}@{domain}", report_id, policies
    ),
    _words,
    st.tuples(_moments, _moments),
    st.text(string.ascii_letters + string.digits, min_size=1, max_size=20),
    hosts,
    st.text(string.ascii_letters + string.digits + "+@_:.-", min_size=1, max_size=40),
    st.lists(_policies, max_size=4).map(tuple),
)


@EXHAUSTIVE
@settings(max_examples=examples(50))
@given(_reports)
def test_what_is_written_reads_back_the_same(report: TlsReport) -> None:
    assert read_report(print_report(report)).report == report


@settings(max_examples=examples(50))
@given(_reports)
def test_a_report_by_the_letter_is_read_the_quick_way_as_the_tolerant_one_reads_it(report: TlsReport) -> None:
    data = print_report(report)
    quick, tolerant = report_by_the_letter(data), read_tolerantly(data)
    assert quick in (None, tolerant.report)
    assert (quick is None) == (
        bool(tolerant.repairs) or data.translate(None, b" ").count(b'":') != keys(json.loads(data))
    )


def keys(value: object) -> int:
    """Return how many keys a value of JSON has; a text that begins with a colon looks like one more in print."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (len(value) if isinstance(value, dict) else 0) + sum(map(keys, inner))


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_in_words_or_read(data: bytes) -> None:
    tried(data)


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "organization-name",
                    "date-range",
                    "start-datetime",
                    "contact-info",
                    "report-id",
                    "policies",
                    "policy",
                    "policy-string",
                    "mx-host",
                    "summary",
                    "failure-details",
                    "total-failure-session-count",
                    "receiving-mx-helo",
                    "receiving-ip",
                    "result_type",
                ]
            ),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=20,
)


@given(_json)
def test_any_json_in_a_report_is_read_past(value: object) -> None:
    import json

    top = value if isinstance(value, dict) else {"policies": value}
    same_both_ways(json.dumps({"report-id": "x", "date-range": value, **top}).encode())


@EXHAUSTIVE
def test_damaged_samples_are_refused_in_words_or_read() -> None:
    random = Random(8460)
    originals = [one.path.read_bytes() for one in samples()]
    originals += [gzip.compress(one) for one in originals[:5]]
    for _ in range(MUTANTS):
        mutant = _damaged(random, random.choice(originals))
        tried(mutant)
        same_both_ways(mutant)


def _damaged(random: Random, data: bytes) -> bytes:
    mutant = bytearray(data)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(mutant) + 1)
        match random.randrange(5):
            case 0 if mutant:
                mutant[at % len(mutant)] ^= 1 << random.randrange(8)
            case 1:
                del mutant[at : at + random.randint(1, 40)]
            case 2:
                mutant[at:at] = random.randbytes(random.randint(1, 8))
            case 3:
                mutant[at:at] = random.choice(
                    (b"{", b"}", b"[", b'"', b"null,", b"\\", b"-1", b"1e9", b"\n--")
                )
            case _:
                end = at + random.randint(1, 200)
                mutant[at:at] = mutant[at:end]
    return bytes(mutant)


def same_both_ways(data: bytes) -> None:
    quick = report_by_the_letter(data)
    assert quick is None or read_tolerantly(data) == ReadReport(quick)


def tried(data: bytes) -> None:
    with suppress(FormatError):
        for found in reports_in(data):
            assert all(policy.failure >= 0 and policy.success >= 0 for policy in found.read.report.policies)

"""What Kaspersky's products and rspamd write of SPF, DKIM and DMARC."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.authres import RESULTS_MAX, AuthResult
from mxproof.formats.bounce.filter_results import is_filter_header, parse_filter_header

KASPERSKY = "x-kse-antispam-info"
RSPAMD = "x-spamd-result"


@pytest.mark.parametrize(
    ("name", "value", "want"),
    [
        (
            KASPERSKY,
            "Auth:dmarc=temperror header.from=a.example;spf=temperror smtp.mailfrom=a.example;dkim=none",
            [("dmarc", "temperror", "a.example"), ("spf", "temperror", "a.example"), ("dkim", "none", "")],
        ),
        (
            "x-klms-antispam-auth",
            "dmarc=none header.from=a.example;spf=softfail smtp.mailfrom=b.example",
            [("dmarc", "none", "a.example"), ("spf", "softfail", "b.example")],
        ),
        (KASPERSKY, "Rate: 59", []),
        (KASPERSKY, "{DNS response errors}", []),
        (
            RSPAMD,
            (
                "default: False [2.50 / 15.00]; R_SPF_FAIL(1.00)[-all:c]; R_DKIM_REJECT(1.00)[a.example:s=dkim];\n"
                "\tDMARC_POLICY_SOFTFAIL(0.10)[b.example : No valid SPF,none]; ASN(0.00)[asn:64500]"
            ),
            [("spf", "fail", ""), ("dkim", "fail", "a.example"), ("dmarc", "fail", "b.example")],
        ),
        (
            RSPAMD,
            "R_SPF_DNSFAIL(0.00)[me@a.example:query timed out]; DMARC_NA(0.00)[a.example]",
            [("spf", "temperror", "a.example"), ("dmarc", "none", "a.example")],
        ),
    ],
)
def test_a_field_of_a_filter_has_results(name: str, value: str, want: list[tuple[str, str, str]]) -> None:
    domains = {"spf": "smtp.mailfrom", "dkim": "header.d", "dmarc": "header.from"}
    got = parse_filter_header(name, value).results
    assert [(one.method, one.result, one.property(domains[one.method])) for one in got] == want


@pytest.mark.parametrize(
    ("symbol", "policy"),
    [
        ("DMARC_POLICY_REJECT", "reject"),
        ("DMARC_POLICY_QUARANTINE", "quarantine"),
        ("DMARC_POLICY_SOFTFAIL", "none"),
    ],
)
def test_a_symbol_of_dmarc_tells_the_policy(symbol: str, policy: str) -> None:
    (got,) = parse_filter_header(RSPAMD, f"{symbol}(1.00)[a.example]").results
    assert got.property("policy") == policy


def test_fields_of_filters_are_known_by_name() -> None:
    assert is_filter_header(KASPERSKY)
    assert is_filter_header(RSPAMD)
    assert not is_filter_header("x-spam-status")
    assert not is_filter_header("authentication-results")


@given(st.text())
def test_any_value_is_read(value: str) -> None:
    parse_filter_header(RSPAMD, value)
    parse_filter_header(KASPERSKY, value)


@pytest.mark.parametrize("mechanism", ["-a.example", "+mx@a.example", "~include@a.example", "?all.example:c"])
def test_a_mechanism_that_matched_is_no_domain(mechanism: str) -> None:
    (got,) = parse_filter_header(RSPAMD, f"R_SPF_FAIL(1.00)[{mechanism}]").results
    assert got == AuthResult("spf", "fail", "", (mechanism,))


def test_a_field_has_its_results_however_its_name_is_written() -> None:
    value = "R_SPF_ALLOW(-0.20)[a.example]; UNKNOWN(0.00)[b.example]; R_DKIM_NA(0.00)"
    want = (
        AuthResult("spf", "pass", "", ("a.example",), (("smtp.mailfrom", "a.example"),)),
        AuthResult("dkim", "none"),
    )
    assert parse_filter_header("X-Spamd-Result", value).results == parse_filter_header(RSPAMD, value).results
    assert parse_filter_header(RSPAMD, value).results == want


def test_the_results_of_a_field_have_a_limit() -> None:
    assert len(parse_filter_header(RSPAMD, "R_SPF_NA(0.00);" * (RESULTS_MAX + 1)).results) == RESULTS_MAX
    assert len(parse_filter_header(KASPERSKY, "spf=none;" * (RESULTS_MAX + 1)).results) == RESULTS_MAX

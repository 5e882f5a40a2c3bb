"""Authentication headers: what Microsoft and others write, and what it means."""

import pytest

from mxproof.cli.exit import status_of_explanation
from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.base_rate import BASE_RATES, base_rate
from mxproof.explain.engine import explain

MICROSOFT = "spf=temperror (sender IP is 192.0.2.1) smtp.mailfrom=example.com; hotmail.com; dkim=timeout (key query timeout)"


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("spf=temperror (sender IP is 192.0.2.1) smtp.mailfrom=example.com", ["spf_temperror"]),
        (f"{MICROSOFT} header.d=example.com", ["spf_temperror", "dkim_key_dns"]),
        ("spf=permerror smtp.mailfrom=example.com", ["spf_permerror"]),
        ("dkim=fail (no key for signature) header.d=example.com", ["dkim_key_dns"]),
        ("dkim=none (key query timeout) header.d=example.com", ["dkim_key_dns"]),
        ("dkim=temperror (dns timeout) header.d=example.com", ["dkim_key_dns"]),
        ("dkim=fail (body hash did not verify) header.d=example.com", ["dkim_body_hash"]),
        ("dkim=fail (signature did not verify) header.d=example.com", ["dkim_signature"]),
        (
            "dmarc=fail action=oreject header.from=example.com; compauth=fail reason=000",
            ["dmarc_fail", "compauth"],
        ),
        ("compauth=softpass reason=201", ["compauth"]),
        ("dmarc=temperror header.from=example.com", ["dmarc_dns_temp"]),
        ("spf=fail smtp.mailfrom=example.com", ["spf_fail"]),
        ("iprev=permerror policy.iprev=192.0.2.1", ["ptr_missing"]),
        ("iprev=fail policy.iprev=192.0.2.1", ["ptr_mismatch"]),
        ("iprev=fail policy.iprev=192.0.2.1; dmarc=pass header.from=example.com", []),
        ("spf=fail smtp.mailfrom=list.example; dkim=pass header.d=example.com; dmarc=pass", []),
        ("dkim=fail (body hash did not verify); dkim=pass; dmarc=pass header.from=example.com", []),
        ("spf=temperror smtp.mailfrom=example.com; dkim=pass; dmarc=pass", ["spf_temperror"]),
        ("spf=pass; dkim=none (message not signed) header.d=none; dmarc=bestguesspass", []),
    ],
)
def test_a_header_states_its_causes(value: str, want: list[str]) -> None:
    for name in ("Authentication-Results", "ARC-Authentication-Results", "authentication-results"):
        got = explain(f"{name}: {value}".encode())
        assert [claim.code for claim in got.causes] == want
        assert status_of_explanation(got) == (0 if want else 1)


def test_the_name_of_the_header_may_be_missing() -> None:
    assert [claim.code for claim in explain(MICROSOFT.encode()).causes] == ["spf_temperror", "dkim_key_dns"]


def test_the_header_of_a_whole_message_counts() -> None:
    message = f"From: a@example.com\nTo: b@hotmail.com\nSubject: hello\nAuthentication-Results: {MICROSOFT}\n\nhello\n"
    got = explain(message.encode())
    assert [claim.code for claim in got.causes] == ["spf_temperror", "dkim_key_dns"]
    assert got.domain == "example.com"


def test_the_header_of_a_bounce_itself_does_not_count() -> None:
    bounce = f"From: mailer-daemon@example.net\nSubject: Undelivered\nAuthentication-Results: {MICROSOFT}\n\n550 5.1.1 User unknown\n"
    assert explain(bounce.encode()).other == "user-unknown"


def test_received_spf_counts_too() -> None:
    got = explain(
        b"Received-SPF: TempError (protection.outlook.com: error in processing) client-ip=192.0.2.1;"
    )
    assert [claim.code for claim in got.causes] == ["spf_temperror"]


def test_a_temporary_error_is_told_with_the_published_rate() -> None:
    got = explain(MICROSOFT.encode())
    rate = base_rate("spf_temperror")
    assert rate is not None
    assert rate.words in got.words
    assert rate.source.startswith("https://")


def test_rates_are_about_causes_of_the_catalogue() -> None:
    assert {cause for rate in BASE_RATES for cause in rate.causes} <= set(CATALOGUE)
    assert base_rate("spf_fail") is None

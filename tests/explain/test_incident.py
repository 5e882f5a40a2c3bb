"""Every Microsoft code of the founding incident and of DANE, in every shape in which it reaches a reader."""

import pytest

from mxproof.cli.exit import status_of_explanation
from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.engine import explain
from mxproof.formats.result_type import ResultType
from support_bounce import SHAPES, attached, plain_report, several_recipients
from support_long import some

REPLIES = (
    ("451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation.", "mtasts_mx_mismatch"),
    ("550 5.4.8 MX hosts of 'example.com' failed MTA-STS validation.", "mtasts_mx_mismatch"),
    (
        "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
        "mtasts_cert_name",
    ),
    (
        "550 5.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
        "mtasts_cert_name",
    ),
    ("451 4.7.5 Remote certificate failed MTA-STS validation. Reason: UntrustedRoot", "mtasts_cert_invalid"),
    ("550 5.7.5 Remote certificate failed MTA-STS validation. Reason: Expired", "mtasts_cert_invalid"),
    ("451 5.7.3 STARTTLS is required to send mail", "starttls_missing"),
    *(
        (f"{first}.7.{number} {words}", cause)
        for first in ("450 4", "550 5")
        for number, words, cause in (
            (
                321,
                "starttls-not-supported: Destination mail server must support TLS to receive mail.",
                "dane_starttls",
            ),
            (
                322,
                "certificate-expired: Destination mail server's certificate is expired.",
                "dane_cert_expired",
            ),
            (323, "tlsa-invalid: The domain failed DANE validation.", "dane_tlsa_mismatch"),
            (324, "dnssec-invalid: Destination domain returned invalid DNSSEC records.", "dnssec_bogus"),
            (
                325,
                (
                    "certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative name"
                    " matching the hostname (DANE)"
                ),
                "dane_cert_name",
            ),
        )
    ),
)


@pytest.mark.parametrize("shape", some(SHAPES, 4))
@pytest.mark.parametrize(
    ("reply", "want"), REPLIES, ids=[reply[:11].replace(" ", "-") for reply, _ in REPLIES]
)
def test_the_cause_comes_out_of_every_shape(shape: str, reply: str, want: str) -> None:
    got = explain(SHAPES[shape](reply))
    assert [claim.code for claim in got.causes] == [want]
    assert got.kind is CauseKind.TRANSPORT_SECURITY
    assert status_of_explanation(got) == 0


@pytest.mark.parametrize(
    ("code", "want"),
    [
        ("450 4.7.321", "dane_starttls"),
        ("550 5.7.322", "dane_cert_expired"),
        ("450 4.7.323", "dane_tlsa_mismatch"),
        ("550 5.7.324", "dnssec_bogus"),
        ("450 4.7.325", "dane_cert_name"),
        ("451 4.4.8", "mtasts_mx_mismatch"),
    ],
)
def test_a_code_without_its_text_is_a_guess(code: str, want: str) -> None:
    got = explain(f"{code} some words that nobody knows".encode())
    assert [(claim.code, claim.confidence) for claim in got.causes] == [(want, "guess")]


def test_the_report_of_the_incident_is_told_in_full() -> None:
    got = explain(
        plain_report("451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."), "bounce.eml"
    )
    assert got.reporter.sender == "microsoft"
    assert got.reporter.host == "AM0PR00MB0000.eurprd00.prod.outlook.com"
    assert got.decided_by == "sender"
    assert got.domain == "example.com"
    assert got.causes[0].host == "mx.example.com"
    assert got.causes[0].because == "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."
    assert got.codes == ("550 5.4.317", "451 4.4.8", "450 4.4.317")
    assert (got.first_attempt, got.last_attempt) != (None, None)
    assert got.retried_s == 24 * 3600 + 7
    assert got.next == ("mxproof check example.com",)
    assert CATALOGUE[got.causes[0].code].result_type is ResultType.MX_MISMATCH


def test_recipients_with_different_fates_are_kept_apart() -> None:
    got = explain(several_recipients("450 4.7.323 tlsa-invalid: The domain failed DANE validation."))
    assert [(one.address, one.action, one.causes) for one in got.recipients] == [
        ("user@example.com", "failed", ("dane_tlsa_mismatch",)),
        ("full@example.net", "failed", ()),
        ("happy@example.org", "delivered", ()),
    ]


def test_an_attached_report_is_read_for_its_own_sender() -> None:
    got = explain(attached("451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."))
    assert got.reporter.sender == "microsoft"

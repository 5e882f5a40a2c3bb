"""Whether a mailed report is from its sender: signatures of dkimpy, verified here, and what must not hold."""

import dkim  # type: ignore[import-untyped]  # it says no types
import msgspec
import pytest

from mxproof.evidence.answer import DnsData, Outcome, TxtRecord
from mxproof.formats.tlsrpt.found import Authenticated, FoundReport, reports_in
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.mail.report_signature import Keys, authenticated, wanted_keys
from support_dkim import DOMAIN, NAME, answers, ed25519_key, record, rsa_key, signed
from support_tlsrpt import SOUND, message

MESSAGE = message(print_report(SOUND)) + b"\r\n\r\n"


def verdict(data: bytes, keys: Keys | None = None) -> Authenticated:
    (found,) = reports_in(data)
    return authenticated(found, answers() if keys is None else keys).authenticated


@pytest.mark.parametrize("of_head", ["simple", "relaxed"])
@pytest.mark.parametrize("of_body", ["simple", "relaxed"])
@pytest.mark.parametrize("key", [rsa_key(), ed25519_key()], ids=["rsa", "ed25519"])
def test_what_dkimpy_signs_is_verified(of_head: str, of_body: str, key: object) -> None:
    made = signed(MESSAGE, key=key, forms=(of_head, of_body))  # type: ignore[arg-type]  # one of the two kinds
    keys = {NAME: record(key)}  # type: ignore[arg-type]  # as above
    assert verdict(made, answers(keys)) is Authenticated.VERIFIED
    assert dkim.verify(made, dnsfunc=lambda _name, **_: keys[NAME], tlsrpt=True)


def test_the_question_names_the_key() -> None:
    (found,) = reports_in(signed(MESSAGE))
    assert [one.name for one in wanted_keys(found)] == [NAME]


def test_a_mailbox_may_have_lost_its_carriage_returns() -> None:
    assert verdict(signed(MESSAGE).replace(b"\r\n", b"\n")) is Authenticated.VERIFIED
    assert verdict(b"From tls@sender.example Mon\n" + signed(MESSAGE)) is Authenticated.VERIFIED


def test_spaces_that_relays_alter_do_not_matter_where_they_were_relaxed() -> None:
    altered = (
        signed(MESSAGE)
        .replace(b"Subject: Report Domain:", b"subject:  Report \t Domain:")
        .replace(b"A TLS report.", b"A  TLS report. \t")
    )
    assert verdict(altered) is Authenticated.VERIFIED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"A TLS report.", b"A TLS repost."),
        (b"Subject: Report", b"Subject: Repost"),
        (b"From: tls@", b"From: other@"),
        (b"\r\n b=", b"\r\n b=AAAA"),
        (b"bh=", b"bh=A"),
    ],
)
def test_what_was_altered_does_not_hold(old: bytes, new: bytes) -> None:
    assert verdict(signed(MESSAGE).replace(old, new, 1)) is Authenticated.FAILED


def test_a_length_leaves_room_for_more_and_is_refused() -> None:
    made = signed(MESSAGE, length=True)
    assert b"l=" in made
    assert verdict(made) is Authenticated.FAILED


def test_another_domain_cannot_sign_for_the_sender() -> None:
    made = signed(MESSAGE, domain="other.example")
    keys = answers({"s1._domainkey.other.example": record()})
    assert verdict(made, keys) is Authenticated.FAILED
    (found,) = reports_in(made)
    assert wanted_keys(found) == ()


@pytest.mark.parametrize(
    ("signer", "want"),
    [("example", Authenticated.FAILED), ("mail.sender.example", Authenticated.FAILED)],
)
def test_neither_a_top_level_domain_nor_one_below_signs_for_it(signer: str, want: Authenticated) -> None:
    keys = answers({f"s1._domainkey.{signer}": record()})
    assert verdict(signed(MESSAGE, domain=signer), keys) is want


def test_a_domain_above_signs_for_it() -> None:
    below = MESSAGE.replace(
        b"TLS-Report-Submitter: sender.example", b"TLS-Report-Submitter: mail.sender.example"
    )
    (found,) = reports_in(signed(below))
    report = found.read.report
    assert report.submitter == DOMAIN, "what the report says goes before its message"
    assert verdict(signed(below)) is Authenticated.VERIFIED


@pytest.mark.parametrize(
    ("tags", "want"),
    [
        ("v=DKIM1;", Authenticated.VERIFIED),
        ("", Authenticated.VERIFIED),
        ("v=DKIM1; s=*;", Authenticated.VERIFIED),
        ("v=DKIM1; s=email:tlsrpt;", Authenticated.VERIFIED),
        ("v=DKIM1; s=email;", Authenticated.FAILED),
        ("v=DKIM1; h=sha1;", Authenticated.FAILED),
        ("v=DKIM1; h=sha1:sha256;", Authenticated.VERIFIED),
        ("v=DKIM1; t=y;", Authenticated.UNSIGNED),
        ("v=DKIM1; t=s;", Authenticated.VERIFIED),
        ("v=DKIM2;", Authenticated.FAILED),
    ],
)
def test_the_key_says_what_it_is_for(tags: str, want: Authenticated) -> None:
    assert verdict(signed(MESSAGE), answers({NAME: record(tags=tags)})) is want


@pytest.mark.parametrize(
    "text", [b"", b"v=DKIM1; p=", b"v=DKIM1; p=!", b"v=spf1 -all", b"v=DKIM1; k=x; p=AAAA"]
)
def test_what_is_no_key_verifies_nothing(text: bytes) -> None:
    assert verdict(signed(MESSAGE), answers({NAME: text})) is Authenticated.FAILED


def test_a_key_that_was_not_answered_leaves_it_open() -> None:
    assert verdict(signed(MESSAGE), {}) is Authenticated.UNKNOWN
    assert verdict(signed(MESSAGE), answers(outcome=Outcome.TIMEOUT)) is Authenticated.UNKNOWN
    assert verdict(signed(MESSAGE), answers(outcome=Outcome.NXDOMAIN)) is Authenticated.FAILED


def test_what_came_without_a_signature_is_unsigned_and_a_file_is_unknown() -> None:
    assert verdict(MESSAGE) is Authenticated.UNSIGNED
    (found,) = reports_in(print_report(SOUND))
    assert authenticated(found, answers()) == found
    assert found.authenticated is Authenticated.UNKNOWN


def test_one_signature_that_holds_is_enough() -> None:
    broken = signed(MESSAGE, key=rsa_key(1024))
    assert verdict(signed(broken)) is Authenticated.VERIFIED


def test_a_report_that_was_forwarded_whole_is_verified_by_its_own_message() -> None:
    inner = signed(MESSAGE)
    outer = (
        b"From: someone@example.net\r\nSubject: Fwd\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--x--\r\n"
    )
    assert verdict(outer) is Authenticated.VERIFIED


def test_a_report_of_nobody_is_signed_by_nobody() -> None:
    nameless = FoundReport(next(reports_in(print_report(SOUND))).read, message=b"DKIM-Signature: x\r\n\r\n")
    assert authenticated(nameless, {}).authenticated is Authenticated.FAILED


@pytest.mark.parametrize(
    ("signer", "may"),
    [
        ("a.mail.sender.example", True),
        ("mail.sender.example", True),
        ("sender.example", True),
        ("example", False),
        ("b.a.mail.sender.example", False),
        ("other.sender.example", False),
    ],
)
def test_the_submitter_and_every_domain_above_it_may_sign(signer: str, may: bool) -> None:
    submitter = "a.mail.sender.example"
    data = message(print_report(msgspec.structs.replace(SOUND, contact=f"tls@{submitter}"))) + b"\r\n\r\n"
    (found,) = reports_in(signed(data, domain=signer))
    assert found.reporting_domain == submitter
    assert [one.name for one in wanted_keys(found)] == [f"s1._domainkey.{signer}"] * may


@pytest.mark.parametrize(
    "tags",
    ["v=DKIM2; s=tlsrpt;", "v=DKIM1; s=email;", "v=DKIM1; h=sha1; s=tlsrpt;", "v=DKIM1; s=tlsrpt; p=;"],
)
def test_a_key_that_is_not_for_such_signatures_verifies_none(tags: str) -> None:
    assert verdict(signed(MESSAGE), answers({NAME: record(tags=tags)})) is Authenticated.FAILED


def test_a_key_that_does_not_count_does_no_harm_beside_one_that_does() -> None:
    (found,) = reports_in(signed(MESSAGE))
    ((question, answer),) = answers({NAME: record()}).items()
    assert isinstance(answer.data, DnsData)
    texts = (b"v=DKIM2; p=AAAA", b"v=DKIM1; s=email; p=AAAA", record())
    data = msgspec.structs.replace(answer.data, records=tuple(map(TxtRecord, texts)))
    keys = {question: msgspec.structs.replace(answer, data=data)}
    assert authenticated(found, keys).authenticated is Authenticated.VERIFIED


@pytest.mark.parametrize("turned", [False, True])
def test_a_key_in_testing_beside_one_in_use_leaves_the_signature_verified(turned: bool) -> None:
    texts = [record(tags="v=DKIM1; t=y;"), record()]
    (question, answer), *_ = answers().items()
    data = DnsData("NOERROR", False, tuple(map(TxtRecord, reversed(texts) if turned else texts)))
    keys = {question: msgspec.structs.replace(answer, data=data)}
    assert verdict(signed(MESSAGE), keys) is Authenticated.VERIFIED


IN_TESTING = record(tags="v=DKIM1; t=y;")
OTHER_KEY = record(ed25519_key())


@pytest.mark.parametrize(
    ("above", "below", "want"),
    [
        (OTHER_KEY, None, Authenticated.UNKNOWN),
        (None, OTHER_KEY, Authenticated.UNKNOWN),
        (IN_TESTING, None, Authenticated.UNKNOWN),
        (IN_TESTING, OTHER_KEY, Authenticated.FAILED),
        (OTHER_KEY, IN_TESTING, Authenticated.FAILED),
        (IN_TESTING, IN_TESTING, Authenticated.UNSIGNED),
        (record(), None, Authenticated.VERIFIED),
        (OTHER_KEY, record(), Authenticated.VERIFIED),
    ],
)
def test_of_two_signatures_the_one_that_says_more_decides(
    above: bytes | None, below: bytes | None, want: Authenticated
) -> None:
    """None stands for a key that could not be asked for."""
    submitter = f"mail.{DOMAIN}"
    data = message(print_report(msgspec.structs.replace(SOUND, contact=f"tls@{submitter}"))) + b"\r\n\r\n"
    twice = signed(signed(data), domain=submitter)
    texts = {NAME: above, f"s1._domainkey.{submitter}": below}
    keys = answers({name: text for name, text in texts.items() if text is not None})
    assert verdict(twice, keys) is want


@pytest.mark.parametrize(
    ("tags", "want"),
    [
        ("v=DKIM1; s=tlsrpt;", Authenticated.VERIFIED),
        ("s=tlsrpt;", Authenticated.VERIFIED),
        ("v=DKIM2; s=tlsrpt;", Authenticated.FAILED),
        ("s=tlsrpt; v=DKIM1;", Authenticated.FAILED),
        ("v=DKIM1; s=email;", Authenticated.FAILED),
        ("v=DKIM1; s=tlsrpt; t=y;", Authenticated.UNSIGNED),
    ],
)
def test_a_key_counts_that_is_of_a_known_version_and_for_reports(tags: str, want: Authenticated) -> None:
    assert verdict(signed(MESSAGE), answers({NAME: record(tags=tags)})) is want
